"""The page of health and the banner: each thing that can be away, taken away in turn (T23)."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from cases.models import Report
from cases.states import ItemState
from sellers.stats import letters_by_platform
from surveillance.audit.models import AuditEntry
from surveillance.operations import figures, watching
from surveillance.outbox import delivery, holding, queue, sending, tasks
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import Canary, OutboxMessage
from surveillance.outbox.transports.base import Unavailable
from tests.cases.public.test_report_form import answer_until, send
from tests.stage import staged


def prepare(story, time):
    tasks.canary()
    return story.issued_notice()  # no letters about approval


stage, db, time, cast, story = staged(prepare)


@pytest.fixture
def takedown(stage):
    return stage.made


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def banner(client) -> str:
    """What the desk says above each page, after a look that a thread would take."""
    watching.watch.renew()
    text = text_of(client.get(reverse("desk")))
    return text.partition("Something waits")[2].partition("Look at the page of health")[0].strip()


class FullDisk(FileSystemStorage):
    def _save(self, name, content):
        raise OSError(28, "No space left on device")


class NoMailServer:
    def send(self, message, at):
        raise Unavailable("connection refused", everywhere=True)

    def close(self):
        """Nothing was opened."""


def no_broker(*args, **kwargs):
    raise queue.OperationalError("no broker")


def take_redis(settings, monkeypatch) -> None:
    location = {"LOCATION": "redis://127.0.0.1:1/0"}  # nobody listens there
    settings.CACHES = {"default": settings.CACHES["default"] | location}
    monkeypatch.setattr(queue.app, "send_task", no_broker)


def take_mail(settings, monkeypatch) -> None:
    monkeypatch.setattr(sending, "TRANSPORTS", dict.fromkeys(Channel, NoMailServer))
    delivery.deliver()


def take_storage(settings, monkeypatch) -> None:
    full = {"BACKEND": f"{__name__}.FullDisk", "OPTIONS": {"location": "/nowhere"}}
    settings.STORAGES = settings.STORAGES | {"default": full}


AWAY = {
    "Redis": (take_redis, "Redis is away: jobs, letters and reminders wait"),
    "Mail server": (take_mail, "Our mail server takes nothing: 1 letter waits"),
    "File storage": (take_storage, "Files cannot be kept"),
}


@pytest.fixture(params=AWAY)
def gone(request, db, settings, monkeypatch) -> str:
    """The name of what has been taken away."""
    AWAY[request.param][0](settings, monkeypatch)
    return request.param


class TestTakenAwayInTurn:
    def test_the_public_form_still_accepts(self, gone):
        visitor = Client()
        answer_until(visitor)
        assert send(visitor).status_code == 302
        assert Report.objects.count() == 1

    def test_the_portal_still_accepts(self, gone, takedown, cast, client_of):
        item = takedown.items.earliest("number")
        address = reverse("portal-item-answer", args=[takedown.reference, item.number])
        assert client_of(cast.dot).post(address, {"outcome": "removed"}).status_code == 302
        item.refresh_from_db()
        assert item.state == ItemState.REMOVED

    def test_the_banner_says_what_waits(self, gone, cast, client_of):
        assert AWAY[gone][1] in banner(client_of(cast.ana))

    def test_the_page_says_what_is_away(self, gone, cast, client_of):
        watching.watch.renew()
        page = text_of(client_of(cast.ana).get(reverse("desk-health")))
        for name in AWAY:
            word = re.search(r"\b(works|away)\b", page.partition(f" {name} ")[2])
            assert (word and word[0]) == ("away" if name == gone else "works"), name


def test_a_photo_that_cannot_be_kept_loses_no_report(db, settings, monkeypatch, a_photo):
    take_storage(settings, monkeypatch)
    visitor = Client()
    answer_until(visitor)
    refused = send(visitor, photos=[a_photo])
    assert refused.status_code == 422
    assert "Go on without it" in refused.content.decode()
    assert not Report.objects.exists()
    assert send(visitor).status_code == 302


def test_proof_that_cannot_be_kept_is_refused_in_words(
    takedown, cast, client_of, settings, monkeypatch, a_photo
):
    take_storage(settings, monkeypatch)
    item = takedown.items.earliest("number")
    address = reverse("portal-item-answer", args=[takedown.reference, item.number])
    refused = client_of(cast.dot).post(address, {"outcome": "removed", "file": a_photo})
    assert refused.status_code == 422
    assert "Go on without it" in refused.content.decode()
    item.refresh_from_db()
    assert item.state == ItemState.PENDING


@pytest.fixture
def a_photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    return SimpleUploadedFile("photo.png", content.getvalue(), "image/png")


class TestTheBanner:
    def test_is_not_there_when_all_is_well(self, cast, client_of):
        assert banner(client_of(cast.ana)) == ""

    def test_jobs_that_do_not_finish(self, cast, client_of, time):
        time.pass_(timedelta(minutes=4))
        assert "No job has finished for minutes" in banner(client_of(cast.ana))

    def test_is_not_there_before_the_first_job_has_finished(self, cast, client_of, time):
        """A second after ./run; where no worker comes, the letters that wait say so."""
        Canary.objects.all().delete()
        assert banner(client_of(cast.ana)) == ""
        time.pass_(timedelta(minutes=20))
        assert "due and wait, the oldest for 20 minutes" in banner(client_of(cast.ana))

    def test_letters_that_are_due_for_no_known_reason(self, cast, client_of, time):
        time.pass_(timedelta(minutes=20))
        tasks.canary()
        assert "due and wait, the oldest for 20 minutes" in banner(client_of(cast.ana))

    def test_letters_that_are_held(self, cast, client_of):
        OutboxMessage.objects.filter(channel="email").update(state="held", held="breaker")
        told = banner(client_of(cast.ana))
        assert "1 letter is held back until an administrator decides" in told

    def test_costs_no_query_once_somebody_has_looked(
        self, cast, client_of, django_assert_num_queries
    ):
        ana, address = client_of(cast.ana), reverse("takedown-list")
        ana.get(address)
        with CaptureQueriesContext(connection) as before:
            ana.get(address)
        watching.watch.renew()
        with django_assert_num_queries(len(before)):
            ana.get(address)

    def test_is_not_for_platforms(self, cast, client_of, time):
        time.pass_(timedelta(hours=1))
        watching.watch.renew()
        assert "Something waits" not in text_of(client_of(cast.dot).get(reverse("portal")))


def test_one_look_at_a_time_and_none_too_often(monkeypatch):
    looks = []
    monkeypatch.setattr(watching, "in_background", looks.append)
    watch = watching.Watch()
    for _page in range(5):
        assert watch.last() is None
    assert len(looks) == 1


class TestThePage:
    @pytest.mark.parametrize(
        ("name", "status"), [("ana", 200), ("bo", 200), ("ada", 200), ("dot", 403), ("eve", 302)]
    )
    def test_is_for_staff(self, cast, client_of, name, status):
        client = client_of(getattr(cast, name, None))
        assert client.get(reverse("desk-health")).status_code == status

    def test_says_the_same_numbers_as_the_figures(self, cast, client_of, time):
        time.pass_(timedelta(hours=60))
        page = text_of(client_of(cast.bo).get(reverse("desk-health")))
        due = figures.named("items_due_in_24_hours").read(time.now)[()]
        missed = figures.named("missed_deadlines_not_noted").read(time.now)[()]
        assert f"Listings due in 24 hours {due:.0f}" in page
        assert f"Missed, not yet noted {missed:.0f}" in page
        assert "Last finished job 60 h" in page

    def test_what_became_of_letters_by_platform(self, cast, client_of, time):
        sent = OutboxMessage.objects.filter(channel="email", user=None)
        first = sent.get()
        for number, state in enumerate(["delivered", "delivered", "delivered", "failed"]):
            OutboxMessage.objects.create(
                **{
                    name: getattr(first, name)
                    for name in ("letter", "about", "channel", "address", "language", "document")
                },
                created_at=time.now - timedelta(days=number),
                next_attempt_at=time.now,
                state=state,
                delivered_at=time.now,
            )
        page = text_of(client_of(cast.ana).get(reverse("desk-health")))
        assert "Harbour Market 3 1 1 75.0 %" in page
        assert letters_by_platform(time.now + timedelta(days=8)) == {}

    def test_destinations_by_name_only_for_readers_of_the_delivery_log(self, cast, client_of):
        lane = OutboxMessage.objects.filter(channel="email").get().lane
        for name, told, untold in [("bo", "safety@", lane), ("ana", lane, "safety@")]:
            page = text_of(client_of(getattr(cast, name)).get(reverse("desk-health")))
            assert told in page
            assert untold not in page

    def test_few_queries(self, cast, client_of, django_assert_max_num_queries):
        ana = client_of(cast.ana)
        watching.watch.renew()
        with django_assert_max_num_queries(45):
            ana.get(reverse("desk-health"))


class TestHeldLetters:
    @pytest.fixture
    def letter(self, db) -> str:
        OutboxMessage.objects.filter(channel="email").update(state="held", held="breaker")
        return "takedown_issued"

    def test_an_administrator_lets_them_go_with_a_reason(self, letter, cast, client_of):
        ada = client_of(cast.ada)
        address = f"{reverse('held-release')}?letter={letter}"
        assert address in ada.get(reverse("desk-health")).content.decode()
        assert "1 letter is held back" in text_of(ada.get(address))
        assert ada.post(address, {"reason": ""}).status_code == 422
        assert ada.post(address, {"reason": "A large recall."}).url == reverse("desk-health")
        assert not holding.held().exists()
        entry = AuditEntry.objects.get(verb="replay.release")
        assert (entry.actor, entry.reason) == (f"administrator:{cast.ada.pk}", "A large recall.")

    def test_or_drops_them(self, letter, cast, client_of):
        address = f"{reverse('held-discard')}?letter={letter}"
        client_of(cast.ada).post(address, {"reason": "By mistake."})
        assert OutboxMessage.objects.get(channel="email").state == "failed"

    def test_a_second_time_nothing_is_there(self, letter, cast, client_of):
        ada, address = client_of(cast.ada), f"{reverse('held-discard')}?letter={letter}"
        for _time in range(2):
            answer = ada.post(address, {"reason": "By mistake."}, follow=True)
        assert "None of these letters is held back any more" in text_of(answer)

    @pytest.mark.parametrize("name", ["ana", "bo", "dot"])
    def test_nobody_else_decides(self, letter, cast, client_of, name):
        client = client_of(getattr(cast, name))
        assert client.post(reverse("held-release"), {"reason": "Now."}).status_code == 403

    def test_what_a_restore_holds_is_not_decided_here(self, letter, cast, client_of):
        OutboxMessage.objects.update(held="")
        page = client_of(cast.ada).get(reverse("desk-health")).content.decode()
        assert "since a restore" in page
        assert reverse("held-release") not in page
