"""ETag and If-Match: nobody overwrites what they have not seen (design promise T10)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.flows import corrections, items, takedowns
from cases.models import Item
from cases.states import ItemState
from sellers.flows import listings
from tests.cast import answer_with

RACERS = 4


def correction(text: str) -> dict[str, str]:
    return {"outcome": "refused", "ground": "other", "text": text, "answer_id": f"C-{text}"}


def put(client: Client, address: str, body: dict[str, object], **headers: str):
    return client.put(address, body, content_type="application/json", headers=headers)


@pytest.fixture
def item(story) -> Item:
    return story.answered()


@pytest.fixture
def answer_address(item) -> str:
    return reverse("api-item-answer", args=[item.takedown.reference, item.number])


@pytest.fixture
def client(dot, client_of) -> Client:
    return client_of(dot)


class TestReading:
    @pytest.mark.parametrize(
        "name",
        ["case", "takedown", "item", "seller", "listing", "product", "alert", "report", "platform"],
    )
    def test_every_row_has_a_strong_tag_and_304(self, story, ana, client_of, name):
        alert, report, takedown = story.alert(), story.report(), story.issued()
        where = {
            "case": [takedown.case.reference],
            "takedown": [takedown.reference],
            "item": [takedown.reference, 1],
            "seller": [story.account().seller.reference],
            "listing": [story.listing().reference],
            "product": [alert.product.reference],
            "alert": [alert.reference],
            "report": [report.reference],
            "platform": ["harbour-market"],
        }
        client, address = client_of(ana), reverse(f"api-{name}", args=where[name])
        tag = client.get(address)["ETag"]
        assert tag.startswith('"')
        for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            again = client.get(address, headers={"if-none-match": sent})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200

    def test_it_changes_with_what_is_nested(self, story, client):
        takedown = story.issued()
        address = reverse("api-takedown", args=[takedown.reference])
        seen = [client.get(address)["ETag"]]

        def changed() -> bool:
            seen.append(client.get(address)["ETag"])
            return seen[-1] != seen[-2]

        assert not changed()
        takedowns.acknowledge(takedown, by=story.dot)
        assert changed()
        first, second = takedown.items.order_by("number")
        items.answer(first, answer_with("removed"), by=story.dot)
        assert changed()
        items.confirm_removal(first, by=story.ana)
        assert changed()
        items.note_relisted(first, by=story.ana)
        assert changed()
        listings.see_again(second.listing, by=story.ana)  # of which the request shows nothing
        assert not changed()
        assert len({*seen}) == 5

    def test_who_sees_less_has_another_tag(self, story, ana, client, client_of):
        address = reverse("api-platform", args=["harbour-market"])
        assert client.get(address)["ETag"] == client_of(ana).get(address)["ETag"]


class TestWriting:
    def test_a_correction_asks_for_the_tag(self, client, answer_address, item):
        refused = put(client, answer_address, correction("1"))
        assert refused.status_code == 428
        assert refused["Content-Type"] == "application/problem+json"
        item.refresh_from_db()
        assert item.state == ItemState.REMOVED

    def test_and_is_made_with_the_right_one_only(self, client, answer_address):
        tag = client.get(answer_address)["ETag"]
        done = put(client, answer_address, correction("1"), **{"if-match": tag})
        assert done.status_code == 200
        assert done["ETag"] == client.get(answer_address)["ETag"] != tag
        stale = put(client, answer_address, correction("2"), **{"if-match": tag})
        assert stale.status_code == 412
        assert client.get(answer_address).json()["text"] == "1"

    def test_the_answer_of_one_call_is_the_ground_of_the_next(self, client, answer_address):
        tag = client.get(answer_address)["ETag"]
        for number in range(3):
            tag = put(client, answer_address, correction(str(number)), **{"if-match": tag})["ETag"]
        assert client.get(answer_address).json()["text"] == "2"

    @pytest.mark.parametrize("name", ["acknowledge", "answers", "extensions"])
    def test_other_calls_take_it_if_it_is_sent(self, story, client, name):
        takedown = story.issued()
        body = {
            "acknowledge": {},
            "answers": {"answers": [{"number": 1, "outcome": "removed", "answer_id": "a"}]},
            "extensions": {"working_days": 2, "reason": "Our clerk is ill."},
        }[name]
        tag = client.get(reverse("api-takedown", args=[takedown.reference]))["ETag"]
        address = reverse(f"api-takedown-{name}", args=[takedown.reference])

        def post(sent: str) -> int:
            sending = {"content_type": "application/json", "headers": {"if-match": sent}}
            return client.post(address, body, **sending).status_code

        assert post('"1-of-another-time"') == 412
        assert post(tag) in {200, 201, 207}
        assert post(tag) == 412


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "edits", [60, pytest.param(1000, marks=pytest.mark.long)], ids=["short", "long"]
)
def test_racing_edits_overwrite_nothing_unseen(story, client_of, edits):
    """Each edit adds one to the number that it has read. None is lost if the number at the end is
    the number of edits that were accepted."""
    item = corrections.correct_answer(
        story.answered(), items.Answer("refused", "C-0", "other", "0"), by=story.dot
    )
    address = reverse("api-item-answer", args=[item.takedown.reference, item.number])
    clients = [client_of(story.cast.dot) for _racer in range(RACERS)]

    def race(client: Client) -> list[int]:
        try:
            return [edit(client) for _round in range(edits // RACERS)]
        finally:
            connection.close()

    def edit(client: Client) -> int:
        read = client.get(address)
        said = correction(str(int(read.json()["text"]) + 1))
        return put(client, address, said, **{"if-match": read["ETag"]}).status_code

    with ThreadPoolExecutor(RACERS) as pool:
        statuses = [status for answers in pool.map(race, clients) for status in answers]
    assert len(statuses) == edits
    assert set(statuses) == {200, 412}
    assert int(clients[0].get(address).json()["text"]) == statuses.count(200)
