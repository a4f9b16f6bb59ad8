"""The demo's own pages: only in the demo, the bar on every page, the mail as it was sent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.demo import pages
from cases.demo.market import DOMAIN
from cases.models import TakedownRequest
from surveillance import clock
from surveillance.accounts import enrolment
from surveillance.accounts.rights import Role
from surveillance.outbox import delivery, queue
from surveillance.outbox.models import OutboxMessage
from surveillance.timemachine import machine
from tests.cast import MONDAY

NO_SUCH = "00000000-0000-0000-0000-000000000000"
GETS = (
    ("demo", []),
    ("demo-mail-list", []),
    ("demo-mail", [NO_SUCH]),
    ("demo-mail-letter", [NO_SUCH]),
    ("demo-mail-pdf", [NO_SUCH]),
)
POSTS = ("demo-forward", "demo-stop", "demo-sign-in")


@pytest.fixture
def demo(settings, cast, monkeypatch):
    """The demo, with its clock at Monday and the tasks that were started."""
    settings.DEMO = True
    machine.install(lambda: MONDAY)
    started: list[str] = []
    monkeypatch.setattr(queue, "start", lambda task, **_arguments: started.append(task))
    return started


@pytest.fixture
def somebody(cast):
    where = {"organisation": cast.ana.organisation, "office": cast.ana.office}
    return enrolment.enrol(
        f"zoe@{DOMAIN}", name="Zoe Field", role=Role.INSPECTOR, at=MONDAY, **where
    )


@pytest.fixture
def eve() -> Client:
    return Client()


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(("route", "arguments"), GETS)
def test_outside_the_demo_there_is_no_such_page(route, arguments, cast, client_of, settings):
    settings.DEMO = False
    assert client_of(cast.bo).get(reverse(route, args=arguments)).status_code == 404


@pytest.mark.parametrize("route", POSTS)
def test_outside_the_demo_nothing_can_be_sent(route, cast, somebody, client_of, settings):
    settings.DEMO = False
    response = client_of(cast.bo).post(reverse(route), {"hours": 1, "email": somebody.email})
    assert response.status_code == 404
    assert machine.state().goal is None


def test_outside_the_demo_no_page_has_the_bar(cast, client_of, settings):
    settings.DEMO = False
    assert "demo-bar" not in text_of(client_of(cast.ana).get(reverse("desk")))


def test_in_the_demo_every_page_has_the_bar(demo, cast, eve, client_of):
    for page in (
        eve.get(reverse("public-home")),
        client_of(cast.ana).get(reverse("desk")),
        client_of(cast.dot).get(reverse("portal")),
        eve.get(reverse("demo")),
    ):
        assert page.status_code == 200
        assert "demo-bar" in text_of(page)
        assert "Mon 28 Sep 2026" in text_of(page)


def test_pressing_asks_for_hours_and_starts_a_worker(demo, eve, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = eve.post(reverse("demo-forward"), {"hours": 24})
    assert response.status_code == 302
    assert response.url == reverse("demo")
    assert machine.state().goal == MONDAY + timedelta(days=1)
    assert demo == [pages.TASK]
    page = text_of(eve.get(reverse("demo")))
    assert "0 of 24 hours played" in page
    assert 'hx-trigger="every 1s"' in page
    assert "Go on" in page  # no worker has taken it up


@pytest.mark.parametrize("hours", ["0", "-3", "1441", "a week", ""])
def test_hours_that_make_no_sense_are_refused_in_words(hours, demo, eve):
    page = eve.post(reverse("demo-forward"), {"hours": hours}, follow=True)
    assert "Put the clock forward by 1 hour to 60 days." in text_of(page)
    assert machine.state().goal is None


def test_a_play_can_be_stopped(demo, eve):
    machine.set_goal(48)
    eve.post(reverse("demo-stop"))
    assert not machine.state().is_playing(clock.now())


def test_what_happened_is_told_with_its_links_and_counts(demo, story, eve):
    machine.set_goal(1)
    with machine.at_the_controls():
        machine.play(lambda at: story.issued())
    page = eve.get(reverse("demo"))
    text = text_of(page)
    assert "1 of 1 hours played" in text
    assert "issued the request to Harbour Market about 2 listings" in text
    issued = TakedownRequest.objects.get()
    assert reverse("takedown-detail", args=[issued.reference]) in text
    ((_day, counts),) = page.context["days"]
    counted = dict(zip(map(str, page.context["columns"]), counts, strict=True))
    assert counted["requests issued"] == 1
    assert counted["letters"] == OutboxMessage.objects.count()
    clockwork = text_of(eve.get(reverse("demo"), {"who": "clock"}))
    assert "issued the request" not in clockwork
    assert eve.get(reverse("demo"), {"after": "nonsense"}).status_code == 200


def test_before_the_first_play_the_page_says_what_to_press(demo, eve):
    assert "The clock has not been put forward yet" in text_of(eve.get(reverse("demo")))


def test_one_can_be_anybody_of_the_demo_and_nobody_else(demo, cast, somebody, eve):
    assert eve.post(reverse("demo-sign-in"), {"email": cast.bo.email}).status_code == 404
    assert eve.post(reverse("demo-sign-in"), {}).status_code == 404
    page = eve.post(reverse("demo-sign-in"), {"email": somebody.email}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("desk")
    assert page.context["user"] == somebody


def test_every_letter_can_be_read_as_it_was_sent(demo, story, eve):
    takedown = story.issued()
    delivery.deliver()
    listed = text_of(eve.get(reverse("demo-mail-list"), {"q": takedown.reference}))
    order = OutboxMessage.objects.get(
        letter="takedown_issued", channel="email", about=takedown.reference
    )
    assert reverse("demo-mail", args=[order.pk]) in listed
    assert "safety@harbour-market.example" in listed
    page = eve.get(reverse("demo-mail", args=[order.pk]))
    assert "The magnets come loose." in text_of(page)
    assert " sandbox " in text_of(page)
    assert "delivered" in text_of(page)
    letter = eve.get(reverse("demo-mail-letter", args=[order.pk]))
    assert "The magnets come loose." in text_of(letter)
    assert "style-src 'self'" in letter.headers["Content-Security-Policy"]
    pdf = eve.get(reverse("demo-mail-pdf", args=[order.pk]))
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_a_notice_in_the_app_names_its_reader_and_has_no_attachment(demo, story, cast, eve):
    story.submitted()
    notice = OutboxMessage.objects.filter(channel="in_app", user=cast.bo).first()
    assert "Bo Lindqvist" in text_of(eve.get(reverse("demo-mail-list"), {"channel": "in_app"}))
    assert "Attachment" not in text_of(eve.get(reverse("demo-mail", args=[notice.pk])))
    assert eve.get(reverse("demo-mail-pdf", args=[notice.pk])).status_code == 404
    assert eve.get(reverse("demo-mail", args=[NO_SUCH])).status_code == 404


def test_a_search_that_finds_nothing_says_so(demo, eve):
    assert "Nothing matches" in text_of(eve.get(reverse("demo-mail-list"), {"q": "zebra"}))
    assert "No letter has been written yet" in text_of(eve.get(reverse("demo-mail-list")))
