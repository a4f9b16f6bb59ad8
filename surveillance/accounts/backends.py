"""Signing in by allauth; each request reads its user together with the organisation and the keys of
the second factor."""

from allauth.account.auth_backends import AuthenticationBackend

from surveillance.accounts import second_factor
from surveillance.accounts.models import User


class UserWithOrganisation(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        people = User.objects.select_related("organisation")
        user = people.annotate(second_factors=second_factor.own()).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
