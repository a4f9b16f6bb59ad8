"""The items of a request as CSV, for the desk and for the platform."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from cases.flows import pausing
from cases.models import Item
from sellers.models import Listing


def rows(reply) -> list[dict[str, str]]:
    text = reply.content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize(("who", "route"), [("ana", "items-file"), ("dot", "portal-items-file")])
def test_every_item_with_its_deadline_and_derivation(story, cast, client_of, who, route):
    takedown = story.issued(listings=3)
    item = pausing.pause_item(takedown.items.get(number=2), by=story.ana, reason="We look again.")
    reply = client_of(getattr(cast, who)).get(reverse(route, args=[takedown.reference]))
    assert reply.content.startswith(b"\xef\xbb\xbf")
    found = rows(reply)
    assert [row["No."] for row in found] == ["1", "2", "3"]
    assert found[0]["Due, local"] == "Wed 30 Sep 2026, 24:00"
    assert (found[0]["Time zone"], found[0]["Calendar"]) == ("Europe/Brussels", "EU v1")
    assert "Tue 29 Sep 2026: counted, working day 1 of 2" in found[0]["How the limit was counted"]
    assert found[1]["Clock stands because"] == item.pause_reason == "We look again."


@pytest.mark.parametrize(
    "payload", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "|calc", "＝1+1"]
)
def test_no_cell_is_a_formula(story, ana_at_desk, payload):
    takedown = story.issued(listings=1)
    Listing.objects.update(title=payload)
    Item.objects.update(answer_text=payload, decision=payload)
    (row,) = rows(ana_at_desk.get(reverse("items-file", args=[takedown.reference])))
    for name in ("Title", "Answer", "Decision"):
        assert not row[name].startswith(("=", "+", "-", "@", "|", "\t", "\r", "＝"))


def test_a_foreign_request_is_not_there(story, cast, client_of):
    takedown = story.issued(case=story.restricted_case())
    desk = reverse("items-file", args=[takedown.reference])
    portal = reverse("portal-items-file", args=[takedown.reference])
    assert client_of(cast.cai).get(desk).status_code == 404
    assert client_of(cast.dev).get(portal).status_code == 404
    assert client_of(cast.dot).get(desk).status_code == 403
