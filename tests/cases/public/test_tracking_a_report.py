"""Following a report by reference and code, without an account."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.flows import reports
from cases.models import Report
from cases.public.tracking import STATES
from cases.states import LABELS, ReportState
from tests.contract import witness


@pytest.fixture
def visitor() -> Client:
    return Client()


def ask(visitor: Client, reference: str, code: str):
    return visitor.post(reverse("track"), {"reference": reference, "code": code})


def show(visitor: Client, receipt) -> str:
    response = ask(visitor, receipt.report.reference, receipt.code)
    assert response.url == reverse("track-report")
    return visitor.get(response.url).content.decode()


def test_the_right_code_shows_how_the_report_stands(story, visitor):
    receipt = story.receipt()
    page = show(visitor, receipt)
    assert "We have your report" in page
    assert receipt.report.reference in page


def test_case_and_blanks_do_not_matter(story, visitor):
    receipt = story.receipt()
    reference = f" {receipt.report.reference.lower()} "
    assert ask(visitor, reference, f" {receipt.code.lower()} ").status_code == 302


def test_a_wrong_code_and_a_wrong_reference_get_the_same_answer(story, visitor):
    receipt = story.receipt()
    wrong_code = ask(visitor, receipt.report.reference, "00000000")
    wrong_reference = ask(visitor, "R-2020-000001", receipt.code)
    assert wrong_code.status_code == wrong_reference.status_code == 422
    sentence = "No report has this reference and this code."
    assert sentence in wrong_code.content.decode()
    assert sentence in wrong_reference.content.decode()


def test_the_code_of_one_report_does_not_open_another(story, visitor):
    one, other = story.receipt(), story.receipt()
    assert ask(visitor, one.report.reference, other.code).status_code == 422


def test_a_report_without_a_code_opens_for_nobody(story, visitor):
    receipt = story.receipt()
    reports.redact(receipt.report, by=story.ana, reason="The reporter asked.")
    for code in (receipt.code, "", "-" * 20):
        assert ask(visitor, receipt.report.reference, code).status_code == 422


def test_without_the_code_there_is_no_page(story, visitor):
    story.receipt()
    assert visitor.get(reverse("track-report")).url == reverse("track")


@pytest.mark.parametrize(
    ("decide", "title"),
    [
        (lambda s, r: reports.accept(r, by=s.ana), "We are looking into this product"),
        (lambda s, r: reports.dismiss(r, by=s.ana, reason="A hoax."), "no further step for now"),
        (
            lambda s, r: reports.mark_duplicate(r, by=s.ana, original=s.report()),
            "We were told of this product before",
        ),
    ],
    ids=["accepted", "dismissed", "duplicate"],
)
def test_a_decision_is_told_without_naming_case_or_person(story, visitor, decide, title):
    receipt = story.receipt()
    decided = decide(story, receipt.report)
    page = show(visitor, receipt)
    assert title in page
    named = [story.cast.ana.name, "A hoax.", "Eve Ng"]
    if decided.case:
        named.append(decided.case.reference)
    if decided.duplicate_of:
        named.append(decided.duplicate_of.reference)
    for secret in named:
        assert secret not in page


def test_every_state_has_its_words():
    assert set(STATES) == set(ReportState) <= set(LABELS)


@pytest.fixture
def asked(story):
    receipt = story.receipt(email="eve@mail.example", may_contact=True)
    reports.ask_reporter(receipt.report, by=story.ana, question="Which colour was it?")
    return receipt


def test_the_inspectors_question_is_shown_and_answered(asked, visitor):
    assert "Which colour was it?" in show(visitor, asked)
    with witness(asked.report) as seen:
        response = visitor.post(reverse("track-report"), {"answer": "Red."})
    assert response.url == reverse("track-report")
    assert seen.verbs == ["report.supply_information"]
    assert seen.changes == {"state", "incident"}
    report = Report.objects.get()
    assert report.state == ReportState.RECEIVED
    assert report.incident.endswith("Red.")


def test_an_empty_answer_is_refused(asked, visitor):
    show(visitor, asked)
    response = visitor.post(reverse("track-report"), {"answer": "  "})
    assert response.status_code == 422
    assert Report.objects.get().state == ReportState.NEEDS_INFORMATION


def test_an_answer_needs_the_code_first(asked, visitor):
    with witness(asked.report) as seen:
        assert visitor.post(reverse("track-report"), {"answer": "Red."}).url == reverse("track")
    assert not seen.entries


def test_without_a_question_an_answer_changes_nothing(story, visitor):
    receipt = story.receipt()
    show(visitor, receipt)
    with witness(receipt.report) as seen:
        assert visitor.post(reverse("track-report"), {"answer": "More."}).status_code == 200
    assert not seen.entries
