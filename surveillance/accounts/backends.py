"""Signing in by allauth; each request reads its user together with the organisation and the keys of
the second factor."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from surveillance.accounts import second_factor
from surveillance.accounts.models import User


class UserWithOrganisation(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        user = _people().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


@cache
def _people() -> QuerySet[User]:
    """Made once, as every request asks of it."""
    people = User.objects.select_related("organisation")
    return people.annotate(second_factors=second_factor.own())
