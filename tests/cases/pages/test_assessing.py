"""The form of a risk assessment: rows by submit, exact fractions, a level before it is kept."""

from typing import Any

import pytest
from django.urls import reverse

from cases.models import RiskAssessment
from cases.pages.cases import case_rows


def scenario(number: int, injury: str, severity: object, *steps: tuple[str, str]) -> dict[str, Any]:
    prefix = f"scenarios-{number}"
    sent: dict[str, Any] = {
        f"{prefix}-injury": injury,
        f"{prefix}-severity": severity,
        f"{prefix}-steps-TOTAL_FORMS": max(len(steps), 3),
        f"{prefix}-steps-INITIAL_FORMS": 0,
    }
    for place, (text, probability) in enumerate(steps):
        sent[f"{prefix}-steps-{place}-text"] = text
        sent[f"{prefix}-steps-{place}-probability"] = probability
    return sent


def sheet(*scenarios: dict[str, Any], **button: str) -> dict[str, Any]:
    head = {"scenarios-TOTAL_FORMS": len(scenarios), "scenarios-INITIAL_FORMS": 0}
    return head | {name: value for one in scenarios for name, value in one.items()} | button


BOWEL = scenario(0, "Perforated bowel", 4, ("finds a magnet", "1/10"), ("swallows two", "1 in 50"))
PINCH = scenario(1, "Pinched finger", 1, ("a finger is between", "0.5"))


@pytest.fixture
def case(story):
    return story.case()


@pytest.fixture
def send(case, ana_at_desk):
    def post(data):
        return ana_at_desk.post(reverse("case-assess", args=[case.reference]), data)

    return post


def test_the_level_is_worked_out_and_nothing_is_kept(send):
    page = send(sheet(BOWEL, PINCH, work_out="1"))
    result = page.context["result"]
    assert str(result.results[0].probability) == "1/500"
    assert (result.level.value, result.deciding) == ("serious", 0)
    assert result.sensitivity.sentence() in page.content.decode()
    assert not RiskAssessment.objects.exists()


def test_proposing_keeps_the_exact_fractions(send, case):
    assert send(sheet(BOWEL, PINCH, propose="1")).status_code == 302
    kept = case.assessments.get()
    assert [one["probability"] for one in kept.result["scenarios"]] == ["1/500", "1/2"]
    assert kept.level == "serious"


def test_one_more_step_and_one_more_scenario_keep_what_was_written(send):
    form = send(sheet(BOWEL, more="scenarios-0-steps")).context["scenarios"]
    assert form.forms[0].steps.total_form_count() == 4
    assert form.forms[0]["injury"].value() == "Perforated bowel"
    page = send(sheet(BOWEL, more="scenarios"))
    form = page.context["scenarios"]
    assert len(form.forms) == 2
    assert form.forms[1].steps.total_form_count() == 3
    assert not RiskAssessment.objects.exists()


def test_empty_rows_do_not_count(send, case):
    empty = scenario(1, "", "")
    assert send(sheet(BOWEL, empty, propose="1")).status_code == 302
    assert len(case.assessments.get().result["scenarios"]) == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (sheet(scenario(0, "", ""), propose="1"), "Describe at least one injury scenario."),
        (sheet(scenario(0, "Burn", 2), propose="1"), "Add at least one step"),
        (sheet(scenario(0, "Burn", 2, ("x", "often")), propose="1"), "cannot be read"),
        (sheet(scenario(0, "Burn", 2, ("x", "3/2")), propose="1"), "at most 1"),
        (sheet(scenario(0, "Burn", 2, ("x", "0")), propose="1"), "never happen"),
        (sheet(scenario(0, "", 2, ("x", "1/2")), propose="1"), "This field is required."),
        (sheet(scenario(0, "Burn", 9, ("x", "1/2")), propose="1"), "Select a valid choice."),
        ({"propose": "1"}, "Describe at least one injury scenario."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(send, sent, words):
    reply = send(sent)
    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert not RiskAssessment.objects.exists()


def test_a_second_person_validates_and_the_case_has_the_level(
    send, case, ana_at_desk, bo_at_desk, press, story
):
    send(sheet(BOWEL, propose="1"))
    own = ana_at_desk.post(reverse("assessment-validate_risk", args=[case.reference]))
    assert own.status_code == 403
    press(bo_at_desk, "assessment-validate_risk", case.reference)
    assert case_rows(story.bo).get(pk=case.pk).risk_level == "serious"
    page = ana_at_desk.get(reverse("case-detail", args=[case.reference])).content.decode()
    assert "1/500" in page
    assert "validated by Bo Lindqvist" in page
