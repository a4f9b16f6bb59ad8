"""A second factor: an authenticator app (RFC 6238), with recovery codes.

Where one is required, a session counts for its account only after it has passed the factor that
the account has now. django-allauth notes in the session what was passed; what the account has
comes with the user of each request (`own`). So a factor that is taken away ends, at once and
without a query of its own, what any session has proved with it.
"""

from collections.abc import Collection

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpRequest

from surveillance.accounts.wall import beyond_the_wall

REQUIRED, OFFERED = "required", "offered"
WANTED = "wanted_before_the_second_factor"  # in the session: where somebody wanted to go


def is_required() -> bool:
    """Whatever is not expressly offered: a slip in the setting opens nothing."""
    return bool(settings.SECOND_FACTOR != OFFERED)


def own() -> ArraySubquery:
    """Of each user, the keys of app and recovery codes; empty for whoever has no app."""
    having_an_app = {"user": OuterRef("pk"), "user__authenticator__type": Authenticator.Type.TOTP}
    return ArraySubquery(Authenticator.objects.filter(**having_an_app).values("pk"))


def is_proved(request: HttpRequest) -> bool:
    """Has this session passed one of those that its user has now?"""
    user = request.user
    assert user.is_authenticated
    records = get_authentication_records(request, user)
    proved = {record.get("id") for record in records if record["method"] == "mfa"}
    return not proved.isdisjoint(user.second_factors)


def having_one(people: Collection[int]) -> set[int]:
    """Those of the people, by key. Nobody outside reads the table: this steps beyond the wall."""
    with beyond_the_wall():
        known = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__in=people)
        return set(known.values_list("user", flat=True))
