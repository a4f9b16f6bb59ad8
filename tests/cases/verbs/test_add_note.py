"""case.add_note: something is written down."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import cases
from tests.contract import VerbContract


class TestAddNote(VerbContract):
    transition = cases.ADD_NOTE
    begin = "restricted_case"
    outsiders = ("cai", "dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        return cases.add_note(row, by=by, text="The importer has moved.")


def test_says_who_wrote_it_and_when(story, cast, time):
    case = cases.add_note(story.case(), by=story.bo, text="  The importer has moved. ")
    note = case.notes.get()
    assert (note.author, note.at, note.text) == (cast.bo, time.now, "The importer has moved.")


def test_needs_words(story):
    with pytest.raises(ValidationError):
        cases.add_note(story.case(), by=story.ana, text="  ")
