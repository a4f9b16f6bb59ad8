"""What a platform sees of a formal step: the letter once it is sent, and nothing of a draft."""

import pytest
from django.urls import reverse

from cases.flows import formal_steps, items
from cases.models import FormalLetter
from surveillance.accounts.actor import PUBLIC, Actor
from surveillance.accounts.wall import acting


@pytest.fixture
def sent(story):
    return formal_steps.send_formal_letter(story.with_dated_formal_letter(), by=story.bo)


def page_of(client, takedown):
    return client.get(reverse("portal-takedown", args=[takedown.reference]))


def test_a_draft_is_not_shown(story, dot, client_of):
    takedown = story.with_formal_letter()
    formal_steps.amend_formal_letter(takedown, by=story.bo, subject="SECRET", text="SECRET")
    client = client_of(dot)
    page = page_of(client, takedown)
    assert [letter.number for letter in page.context["letters"]] == [1]
    for words in ("SECRET", "formal letter"):
        assert words not in page.content.decode()
    for route in ("portal-letter", "portal-letter-paper", "portal-letter-pdf"):
        assert client.get(reverse(route, args=[takedown.reference, 2])).status_code == 404


def test_no_filter_of_the_api_tells_of_a_draft(story, dot, bo, client_of):
    takedown = story.with_formal_letter()
    address = reverse("api-takedown-list")
    query = {"waiting": "formal_letter"}
    found = [
        [row["reference"] for row in client_of(user).get(address, query).json()["results"]]
        for user in (bo, dot)
    ]
    assert found == [[takedown.reference], []]


def test_nor_one_that_was_dropped(story, dot, client_of):
    takedown = story.with_dated_formal_letter()
    formal_steps.drop_formal_letter(takedown, by=story.bo, reason="SECRET: they have called")
    page = page_of(client_of(dot), takedown)
    assert len(page.context["letters"]) == 1
    assert "SECRET" not in page.content.decode()


def test_a_sent_one_stands_among_the_letters(sent, dot, client_of, cast):
    client = client_of(dot)
    page = page_of(client, sent)
    demand, formal = page.context["letters"]
    assert (formal.number, formal.remark) == (2, "a formal letter")
    assert demand.remark == ""
    paper = client.get(reverse("portal-letter-paper", args=[sent.reference, 2]))
    for words in ("You have not answered.", "Wed 14 Oct 2026", "counted, working day 2 of 2"):
        assert words in paper.content.decode()
    assert paper["Content-Language"] == "en"
    pdf = client.get(reverse("portal-letter-pdf", args=[sent.reference, 2]))
    assert pdf.content.startswith(b"%PDF")
    entry = next(one for one in page.context["history"].entries if "formal" in one.sentence)
    assert (entry.actor, entry.sentence) == (
        "The authority",
        "sent formal letter no. 1, about 2 listings",
    )
    assert cast.bo.name not in page.content.decode()
    frame = client.get(reverse("portal-letter", args=[sent.reference, 2])).content.decode()
    assert reverse("portal-letter-paper", args=[sent.reference, 2]) in frame


def test_letters_keep_their_numbers(sent, story, dot, client_of, time):
    """What comes back later is demanded in a letter after it."""
    confirmed = story._confirmed(sent.items.get(number=1))
    time.pass_(time.now - time.now.replace(hour=0))
    items.note_relisted(confirmed, by=story.ana)
    letters = page_of(client_of(dot), sent).context["letters"]
    assert [letter.remark for letter in letters] == [
        "",
        "a formal letter",
        "a listing that came back",
    ]


def test_a_rival_sees_nothing_of_it(sent, dev, client_of):
    for number in (1, 2):
        for route in ("portal-letter", "portal-letter-paper", "portal-letter-pdf"):
            address = reverse(route, args=[sent.reference, number])
            assert client_of(dev).get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "states"),
    [
        ("dot", ["sent"]),
        ("dev", []),
        ("ana", ["draft", "sent"]),
        ("cai", ["draft", "sent"]),
        ("eve", []),
        ("ada", []),
        ("system", ["draft", "sent"]),
    ],
)
def test_who_sees_which(sent, story, cast, who, states):
    formal_steps.prepare_formal_letter(sent, by=story.bo)
    seen = FormalLetter.objects.visible_to(cast.actor(who))
    assert sorted(seen.values_list("state", flat=True)) == states


@pytest.mark.parametrize(("who", "count"), [("dot", 1), ("dev", 0)])
def test_the_database_itself_holds_drafts_back(sent, story, cast, who, count):
    formal_steps.prepare_formal_letter(sent, by=story.bo)
    with acting(Actor.of(getattr(cast, who))):
        assert FormalLetter.objects.count() == count
    with acting(PUBLIC):
        assert FormalLetter.objects.count() == 0
