"""Requests on the desk: drafted for several platforms at once, read, sent, and decided in bulk."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.flows import assessments, cases, items
from cases.models import Item, TakedownRequest
from cases.states import ItemState, TakedownState
from surveillance.outbox import delivery
from surveillance.outbox.document import Document
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with

REASONS = {
    "facts": "The magnets come loose.",
    "hazard": "Swallowed magnets perforate the bowel.",
    "territory": "European Union",
    "action": "Remove them.",
}


@pytest.fixture
def case(story, cast):
    """Two offers on Harbour Market and one on Bazaar Nine."""
    case = story.case()
    for offer in (story.listing(), story.listing(), story.listing(cast.bazaar)):
        cases.link_listing(case, by=story.ana, listing=offer)
    return case


def references(case, slug: str) -> list[str]:
    offers = case.listings.filter(platform__slug=slug).order_by("reference")
    return list(offers.values_list("reference", flat=True))


class TestDrafting:
    @pytest.fixture
    def page(self, ana_at_desk, case):
        def show(query: str = ""):
            return ana_at_desk.get(reverse("takedown-draft", args=[case.reference]) + query)

        return show

    @pytest.fixture
    def send(self, ana_at_desk, case):
        def post(**facts: object):
            return ana_at_desk.post(reverse("takedown-draft", args=[case.reference]), facts)

        return post

    def both(self, case) -> dict[str, object]:
        return REASONS | {
            "harbour-market-kind": "order",
            "harbour-market-listings": references(case, "harbour-market"),
            "bazaar-nine-kind": "notice",
            "bazaar-nine-listings": references(case, "bazaar-nine"),
        }

    def test_what_is_online_and_not_demanded_comes_ticked(self, page, case, story):
        ticked = {form.prefix: form.ticked for form in page().context["platforms"]}
        assert ticked == {slug: references(case, slug) for slug in ticked}
        story.issued_notice(case=case, listings=1)
        form = next(form for form in page().context["platforms"] if form.prefix == "harbour-market")
        assert form.ticked == references(case, "harbour-market")[:2]
        assert len(form.offers) == 3

    def test_the_address_may_name_what_is_ticked(self, page, case):
        (first, _second) = references(case, "harbour-market")
        ticked = {f.prefix: f.ticked for f in page(f"?listing={first}").context["platforms"]}
        assert ticked == {"harbour-market": [first], "bazaar-nine": []}

    def test_the_list_can_be_narrowed_down(self, page, case):
        (first, _second) = references(case, "harbour-market")
        (form,) = page(f"?q={first}").context["platforms"]
        assert [offer.listing.reference for offer in form.offers] == [first]

    def test_reasons_come_filled_in_from_what_is_known(self, page, case, story):
        assessments.validate_risk(story.assessment(case), by=story.bo)
        form = page().context["form"]
        assert "Cubo Magnetic cubes" in form["facts"].value()
        assert "model MC-216" in form["facts"].value()
        assert "serious risk" in form["facts"].value()
        assert form["hazard"].value() == "Perforated bowel"
        assert form["territory"].value() == "European Union"

    def test_only_kinds_with_a_regime_are_offered(self, page):
        kinds = {
            form.prefix: [kind for kind, _label in form.fields["kind"].choices]
            for form in page().context["platforms"]
        }
        assert kinds == {"harbour-market": ["order", "notice"], "bazaar-nine": ["notice"]}

    def test_two_platforms_in_four_posts(self, send, case, ana_at_desk, bo_at_desk):
        sent = send(**self.both(case))
        order, notice = TakedownRequest.objects.order_by("-kind")
        assert [order.items.count(), notice.items.count()] == [2, 1]
        review = ana_at_desk.get(sent["Location"])
        assert [draft.step for draft in review.context["drafts"]] == ["issue", "submit"]
        done = ana_at_desk.post(sent["Location"], {"request": [order.reference, notice.reference]})
        assert not any(result.problem for result in done.context["results"])
        states = dict(TakedownRequest.objects.values_list("kind", "state"))
        assert states == {
            "order": TakedownState.AWAITING_APPROVAL,
            "notice": TakedownState.ISSUED,
        }
        approve, issue = (
            reverse(f"takedown-{verb}", args=[order.reference]) for verb in ("approve", "issue")
        )
        assert ana_at_desk.post(approve).status_code == 403
        assert bo_at_desk.post(approve).status_code == 302
        assert ana_at_desk.post(issue).status_code == 302
        order.refresh_from_db()
        assert order.state == TakedownState.ISSUED

    def test_nothing_chosen_is_told(self, send, case):
        reply = send(**REASONS, **{"harbour-market-kind": "order", "bazaar-nine-kind": "notice"})
        assert reply.status_code == 422
        assert "Choose at least one listing." in reply.content.decode()
        assert not TakedownRequest.objects.exists()

    def test_a_missing_reason_is_told_and_no_draft_is_left(self, send, case):
        reply = send(**(self.both(case) | {"hazard": " "}))
        assert reply.status_code == 422
        assert "hazard" in reply.context["form"].errors
        assert not TakedownRequest.objects.exists()

    def test_a_listing_of_another_case_is_refused(self, send, story, case):
        foreign = story.listing().reference
        reply = send(**(self.both(case) | {"harbour-market-listings": [foreign]}))
        assert reply.status_code == 422
        assert not TakedownRequest.objects.exists()

    def test_a_case_without_listings_says_what_to_do(self, story, ana_at_desk):
        page = ana_at_desk.get(reverse("takedown-draft", args=[story.case().reference]))
        assert "There is no listing to demand" in page.content.decode()

    def test_sending_none_is_told(self, story, ana_at_desk):
        takedown = story.draft()
        url = reverse("takedown-review", args=[takedown.case.reference])
        assert ana_at_desk.post(url, {}).status_code == 422
        takedown.refresh_from_db()
        assert takedown.state == TakedownState.DRAFT


class TestLetters:
    def test_the_preview_is_the_letter_that_then_goes_out(self, story, ana_at_desk, mailoutbox):
        approved = story.approved()
        url = reverse("takedown-letter", args=[approved.reference])
        preview = ana_at_desk.get(url).content.decode()
        ana_at_desk.post(reverse("takedown-issue", args=[approved.reference]))
        delivery.deliver()
        (mail,) = [m for m in mailoutbox if m.to == ["safety@harbour-market.example"]]
        (html,) = [content for content, kind in mail.alternatives if kind == "text/html"]
        assert preview == html
        assert ana_at_desk.get(url).content.decode() == html

    def test_a_preview_saves_nothing(self, story, ana_at_desk):
        takedown = story.draft()
        ana_at_desk.get(reverse("takedown-letter", args=[takedown.reference]))
        assert not takedown.items.filter(started_at__isnull=False).exists()
        takedown.refresh_from_db()
        assert takedown.state == TakedownState.DRAFT
        assert not OutboxMessage.objects.filter(letter="takedown_issued").exists()

    def test_the_preview_follows_the_clock(self, story, ana_at_desk, time):
        url = reverse("takedown-letter", args=[story.draft().reference])
        today = ana_at_desk.get(url).content.decode()
        assert "Wed 30 Sep 2026, 24:00" in today
        time.pass_(timedelta(days=1))
        assert "Thu 1 Oct 2026, 24:00" in ana_at_desk.get(url).content.decode()

    def test_it_is_written_in_the_platforms_language(self, story, cast, ana_at_desk):
        cast.harbour.contact_points.update(language="ja")
        response = ana_at_desk.get(reverse("takedown-letter", args=[story.draft().reference]))
        assert response["Content-Language"] == "ja"
        assert '<html lang="ja">' in response.content.decode()
        assert "削除" in response.content.decode()

    def test_the_pdf_is_one(self, story, ana_at_desk):
        response = ana_at_desk.get(reverse("takedown-letter-pdf", args=[story.draft().reference]))
        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF-")

    def test_letters_sent_are_shown_with_their_delivery(self, story, ana_at_desk):
        takedown = story.issued()
        message = OutboxMessage.objects.get(letter="takedown_issued", channel="email")
        message.attempts, message.last_error = 3, "mailbox full"
        message.save()
        page = ana_at_desk.get(reverse("takedown-detail", args=[takedown.reference]))
        assert "3 attempts; last: mailbox full" in page.content.decode()
        letter = ana_at_desk.get(
            reverse("sent-letter", args=[takedown.reference, message.pk])
        ).content.decode()
        assert Document.from_json(message.document).title in letter

    def test_a_letter_is_found_under_its_own_request_only(self, story, ana_at_desk):
        takedown, other = story.issued(), story.issued()
        message = OutboxMessage.objects.filter(about=takedown.reference).first()
        url = reverse("sent-letter", args=[other.reference, message.pk])
        assert ana_at_desk.get(url).status_code == 404


class TestDecidingMany:
    @pytest.fixture
    def takedown(self, story):
        """Of three listings the first is said to be removed, the second refused."""
        takedown = story.issued(listings=3)
        first, second, _third = takedown.items.order_by("number")
        items.answer(first, answer_with(ItemState.REMOVED), by=story.dot)
        items.answer(second, answer_with(ItemState.REFUSED), by=story.dot)
        return takedown

    @pytest.fixture
    def decide(self, takedown, ana_at_desk):
        def post(*numbers: object, verb: str = "confirm_removal", note: str = "", query: str = ""):
            url = reverse("items-decide", args=[takedown.reference]) + query
            return ana_at_desk.post(url, {"items": numbers, "verb": verb, "note": note})

        return post

    def states(self) -> dict[int, str]:
        return dict(Item.objects.values_list("number", "state"))

    def test_each_has_its_own_result(self, decide):
        reply = decide(1, 2, 3)
        problems = {one.item.number: bool(one.problem) for one in reply.context["results"]}
        assert problems == {1: False, 2: True, 3: True}
        assert self.states() == {
            1: ItemState.CONFIRMED,
            2: ItemState.REFUSED,
            3: ItemState.PENDING,
        }

    def test_rejecting(self, decide):
        reply = decide(1, 2, verb="reject_answer", note="Both are on sale.")
        assert not any(one.problem for one in reply.context["results"])
        assert self.states()[1] == self.states()[2] == ItemState.STILL_ONLINE

    @pytest.mark.parametrize(
        ("numbers", "facts"),
        [
            ([1], {"verb": "reject_answer", "note": " "}),
            ([], {}),
            ([99], {}),
            (["x"], {}),
            ([1], {"verb": "withdraw"}),
        ],
    )
    def test_wrong_input_changes_nothing(self, decide, numbers, facts):
        assert decide(*numbers, **facts).status_code == 422
        assert self.states()[1] == ItemState.REMOVED

    def test_the_way_back_keeps_the_group(self, decide):
        assert "?items=check#items" in decide(1, query="?items=check").context["back"]

    def test_groups_count_and_show_the_same(self, takedown, ana_at_desk):
        url = reverse("takedown-detail", args=[takedown.reference])
        tabs = {
            str(tab["label"]): tab["count"] for tab in ana_at_desk.get(url).context["items"].tabs
        }
        assert tabs == {"All": 3, "To check": 2, "With the platform": 1}
        shown = ana_at_desk.get(f"{url}?items=check").context["items"]
        assert [row.item.number for row in shown.rows] == [1, 2]
        assert shown.total == 2

    def test_a_large_request_comes_in_pages(self, story, ana_at_desk):
        takedown = story.issued(listings=130)
        url = reverse("takedown-detail", args=[takedown.reference])
        first = ana_at_desk.get(url).context["items"]
        second = ana_at_desk.get(url + first.next_url).context["items"]
        third = ana_at_desk.get(url + second.next_url).context["items"]
        assert [first.shown, second.shown, third.shown, third.next_url] == [50, 50, 30, ""]

    def test_an_item_of_a_later_page_is_led_to(self, story, ana_at_desk):
        takedown = story.issued(listings=60)
        found = ana_at_desk.get(reverse("item-detail", args=[takedown.reference, 57]))
        page = ana_at_desk.get(found["Location"].partition("#")[0])
        assert [row.item.number for row in page.context["items"].rows] == [57, 58, 59, 60]

    def test_the_address_of_an_item_leads_into_its_request(self, takedown, ana_at_desk):
        found = ana_at_desk.get(reverse("item-detail", args=[takedown.reference, 2]))
        address = reverse("takedown-detail", args=[takedown.reference])
        assert found["Location"] == f"{address}#item-2"


def test_the_chip_tells_why_this_date(story, ana_at_desk):
    takedown = story.issued()
    page = ana_at_desk.get(reverse("takedown-detail", args=[takedown.reference]))
    derivation = page.context["deadline"].derivation
    assert derivation is not None
    for sentence in derivation.sentences():
        assert sentence in page.content.decode()


def test_an_answered_item_says_whether_it_was_in_time(story, ana_at_desk, time):
    takedown = story.issued()
    first, second = takedown.items.order_by("number")
    items.answer(first, answer_with(ItemState.REMOVED), by=story.dot)
    time.pass_(timedelta(days=5))
    items.answer(second, answer_with(ItemState.REMOVED), by=story.dot)
    page = ana_at_desk.get(reverse("takedown-detail", args=[takedown.reference]))
    assert [row.deadline.state for row in page.context["items"].rows] == ["met", "missed"]


def test_an_extension_is_granted_on_its_page(story, ana_at_desk, bo_at_desk, press):
    takedown = story.with_extension_requested()
    before = takedown.items.first().due_at
    url = reverse("takedown-grant_extension", args=[takedown.reference])
    assert ana_at_desk.post(url).status_code == 403
    press(bo_at_desk, "takedown-grant_extension", takedown.reference)
    assert takedown.items.first().due_at > before
