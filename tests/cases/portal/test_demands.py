"""What a platform sees: its own demands in the order of their urgency, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.flows import cases, evidence, extensions, items, takedowns
from cases.states import ItemState
from sellers.models import Listing, Picture
from surveillance.calendars.models import Regime
from tests.cast import answer_with

ROUTES = (
    ("portal-takedown", False),
    ("portal-item", True),
    ("portal-answers", False),
    ("portal-takedown-acknowledge", False),
    ("portal-takedown-request_extension", False),
    ("portal-item-answer", True),
    ("portal-item-appeal", True),
    ("portal-item-add_proof", True),
)


def page_of(client, takedown):
    return client.get(reverse("portal-takedown", args=[takedown.reference]))


def listed(client, **query) -> list[str]:
    response = client.get(reverse("portal"), query)
    return [row.takedown.reference for row in response.context["rows"]]


def test_the_most_urgent_stands_first(story, dot, client_of, time):
    later = story.issued_notice()
    sooner = story.issued()
    assert listed(client_of(dot)) == [sooner.reference, later.reference]


def test_a_demand_leads_to_pictures_of_the_product(story, dot, client_of):
    takedown = story.issued()
    client, address = client_of(dot), "https://register.example/pictures/1.jpg"
    assert page_of(client, takedown).context["pictures"] == []
    assert 'id="pictures"' not in page_of(client, takedown).content.decode()
    product, another = story.product(), story.product()
    Listing.objects.filter(items__takedown=takedown).update(product=product)
    Picture.objects.create(product=product, url=address)
    Picture.objects.create(product=another, url="https://register.example/another.jpg")
    page = page_of(client, takedown)
    assert [picture.url for picture in page.context["pictures"]] == [address]
    assert f'href="{address}"' in page.content.decode()


def test_each_demand_stands_in_one_view(story, dot, client_of):
    waiting, checking = story.issued_notice(), story.answered().takedown
    items.answer(checking.items.get(number=2), answer_with(ItemState.REMOVED), by=story.dot)
    closed = story.closed()
    client = client_of(dot)
    assert listed(client, view="answer") == [waiting.reference]
    assert listed(client, view="checking") == [checking.reference]
    assert listed(client, view="closed") == [closed.reference]
    tabs = client.get(reverse("portal")).context["tabs"]
    assert [tab["count"] for tab in tabs] == [1, 1, 1]


def test_filters(story, dot, client_of, time):
    notice, order = story.issued_notice(), story.issued()
    client = client_of(dot)
    assert listed(client, kind="order") == [order.reference]
    assert listed(client, q=notice.items.get(number=1).listing.url) == [notice.reference]
    assert listed(client, q="nowhere") == []
    time.move_to(order.items.get(number=1).due_at)
    assert listed(client, due="overdue") == [order.reference]


def test_pages_follow_each_other(story, dot, client_of):
    for _number in range(27):
        story.issued_notice(listings=1)
    client = client_of(dot)
    first = client.get(reverse("portal"))
    second = client.get(reverse("portal") + first.context["page"].next_url)
    references = [
        row.takedown.reference for page in (first, second) for row in page.context["rows"]
    ]
    assert len(references) == len(set(references)) == 27


def test_drafts_and_rivals_are_not_there(story, dot, dev, client_of):
    draft, submitted, approved = story.draft(), story.submitted(), story.approved()
    own = story.issued_notice()
    assert listed(client_of(dev)) == []
    assert listed(client_of(dot)) == [own.reference]
    for takedown in (draft, submitted, approved):
        assert page_of(client_of(dot), takedown).status_code == 404


@pytest.mark.parametrize(("route", "of_item"), ROUTES)
def test_a_rivals_demand_does_not_exist(route, of_item, story, dev, client_of):
    takedown = story.issued_notice()
    address = reverse(route, args=[takedown.reference, *([1] if of_item else [])])
    for ask in (client_of(dev).get, client_of(dev).post):
        response = ask(address)
        assert response.status_code in {404, 405}, route
        assert takedown.reference not in response.content.decode().replace(address, "")
    takedown.refresh_from_db()
    assert takedown.acknowledged_at is None


def test_a_demand_says_what_is_asked_and_why(story, dot, client_of):
    takedown = story.issued()
    html = page_of(client_of(dot), takedown).content.decode()
    for words in (
        takedown.facts,
        takedown.hazard,
        takedown.regime.legal_basis,
        takedown.redress,
        takedown.items.get(number=2).listing.url,
        "Harbour Market",
        "counted, working day 2 of 2",
    ):
        assert words in html


def test_nobody_of_the_authority_is_named_and_nothing_unsent_shown(
    story, cast, dot, client_of, time
):
    takedown = story.submitted()
    takedowns.send_back(takedown, by=story.bo, reason="SECRET: too weak for a court")
    takedowns.submit(takedown, by=story.ana)
    takedowns.approve(takedown, by=story.bo)
    takedowns.issue(takedown, by=story.ana)
    cases.add_note(takedown.case, by=story.ana, text="SECRET: the seller is known to the police")
    first = takedown.items.get(number=1)
    answered = items.answer(first, answer_with(ItemState.REMOVED), by=story.dot)
    items.reject_answer(answered, by=story.ana, reason="It can still be bought.")
    page = page_of(client_of(dot), takedown)
    html = page.content.decode()
    assert "SECRET" not in html
    assert "It can still be bought." in html  # the letter has said so
    for person in (cast.ana, cast.bo, cast.cai):
        assert person.name not in html
    actors = {entry.actor for entry in page.context["history"].entries}
    assert actors == {"The authority", cast.dot.name}


def test_a_reason_that_no_letter_carried_is_not_shown(story, dot, client_of):
    takedown = takedowns.reopen(story.closed(), by=story.ana, reason="SECRET: we had a hint")
    page = page_of(client_of(dot), takedown)
    assert page.context["history"].entries[0].sentence == "reopened the request"
    assert "SECRET" not in page.content.decode()


def test_more_time_is_shown_once_the_authority_has_agreed(story, dot, client_of):
    takedown = story.with_extension_requested()
    client = client_of(dot)
    assert "The authority has not decided yet" in page_of(client, takedown).content.decode()
    extensions.refuse_extension(takedown, by=story.bo, reason="The hazard is too grave.")
    html = page_of(client, takedown).content.decode()
    assert "The hazard is too grave." in html
    assert "has not decided yet" not in html


def test_the_first_of_two_agreements_stays_within_the_authority(story, dot, client_of):
    takedown = story.with_extension_requested()
    Regime.objects.filter(pk=takedown.regime_id).update(extension_approvals=2)
    extensions.grant_extension(takedown, by=story.bo)
    entries = page_of(client_of(dot), takedown).context["history"].entries
    assert not [entry for entry in entries if "agreed" in entry.sentence]


def test_history_goes_on_page_by_page(story, dot, client_of):
    takedown = story.issued_notice(listings=35)
    for item in takedown.items.all():
        items.answer(item, answer_with(ItemState.REMOVED), by=story.dot)
    client = client_of(dot)
    first = page_of(client, takedown).context["history"]
    assert len(first.entries) == 30
    rest = client.get(
        reverse("portal-takedown", args=[takedown.reference]), {"earlier": first.earlier}
    ).context["history"]
    assert {entry.uid for entry in first.entries}.isdisjoint(entry.uid for entry in rest.entries)
    assert rest.entries[-1].sentence.startswith("issued the request to Harbour Market")


def test_a_listing_has_an_address_of_its_own_on_any_page(story, dot, client_of):
    takedown = story.issued_notice(listings=60)
    client = client_of(dot)
    for number in (3, 57):
        moved = client.get(reverse("portal-item", args=[takedown.reference, number]))
        shown = client.get(moved.url)
        assert moved.url.endswith(f"#item-{number}")
        assert f'id="item-{number}"' in shown.content.decode()


def test_proof_is_seen_by_the_platform_that_gave_it(story, dot, dev, client_of, png):
    item = story.item()
    proof = evidence.add_proof(item, by=story.dot, file=png)
    address = reverse("evidence-file", args=[proof.pk])
    assert address in page_of(client_of(dot), item.takedown).content.decode()
    assert client_of(dot).get(address).status_code == 200
    assert client_of(dev).get(address).status_code == 404


def test_the_letter_is_the_one_that_was_sent(story, dot, client_of, time):
    takedown = story.issued()
    time.pass_(timedelta(days=1))
    type(takedown).objects.filter(pk=takedown.pk).update(facts="Written after it was sent.")
    client = client_of(dot)
    paper = client.get(reverse("portal-letter-paper", args=[takedown.reference, 1]))
    assert "The magnets come loose." in paper.content.decode()
    assert "Written after" not in paper.content.decode()
    pdf = client.get(reverse("portal-letter-pdf", args=[takedown.reference, 1]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert client.get(reverse("portal-letter", args=[takedown.reference, 2])).status_code == 404


def test_a_listing_that_came_back_adds_a_letter(story, dot, client_of):
    item = story.confirmed()
    items.note_relisted(item, by=story.ana)
    letters = page_of(client_of(dot), item.takedown).context["letters"]
    assert [letter.number for letter in letters] == [1, 2]


def test_query_counts(story, dot, client_of, django_assert_max_num_queries):
    """Without JavaScript, bell and navigation included; two are the savepoint of the view,
    one steps back over the wall, which the end of a transaction does by itself."""
    for _number in range(3):
        story.issued_notice()
    takedown = story.issued_notice(listings=40)
    items.answer(takedown.items.get(number=1), answer_with(ItemState.REMOVED), by=story.dot)
    client = client_of(dot)
    with django_assert_max_num_queries(12):
        client.get(reverse("portal"))
    with django_assert_max_num_queries(18):
        page_of(client, takedown)
