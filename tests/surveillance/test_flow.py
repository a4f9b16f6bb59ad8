"""The flow of a change: what `perform` promises to every verb."""

from contextlib import nullcontext, suppress
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.transaction import TransactionManagementError

from cases.flows import cases, items, merging, reports
from cases.letters import to_staff
from cases.models import Case
from surveillance.accounts.actor import PUBLIC, Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Right
from surveillance.audit.models import AuditEntry
from surveillance.flow import (
    NEW,
    FlowModel,
    Forbidden,
    NotVisible,
    Stale,
    Transition,
    WrongState,
    available,
    perform,
)
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.connections import at_once
from tests.contract import witness

RowT = TypeVar("RowT", bound=FlowModel)


class Mishap(Exception):
    """Something that goes wrong half-way."""


# Joining


def test_a_verb_within_a_verb_shares_transaction_and_operation(story):
    case = story.case()
    with witness() as seen, perform(cases.CLAIM, case, by=story.bo) as change:
        change.row.assignee_id = story.bo.user_id
        cases.add_note(case, by=story.bo, text="I take over.")
    assert seen.verbs == ["case.add_note", "case.claim"]
    assert len({entry.operation for entry in seen.entries}) == 1
    cases.add_note(case, by=story.bo, text="Another deed.")
    assert AuditEntry.objects.latest("id").operation != seen.entries[0].operation


def take_over_and_fail(case: Case, by: Actor, *, swallow: bool) -> None:
    with perform(cases.CLAIM, case, by=by) as change:
        change.row.assignee_id = by.user_id
        cases.add_note(case, by=by, text="I take over.")
        with suppress(WrongState) if swallow else nullcontext():
            cases.reopen(case, by=by, reason="It is not closed.")


@pytest.mark.parametrize(
    ("swallow", "error"), [(False, WrongState), (True, TransactionManagementError)]
)
def test_a_failure_within_undoes_all_even_for_who_swallows_it(story, swallow, error):
    case = story.case()
    with witness(case) as seen, pytest.raises(error):
        take_over_and_fail(case, story.bo, swallow=swallow)
    assert not seen.entries
    assert not seen.changes
    assert not case.notes.exists()


def test_after_a_failure_the_next_verb_has_an_operation_of_its_own(story):
    case = story.case()
    with suppress(WrongState):
        cases.reopen(case, by=story.ana, reason="It is not closed.")
    with witness() as seen:
        cases.add_note(case, by=story.ana, text="One.")
        cases.add_note(case, by=story.ana, text="Two.")
    assert len({entry.operation for entry in seen.entries}) == 2


# An exception leaves nothing behind


def fail(*_args: object) -> None:
    raise Mishap


def touch(transition: Transition, row: RowT, **how: Any) -> RowT:
    """Perform a verb that changes nothing of its own."""
    with perform(transition, row, **how) as change:
        pass
    return change.row


def fail_in_the_block(case: Case, by: Actor) -> None:
    with perform(cases.RESTRICT, case, by=by) as change:
        change.row.is_restricted = True
        raise Mishap


def fail_afterwards(case: Case, by: Actor) -> None:
    with perform(cases.RESTRICT, case, by=by) as change:
        change.row.is_restricted = True
        change.afterwards(fail)


def fail_in_a_letter(case: Case, by: Actor) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(to_staff.CaseAssigned, "write", fail)
        cases.assign(case, by=by, assignee=User.objects.get(name="Cai Wen"))


@pytest.mark.parametrize("deed", [fail_in_the_block, fail_afterwards, fail_in_a_letter])
def test_an_exception_leaves_no_change_no_entry_and_no_letter(story, deed):
    case = story.case()
    with witness(case) as seen, pytest.raises(Mishap):
        deed(case, story.bo)
    assert not seen.entries
    assert not seen.changes
    assert not seen.letters


def test_an_exception_leaves_no_new_row(story, monkeypatch):
    before = Case.objects.count()
    monkeypatch.setattr(cases, "next_reference", fail)
    with pytest.raises(Mishap):
        cases.open("Magnets", by=story.ana)
    assert Case.objects.count() == before


# Who, and from where: seen, allowed, possible, fresh, in this order


@pytest.mark.parametrize(
    ("name", "refusal", "status"),
    [("eve", NotVisible, 404), ("dev", NotVisible, 404), ("dot", Forbidden, 403)],
)
def test_what_is_not_seen_is_not_here_what_is_not_allowed_is_forbidden(
    story, cast, name, refusal, status
):
    """Whatever state it is in: who may not, learns nothing about it."""
    item = story.confirmed()
    with pytest.raises(refusal) as refused:
        items.confirm_removal(item, by=cast.actor(name))
    assert refused.value.status == status


def test_who_may_is_told_the_state(story):
    item = story.confirmed()
    with pytest.raises(WrongState) as refused:
        items.confirm_removal(item, by=story.ana)
    assert refused.value.status == 409
    assert str(refused.value) == (
        f"{item.audit_reference} is “removal verified”; “Confirm the removal” starts from"
        " “not found, to be verified”, “removed, to be verified”."
    )


def test_a_row_that_has_moved_on_is_stale(story):
    case = story.case()
    read = case.version
    cases.add_note(case, by=story.bo, text="Meanwhile.")
    with witness(case) as seen, pytest.raises(Stale) as refused:
        touch(cases.RESTRICT, case, by=story.ana, version=read)
    assert refused.value.status == 412
    assert not seen.entries
    assert touch(cases.RESTRICT, case, by=story.ana, version=read + 1).version == read + 2


def test_the_state_is_told_before_the_version(story):
    case = story.closed_case()
    with pytest.raises(WrongState), perform(cases.RESTRICT, case, by=story.ana, version=0):
        pass


def test_the_row_is_read_again_under_lock(story):
    """What the caller holds may be old: neither its state nor its values count."""
    shown = story.case()
    cases.close(Case.objects.get(pk=shown.pk), by=story.bo, outcome="Nothing on sale.")
    assert shown.state == "investigating"
    with pytest.raises(WrongState):
        cases.add_note(shown, by=story.ana, text="Too late.")


# What is written


def test_the_entry_says_what_changed_who_why_and_when(story, time):
    case = story.case()
    version = case.version
    time.pass_(timedelta(minutes=5))
    case = cases.restrict(case, by=story.ana, reason="A court case is pending.")
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.subject, entry.context) == (
        "case.restrict",
        case.reference,
        [case.reference],
    )
    assert (entry.actor, entry.actor_user_id) == (
        f"inspector:{story.ana.user_id}",
        story.ana.user_id,
    )
    assert entry.reason == "A court case is pending."
    assert entry.changes == {"is_restricted": [False, True]}
    assert entry.at == case.changed_at == time.now
    assert case.version == version + 1


def test_letters_name_the_entry_as_their_cause(story, cast):
    cases.assign(story.case(), by=story.bo, assignee=cast.cai)
    entry = AuditEntry.objects.get(verb="case.assign")
    assert {letter.cause for letter in OutboxMessage.objects.filter(letter="case_assigned")} == {
        entry
    }


def test_personal_values_stay_out_of_the_entry(story):
    report = story.asked_report()
    reports.supply_information(report, by=story.ana, answer="Call me at 020 7946 0000.")
    entry = AuditEntry.objects.latest("id")
    assert entry.changes["incident"] == ["(personal)", "(personal)"]
    assert "7946" not in f"{entry.changes}{entry.facts}{entry.reason}"


def test_the_context_holds_where_it_stood_and_where_it_stands(story):
    first, second = story.case(), story.case()
    report = reports.accept(story.report(), by=story.ana, case=first)
    merging.merge(first, by=story.ana, into=second, reason="One product.")
    reports.reopen(report, by=story.ana, reason="Another product.")
    entry = AuditEntry.objects.latest("id")
    assert entry.context == [report.reference, second.reference]


# Declarations


@pytest.fixture
def declared(monkeypatch):
    """A register of verbs that the test may add to."""
    monkeypatch.setattr(Transition, "registry", {})

    def declare(**facts: object) -> Transition:
        told = {"verb": "case.try", "right": Right.WORK_CASE, "title": "Try", "past": "tried"}
        return Transition(**(told | facts))

    return declare


def test_a_verb_is_declared_once(declared):
    declared()
    with pytest.raises(ValueError, match=r"case\.try is declared twice"):
        declared()


def test_a_verb_that_leads_to_one_state_leads_there(declared, story):
    case = touch(declared(to={"monitoring"}), story.case(), by=story.ana)
    assert Case.objects.get(pk=case.pk).state == "monitoring"


def test_a_verb_that_leads_elsewhere_is_refused(declared, story):
    case = story.case()
    with pytest.raises(WrongState, match="left .* in investigating"):
        touch(declared(to={"enforcing", "monitoring"}), case, by=story.ana)


@pytest.mark.parametrize(
    ("from_", "starts"),
    [
        (set(), {"draft": True, NEW: False}),
        ({"draft"}, {"draft": True, "issued": False, NEW: False}),
        ({NEW}, {"draft": False, NEW: True}),
    ],
)
def test_where_a_verb_starts(declared, from_, starts):
    transition = declared(from_=from_)
    assert {state: transition.starts_from(state) for state in starts} == starts


def test_a_verb_that_makes_a_row_is_refused_for_one_that_exists(story):
    with pytest.raises(WrongState, match="starts from “new”"):
        touch(cases.OPEN, story.case(), by=story.ana)


def test_nothing_is_available_on_a_row_that_does_not_exist_or_to_nobody(story):
    assert available(Case(title="Magnets"), by=story.ana) == []
    assert available(story.case(), by=PUBLIC) == []


def test_what_is_available_has_no_objection(story):
    case = story.case()
    offered = {one.name for one in available(case, by=story.ana)}
    assert "claim" not in offered  # it is hers already
    assert {"restrict", "close", "merge"} <= offered
    assert "lift_restriction" not in offered


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_wins(story):
    item = story.item()
    with pytest.raises(WrongState):
        at_once(
            lambda: items.answer(item, answer_with("removed"), by=story.dot),
            lambda: items.answer(item, answer_with("not_found"), by=story.dot),
        )
    item.refresh_from_db()
    assert item.state == "removed"
    assert AuditEntry.objects.filter(verb="item.answer").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_a_case_at_once_one_does(story):
    case = story.case()
    with pytest.raises(WrongState, match="is “closed”"):
        at_once(
            lambda: cases.close(case, by=story.ana, outcome="Nothing on sale."),
            lambda: cases.close(case, by=story.bo, outcome="A toothbrush."),
        )
    assert Case.objects.get().outcome == "Nothing on sale."


@pytest.mark.django_db(transaction=True)
def test_the_next_deadline_is_right_when_two_requests_change_at_once(story):
    """Each alone would leave the other's due date in the case."""
    first, second = two_requests_of_one_case(story)
    at_once(
        lambda: items.answer(first, answer_with("removed"), by=story.dot),
        lambda: items.answer(second, answer_with("removed"), by=story.dot),
    )
    assert Case.objects.get().due_at is None


@pytest.mark.django_db(transaction=True)
def test_the_case_watches_when_the_last_two_are_settled_at_once(story):
    first, second = (
        items.answer(item, answer_with("removed"), by=story.dot)
        for item in two_requests_of_one_case(story)
    )
    at_once(
        lambda: items.confirm_removal(first, by=story.ana),
        lambda: items.confirm_removal(second, by=story.bo),
    )
    assert Case.objects.get().state == "monitoring"


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_that_cross_one_wins(story):
    first, second = story.case(), story.case()
    with pytest.raises(ValidationError, match="is not open"):
        at_once(
            lambda: merging.merge(first, by=story.ana, into=second, reason="One."),
            lambda: merging.merge(second, by=story.bo, into=first, reason="One."),
        )
    assert sorted(case.state for case in Case.objects.all()) == ["investigating", "merged"]


def two_requests_of_one_case(story):
    first = story.issued(listings=1)
    second = story.issued(listings=1, case=Case.objects.get(pk=first.case_id))
    return first.items.get(), second.items.get()


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_meets_a_merge_counts_in_the_heir(story):
    item, heir = story.issued(listings=1).items.get(), story.case()
    at_once(
        lambda: merging.merge(item.takedown.case, by=story.ana, into=heir, reason="One."),
        lambda: items.answer(item, answer_with("removed"), by=story.dot),
    )
    heir.refresh_from_db()
    assert (heir.state, heir.due_at) == ("enforcing", None)


# The diagrams


def test_show_flow_prints_a_diagram(capsys):
    call_command("show_flow", "takedown")
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "stateDiagram-v2"
    assert "[*] --> draft: ask_sandbox, draft" in lines
    assert "draft --> awaiting_approval: submit" in lines
    assert "approved --> issued: issue" in lines
    assert "issued --> closed: close" in lines
    assert "withdrawn --> [*]" in lines


def test_show_flow_names_the_kinds_that_there_are():
    with pytest.raises(CommandError, match="Choose one of: .*takedown"):
        call_command("show_flow", "takedwon")
