"""case.unmerge: take back what the merge moved."""

from cases.flows import merging, reports
from tests.contract import VerbContract


class TestUnmerge(VerbContract):
    transition = merging.UNMERGE
    begin = "merged_case"
    changes = {"state", "merged_into_id"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return merging.unmerge(row, by=by, reason="Two products.")


def test_what_has_left_the_heir_meanwhile_stays_where_it_is(story):
    case, heir = story.case(), story.case()
    kept, moved_on = story.report(), story.report()
    for report in (kept, moved_on):
        reports.accept(report, by=story.ana, case=case)
    merged = merging.merge(case, by=story.ana, into=heir, reason="One product.")
    reports.reopen(moved_on, by=story.ana, reason="Neither.")
    merging.unmerge(merged, by=story.ana, reason="Two products.")
    assert list(case.reports.all()) == [kept]
