"""The one timeline: who did what, in words; with the letters; filtered; by permalink."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.flows import cases, items
from cases.states import ItemState
from surveillance.audit.models import AuditEntry
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with


@pytest.fixture
def history(ana_at_desk):
    def of(case, query: str = ""):
        page = ana_at_desk.get(reverse("case-detail", args=[case.reference]) + query)
        return page.context["timeline"]

    return of


def sentences(timeline) -> list[str]:
    return [f"{entry.actor} {entry.sentence}".strip() for entry in timeline.entries]


def test_a_case_tells_of_everything_within_it(story, history):
    takedown = story.issued_notice(listings=1)
    items.answer(takedown.items.get(), answer_with(ItemState.REMOVED), by=story.dot)
    told = sentences(history(takedown.case))
    assert told[0] == "Dot Baker answered “removed, to be verified” for Magnetic cubes 216"
    assert "Ana Reyes issued the request to Harbour Market about 1 listings" in told
    assert told[-1] == "Ana Reyes opened the case"


def test_entries_of_other_rows_lead_to_them(story, history):
    takedown = story.issued_notice(listings=1)
    items.answer(takedown.items.get(), answer_with(ItemState.REMOVED), by=story.dot)
    newest = history(takedown.case).entries[0]
    assert newest.subject == f"{takedown.reference}/1"
    assert newest.url == reverse("takedown-detail", args=[takedown.reference]) + "#item-1"


def test_people_are_named_not_numbered(story, history, cast):
    case = cases.assign(story.case(), by=story.bo, assignee=cast.cai)
    assert sentences(history(case))[0] == "Bo Lindqvist assigned the case to Cai Wen"


def test_notes_and_reasons_are_told(story, history):
    case = story.restricted_case()
    cases.add_note(case, by=story.ana, text="Called the importer.")
    first, second = history(case).entries[:2]
    assert first.detail == "Called the importer."
    assert second.detail == "A court case is pending."


def test_a_moved_deadline_says_from_and_to(story, history, time):
    item = items.answer(
        story.issued_notice(listings=1).items.get(),
        answer_with(ItemState.REMOVED),
        by=story.dot,
    )
    time.pass_(timedelta(days=2))
    items.reject_answer(item, by=story.ana, reason="Still on sale.")
    detail = history(item.takedown.case).entries[0].detail
    assert detail.startswith("Still on sale.\nDue ")
    assert "it was" in detail


def test_letters_stand_with_what_caused_them(story, history):
    takedown = story.issued_notice()
    issued = next(
        entry for entry in history(takedown.case).entries if entry.subject and entry.letters
    )
    (letter,) = issued.letters
    assert letter.address == "safety@harbour-market.example"
    assert letter.channel == "e-mail"
    assert takedown.reference in letter.title


def test_notices_to_colleagues_are_no_letters(story, history):
    takedown = story.submitted()
    assert OutboxMessage.objects.filter(letter="approval_requested").exists()
    assert not any(entry.letters for entry in history(takedown.case).entries)


@pytest.mark.parametrize(
    ("kind", "verbs"),
    [
        ("letters", {"takedown.issue"}),
        ("deadlines", {"takedown.issue"}),
        ("files", {"case.add_note"}),
    ],
)
def test_kinds(story, history, kind, verbs):
    takedown = story.issued_notice()
    cases.add_note(takedown.case, by=story.ana, text="Called.")
    shown = history(takedown.case, f"?history={kind}")
    keys = [entry.uid.removeprefix("entry-") for entry in shown.entries]
    assert set(AuditEntry.objects.filter(pk__in=keys).values_list("verb", flat=True)) == verbs
    assert [tab["label"] for tab in shown.tabs if tab["current"]] != ["Everything"]


def test_pages_reach_the_first_entry_and_hold_each_once(story, history):
    case = story.case()
    for number in range(60):
        cases.add_note(case, by=story.ana, text=f"Note {number}")
    seen, query = [], ""
    while query is not None:
        page = history(case, query)
        seen += [entry.uid for entry in page.entries]
        query = page.older_url.partition("#")[0] if page.older_url else None
    assert len(seen) == len(set(seen)) == AuditEntry.objects.about(case.reference).count()


def test_a_permalink_holds_however_much_is_added_later(story, history):
    case = story.case()
    entry = history(case).entries[0]
    for number in range(60):
        cases.add_note(case, by=story.ana, text=f"Note {number}")
    assert entry.uid not in [one.uid for one in history(case).entries]
    begun = history(case, f"?entry={entry.uid.removeprefix('entry-')}")
    assert begun.entries[0].uid == entry.uid
    assert begun.newest_url
