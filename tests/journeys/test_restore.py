"""The database is lost and a backup comes back: what had gone out since does not go out again.

A real worker delivers to a counting mail server before the loss, and its log tells afterwards what
had gone out.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms import model_to_dict
from django.test import override_settings

from cases.flows import evidence, sweeps
from cases.models import Item, TakedownRequest
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.audit.models import AuditEntry
from surveillance.audit.sealing import seal, verify
from surveillance.calendars.models import Regime
from surveillance.calendars.publishing import publish
from surveillance.operations.backup import contents, making
from surveillance.outbox import delivery, holding, queue
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rehearsing import deliver_all
from tests.cast import MONDAY, Cast, photo, raise_cast
from tests.journeys.awake import everybody_is_at_work
from tests.journeys.test_many_machines import HOURS
from tests.journeys.workers import wait_until, worker
from tests.scratch import connected, scratch
from tests.story import Story
from tests.surveillance.outbox.receivers import MailServer, mail_server

__all__ = ["everybody_is_at_work", "scratch"]
pytestmark = [
    pytest.mark.crash,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("everybody_is_at_work"),
]


@pytest.fixture
def cast(transactional_db) -> Cast:
    """A limit of 48 hours with a reminder an hour after issue."""
    clock.set_source(None)
    pledge = Regime.objects.current().get(code="AU-PLEDGE")
    kept = ("id", "code", "version", "made_by", "is_current")
    publish(Regime, "AU-PLEDGE", model_to_dict(pledge, exclude=kept) | HOURS, MONDAY)
    return raise_cast(MONDAY)


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def run(command: str, *arguments: object, **options: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def issue(cast: Cast, ago: timedelta) -> TakedownRequest:
    then = clock.now() - ago
    clock.set_source(lambda: then)
    try:
        return Story(cast).issued_notice(platform=cast.bazaar)
    finally:
        clock.set_source(None)


def deliver(mails: MailServer, log: Path | None = None) -> None:
    """Until nothing waits any more: here, or by a worker that writes a log."""
    if log is None:
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=mails.port):
            deliver_all()
    else:
        with worker(log, EMAIL_URL=f"smtp://127.0.0.1:{mails.port}", LOG_FORMAT="json"):
            queue.start("outbox.deliver")
            wait_until(lambda: not OutboxMessage.objects.undelivered().exists(), "nothing waits")
    assert not OutboxMessage.objects.undelivered().exists()


def received(mails: MailServer) -> Counter[str]:
    return Counter(mail["Message-ID"] for mail in mails.mails)


class Lost:
    """The first database, up to its loss: backed up while letters waited and a reminder was soon
    to be due; then all of them left, and the work went on."""

    def __init__(
        self, cast: Cast, folder: Path, mails: MailServer, log: Path | None = None
    ) -> None:
        self.backups = folder / "backups"
        self.takedown = issue(cast, timedelta(hours=4))
        case = self.takedown.case
        self.evidence = evidence.add_to_case(case, by=Actor.of(cast.ana), file=photo())
        seal(clock.now())
        with connected(owner=True):
            run("backup", self.backups)
        self.backup = contents.find(self.backups)
        sweeps.remind(clock.now())
        self.later = issue(cast, timedelta(0))
        deliver(mails, log)
        self.mails = received(mails)
        assert self.mails
        assert set(self.mails.values()) == {1}


def restore(lost: Lost, database: str) -> str:
    """Onto a new machine: its storage is empty as well."""
    default_storage.delete(lost.evidence.file.name)
    with connected(database, owner=True):
        return run("restore", lost.backups, yes=True)


def test_what_had_gone_out_does_not_go_out_again(cast, tmp_path, mails, scratch):
    log = tmp_path / "first.log"
    lost = Lost(cast, tmp_path, mails, log)
    restore(lost, scratch)
    with connected(scratch):
        assert holding.held().count() == OutboxMessage.objects.filter(channel="email").count() == 2
        new = issue(cast, timedelta(0))
        assert new.reference not in {lost.takedown.reference, lost.later.reference}
        deliver(mails)
        after = received(mails) - lost.mails
        assert len(after) == 1, "what is written after the restore flows"
        assert set(received(mails).values()) == {1}
        told = run("release_held", delivered=[log])
        assert "0 letters are held" in told
        deliver(mails)
        assert set(received(mails).values()) == {1}
        noted = AuditEntry.objects.about(lost.takedown.reference)
        assert noted.filter(verb="takedown.note_delivery").count() == 1


def test_it_would_show_if_nothing_were_held(cast, tmp_path, mails, scratch, monkeypatch):
    lost = Lost(cast, tmp_path, mails)
    monkeypatch.setattr(holding, "hold_waiting", lambda: 0)
    restore(lost, scratch)
    with connected(scratch):
        deliver(mails)
    twice = {key for key, times in received(mails).items() if times == 2}
    assert len(twice) == 2, "the demand and its reminder went out again, and the test saw it"


def test_what_had_not_gone_out_goes_out_once_released(cast, tmp_path, mails, scratch):
    lost = Lost(cast, tmp_path, mails)
    restore(lost, scratch)
    demand, reminder = OutboxMessage.objects.filter(channel="email", about=lost.takedown.reference)
    with connected(scratch):
        known = tmp_path / "known.txt"
        known.write_text(f"<{demand.pk}@example.org>\n")
        assert "1 letters are held" in run("release_held", delivered=[known])
        mails.mails.clear()
        assert "1 are released" in run("release_held", all=True)
        deliver(mails)
    assert received(mails) == {f"<{reminder.pk}@example.org>": 1}


def test_all_is_as_the_manifest_says(cast, tmp_path, mails, scratch):
    lost = Lost(cast, tmp_path, mails)
    manifest = contents.manifest_of(lost.backup)
    told = restore(lost, scratch)
    assert "as counted then" in told
    with connected(scratch):
        assert verify().fault == ""
        assert making.counts(["cases_takedownrequest"]) == {
            "cases_takedownrequest": manifest.counts["cases_takedownrequest"]
        }
        assert not TakedownRequest.objects.filter(reference=lost.later.reference).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (connection.settings_dict["USER"],)
    with default_storage.open(lost.evidence.file.name) as file:
        assert hashlib.sha256(file.read()).hexdigest() == lost.evidence.sha256


def test_deadlines_missed_meanwhile_are_noted_once(cast, tmp_path, mails, scratch):
    lost = Lost(cast, tmp_path, mails)
    at = clock.now() + timedelta(hours=60)
    clock.set_source(lambda: at)
    try:
        restore(lost, scratch)
        with connected(scratch):
            assert sweeps.note_missed_deadlines(at) == 0
            missed = AuditEntry.objects.filter(verb="item.note_missed_deadline")
            assert set(Counter(missed.values_list("subject", flat=True)).values()) == {1}
            assert missed.count() == Item.objects.count()
    finally:
        clock.set_source(None)


def test_nothing_is_sent_while_a_restore_goes_on(cast, tmp_path, mails, scratch, monkeypatch):
    """It broke off between the database and the hold."""
    lost = Lost(cast, tmp_path, mails)

    def breaks() -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(holding, "hold_waiting", breaks)
        with pytest.raises(KeyboardInterrupt):
            restore(lost, scratch)
    with connected(scratch):
        assert OutboxMessage.objects.undelivered().exists()
        assert delivery.deliver() == 0
    assert received(mails) == lost.mails
    with connected(scratch, owner=True):
        assert "letters are held" in run("restore", lost.backups, yes=True, finish=True)
    with connected(scratch):
        assert not holding.everything_stands_still()
        assert holding.held().exists()


def test_the_drill(cast, tmp_path, mails, monkeypatch):
    """As a command, beside the living database: nothing is really sent."""
    lost = Lost(cast, tmp_path, mails)
    name = connection.settings_dict["NAME"]
    with connected(owner=True):
        told = run("drill_restore", lost.backups)
        assert "2 letters left before the loss, 2 were held after it, and none" in told
        monkeypatch.setattr(holding, "hold_waiting", lambda: 0)
        with pytest.raises(CommandError, match="2 went out twice"):
            run("drill_restore", lost.backups)
        with pytest.raises(CommandError, match="is the living database"):
            run("drill_restore", lost.backups, into=name)
    assert received(mails) == lost.mails
    assert TakedownRequest.objects.filter(reference=lost.later.reference).exists()


def test_a_manifest_holds_no_secret(cast, tmp_path, mails, settings):
    lost = Lost(cast, tmp_path, mails)
    told = json.loads((lost.backup / contents.MANIFEST).read_text())
    assert settings.SECRET_KEY not in json.dumps(told)
    assert connection.settings_dict["PASSWORD"] not in json.dumps(told)
