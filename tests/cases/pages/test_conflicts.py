"""Two people have one page open: who sends second is shown both, and overwrites nothing unseen."""

import re

import pytest
from django.urls import reverse

from cases.flows import reports, takedowns
from cases.flows.takedowns import StatementOfReasons
from cases.models import CaseNote
from tests.cast import REASONS

WRITTEN = {
    "facts": "The magnets come loose at once.",
    "hazard": REASONS.hazard,
    "territory": REASONS.territory,
    "action": REASONS.action,
    "redress": REASONS.redress,
}


@pytest.fixture
def draft(story):
    return story.draft()


def version_in(page) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert found, "the form carries no version"
    return found[1]


def revise(story, draft) -> None:
    """A colleague does so meanwhile."""
    facts = "Two children were hurt."
    takedowns.revise(draft, by=story.bo, reasons=StatementOfReasons(**(WRITTEN | {"facts": facts})))


def test_who_is_overtaken_sees_both_and_has_saved_nothing(story, draft, ana, client_of):
    client, address = client_of(ana), reverse("takedown-revise", args=[draft.reference])
    version = version_in(client.get(address))
    revise(story, draft)
    page = client.post(address, WRITTEN | {"version": version})
    assert page.status_code == 409
    told = page.content.decode()
    assert "Two children were hurt." in told
    assert "The magnets come loose at once." in told
    assert "has changed while you were writing" in told
    draft.refresh_from_db()
    assert draft.facts == "Two children were hurt."


def test_sent_again_knowingly_it_is_saved(story, draft, ana, client_of):
    client, address = client_of(ana), reverse("takedown-revise", args=[draft.reference])
    version = version_in(client.get(address))
    revise(story, draft)
    version = version_in(client.post(address, WRITTEN | {"version": version}))
    assert client.post(address, WRITTEN | {"version": version}).status_code == 302
    draft.refresh_from_db()
    assert draft.facts == WRITTEN["facts"]


def test_nobody_approves_what_they_have_not_read(story, bo, client_of):
    """A button without a form carries the version, too."""
    request = story.submitted()
    client = client_of(bo)
    version = version_in(client.get(reverse("takedown-detail", args=[request.reference])))
    takedowns.send_back(request, by=story.bo, reason="Say more.")
    revise(story, request)
    takedowns.submit(request, by=story.ana)
    address = reverse("takedown-approve", args=[request.reference])
    page = client.post(address, {"version": version})
    assert page.status_code == 409
    assert "Say more" not in page.content.decode()
    request.refresh_from_db()
    assert request.approved_at is None
    assert client.post(address, {"version": version_in(page)}).status_code == 302


def test_a_note_stands_beside_what_others_write(story, ana, client_of):
    case = story.case()
    client, address = client_of(ana), reverse("case-add_note", args=[case.reference])
    version = version_in(client.get(address))
    for text in ("One.", "Two."):
        assert client.post(address, {"text": text, "version": version}).status_code == 302
    assert CaseNote.objects.count() == 2


def test_a_platform_is_not_told_what_the_authority_did_within(story, dot, client_of):
    item = story.answered()
    address = reverse("portal-item-correct_answer", args=[item.takedown.reference, item.number])
    client = client_of(dot)
    version = version_in(client.get(address))
    said = {"outcome": "refused", "ground": "not_ours", "text": "No.", "version": version}
    assert client.post(address, said).status_code == 302
    page = client.post(address, said | {"text": "Yes."})
    assert page.status_code == 409
    assert page.context["conflict"].meanwhile == []
    (difference,) = page.context["conflict"].differences
    assert (difference.now, difference.yours) == ("No.", "Yes.")


def test_the_form_of_a_correction_begins_with_the_answer(story, dot, client_of):
    item = story.refused()
    address = reverse("portal-item-correct_answer", args=[item.takedown.reference, item.number])
    page = client_of(dot).get(address).content.decode()
    assert "As follows." in page
    assert "We need information" not in page


@pytest.mark.parametrize(
    ("version", "status"), [("999", 409), ("0", 409), ("-1", 302), ("9" * 5000, 302)]
)
def test_a_version_that_nobody_was_given_breaks_nothing(draft, ana, client_of, version, status):
    address = reverse("takedown-revise", args=[draft.reference])
    page = client_of(ana).post(address, WRITTEN | {"version": version})
    assert page.status_code == status


def test_what_happened_meanwhile_is_told_in_words(story, ana, client_of):
    report = story.report()
    client, address = client_of(ana), reverse("report-dismiss", args=[report.reference])
    version = version_in(client.get(address))
    reports.claim(report, by=story.bo)
    reports.dismiss(report, by=story.bo, reason="A drawing.")
    page = client.post(address, {"ground": "no_hazard", "version": version})
    assert page.status_code == 409
    (last, _claim) = page.context["conflict"].meanwhile
    changes = {name: (before, after) for name, before, after in last.changes}
    assert changes["state"] == ("received", "dismissed")
    before, after = changes["triaged at"]
    assert before == "–"
    assert re.search(r">\d+ [A-Z][a-z]{2} 2026 \d\d:\d\d</time>", after)
