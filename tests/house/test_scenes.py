"""A scene that is laid is the scene that was played, and only where nothing else was written."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from cases.flows import takedowns
from cases.models import AnswerFile, Item, TakedownRequest
from cases.states import TakedownState
from surveillance.audit.models import AuditEntry
from surveillance.outbox.models import OutboxMessage
from tests import scenes
from tests.database import undone


@pytest.fixture
def issued(monkeypatch) -> list[TakedownRequest]:
    """What the verb has issued, instead of having been laid."""
    really, found = takedowns.issue, []

    def issue(*args, **facts) -> TakedownRequest:
        found.append(really(*args, **facts))
        return found[-1]

    monkeypatch.setattr(takedowns, "issue", issue)
    monkeypatch.setattr(scenes, "_kept", {})
    return found


def what_stands() -> dict[str, list[object]]:
    models = (TakedownRequest, Item, AuditEntry, OutboxMessage)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_it_is_played_once_and_laid_as_it_was(story, issued):
    with undone():
        first = story.issued(listings=3)
        stood = what_stands()
    assert len(stood["Item"]) == 3
    story.past.calls = ()
    again = story.issued(listings=3)
    assert (again.pk, again.reference, again.state) == (
        first.pk,
        first.reference,
        TakedownState.ISSUED,
    )
    assert what_stands() == stood
    assert len(issued) == 1


def test_other_words_are_another_scene(story, issued):
    for count in (2, 3):
        with undone():
            assert story.issued(listings=count).items.count() == count
        story.past.calls = ()
    assert len(issued) == 2


def test_the_story_goes_on_from_what_was_laid(story):
    first, second = story.issued(), story.issued()
    assert first.reference != second.reference
    assert len(set(Item.objects.values_list("listing__url", flat=True))) == 4
    withdrawn = takedowns.withdraw(second, by=story.ana, reason="It was another product.")
    assert withdrawn.state == TakedownState.WITHDRAWN
    assert story.issued().reference not in {first.reference, second.reference}


def test_a_file_is_laid_with_its_row(story):
    file = story.answer_file().file
    with default_storage.open(file.name) as kept:
        assert b"removed" in kept.read()
    assert AnswerFile.objects.get().file.size > 0


def test_signing_in_is_nothing_that_a_scene_sees(story, issued, client_of, ana):
    with undone():
        story.issued()
    story.past.calls = ()
    client_of(ana)
    story.issued()
    assert len(issued) == 1


@pytest.mark.parametrize("meanwhile", ["a row", "an hour", "a setting"])
def test_it_is_played_again_when_anything_else_has_happened(
    story, issued, time, settings, meanwhile
):
    with undone():
        story.issued()
    story.past.calls = ()
    if meanwhile == "a row":
        story.cast.harbour.save(update_fields=["name"])
    elif meanwhile == "an hour":
        time.pass_(timedelta(hours=1))
    else:
        settings.LANGUAGE_CODE = "ja"
    story.issued()
    assert len(issued) == 2
    assert story.past.calls is None
