"""The desk: who may open which page, what it costs, and that its forms do what they say."""

import pytest
from django.urls import reverse

from cases.flows import cases, items
from cases.models import Item, TakedownRequest
from cases.states import ItemState, TakedownState
from surveillance.outbox import delivery
from tests.cast import answer_with

LISTS = ("desk", "report-list", "case-list", "takedown-list", "search", "notices", "case-open")


@pytest.fixture
def world(story):
    """One of everything: {route: arguments}."""
    report = story.report()
    story.accepted_report()
    takedown = story.issued()
    story.assessment(takedown.case)
    case, reference = takedown.case.reference, takedown.reference
    return {
        "report-detail": [report.reference],
        "report-accept": [report.reference],
        "report-dismiss": [report.reference],
        "report-mark_duplicate": [report.reference],
        "case-detail": [case],
        "case-add-listings": [case],
        "case-assess": [case],
        "case-merge": [case],
        "case-split": [case],
        "case-close": [case],
        "case-assign": [case],
        "takedown-draft": [case],
        "takedown-review": [case],
        "takedown-detail": [reference],
        "takedown-letter": [reference],
        "takedown-letter-pdf": [reference],
        "takedown-withdraw": [reference],
        "item-withdraw": [reference, 1],
    }


def addresses(world) -> dict[str, str]:
    return {name: reverse(name) for name in LISTS} | {
        name: reverse(name, args=where) for name, where in world.items()
    }


def test_an_inspector_opens_every_page(world, cast, client_of):
    client = client_of(cast.bo)
    for name, address in addresses(world).items():
        assert client.get(address).status_code == 200, name


def test_strangers_are_asked_to_sign_in_and_agents_are_refused(world, cast, client_of):
    for name, address in addresses(world).items():
        assert client_of(None).get(address).status_code == 302, name
        if name != "notices":
            assert client_of(cast.dot).get(address).status_code == 403, name


def test_a_restricted_case_of_others_is_not_there(world, cast, client_of, story):
    takedown = TakedownRequest.objects.get(reference=world["takedown-detail"][0])
    cases.restrict(takedown.case, by=story.ana, reason="A court case is pending.")
    cai = client_of(cast.cai)
    for name, address in addresses(world).items():
        if name.startswith(("case-", "takedown-", "item-")) and name in world:
            assert cai.get(address).status_code == 404, name
    assert takedown.case.reference not in cai.get(reverse("case-list")).content.decode()
    assert (
        client_of(cast.bo).get(reverse("case-detail", args=world["case-detail"])).status_code == 200
    )


# Committed baselines: a page that needs more queries than this fails the build.
QUERIES = {
    "desk": 32,
    "report-list": 14,
    "case-list": 14,
    "takedown-list": 14,
    "report-detail": 24,
    "case-detail": 26,
    "takedown-detail": 26,
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_page_takes_no_more_queries_than_its_baseline(
    world, cast, client_of, story, django_assert_max_num_queries, name
):
    for _ in range(5):
        story.report()
        story.issued(listings=4)
    ana = client_of(cast.ana)
    address = addresses(world)[name]
    ana.get(address)
    with django_assert_max_num_queries(QUERIES[name]):
        ana.get(address)


@pytest.mark.parametrize(
    ("route", "filters", "expected"),
    [
        ("report-list", {"state": "received"}, 1),
        ("report-list", {"state": "accepted"}, 1),
        ("report-list", {"q": "cubo magnetic"}, 2),
        ("report-list", {"q": "hoverboard"}, 0),
        ("case-list", {"q": "cubo"}, 2),
        ("takedown-list", {"kind": "order"}, 1),
        ("takedown-list", {"kind": "notice"}, 0),
    ],
)
def test_filters_narrow_a_list(world, cast, client_of, route, filters, expected):
    page = client_of(cast.ana).get(reverse(route), filters).context["page"]
    assert page.total == page.shown == expected


def test_a_wrong_filter_is_told_and_shows_no_rows(world, cast, client_of):
    reply = client_of(cast.ana).get(reverse("report-list"), {"state": "nonsense"})
    assert reply.context["page"].rows == []
    assert "nonsense" in reply.content.decode()


def test_a_foreign_cursor_is_not_found(world, cast, client_of):
    assert client_of(cast.ana).get(reverse("report-list"), {"after": "%%%"}).status_code == 404


def test_from_listings_to_an_issued_order_in_four_posts(story, cast, client_of):
    case = story.case()
    offers = [story.listing(), story.listing(), story.listing(cast.bazaar)]
    for offer in offers:
        cases.link_listing(case, by=story.ana, listing=offer)
    ana, bo = client_of(cast.ana), client_of(cast.bo)
    sent = ana.post(
        reverse("takedown-draft", args=[case.reference]),
        {
            "harbour-market-kind": "order",
            "harbour-market-listings": [offers[0].reference, offers[1].reference],
            "bazaar-nine-kind": "notice",
            "bazaar-nine-listings": [offers[2].reference],
            "facts": "The magnets come loose.",
            "hazard": "Swallowed magnets perforate the bowel.",
            "territory": "European Union",
            "action": "Remove them.",
        },
    )
    assert sent.status_code == 302
    order, notice = TakedownRequest.objects.order_by("-kind")
    review = ana.get(sent["Location"])
    assert [draft.step for draft in review.context["drafts"]] == ["issue", "submit"]
    done = ana.post(sent["Location"], {"request": [order.reference, notice.reference]})
    assert not any(result.problem for result in done.context["results"])
    states = dict(TakedownRequest.objects.values_list("kind", "state"))
    assert states == {"order": TakedownState.AWAITING_APPROVAL, "notice": TakedownState.ISSUED}
    assert ana.post(reverse("takedown-approve", args=[order.reference])).status_code == 403
    assert bo.post(reverse("takedown-approve", args=[order.reference])).status_code == 302
    assert ana.post(reverse("takedown-issue", args=[order.reference])).status_code == 302
    order.refresh_from_db()
    assert order.state == TakedownState.ISSUED


def test_drafting_nothing_is_told(story, cast, client_of):
    case = story.case()
    cases.link_listing(case, by=story.ana, listing=story.listing())
    reply = client_of(cast.ana).post(
        reverse("takedown-draft", args=[case.reference]), {"harbour-market-kind": "order"}
    )
    assert reply.status_code == 422
    assert not TakedownRequest.objects.exists()


def test_the_preview_is_the_letter_that_then_goes_out(story, cast, client_of, mailoutbox):
    approved = story.approved()
    ana = client_of(cast.ana)
    preview = ana.get(reverse("takedown-letter", args=[approved.reference])).content.decode()
    ana.post(reverse("takedown-issue", args=[approved.reference]))
    delivery.deliver()
    (mail,) = [m for m in mailoutbox if m.to == ["safety@harbour-market.example"]]
    (html,) = [content for content, kind in mail.alternatives if kind == "text/html"]
    assert preview == html


def test_many_answers_are_confirmed_at_once_with_a_result_each(story, cast, client_of):
    takedown = story.issued(listings=3)
    one, two, _three = takedown.items.order_by("number")
    items.answer(one, answer_with(ItemState.REMOVED), by=story.dot)
    items.answer(two, answer_with(ItemState.REFUSED), by=story.dot)
    reply = client_of(cast.ana).post(
        reverse("items-decide", args=[takedown.reference]),
        {"items": ["1", "2"], "verb": "confirm_removal", "note": ""},
    )
    problems = {result.item.number: bool(result.problem) for result in reply.context["results"]}
    assert problems == {1: False, 2: True}
    states = dict(Item.objects.values_list("number", "state"))
    assert states == {1: ItemState.CONFIRMED, 2: ItemState.REFUSED, 3: ItemState.PENDING}


def test_rejecting_many_needs_a_reason(story, cast, client_of):
    takedown = story.issued()
    items.answer(takedown.items.first(), answer_with(ItemState.REMOVED), by=story.dot)
    reply = client_of(cast.ana).post(
        reverse("items-decide", args=[takedown.reference]),
        {"items": ["1"], "verb": "reject_answer", "note": " "},
    )
    assert reply.status_code == 422


def test_a_verb_page_shows_what_is_wrong_at_its_field(story, cast, client_of):
    reply = client_of(cast.ana).post(
        reverse("case-close", args=[story.case().reference]), {"outcome": ""}
    )
    assert reply.status_code == 422
    assert "outcome" in reply.context["form"].errors


def test_a_verb_out_of_time_is_a_page_that_says_why(story, cast, client_of):
    reply = client_of(cast.ana).post(reverse("takedown-issue", args=[story.issued().reference]))
    assert reply.status_code == 409
    assert "starts from" in reply.content.decode()


def test_a_reference_in_the_search_box_leads_to_its_page(world, cast, client_of):
    ana = client_of(cast.ana)
    (reference,) = world["case-detail"]
    found = ana.get(reverse("search"), {"q": reference.lower()})
    assert found.status_code == 302
    assert found["Location"] == reverse("case-detail", args=[reference])
    assert ana.get(reverse("search"), {"q": "magnetic"}).context["found"]


def test_a_notice_is_read_by_opening_it(story, cast, client_of):
    story.submitted()
    bo = client_of(cast.bo)
    notice = bo.get(reverse("notices")).context["notices"][0]
    opened = bo.post(reverse("notice-open", args=[notice.pk]))
    assert opened["Location"] == notice.link
    notice.refresh_from_db()
    assert notice.read_at
    assert client_of(cast.ana).post(reverse("notice-open", args=[notice.pk])).status_code == 404
