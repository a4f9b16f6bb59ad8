"""The pre-listing check: who may ask, what is answered, and what is never told."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from sellers.flows import listings, products
from sellers.published_register import MAKE_ANEW, PublishedRegister
from sellers.screening import Offer
from surveillance.accounts.rights import Scope
from surveillance.audit.models import AuditEntry
from surveillance.web.api import PROBLEM

GTIN = "04006592453091"
ADDRESS = "/api/v1/screening/check"


@pytest.fixture
def alert(story):
    product = story.product(gtins=[GTIN])
    return publish(story, product)


def publish(story, product):
    alert = products.draft_alert(
        product, by=story.ana, title="Recalled", hazard="It breaks.", what_to_do="Stop using it."
    )
    return products.publish(alert, by=story.bo)


@pytest.fixture
def platform(story) -> Client:
    secret = story.issued_key(scopes={Scope.SCREEN}).secret
    return Client(headers={"authorization": f"Bearer {secret}"})


def check(client: Client, *items: object):
    return client.post(ADDRESS, {"items": list(items)}, content_type="application/json")


def matches(client: Client, **item: object) -> list[dict[str, object]]:
    reply = check(client, {"id": "1"} | item)
    assert reply.status_code == 200, reply.content
    return reply.json()["results"][0]["matches"]


def problems(reply) -> dict[str, str]:
    assert reply.status_code == 422, reply.content
    assert reply["Content-Type"] == PROBLEM
    return {error["pointer"]: error["detail"] for error in reply.json()["errors"]}


class TestWhoMay:
    def test_the_route_is_the_documented_one(self):
        assert reverse("api-screening-check") == ADDRESS

    @pytest.mark.parametrize("scopes", [{Scope.READ}, {Scope.READ, Scope.ANSWER}])
    def test_a_key_needs_the_scope(self, story, scopes):
        secret = story.issued_key(scopes=scopes).secret
        client = Client(headers={"authorization": f"Bearer {secret}"})
        assert check(client, {"id": "1"}).status_code == 403

    def test_a_partner_may_with_the_scope(self, story, alert):
        secret = story.issued_key(story.partner(), scopes={Scope.SCREEN}).secret
        client = Client(headers={"authorization": f"Bearer {secret}"})
        assert len(matches(client, gtin=GTIN)) == 1

    @pytest.mark.parametrize(("person", "status"), [("ana", 200), ("bo", 200), ("ada", 403)])
    def test_staff_may(self, cast, client_of, alert, person, status):
        client = client_of(getattr(cast, person))
        assert check(client, {"id": "1"}).status_code == status

    def test_the_public_may_not(self, db):
        assert check(Client(), {"id": "1"}).status_code == 401


class TestWhatIsAnswered:
    def test_a_gtin(self, platform, alert):
        reply = check(
            platform, {"id": "a", "gtin": "4006592453091"}, {"id": "b", "title": "Kettle"}
        )
        assert reply.json() == {
            "results": [
                {
                    "id": "a",
                    "matches": [
                        {
                            "alert": alert.reference,
                            "product": alert.product.reference,
                            "basis": "gtin",
                            "confidence": 1.0,
                            "reasons": [f"The GTIN {GTIN} is the same."],
                        }
                    ],
                },
                {"id": "b", "matches": []},
            ]
        }

    def test_a_model_with_its_brand(self, platform, alert):
        (match,) = matches(platform, brand="CUBO Ltd.", model="mc 216")
        assert (match["basis"], match["confidence"]) == ("brand_model", 0.95)

    def test_words_are_told_as_a_suggestion(self, platform, alert):
        (match,) = matches(platform, title="Cubo magnetic cubes mc")
        assert match["basis"] == "text"
        assert match["confidence"] < 0.9
        assert "suggestion" in match["reasons"][0]

    def test_every_alert_of_a_product(self, platform, story, alert):
        other = publish(story, alert.product)
        found = {match["alert"] for match in matches(platform, gtin=GTIN)}
        assert found == {alert.reference, other.reference}

    def test_a_thousand(self, platform, alert):
        reply = check(platform, *({"id": str(at), "gtin": GTIN} for at in range(1000)))
        results = reply.json()["results"]
        assert [result["id"] for result in results] == [str(at) for at in range(1000)]
        assert all(len(result["matches"]) == 1 for result in results)

    def test_nothing_is_kept(self, platform, alert):
        before = AuditEntry.objects.count()
        matches(platform, gtin=GTIN)
        assert AuditEntry.objects.count() == before

    def test_statements_do_not_grow_with_the_items(
        self, platform, alert, django_assert_max_num_queries
    ):
        matches(platform, gtin=GTIN)
        with django_assert_max_num_queries(9):
            check(platform, *({"id": str(at), "gtin": GTIN} for at in range(500)))


class TestWhatIsNotTold:
    def test_a_draft(self, platform, story):
        product = story.product(gtins=[GTIN])
        alert = products.draft_alert(
            product, by=story.ana, title="Draft", hazard="It breaks.", what_to_do="Stop."
        )
        assert matches(platform, gtin=GTIN) == []
        products.publish(alert, by=story.bo)
        assert len(matches(platform, gtin=GTIN)) == 1

    def test_a_withdrawn_alert_is_gone_from_the_next_answer(self, platform, story, alert):
        assert len(matches(platform, gtin=GTIN)) == 1
        products.withdraw(alert, by=story.bo, reason="It was another batch.")
        assert matches(platform, gtin=GTIN) == []

    def test_a_product_under_no_alert(self, platform, story):
        story.product(gtins=[GTIN], name="Secret kettle of a case")
        assert matches(platform, gtin=GTIN, title="Secret kettle of a case") == []

    def test_a_listing_under_demand_says_nothing_by_its_address(self, story):
        """Neither to its own platform, which has its demands, nor to a rival."""
        item = story.issued_notice(listings=1).items.get()
        for platform in (story.cast.harbour, story.cast.bazaar):
            secret = story.issued_key(platform.organisation, scopes={Scope.SCREEN}).secret
            client = Client(headers={"authorization": f"Bearer {secret}"})
            assert matches(client, url=item.listing.url) == []

    def test_staff_are_told_no_more(self, client_of, cast, story):
        story.product(gtins=[GTIN])
        assert matches(client_of(cast.ana), gtin=GTIN) == []


class TestWhatIsRefused:
    def test_a_wrong_gtin_names_its_item(self, platform, alert):
        reply = check(platform, {"id": "a", "gtin": GTIN}, {"id": "b", "gtin": "4006592453092"})
        assert list(problems(reply)) == ["/items/1/gtin"]
        assert "last digit" in problems(reply)["/items/1/gtin"]

    def test_the_same_id_twice(self, platform):
        reply = check(platform, {"id": "a"}, {"id": "b"}, {"id": "a"})
        assert list(problems(reply)) == ["/items/2/id"]

    def test_an_unknown_field(self, platform):
        assert list(problems(check(platform, {"id": "a", "ean": GTIN}))) == ["/items/0/ean"]

    def test_everything_at_once(self, platform):
        reply = check(platform, {"title": "x"}, {"id": "b", "url": "nonsense"})
        assert set(problems(reply)) == {"/items/0/id", "/items/1/url"}

    @pytest.mark.parametrize("items", [[], [{"id": str(at)} for at in range(1001)]])
    def test_none_or_too_many(self, platform, items):
        assert list(problems(check(platform, *items))) == ["/items"]

    @pytest.mark.parametrize("body", ["{}", "[]", '{"items": {}}', '{"items": [1]}'])
    def test_another_shape(self, platform, body):
        reply = platform.post(ADDRESS, body, content_type="application/json")
        assert problems(reply)

    def test_what_is_no_json(self, platform):
        reply = platform.post(ADDRESS, "{items", content_type="application/json")
        assert reply.status_code == 400
        assert reply["Content-Type"] == PROBLEM

    @pytest.mark.parametrize("text", ["\x00", "\ud800", "𝄞" * 300, " ", "行", "'; --", "%s"])
    def test_odd_text_never_breaks_it(self, platform, alert, text):
        reply = check(
            platform, {"id": "a", "title": text, "brand": text[:200], "model": text[:200]}
        )
        assert reply.status_code in (200, 422)


class TestInEveryProcess:
    """Each process keeps a register of its own: here two of them stand for two processes."""

    def test_both_see_what_has_changed(self, story, alert):
        one, other = PublishedRegister(), PublishedRegister()
        offer = [Offer(code=GTIN)]
        assert [len(found) for found in one.current().check(offer)] == [1]
        products.withdraw(alert, by=story.bo, reason="It was another batch.")
        assert list(one.current().check(offer)) == list(other.current().check(offer)) == [[]]
        again = publish(story, alert.product)
        for register in (one, other):
            (found,) = register.current().check(offer)
            assert [match.key for match in found] == [again.pk]

    def test_one_leaves_while_another_comes(self, story, alert):
        """As many alerts as before, and no more changes to each: still another edition."""
        register = PublishedRegister()
        draft = products.draft_alert(
            alert.product, by=story.ana, title="Next", hazard="It breaks.", what_to_do="Stop."
        )
        (before,) = register.current().check([Offer(code=GTIN)])
        products.withdraw(alert, by=story.bo, reason="It was another batch.")
        products.publish(draft, by=story.bo)
        (after,) = register.current().check([Offer(code=GTIN)])
        assert [match.key for match in before] == [alert.pk]
        assert [match.key for match in after] == [draft.pk]

    def test_nothing_changed_is_one_statement(self, alert, django_assert_num_queries):
        register = PublishedRegister()
        first = register.current()
        with django_assert_num_queries(1):
            assert register.current() is first

    def test_a_change_reads_what_has_changed(self, story, alert):
        register = PublishedRegister()
        assert register.current().in_small_segment == 0
        publish(story, alert.product)
        assert register.current().in_small_segment == 1 < MAKE_ANEW

    def test_many_changes_make_it_anew(self, story, alert, monkeypatch):
        monkeypatch.setattr("sellers.published_register.MAKE_ANEW", 1)
        register = PublishedRegister()
        register.current()
        publish(story, alert.product)
        assert register.current().in_small_segment == 0

    def test_threads_make_it_once(self, alert, monkeypatch):
        """They start together; none gets a half-made one."""
        made = []
        register = PublishedRegister()
        monkeypatch.setattr("sellers.published_register._edition", lambda: (1, 1, 1))
        monkeypatch.setattr(
            "sellers.published_register._made", lambda *given: made.append(given) or _Told()
        )
        start = threading.Barrier(4)
        got = []

        def ask() -> None:
            start.wait()
            got.append(register.current())
            connection.close()

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == ["register"] * 4
        assert len(made) == 1


class _Told:
    edition = (1, 1, 1)
    register = "register"


def test_a_change_to_a_listing_does_not_touch_it(story, alert):
    register = PublishedRegister()
    first = register.current()
    listings.mark_gone(story.listing(), by=story.ana)
    assert register.current() is first
