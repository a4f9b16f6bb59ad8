"""A platform answers, one listing or many: what is refused, and what must not stay behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.flows import items
from cases.flows.items import Answer
from cases.models import Evidence, Item
from cases.portal import verbs
from cases.states import ItemState
from surveillance.audit.models import AuditEntry
from tests.cast import answer_with


def answers_address(takedown) -> str:
    return reverse("portal-answers", args=[takedown.reference])


def answer_address(item) -> str:
    return reverse("portal-item-answer", args=[item.takedown.reference, item.number])


def states(takedown) -> list[str]:
    return list(takedown.items.order_by("number").values_list("state", flat=True))


@pytest.fixture
def dots(dot, client_of):
    return client_of(dot)


def test_acknowledging(story, dots, time):
    takedown = story.issued_notice()
    address = reverse("portal-takedown-acknowledge", args=[takedown.reference])
    assert dots.post(address).status_code == 302
    takedown.refresh_from_db()
    assert takedown.acknowledged_at == time.now
    assert dots.post(address).status_code == 409


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "refused", "text": "It is not ours."}, "ground"),
        ({"outcome": "refused", "ground": "compliant"}, "text"),
        ({"outcome": "needs_information"}, "text"),
        ({"outcome": "confirmed"}, "outcome"),
    ],
)
def test_what_is_missing_is_said_at_its_field(given, field, story, dots):
    item = story.item()
    response = dots.post(answer_address(item), given)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    item.refresh_from_db()
    assert item.state == ItemState.PENDING


def test_a_bad_proof_leaves_no_answer_behind(story, dots):
    item = story.item()
    script = SimpleUploadedFile("proof.png", b"<script>alert(1)</script>", "image/png")
    response = dots.post(answer_address(item), {"outcome": "removed", "file": script})
    assert response.status_code == 422
    assert "file" in response.context["form"].errors
    item.refresh_from_db()
    assert item.state == ItemState.PENDING
    assert not Evidence.objects.exists()


def test_a_good_proof_without_an_answer_is_not_kept(story, dots, png):
    item = story.answered()
    response = dots.post(answer_address(item), {"outcome": "removed", "file": png})
    assert response.status_code == 409
    assert not Evidence.objects.exists()


def test_proof_and_answer_are_kept_together_or_not_at_all(story, png):
    refusal = Answer(ItemState.REFUSED, text="No ground is named.")
    with pytest.raises(ValidationError):
        verbs.answer(story.item(), by=story.dot, reply=refusal, file=png)
    assert not Evidence.objects.exists()


def test_all_that_wait_are_asked_about_and_nothing_else(story, dots):
    takedown = story.issued_notice(listings=4)
    items.answer(takedown.items.get(number=2), answer_with(ItemState.REMOVED), by=story.dot)
    page = dots.get(answers_address(takedown), {"all": 1})
    assert [item.number for item in page.context["items"]] == [1, 3, 4]
    chosen = dots.get(answers_address(takedown), {"item": ["3", "2", "99", "x"]})
    assert [item.number for item in chosen.context["items"]] == [3]
    assert dots.get(answers_address(takedown)).status_code == 302


def test_one_answer_for_many_says_what_became_of_each(story, dots):
    takedown = story.issued_notice(listings=4)
    form = dots.get(answers_address(takedown), {"item": ["1", "2", "4"]}).context["form"]
    items.answer(takedown.items.get(number=2), answer_with(ItemState.NOT_FOUND), by=story.dot)
    result = dots.post(
        answers_address(takedown),
        {**form.initial, "outcome": "removed", "text": "All taken down."},
    )
    assert result.status_code == 200
    assert (result.context["answered"], result.context["refused"]) == (2, 1)
    refused = result.context["results"][0]
    assert refused.item.number == 2
    assert "not found, to be verified" in refused.refusal
    assert states(takedown) == ["removed", "not_found", "pending", "removed"]


def test_sending_the_page_twice_answers_nothing_twice(story, dots, time):
    takedown = story.issued_notice(listings=3)
    form = dots.get(answers_address(takedown), {"all": 1}).context["form"]
    given = {**form.initial, "outcome": "removed", "text": "Gone."}
    dots.post(answers_address(takedown), given)
    entries = AuditEntry.objects.count()
    time.pass_(timedelta(hours=1))
    again = dots.post(answers_address(takedown), given)
    assert (again.context["answered"], again.context["refused"]) == (3, 0)
    assert AuditEntry.objects.count() == entries


def test_many_need_a_ground_and_a_reason_too(story, dots):
    takedown = story.issued_notice(listings=2)
    given = {"numbers": "1,2", "batch": "9b2d4c0e-0000-4000-8000-000000000001"}
    response = dots.post(answers_address(takedown), given | {"outcome": "refused"})
    assert response.status_code == 422
    assert "ground" in response.context["form"].errors
    assert states(takedown) == ["pending", "pending"]


@pytest.mark.parametrize("numbers", ["", "one", "1;2"])
def test_numbers_that_cannot_be_read_are_refused(numbers, story, dots):
    takedown = story.issued_notice(listings=2)
    given = {"numbers": numbers, "batch": "9b2d4c0e-0000-4000-8000-000000000001"}
    response = dots.post(answers_address(takedown), given | {"outcome": "removed"})
    assert response.status_code == 422
    assert not Item.objects.exclude(state=ItemState.PENDING).exists()


def test_a_question_stops_the_clock_and_is_shown(story, dots):
    item = story.item()
    dots.post(answer_address(item), {"outcome": "needs_information", "text": "Which batch?"})
    html = dots.get(reverse("portal-takedown", args=[item.takedown.reference])).content.decode()
    assert "Which batch?" in html
    assert "paused" in html
