"""item.note_relisted: the listing is back."""

import pytest

from cases.flows import cases, items, takedowns
from cases.models import Case, Item
from surveillance.flow import WrongState
from tests.contract import VerbContract, witness


class TestNoteRelisted(VerbContract):
    transition = items.NOTE_RELISTED
    begin = "confirmed"
    letters = {("takedown_issued", "email"): 1, ("takedown_issued", "in_app"): 1}
    joined = ["listing.see_again"]

    def perform(self, row, by):
        return items.note_relisted(row, by=by)


def test_the_new_item_inherits_the_order_and_has_a_new_limit(story, time):
    item = story.confirmed()
    successor = items.note_relisted(item, by=story.ana)
    assert (successor.takedown_id, successor.listing_id) == (item.takedown_id, item.listing_id)
    assert (successor.number, successor.state, successor.predecessor) == (3, "pending", item)
    assert (successor.started_at, successor.due_at > time.now) == (time.now, True)
    item.listing.refresh_from_db()
    assert (item.listing.state, item.listing.gone_at) == ("online", None)


def test_it_may_come_back_again_but_each_return_is_noted_once(story):
    item = story.confirmed()
    successor = items.note_relisted(item, by=story.ana)
    with pytest.raises(WrongState, match="return has been noted"):
        items.note_relisted(item, by=story.ana)
    again = items.note_relisted(story._confirmed(successor), by=story.ana)
    assert again.predecessor == successor
    assert Item.objects.filter(listing=item.listing).count() == 3


def test_a_closed_request_and_its_closed_case_are_opened_again(story):
    takedown = story.closed()
    cases.close(takedown.case, by=story.ana, outcome="Nothing on sale any more.")
    item = takedown.items.get(number=1)
    with witness() as seen:
        items.note_relisted(item, by=story.ana)
    assert sorted(seen.verbs) == [
        "case.enforce",
        "case.reopen",
        "item.note_relisted",
        "listing.see_again",
        "takedown.reopen",
    ]
    assert len({entry.operation for entry in seen.entries}) == 1
    case = Case.objects.get(pk=takedown.case_id)
    takedown.refresh_from_db()
    assert (case.state, takedown.state) == ("enforcing", "issued")
    assert case.due_at == takedown.due_at
    assert takedown.due_at


def test_a_case_that_watches_enforces_again(story):
    takedown = story.settled()
    items.note_relisted(takedown.items.get(number=1), by=story.ana)
    assert Case.objects.get(pk=takedown.case_id).state == "enforcing"


def test_a_request_that_was_withdrawn_asks_for_nothing_any_more(story):
    item = story.confirmed()
    takedowns.withdraw(item.takedown, by=story.ana, reason="It was another product.")
    with pytest.raises(WrongState, match="withdrawn"):
        items.note_relisted(item, by=story.ana)
