"""Every operation, tried by every role with what its schema allows and what it does not: never a
server error, never an answer that the schema does not describe (Schemathesis).

`./check tests/cases/api/test_conformance.py --cases 500 -n0 -s` tries more and prints the counts.
"""

from collections import Counter

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
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

from tests.cases.api.conftest import ROLES, something_in_every_list, table_of
from tests.stage import staged

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]

# 412 is a refusal, too: a precondition may be looked at before the body is (RFC 9110, 13.2.1).
REFUSALS = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428", "429"]
CONFIG = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
)
API = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application(), config=CONFIG)
OPERATIONS = {found.ok().label: found.ok() for found in API.get_all_operations()}
COUNTS: Counter[tuple[str, int]] = Counter()
stage, db, time, cast, story = staged(something_in_every_list)


@pytest.fixture(scope="module", autouse=True)
def _counts():
    yield
    print(f"\n\noperations, one at a time\n{table_of(COUNTS)}")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", OPERATIONS)
def test_operation_answers_as_described(label, role, kept_connection, credentials, request):
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
        COUNTS[role, response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    tried()
