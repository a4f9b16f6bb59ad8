"""The API, first cut: reading requests, acknowledging, answering in batches, the register."""

import pytest
from django.urls import reverse

from cases.models import Item
from cases.states import ItemState
from surveillance.audit.models import AuditEntry
from surveillance.web.api import PROBLEM


@pytest.fixture
def takedown(story):
    return story.issued(listings=3)


def post(client, name: str, *where: str, body: object = None):
    return client.post(reverse(name, args=where), body or {}, content_type="application/json")


def answers(*rows: dict[str, object]) -> dict[str, object]:
    return {"answers": list(rows)}


def removed(number: int, answer_id: str = "") -> dict[str, object]:
    return {"number": number, "outcome": "removed", "answer_id": answer_id or f"a-{number}"}


class TestReading:
    def test_a_platform_reads_its_own(self, takedown, cast, client_of):
        page = client_of(cast.dot).get(reverse("api-takedown-list")).json()
        assert [row["reference"] for row in page["results"]] == [takedown.reference]
        detail = client_of(cast.dot).get(reverse("api-takedown", args=[takedown.reference])).json()
        assert [item["number"] for item in detail["items"]] == [1, 2, 3]
        assert detail["items"][0]["derivation"]["steps"]
        assert "2023/988" in detail["legal_basis"]

    def test_a_rival_finds_nothing(self, takedown, cast, client_of):
        dev = client_of(cast.dev)
        assert dev.get(reverse("api-takedown-list")).json()["results"] == []
        for answer in (
            dev.get(reverse("api-takedown", args=[takedown.reference])),
            post(dev, "api-takedown-acknowledge", takedown.reference),
            post(dev, "api-takedown-answers", takedown.reference, body=answers(removed(1))),
        ):
            assert answer.status_code == 404
            assert answer["Content-Type"] == PROBLEM

    def test_drafts_are_nobodys_but_the_desks(self, story, cast, client_of):
        draft = story.draft()
        address = reverse("api-takedown", args=[draft.reference])
        assert client_of(cast.dot).get(address).status_code == 404
        assert client_of(cast.ana).get(address).status_code == 200

    def test_filters_and_pages(self, story, cast, client_of):
        for _ in range(3):
            story.issued_notice(listings=1)
        dot = client_of(cast.dot)
        first = dot.get(reverse("api-takedown-list"), {"kind": "notice", "page_size": 2}).json()
        assert len(first["results"]) == 2
        second = dot.get(first["next"]).json()
        assert len(second["results"]) == 1
        assert second["next"] is None
        wrong = dot.get(reverse("api-takedown-list"), {"kind": "plea"})
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0]["pointer"] == "/kind"


class TestAnswering:
    def test_each_row_has_a_result_of_its_own(self, takedown, cast, client_of):
        body = answers(
            removed(1),
            {"number": 2, "outcome": "refused", "answer_id": "a-2"},
            {"number": 9, "outcome": "removed", "answer_id": "a-9"},
            {"outcome": "removed", "answer_id": "a-0"},
            {"url": takedown.items.get(number=3).listing.url, "outcome": "not_found",
             "answer_id": "a-3"},
            {"number": 1, "outcome": "burned", "answer_id": "a-1b"},
        )  # fmt: skip
        reply = post(client_of(cast.dot), "api-takedown-answers", takedown.reference, body=body)
        assert reply.status_code == 207
        results = reply.json()["results"]
        assert [row["status"] for row in results] == [200, 422, 422, 422, 200, 422]
        assert results[1]["errors"][0]["pointer"] == "/answers/1/ground"
        assert results[2]["errors"][0]["pointer"] == "/answers/2/number"
        assert results[5]["errors"][0]["pointer"] == "/answers/5/outcome"
        states = dict(takedown.items.values_list("number", "state"))
        assert states == {1: ItemState.REMOVED, 2: ItemState.PENDING, 3: ItemState.NOT_FOUND}

    def test_the_same_batch_twice_changes_nothing_twice(self, takedown, cast, client_of):
        dot = client_of(cast.dot)
        body = answers(removed(1), removed(2))
        once = post(dot, "api-takedown-answers", takedown.reference, body=body).json()
        entries = AuditEntry.objects.count()
        again = post(dot, "api-takedown-answers", takedown.reference, body=body).json()
        assert again == once
        assert AuditEntry.objects.count() == entries

    def test_another_answer_to_an_answered_listing_is_a_conflict(self, takedown, cast, client_of):
        dot = client_of(cast.dot)
        post(dot, "api-takedown-answers", takedown.reference, body=answers(removed(1)))
        body = answers(removed(1, "another-id"))
        (row,) = post(dot, "api-takedown-answers", takedown.reference, body=body).json()["results"]
        assert row["status"] == 409

    @pytest.mark.parametrize(
        "body", [{}, {"answers": []}, {"answers": "all"}, answers(*[removed(1)] * 1001)]
    )
    def test_a_batch_that_cannot_be_read_is_refused_whole(self, takedown, cast, client_of, body):
        reply = post(client_of(cast.dot), "api-takedown-answers", takedown.reference, body=body)
        assert reply.status_code == 422
        assert reply["Content-Type"] == PROBLEM
        assert reply.json()["errors"][0]["pointer"].startswith("/answers")
        assert not Item.objects.exclude(state=ItemState.PENDING).exists()

    def test_broken_json_says_so(self, takedown, cast, client_of):
        reply = client_of(cast.dot).post(
            reverse("api-takedown-answers", args=[takedown.reference]),
            "{nonsense",
            content_type="application/json",
        )
        assert reply.status_code == 400
        assert reply["Content-Type"] == PROBLEM

    def test_acknowledging_twice_is_a_conflict(self, takedown, cast, client_of):
        dot = client_of(cast.dot)
        first = post(dot, "api-takedown-acknowledge", takedown.reference)
        assert first.json()["acknowledged_at"]
        assert post(dot, "api-takedown-acknowledge", takedown.reference).status_code == 409


@pytest.mark.parametrize("name", ["api-takedown-answers", "api-takedown-acknowledge"])
def test_who_may(takedown, cast, client_of, name):
    body = answers(removed(1))
    assert post(client_of(cast.ana), name, takedown.reference, body=body).status_code == 403
    assert post(client_of(None), name, takedown.reference, body=body).status_code in {401, 403}


def test_the_register_is_public_and_holds_published_alerts_only(story, client_of):
    alert = story.alert()
    draft = story.alert(published=False)
    eve = client_of(None)
    found = eve.get(reverse("api-alert-list")).json()["results"]
    assert [row["reference"] for row in found] == [alert.reference]
    assert eve.get(reverse("api-alert", args=[draft.reference])).status_code == 404
    assert eve.get(reverse("api-alert-list"), {"q": "magnetic cubo"}).json()["results"]
    assert not eve.get(reverse("api-alert-list"), {"q": "hoverboard"}).json()["results"]


def test_the_schema_is_open_and_names_every_operation(db, client_of):
    eve = client_of(None)
    schema = eve.get(reverse("api-schema"), headers={"accept": "application/json"}).json()
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/takedowns/{reference}/answers/" in schema["paths"]
    assert eve.get(reverse("api")).status_code == 200
