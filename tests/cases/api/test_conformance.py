"""Every operation, tried by every role with what its schema allows and what it does not: never a
server error, never an answer that the schema does not describe (Schemathesis).

`./check tests/cases/api/test_conformance.py --cases 500 -n0 -s` tries more and prints the counts.
"""

from collections import Counter

import pytest
import schemathesis
from django.conf import settings
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from surveillance.accounts.rights import Scope

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
PEOPLE = {"inspector": "ana", "supervisor": "bo", "agent": "dot", "administrator": "ada"}
ROLES = ["public", "wrong key", *PEOPLE, "platform key", "partner key"]

API = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
OPERATIONS = {found.ok().label: found.ok() for found in API.get_all_operations()}
COUNTS: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def _counts():
    yield
    print("\nanswers by role and status:")
    for what, number in sorted(COUNTS.items()):
        print(f"  {what}: {number}")
    print(f"  in all: {COUNTS.total()}")


@pytest.fixture
def credentials(story, cast):
    """How each role comes in: headers with a key, or the cookies of somebody signed in."""

    def of(role: str) -> dict[str, dict[str, str]]:
        if role == "public":
            return {}
        if role == "wrong key":
            return {"headers": {"Authorization": "Bearer psk_wrong"}}
        if role == "platform key":
            return {"headers": {"Authorization": f"Bearer {story.issued_key().secret}"}}
        if role == "partner key":
            scopes = {Scope.READ, Scope.REPORT}
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


@pytest.fixture
def rows(story):
    """Something to find in every list."""
    story.report(severity="hospital")
    story.alert()
    story.issued()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", OPERATIONS)
def test_operation_answers_as_described(label, role, rows, kept_connection, credentials, request):
    operation = OPERATIONS[label]
    known = credentials(role)

    @given(case=operation.as_strategy())
    @hypothesis_settings(
        max_examples=request.config.getoption("--cases"),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def tried(case):
        response = case.call(**known)
        COUNTS[f"{role} {response.status_code}"] += 1
        case.validate_response(response, checks=CHECKS)

    tried()
