"""Triage: one report after another, in the list that it was opened from, decided by few keys."""

import pytest
from django.urls import reverse

from cases.flows import cases
from cases.models import Case
from cases.states import ReportState
from surveillance.outbox.models import OutboxMessage

TRIAGE = "?state=received&assignee=me_or_nobody&sort=-severity"


@pytest.fixture
def queue(story):
    """Four reports, gravest first."""
    return [
        story.report(product_name=f"Toy {severity}", severity=severity)
        for severity in ("death", "hospital", "minor", "none")
    ]


@pytest.fixture
def opened(ana_at_desk):
    def open_report(report, query: str = TRIAGE):
        return ana_at_desk.get(reverse("report-detail", args=[report.reference]) + query)

    return open_report


@pytest.fixture
def following(ana_at_desk, opened):
    """The page that "Next report" on the page of a report leads to."""

    def go_on(report, query: str = TRIAGE):
        address = reverse("report-next", args=[report.reference]) + query
        assert address.replace("&", "&amp;") in opened(report, query).content.decode()
        return ana_at_desk.get(address, follow=True)

    return go_on


def test_the_next_report_is_the_next_of_the_list(queue, following):
    assert following(queue[0]).context["report"] == queue[1]
    assert following(queue[0], "?sort=received&state=received").context["report"] == queue[1]
    assert following(queue[0], "?state=received&q=minor").context["report"] == queue[2]


def test_the_list_is_carried_on(queue, following):
    assert following(queue[0]).redirect_chain == [
        (reverse("report-detail", args=[queue[1].reference]) + TRIAGE, 302)
    ]


def test_after_the_last_it_begins_at_the_top(queue, following):
    assert following(queue[3]).context["report"] == queue[0]


def test_a_report_that_has_left_the_list_still_knows_its_place(
    queue, following, ana_at_desk, press
):
    press(ana_at_desk, "report-dismiss", queue[1].reference, ground="no_hazard")
    assert following(queue[1]).context["report"] == queue[2]


def test_after_the_only_one_comes_the_list(story, following):
    page = following(story.report())
    assert page.redirect_chain[0][0].startswith(reverse("report-list"))
    assert "Nothing is left in this list." in page.content.decode()


def test_who_may_not_see_a_report_is_not_led_on_from_it(story, cast, client_of):
    report = story.accepted_report()
    cases.restrict(report.case, by=story.ana, reason="A court case is pending.")
    address = reverse("report-next", args=[report.reference])
    assert client_of(cast.cai).get(address).status_code == 404
    assert client_of(cast.ana).get(address).status_code == 302


def test_verbs_lead_back_with_the_list_in_the_address(queue, ana_at_desk, press):
    left = press(ana_at_desk, "report-claim", queue[0].reference, query=TRIAGE)
    assert left == reverse("report-detail", args=[queue[0].reference]) + TRIAGE


def test_each_verb_has_its_key(story, opened):
    report = story.report(email="eve@home.example", may_contact=True)
    shortcuts = {str(one["label"]): one["shortcut"] for one in opened(report).context["actions"]}
    assert shortcuts == {
        "Claim": "c",
        "Accept into a case": "a",
        "Mark as duplicate": "u",
        "Ask the reporter": "q",
        "Dismiss": "d",
    }


def test_accepting_opens_a_case_by_its_product(queue, ana_at_desk):
    page = ana_at_desk.get(reverse("report-accept", args=[queue[0].reference]))
    assert page.context["form"]["title"].value() == "Cubo Toy death"


def test_accepting_into_a_case_named_in_the_address(queue, story, ana_at_desk, press):
    case = story.case()
    url = reverse("report-accept", args=[queue[0].reference])
    form = ana_at_desk.get(f"{url}?case={case.reference}").context["form"]
    assert form["case"].value() == case.reference
    press(ana_at_desk, "report-accept", queue[0].reference, case=case.reference)
    queue[0].refresh_from_db()
    assert queue[0].case == case
    assert Case.objects.count() == 1


def test_a_case_that_is_not_there_is_told_at_its_field(queue, ana_at_desk):
    url = reverse("report-accept", args=[queue[0].reference])
    reply = ana_at_desk.post(url, {"title": "x", "case": "C-2026-000999"})
    assert reply.status_code == 422
    assert "case" in reply.context["form"].errors
    queue[0].refresh_from_db()
    assert queue[0].state == ReportState.RECEIVED


def test_the_most_similar_report_comes_filled_in_as_original(story, ana_at_desk, press):
    original = story.report(product_name="Neodymium magnet balls 216 pieces", model="MB-1")
    story.report(product_name="Kettle", brand="Other")
    report = story.report(product_name="Neodymium magnet balls, 216 pcs", model="MB-1")
    page = ana_at_desk.get(reverse("report-mark_duplicate", args=[report.reference]))
    assert page.context["form"]["original"].value() == original.reference
    press(ana_at_desk, "report-mark_duplicate", report.reference, original=original.reference)
    report.refresh_from_db()
    assert report.duplicate_of == original


def test_similar_reports_say_why(story, opened):
    report = story.report(gtins=["04006381333931"], model="MC-216")
    same_code = story.report(product_name="Loose magnets", brand="", gtins=["04006381333931"])
    same_model = story.report(product_name="Würfel", model="mc-216")
    story.report(product_name="Kettle", brand="Hot", incident="It burst.")
    found = {one["report"]: one["why"] for one in opened(report).context["similar"]}
    assert found == {same_code: "same GTIN", same_model: "same brand and model"}


def test_known_products_and_the_cases_that_hold_them(story, opened):
    case = story.case()
    report = story.report(model="MC-216")
    context = opened(report).context
    assert context["products"] == list(case.products.all())
    assert context["cases"] == [case]


def test_dismissing_joins_ground_and_words(queue, ana_at_desk, press):
    press(
        ana_at_desk, "report-dismiss", queue[0].reference, ground="too_little", reason="No model."
    )
    page = ana_at_desk.get(reverse("report-detail", args=[queue[0].reference]))
    entry = page.context["timeline"].entries[0]
    assert entry.detail == "There is too little to go on. No model."


def test_another_ground_needs_words(queue, ana_at_desk):
    url = reverse("report-dismiss", args=[queue[0].reference])
    reply = ana_at_desk.post(url, {"ground": "other", "reason": ""})
    assert reply.status_code == 422
    assert "reason" in reply.context["form"].errors


def test_asking_writes_to_the_reporter(story, ana_at_desk, press):
    report = story.report(email="eve@home.example", may_contact=True)
    press(ana_at_desk, "report-ask_reporter", report.reference, question="Which model is it?")
    report.refresh_from_db()
    assert report.state == ReportState.NEEDS_INFORMATION
    assert OutboxMessage.objects.filter(letter="reporter_asked", address="eve@home.example")


def test_who_reported_is_shown_until_it_is_removed(story, opened, ana_at_desk, press):
    report = story.report(email="eve@home.example")
    assert "eve@home.example" in opened(report).content.decode()
    press(ana_at_desk, "report-redact", report.reference, reason="Asked for by the reporter.")
    page = opened(report)
    assert page.context["reporter"] == []
    assert "Eve Ng" not in page.content.decode()
