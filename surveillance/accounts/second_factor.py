"""Who has set up a second factor: an authenticator app (RFC 6238)."""

from collections.abc import Collection

from allauth.mfa.models import Authenticator

from surveillance.accounts.wall import beyond_the_wall


def having_one(people: Collection[int]) -> set[int]:
    """Those of the people, by key. Nobody outside reads the table: this steps beyond the wall."""
    with beyond_the_wall():
        known = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__in=people)
        return set(known.values_list("user", flat=True))
