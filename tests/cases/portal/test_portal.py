"""The portal: one platform's demands, and nothing of any other's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.flows import extensions, items
from cases.models import Item
from cases.states import ItemState
from surveillance.outbox import delivery
from tests.cast import answer_with


@pytest.fixture
def takedown(story):
    return story.issued(listings=3)


def pages(takedown) -> list[str]:
    reference = takedown.reference
    return [
        reverse("portal"),
        reverse("portal-takedown", args=[reference]),
        reverse("portal-item-answer", args=[reference, 1]),
        reverse("portal-takedown-request_extension", args=[reference]),
        f"{reverse('portal-answers', args=[reference])}?all=1",
        reverse("portal-letter", args=[reference, 1]),
        reverse("portal-letter-paper", args=[reference, 1]),
        reverse("portal-letter-pdf", args=[reference, 1]),
    ]


def test_an_agent_opens_every_page(takedown, cast, client_of):
    dot = client_of(cast.dot)
    for address in pages(takedown):
        assert dot.get(address).status_code == 200, address


def test_a_rival_finds_none_of_them(takedown, cast, client_of):
    dev = client_of(cast.dev)
    assert takedown.reference not in dev.get(reverse("portal")).content.decode()
    for address in pages(takedown)[1:]:
        assert dev.get(address).status_code == 404, address


def test_staff_and_strangers_stay_outside(takedown, cast, client_of):
    for address in pages(takedown):
        assert client_of(cast.ana).get(address).status_code == 403
        assert client_of(None).get(address).status_code == 302


def test_drafts_are_not_there(story, cast, client_of):
    draft = story.draft()
    assert client_of(cast.dot).get(
        reverse("portal-takedown", args=[draft.reference])
    ).status_code == 404  # fmt: skip


def test_a_page_names_ground_hazard_limit_and_why(takedown, cast, client_of):
    page = client_of(cast.dot).get(reverse("portal-takedown", args=[takedown.reference]))
    text = page.content.decode()
    for words in ("2023/988", takedown.hazard, takedown.facts, "working day 2 of 2"):
        assert words in text


def test_nobody_of_the_authority_is_named(story, takedown, cast, client_of):
    answered = items.answer(takedown.items.first(), answer_with(ItemState.REMOVED), by=story.dot)
    items.reject_answer(answered, by=story.ana, reason="It is still on sale.")
    dot = client_of(cast.dot)
    for address in pages(takedown)[:-1]:
        text = dot.get(address).content.decode()
        for user in (cast.ana, cast.bo):
            assert user.name not in text
            assert user.email not in text


def test_one_listing_is_answered_with_proof(takedown, cast, client_of):
    png = SimpleUploadedFile("gone.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF")
    reply = client_of(cast.dot).post(
        reverse("portal-item-answer", args=[takedown.reference, 1]),
        {"outcome": "removed", "text": "Gone.", "file": png},
    )
    assert reply.status_code == 302
    item = takedown.items.get(number=1)
    assert item.state == ItemState.REMOVED
    assert item.evidence.get().filename == "gone.pdf"


def test_a_refusal_without_a_ground_is_told_and_changes_nothing(takedown, cast, client_of):
    reply = client_of(cast.dot).post(
        reverse("portal-item-answer", args=[takedown.reference, 1]),
        {"outcome": "refused", "text": "No."},
    )
    assert reply.status_code == 422
    assert "ground" in reply.context["form"].errors
    assert takedown.items.get(number=1).state == ItemState.PENDING


def test_all_are_answered_at_once_and_twice_changes_nothing(takedown, cast, client_of):
    dot = client_of(cast.dot)
    address = reverse("portal-answers", args=[takedown.reference])
    form = dot.get(address, {"all": 1}).context["form"]
    sent = {**form.initial, "outcome": "removed", "text": ""}
    for _ in range(2):
        reply = dot.post(address, sent)
        assert reply.status_code == 200
        assert reply.context["refused"] == 0
    assert set(takedown.items.values_list("state", flat=True)) == {ItemState.REMOVED}


def test_only_the_chosen_are_answered(takedown, cast, client_of):
    dot = client_of(cast.dot)
    address = reverse("portal-answers", args=[takedown.reference])
    form = dot.get(address, {"item": ["1", "3"]}).context["form"]
    dot.post(address, {**form.initial, "outcome": "not_found", "text": ""})
    states = dict(takedown.items.values_list("number", "state"))
    assert states == {1: ItemState.NOT_FOUND, 2: ItemState.PENDING, 3: ItemState.NOT_FOUND}


def test_more_time_is_asked_for(takedown, story, cast, client_of):
    dot = client_of(cast.dot)
    address = reverse("portal-takedown-request_extension", args=[takedown.reference])
    assert dot.post(address, {"working_days": 0, "reason": "x"}).status_code == 422
    assert dot.post(address, {"working_days": 2, "reason": "We are ill."}).status_code == 302
    before = takedown.items.first().due_at
    extensions.grant_extension(takedown, by=story.bo)
    assert Item.objects.filter(takedown=takedown).first().due_at > before


def test_the_letter_in_the_portal_is_the_letter_that_went_out(
    takedown, cast, client_of, mailoutbox
):
    delivery.deliver()
    (mail,) = [m for m in mailoutbox if m.to == ["safety@harbour-market.example"]]
    (html,) = [content for content, kind in mail.alternatives if kind == "text/html"]
    paper = client_of(cast.dot).get(reverse("portal-letter-paper", args=[takedown.reference, 1]))
    assert paper.content.decode() == html


@pytest.mark.parametrize("which", [0, 1])
def test_pages_take_few_queries(takedown, cast, client_of, django_assert_max_num_queries, which):
    dot = client_of(cast.dot)
    dot.get(pages(takedown)[which])
    with django_assert_max_num_queries(18):
        dot.get(pages(takedown)[which])
