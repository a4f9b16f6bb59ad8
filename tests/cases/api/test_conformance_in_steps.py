"""Calls that lead to one another, as every role: from a list to a row, to its answer, to a
correction, by the links in the schema (Schemathesis, stateful).

`./check tests/cases/api/test_conformance_in_steps.py -m long -q -n0 -s` walks far, and prints how
each role was answered. Together with every operation tried alone, by
`./check tests/cases/api -k conformance --cases 700 -n0 -s`, it is the long run of design promise
T18: 20,000 calls and more of each role.
"""

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings

from tests.cases.api.conftest import ROLES, something_in_every_list, table_of
from tests.cases.api.test_conformance import API, CHECKS, COUNTS
from tests.stage import staged

STEPS = 8
LONG_WALKS = 125
GET_SOMEWHERE = {"inspector", "supervisor", "agent", "platform key"}
# A sandbox demand is one more row of every later walk's lists, so that no walk could be told again.
# It is tried alone, with all other operations, in test_conformance.py.
WALKED = API.exclude(operation_id="ask_sandbox")
stage, db, time, cast, story = staged(something_in_every_list)


@pytest.fixture(scope="module", autouse=True)
def _counts():
    """Those of this module alone."""
    COUNTS.clear()
    yield
    print(f"\n\noperations that lead to one another\n{table_of(COUNTS)}")


@pytest.mark.parametrize("role", ROLES)
def test_steps_are_answered_as_described(role, kept_connection, credentials, request):
    walk(role, credentials(role), request.config.getoption("--cases"))


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_many_steps_are_answered_as_described(role, kept_connection, credentials, request):
    walk(role, credentials(role), max(LONG_WALKS, request.config.getoption("--cases")))
    statuses = {status for one, status in COUNTS if one == role}
    assert max(statuses) < 500
    if role in GET_SOMEWHERE:
        assert {200, 404, 422} <= statuses


def walk(role: str, known: dict[str, dict[str, str]], walks: int) -> None:
    """So many walks of STEPS calls, each begun anywhere and led on by what was answered."""

    class Steps(WALKED.as_state_machine()):
        def get_call_kwargs(self, case):
            return known

        def validate_response(self, response, case, additional_checks=None, **kwargs):
            COUNTS[role, response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

    Steps.run(
        settings=hypothesis_settings(
            max_examples=walks,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
    )


def test_the_links_lead_from_lists_to_corrections():
    """Without links the steps above would be lone calls."""
    linked = {
        (operation.ok().definition.raw["operationId"], name)
        for operation in API.get_all_operations()
        for answer in operation.ok().definition.raw["responses"].values()
        for name in answer.get("links", {})
    }
    assert {
        ("list_takedowns", "read_takedown"),
        ("list_takedowns", "answer_takedown"),
        ("list_items", "read_takedown_item"),
        ("read_takedown", "read_takedown_item"),
        ("read_takedown_item", "correct_answer"),
    } <= linked
