"""Signing in by allauth; each request reads its user together with the organisation."""

from allauth.account.auth_backends import AuthenticationBackend

from surveillance.accounts.models import User


class UserWithOrganisation(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("organisation").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
