"""What a platform's system does besides answering: correct, ask for time, supply data."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.flows import extensions
from cases.models import Item
from sellers.models import ListingData, SellerData
from surveillance.accounts.rights import Scope
from surveillance.audit.models import AuditEntry

STATEMENT = {
    "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
    "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
    "content_type": ["CONTENT_TYPE_PRODUCT"],
    "category": "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
    "automated_detection": "No",
    "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    "application_date": "2026-09-28",
    "territorial_scope": ["DE", "FR"],
    "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
}
SELLER = reverse("api-seller-data", args=["harbour-market", "wei"])


@pytest.fixture
def client(story) -> Client:
    return Client(headers={"authorization": f"Bearer {story.issued_key().secret}"})


@pytest.fixture
def takedown(story):
    return story.issued(listings=2)


def put(client: Client, address: str, body: dict[str, object], **headers: str):
    return client.put(address, body, content_type="application/json", headers=headers)


def answer(client, takedown, **more: object):
    row = {"number": 1, "outcome": "removed", "answer_id": "a"} | more
    address = reverse("api-takedown-answers", args=[takedown.reference])
    sent = client.post(address, {"answers": [row]}, content_type="application/json")
    return sent.json()["results"][0]


class TestStatementOfReasons:
    def test_is_kept_and_given_back_as_it_came(self, client, takedown):
        assert answer(client, takedown, statement=STATEMENT)["status"] == 200
        for name in ("api-item", "api-item-answer"):
            read = client.get(reverse(name, args=[takedown.reference, 1])).json()
            assert read["statement"] == STATEMENT
        other = client.get(reverse("api-item", args=[takedown.reference, 2])).json()
        assert other["statement"] is None

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"category": "TOYS"}, "statement/category"),
            ({"territorial_scope": ["DE", "US"]}, "statement/territorial_scope"),
            ({"application_date": "soon"}, "statement/application_date"),
            ({"colour": "red"}, "statement/colour"),
        ],
    )
    def test_what_is_wrong_is_named(self, client, takedown, said, pointer):
        result = answer(client, takedown, statement=STATEMENT | said)
        assert result["status"] == 422
        assert result["errors"][0]["pointer"].startswith(f"/answers/0/{pointer}")
        assert isinstance(result["errors"][0]["detail"], str)
        assert not Item.objects.exclude(state="pending").exists()


class TestCorrecting:
    def test_changes_the_answer_and_says_so(self, client, takedown):
        answer(client, takedown)
        address = reverse("api-item-answer", args=[takedown.reference, 1])
        first = client.get(address)
        said = {"outcome": "refused", "ground": "not_ours", "text": "No.", "answer_id": "b"}
        done = put(client, address, said | {"statement": STATEMENT}, **{"if-match": first["ETag"]})
        assert done.status_code == 200
        told = done.json()
        assert (told["state"], told["ground"], told["text"]) == ("refused", "not_ours", "No.")
        assert told["statement"] == STATEMENT
        assert told["corrected_at"]
        assert told["first_answered_at"] == first.json()["first_answered_at"]

    def test_once_it_was_decided_about_it_stands(self, story, client):
        item = story.confirmed()
        address = reverse("api-item-answer", args=[item.takedown.reference, item.number])
        tag = client.get(address)["ETag"]
        said = {"outcome": "not_found", "answer_id": "b"}
        assert put(client, address, said, **{"if-match": tag}).status_code == 409

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"outcome": "needs_information"}, "/outcome"),
            ({"outcome": "refused", "text": "No."}, "/ground"),
            ({"answer_id": ""}, "/answer_id"),
            ({"number": 2}, "/number"),
        ],
    )
    def test_what_is_wrong_is_named(self, client, takedown, said, pointer):
        answer(client, takedown)
        address = reverse("api-item-answer", args=[takedown.reference, 1])
        body = {"outcome": "removed", "answer_id": "b"} | said
        refused = put(client, address, body, **{"if-match": client.get(address)["ETag"]})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == pointer

    def test_before_there_is_an_answer_there_is_nothing(self, client, takedown):
        address = reverse("api-item-answer", args=[takedown.reference, 1])
        assert client.get(address).status_code == 404
        assert put(client, address, {}, **{"if-match": "*"}).status_code == 404


class TestAskingForTime:
    def test_a_key_asks_and_the_authority_grants(self, story, client):
        takedown = story.issued_notice()
        address = reverse("api-takedown-extensions", args=[takedown.reference])
        said = {"working_days": 3, "reason": "Our clerk is ill."}
        asked = client.post(address, said, content_type="application/json")
        assert asked.status_code == 201
        assert (asked.json()["state"], asked.json()["decided_at"]) == ("requested", None)
        entry = AuditEntry.objects.get(verb="takedown.request_extension")
        assert entry.actor.startswith("agent:key:")
        extensions.grant_extension(takedown, by=story.bo)
        read = client.get(reverse("api-takedown", args=[takedown.reference])).json()
        assert [one["state"] for one in read["extensions"]] == ["granted"]

    def test_twice_is_a_conflict(self, story, client):
        takedown = story.with_extension_requested()
        address = reverse("api-takedown-extensions", args=[takedown.reference])
        said = {"working_days": 3, "reason": "More."}
        assert client.post(address, said, content_type="application/json").status_code == 409

    @pytest.mark.parametrize("said", [{"working_days": 0}, {"working_days": 61}, {"reason": ""}])
    def test_what_is_wrong_is_named(self, takedown, client, said):
        address = reverse("api-takedown-extensions", args=[takedown.reference])
        body = {"working_days": 2, "reason": "Ill."} | said
        refused = client.post(address, body, content_type="application/json")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == f"/{next(iter(said))}"


class TestSupplyingData:
    def test_on_a_seller(self, client):
        first = put(client, SELLER, {"name": "Wei", "country": "CN", "self_certified": True})
        assert first.status_code == 201
        assert client.get(SELLER).json() == first.json()
        assert put(client, SELLER, {"name": "Wei Ltd"}).status_code == 428
        again = put(client, SELLER, {"name": "Wei Ltd"}, **{"if-match": first["ETag"]})
        assert (again.status_code, again.json()["country"]) == (200, "")
        assert put(client, SELLER, {"name": "X"}, **{"if-match": first["ETag"]}).status_code == 412
        listed = client.get(reverse("api-seller-data-list", args=["harbour-market"])).json()
        assert [row["name"] for row in listed["results"]] == ["Wei Ltd"]

    def test_on_a_listing_under_demand(self, client, takedown):
        address = reverse("api-item-listing-data", args=[takedown.reference, 1])
        assert client.get(address).status_code == 404
        said = {"gtins": ["4006381333931"], "units_sold": 40, "offered_since": "2026-01-31"}
        first = put(client, address, said)
        assert first.status_code == 201
        assert first.json()["gtins"] == ["04006381333931"]
        item = client.get(reverse("api-item", args=[takedown.reference, 1])).json()
        assert first.json()["listing"] == item["listing"]
        assert put(client, address, said).status_code == 428

    def test_staff_read_it_and_write_nothing(self, client, takedown, ana, client_of):
        put(client, SELLER, {"name": "Wei"})
        desk = client_of(ana)
        assert desk.get(SELLER).json()["name"] == "Wei"
        assert put(desk, SELLER, {"name": "Wo"}).status_code == 403

    def test_a_rival_neither_reads_nor_writes_it(self, client, takedown, dev, client_of):
        listing = reverse("api-item-listing-data", args=[takedown.reference, 1])
        put(client, SELLER, {"name": "Wei"})
        put(client, listing, {"title": "Cubes"})
        rival = client_of(dev)
        for address in (SELLER, listing):
            assert rival.get(address).status_code == 404
            assert put(rival, address, {"name": "Wo"}).status_code in {404, 422}
        assert put(rival, listing, {"title": "Wo"}).status_code == 404
        assert put(rival, SELLER, {"name": "Wo"}).status_code == 404
        assert SellerData.objects.get().name == "Wei"
        assert ListingData.objects.get().title == "Cubes"

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({}, "/name"),
            ({"name": "Wei", "country": "China"}, "/country"),
            ({"name": "Wei", "email": "wei"}, "/email"),
            ({"name": "Wei", "tier": "high_risk"}, "/tier"),
        ],
    )
    def test_what_is_wrong_is_named(self, client, said, pointer):
        refused = put(client, SELLER, said)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == pointer

    def test_it_takes_the_scope(self, story):
        reads = story.issued_key(name="R", scopes={Scope.READ}).secret
        client = Client(headers={"authorization": f"Bearer {reads}"})
        assert put(client, SELLER, {"name": "Wei"}).status_code == 403
