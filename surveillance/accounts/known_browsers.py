"""Browsers that somebody has signed in from: guesses made elsewhere lock nobody out there.

Such a browser carries a signed cookie, which names it and those who have signed in from it.
Guesses are counted for an account and one of its browsers, or for the account and all others
together. A new password makes strangers of them all.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from surveillance.accounts.models import User

COOKIE = "known_browser"
AGE = 180 * 24 * 3600  # seconds
PEOPLE = 10  # of one browser: those who came last
_SALT = "surveillance.accounts.known_browsers"


def name(request: HttpRequest, user: User) -> str:
    """Of the browser, where the user has signed in from it; empty for any other."""
    kept = _kept(request)
    known = constant_time_compare(kept["people"].get(str(user.pk), ""), _trace(user))
    return str(kept["browser"]) if known else ""


def keep(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The user has signed in."""
    kept = _kept(request)
    others = [one for one in kept["people"].items() if one[0] != str(user.pk)]
    people = dict([*others, (str(user.pk), _trace(user))][-PEOPLE:])
    response.set_cookie(
        COOKIE,
        signing.dumps({"browser": kept["browser"], "people": people}, salt=_SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=AGE)
    except (KeyError, signing.BadSignature):
        return {"browser": secrets.token_hex(8), "people": {}}
    return kept


def _trace(user: User) -> str:
    return salted_hmac(_SALT, f"{user.pk}:{user.password}", algorithm="sha256").hexdigest()[:32]
