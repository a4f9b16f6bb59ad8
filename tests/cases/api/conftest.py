"""How each role comes to the API, for the tests that try it as all of them."""

from collections import Counter

import pytest
from django.conf import settings
from django.core import signals
from django.db import close_old_connections
from django.test import Client

from surveillance.accounts.rights import Scope

PEOPLE = {"inspector": "ana", "supervisor": "bo", "agent": "dot", "administrator": "ada"}
ROLES = ["public", "wrong key", *PEOPLE, "platform key", "partner key"]


@pytest.fixture
def credentials(story, cast):
    """How each role comes in: headers with a key, or the cookies of somebody signed in."""

    def of(role: str) -> dict[str, dict[str, str]]:
        if role == "public":
            return {}
        if role == "wrong key":
            return {"headers": {"Authorization": "Bearer psk_wrong"}}
        if role == "platform key":
            scopes = {Scope.READ, Scope.ANSWER, Scope.SCREEN, Scope.MANAGE}
            secret = story.issued_key(scopes=scopes).secret
            return {"headers": {"Authorization": f"Bearer {secret}"}}
        if role == "partner key":
            scopes = {Scope.READ, Scope.REPORT, Scope.SCREEN}
            secret = story.issued_key(story.partner(), scopes=scopes).secret
            return {"headers": {"Authorization": f"Bearer {secret}"}}
        client = Client()
        client.force_login(getattr(cast, PEOPLE[role]))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        token = "t" * 32
        return {
            "cookies": {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: token},
            "headers": {"X-CSRFToken": token},
        }

    return of


@pytest.fixture
def kept_connection(db):
    """A request's end closes the connection; here it is the test's own, with its transaction."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def something_in_every_list(story, time):
    """What the stage of these tests holds."""
    story.report(severity="hospital")
    story.alert()
    story.issued()


def table_of(counts: Counter[tuple[str, int]]) -> str:
    """How many calls of each role were done (2xx), refused (4xx) and broken (5xx)."""
    lines = ["| role | calls | 2xx | 3xx | 4xx | 5xx |", "|---|---|---|---|---|---|"]
    for role in [*ROLES, "in all"]:
        own: Counter[int] = Counter()
        for (one, status), number in counts.items():
            if role in {one, "in all"}:
                own[status // 100] += number
        told = [own.total(), *(own[kind] for kind in (2, 3, 4, 5))]
        numbers = " | ".join(f"{number:,}" for number in told)
        lines.append(f"| {role} | {numbers} |")
    return "\n".join(lines)
