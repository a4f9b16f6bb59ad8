"""takedown.close: every listing is settled."""

import pytest

from cases.flows import takedowns
from surveillance.flow import WrongState
from tests.contract import VerbContract


class TestCloseTakedown(VerbContract):
    transition = takedowns.CLOSE
    begin = "settled"
    changes = {"state", "closed_at"}

    def perform(self, row, by):
        return takedowns.close(row, by=by)


def test_is_refused_while_an_item_is_open_and_names_it(story):
    takedown = story.issued()
    story._confirmed(takedown.items.get(number=1))
    with pytest.raises(WrongState) as refusal:
        takedowns.close(takedown, by=story.ana)
    assert str(refusal.value) == f"Still open: {takedown.reference}/2."
