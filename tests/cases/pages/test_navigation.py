"""The navigation of the desk counts what its entries lead to."""

from django.urls import reverse

from cases.flows import reports
from cases.models import Report
from surveillance.accounts.actor import Actor
from surveillance.web import keyset


def entry(client, label: str) -> dict[str, object]:
    page = client.get(reverse("desk"))
    return next(line for line in page.context["nav"] if line["label"] == label)


def test_reports_to_triage_are_those_of_the_list(story, cast, ana_at_desk):
    story.report()
    reports.claim(story.report(), by=story.ana)
    reports.claim(story.report(), by=Actor.of(cast.cai))
    reports.ask_reporter(story.answerable_report(), by=story.ana, question="Which model?")
    found = entry(ana_at_desk, "Reports")
    assert found["count"] == "2"
    assert ana_at_desk.get(found["url"]).context["page"].total == 2


def test_lists_that_can_hold_no_row_are_counted_with_the_others(story):
    story.report()
    rows = Report.objects.all()
    counting = keyset.counting([rows.none(), rows, rows.filter(pk__in=[])])
    assert counting.counts() == [0, 1, 0]
    story.report()
    assert counting.counts() == [0, 2, 0]
