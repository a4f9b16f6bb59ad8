"""Verb × state × role against one table written by hand from what the product is to do.

matrix.csv, one verb a line: `from` is "new" (the verb makes the row), "any", or the states that it
starts from; `to` is "stays" or the states that it leads to; `roles` are those who may.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Role, roles_with
from surveillance.flow import NEW, FlowModel, Transition, available, transitions_of
from surveillance.jobs.models import Job
from surveillance.web.diagrams import declare_verbs
from tests.cast import Cast
from tests.story import Story

MATRIX = Path(__file__).with_name("matrix.csv")


@dataclass(frozen=True)
class Expected:
    verb: str
    from_: frozenset[str]
    to: frozenset[str]
    roles: frozenset[str]

    def starts_from(self, state: str) -> bool:
        return state in self.from_ or "any" in self.from_


def expectations() -> dict[str, Expected]:
    with MATRIX.open(newline="") as file:
        rows = [
            Expected(
                row["verb"], *(frozenset(row[name].split()) for name in ("from", "to", "roles"))
            )
            for row in csv.DictReader(file)
        ]
    assert len({row.verb for row in rows}) == len(rows), "a verb stands twice in matrix.csv"
    return {row.verb: row for row in rows}


MATRIX_ROWS = expectations()

# How a story comes to a row in each state.
ROWS = {
    "report": {
        "received": "report",
        "needs_information": "asked_report",
        "accepted": "accepted_report",
        "duplicate": "duplicate_report",
        "dismissed": "dismissed_report",
    },
    "case": {
        "investigating": "case",
        "enforcing": "enforcing_case",
        "monitoring": "monitoring_case",
        "closed": "closed_case",
        "merged": "merged_case",
    },
    "assessment": {
        "proposed": "assessment",
        "validated": "validated_assessment",
        "superseded": "superseded_assessment",
    },
    "takedown": {
        "draft": "draft",
        "awaiting_approval": "submitted",
        "approved": "approved",
        "issued": "with_extension_requested",
        "closed": "closed",
        "withdrawn": "withdrawn",
    },
    "item": {
        "pending": "missed",
        "needs_information": "asked",
        "removed": "answered",
        "not_found": "not_found",
        "refused": "refused",
        "still_online": "rejected",
        "confirmed": "confirmed",
        "refusal_accepted": "refusal_accepted",
        "withdrawn": "withdrawn_item",
    },
    "answer_file": {"checked": "answer_file", "handed_in": "handed_in_file"},
    "seller": {
        "standard": "seller",
        "watched": "watched_seller",
        "high_risk": "high_risk_seller",
    },
    "contest": {
        "open": "contest",
        "upheld": "upheld_contest",
        "dismissed": "dismissed_contest",
    },
    "listing": {"online": "listing", "gone": "gone_listing"},
    "alert": {"draft": "draft_alert", "published": "alert", "withdrawn": "withdrawn_alert"},
    "product": {"kept": "product"},
    "seller_data": {"kept": "seller_data"},
    "listing_data": {"kept": "listing_data"},
    "endpoint": {"on": "endpoint", "off": "endpoint_off", "deleted": "endpoint_deleted"},
    "replay": {"kept": "replay"},
    "key": {"live": "key", "revoked": "revoked_key"},
    "agent": {
        "invited": "invited_agent",
        "joined": "joined_agent",
        "withdrawn": "withdrawn_agent",
        "removed": "removed_agent",
    },
}


def actors(cast: Cast) -> dict[str, Actor]:
    """One of each role. Fay manages Harbour Market's agents, Gil works for another authority, Hal
    for a consumer group."""
    known = {
        Role.INSPECTOR: "ana",
        Role.SUPERVISOR: "bo",
        Role.ADMINISTRATOR: "ada",
        Role.AGENT: "dot",
        Role.PUBLIC: "eve",
        Role.SYSTEM: "system",
    }
    further = (
        Actor(Role.PLATFORM_MANAGER, "Fay", user_id=9001, organisation_id=cast.harbour.pk),
        Actor(Role.FOREIGN_AUTHORITY, "Gil", user_id=9002, organisation_id=9002),
        Actor(Role.PARTNER, "Hal", user_id=9003, organisation_id=9003),
    )
    return {role: cast.actor(name) for role, name in known.items()} | {
        actor.role: actor for actor in further
    }


def test_every_verb_stands_in_the_matrix_and_nothing_else():
    declare_verbs()
    assert set(MATRIX_ROWS) == set(Transition.registry)


@pytest.mark.parametrize("row", MATRIX_ROWS.values(), ids=MATRIX_ROWS)
def test_a_verb_is_declared_as_the_matrix_says(row):
    declare_verbs()
    declared = Transition.registry[row.verb]
    starts = {state if state != NEW else "new" for state in declared.from_} or {"any"}
    assert starts == row.from_
    assert (declared.to or {"stays"}) == row.to
    assert roles_with(declared.right) == row.roles


def test_there_is_a_row_for_every_state():
    for kind, states in ROWS.items():
        model = model_of(kind)
        choices = dict(model._meta.get_field("state").choices) if has_state(model) else {"kept": ""}
        assert set(states) == set(choices), kind


@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for kind, states in ROWS.items() for state in states]
)
def test_what_each_role_can_do_with_a_row_in_each_state(story: Story, cast, kind, state):
    row = getattr(story, ROWS[kind][state])()
    row.refresh_from_db()
    assert row.flow_state == state
    check(row, kind, state, cast)


@pytest.mark.parametrize("state", Job.State.values)
def test_what_each_role_can_do_with_a_job(cast, time, state):
    job = Job(kind="feed.import", label="a.csv", state=state, facts={}, changed_at=time.now)
    job.started_at = job.progressed_at = job.finished_at = time.now
    job.save()
    check(job, "job", state, cast)


def test_the_platform_row(cast):
    check(cast.harbour, "platform", "kept", cast)


def check(row: FlowModel, kind: str, state: str, cast: Cast) -> None:
    """Exactly the verbs of the matrix, but for those that name a reason why not this row."""
    declared = {one.verb: one for one in transitions_of(kind)}
    for role, actor in actors(cast).items():
        expected = {
            verb
            for verb, line in MATRIX_ROWS.items()
            if verb in declared and line.starts_from(state) and role in line.roles
        }
        possible = {one.verb for one in available(row, by=actor)}
        assert possible <= expected, f"{role} may do too much"
        for verb in expected - possible:
            assert declared[verb].objection(row, actor), f"{role} is kept from {verb} for no reason"


def model_of(kind: str) -> type[FlowModel]:
    models = [model for model in apps.get_models() if issubclass(model, FlowModel)]
    return {model.LABEL: model for model in models}[kind]


def has_state(model: type[FlowModel]) -> bool:
    return any(field.name == "state" for field in model._meta.get_fields())
