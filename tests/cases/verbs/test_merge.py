"""case.merge: two cases about one product become one."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.flows import assessments, cases, evidence, merging, reports, takedowns
from cases.models import Case
from surveillance.flow import NotVisible
from tests.cast import photo
from tests.contract import VerbContract


class TestMerge(VerbContract):
    transition = merging.MERGE
    begin = "case"
    changes = {"state", "merged_into_id"}
    outsiders = ("dot", "dev", "eve")

    @pytest.fixture(autouse=True)
    def _heir(self, story):
        self.heir = story.case()

    def perform(self, row, by):
        return merging.merge(row, by=by, into=self.heir, reason="One product.")


@pytest.fixture
def full(story):
    """A case with everything in it: a report, an order, notes, evidence, a validated risk."""
    takedown = story.issued()
    case = takedown.case
    reports.accept(story.report(), by=story.ana, case=case)
    cases.add_note(case, by=story.ana, text="The importer has moved.")
    evidence.add_to_case(case, by=story.ana, file=photo())
    assessments.validate_risk(story.assessment(case), by=story.bo)
    case.refresh_from_db()
    return case


def belongings(case: Case) -> dict:
    case.refresh_from_db()
    return {
        "state": case.state,
        "due_at": case.due_at,
        "risk_level": case.risk_level,
        "reports": set(case.reports.values_list("reference", flat=True)),
        "takedowns": set(case.takedowns.values_list("reference", flat=True)),
        "assessments": set(case.assessments.values_list("pk", "state")),
        "evidence": set(case.evidence.values_list("pk", flat=True)),
        "notes": set(case.notes.values_list("pk", flat=True)),
        "listings": set(case.listings.values_list("reference", flat=True)),
        "products": set(case.products.values_list("reference", flat=True)),
    }


def test_everything_moves(story, full):
    heir, before = story.case(), belongings(full)
    own = belongings(heir)
    merging.merge(full, by=story.ana, into=heir, reason="One product.")
    after = belongings(heir)
    for name in ("reports", "takedowns", "assessments", "evidence", "notes", "listings"):
        assert after[name] == before[name]
        assert not belongings(full)[name]
    assert after["products"] == before["products"] | own["products"]
    assert after["state"] == "enforcing"
    assert after["risk_level"] == "serious"
    assert belongings(full)["due_at"] is None


def test_the_earliest_deadline_wins(story, time):
    early = story.issued()
    time.pass_(timedelta(days=7))
    late = story.issued()
    merging.merge(early.case, by=story.ana, into=late.case, reason="One product.")
    late.case.refresh_from_db()
    early.refresh_from_db()
    assert late.case.due_at == early.due_at < late.items.first().due_at


def test_is_undone_without_a_trace(story, full):
    """Also where the heir had a validated risk of its own, and a listing of the other's."""
    heir = story.case()
    assessments.validate_risk(story.assessment(heir), by=story.bo)
    cases.link_listing(heir, by=story.ana, listing=full.listings.first())
    before = [belongings(full), belongings(heir)]
    merged = merging.merge(full, by=story.ana, into=heir, reason="One product.")
    heir.refresh_from_db()
    assert heir.assessments.filter(state="validated").count() == 1
    merging.unmerge(merged, by=story.ana, reason="Two products.")
    after = [belongings(full), belongings(heir)]
    # What the heir did meanwhile stays: it has enforced, and now watches.
    assert after[1].pop("state") == "monitoring"
    before[1].pop("state")
    assert after == before


def test_remembers_the_state_that_the_row_had_not_the_one_it_was_shown_in(story):
    takedown = story.draft()
    shown = Case.objects.get(pk=takedown.case_id)
    takedowns.withdraw(takedown, by=story.ana, reason="Not this one.")
    cases.enforce(takedown.case, by=story.ana)
    assert shown.state == "investigating"
    merged = merging.merge(shown, by=story.ana, into=story.case(), reason="One product.")
    assert merging.unmerge(merged, by=story.ana, reason="Two.").state == "enforcing"


def test_is_refused_into_itself_and_into_a_case_that_is_not_open(story):
    case = story.case()
    for heir in (case, story.closed_case(), story.merged_case()):
        with pytest.raises(ValidationError) as refusal:
            merging.merge(case, by=story.ana, into=heir, reason="One product.")
        assert "into" in refusal.value.message_dict


def test_is_refused_into_a_case_that_is_not_visible(story, cast):
    case = story.case()
    with pytest.raises(NotVisible):
        merging.merge(case, by=cast.actor("cai"), into=story.restricted_case(), reason="One.")
