"""The doctor: each check is broken once, and says so."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from surveillance.calendars.models import Regime
from surveillance.operations import doctor
from surveillance.operations.backup.contents import Manifest
from surveillance.operations.doctor import (
    accounts,
    backups,
    configuration,
    database,
    files,
    mail,
    processes,
)
from surveillance.operations.doctor.findings import Check, Fault
from surveillance.operations.starting import refuse_unbound_role
from surveillance.outbox import holding, queue, tasks
from surveillance.outbox.models import Restoration
from tests.database import credentials_of_owner
from tests.journeys.workers import worker
from tests.servers import redis_client
from tests.surveillance.outbox.receivers import free_port, mail_server

pytestmark = pytest.mark.django_db


def only(check) -> Fault:
    (fault,) = check()
    return fault


def test_what_system_checks_find_is_told(settings, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    settings.SECRET_KEY = "short"
    settings.BASE_URL = "https://other.example"
    settings.METRICS_TOKEN = "guessable"
    told = [fault.what for fault in configuration.settings_are_sound()]
    for number in ("E001", "E014", "E015", "E016", "W017", "W019"):
        assert any(f"surveillance.{number}" in what for what in told), number


def test_a_demo_is_not_held_to_what_production_needs(settings):
    settings.DEMO = True
    settings.SECRET_KEY = "short"
    assert list(configuration.settings_are_sound()) == []


def test_sound_settings(settings):
    settings.SECRET_KEY = "x7" * 40
    settings.BASE_URL = "https://surveillance.example"
    settings.ALLOWED_HOSTS = ["surveillance.example"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.SECOND_FACTOR = "required"
    told = [fault.what for fault in configuration.settings_are_sound()]
    assert [what for what in told if "(surveillance." in what] == []


@contextmanager
def another_connection(**changed: object) -> Iterator[object]:
    """To the same database with other settings, in the place of the doctor's own."""
    other = connection.copy()
    other.settings_dict.update(changed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "connection", other)
        try:
            yield other
        finally:
            other.close()


def test_a_database_that_does_not_answer():
    with another_connection(PASSWORD="wrong"):
        assert "cannot be reached" in only(database.answers).what
    assert list(database.answers()) == []


def test_a_database_that_is_too_old(monkeypatch):
    monkeypatch.setattr(database, "OLDEST_VERSION", 99)
    assert "PostgreSQL is version" in only(database.answers).what


def test_the_owner_must_not_run_the_application():
    assert list(database.role_owns_nothing()) == []
    with another_connection(**credentials_of_owner()):
        assert "owns tables" in only(database.role_owns_nothing).what


@pytest.mark.parametrize(
    ("rights", "told"),
    [((True, True, True), "superuser"), ((False, True, False), "BYPASSRLS"), ((False,) * 3, "")],
)
def test_a_role_that_nothing_binds(rights, told):
    found = [fault.what for fault in database.faults_of_role("app", *rights)]
    assert len(found) == bool(told)
    assert told in "".join(found)


@pytest.mark.parametrize(
    ("found", "told"),
    [(None, "is missing"), ((True, True), "does not bind"), ((False, False), "may not become")],
)
def test_a_role_of_outsiders_that_is_no_wall(found, told):
    assert list(database.outsiders_have_a_role()) == []
    (fault,) = database.faults_of_outside_role(found)
    assert told in fault.what
    assert "surveillance_platform" in fault.mend


def test_a_process_does_not_start_as_the_owner(monkeypatch):
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's transaction goes on
    refuse_unbound_role()
    with another_connection(**credentials_of_owner()):
        with pytest.raises(ImproperlyConfigured, match="owns tables"):
            refuse_unbound_role()


def test_an_extension_that_is_missing(monkeypatch):
    assert list(database.has_extensions()) == []
    monkeypatch.setattr(database, "EXTENSIONS", (*database.EXTENSIONS, "hstore"))
    assert only(database.has_extensions).mend.endswith("CREATE EXTENSION hstore;")


def test_a_migration_that_is_not_applied():
    assert list(database.is_migrated()) == []
    MigrationRecorder(connection).record_unapplied("timemachine", "0002_row_level_security")
    assert "timemachine.0002_row_level_security" in only(database.is_migrated).what


def test_clocks_that_differ(monkeypatch):
    assert list(database.clocks_agree()) == []
    monkeypatch.setattr(database, "machine_time", lambda: datetime.now(UTC) + timedelta(minutes=2))
    assert "differ by 120 s" in only(database.clocks_agree).what


def test_reference_data_that_was_never_loaded():
    assert list(database.has_reference_data()) == []
    Regime.objects.all().delete()
    assert "no regimes" in only(database.has_reference_data).what


def test_an_installation_that_nobody_can_enter(request):
    assert "manage.py enrol" in only(accounts.somebody_can_sign_in).mend
    request.getfixturevalue("cast")
    assert list(accounts.somebody_can_sign_in()) == []


def test_an_audit_trail_that_nobody_seals(story, time):
    story.case()
    assert list(database.audit_is_sealed()) == []
    time.pass_(timedelta(minutes=6))
    assert "6 minutes" in only(database.audit_is_sealed).what


def test_a_redis_that_does_not_answer(settings):
    assert list(processes.redis_answers()) == []
    location = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}
    assert "REDIS_URL" in only(processes.redis_answers).mend


def test_a_redis_that_throws_jobs_away():
    assert list(processes.redis_keeps_jobs()) == []
    with closing(redis_client()) as client:
        before = client.config_get("maxmemory-policy")["maxmemory-policy"]
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert "allkeys-lru" in only(processes.redis_keeps_jobs).what
        finally:
            client.config_set("maxmemory-policy", before)


@pytest.mark.parametrize("field", ["rdb_last_bgsave_status", "aof_last_write_status"])
def test_a_redis_whose_disk_is_full(field):
    (fault,) = processes.faults_of_memory({field: "err"})
    assert "takes no more jobs" in fault.what


def test_no_worker_and_no_beat(time):
    assert "No worker answers" in only(processes.a_worker_answers).what
    with closing(redis_client()) as client:
        client.delete("celery")
        assert "beat starts none" in only(processes.jobs_finish).what
        queue.start("outbox.canary")
        try:
            assert "1 wait: the workers take none" in only(processes.jobs_finish).what
        finally:
            client.delete("celery")
    tasks.canary()
    assert list(processes.jobs_finish()) == []
    time.pass_(timedelta(minutes=4))
    assert "for 240 s" in only(processes.jobs_finish).what


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_answers(tmp_path):
    with worker(tmp_path / "worker.log"):
        for _ in range(20):
            if not (faults := list(processes.a_worker_answers())):
                break
    assert faults == []


def test_a_storage_that_cannot_be_written(settings):
    assert list(files.storage_keeps_files()) == []
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / "doctor"
    assert list(folder.iterdir()) == [], "the probe is gone again"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": "/dev/null/files"},
        }
    }
    assert "STORAGE_URL" in only(files.storage_keeps_files).mend


def test_a_storage_that_gives_back_something_else(monkeypatch):
    monkeypatch.setattr(files, "ContentFile", lambda content: ContentFile(b"stale"))
    assert "another file" in only(files.storage_keeps_files).what


def test_a_disk_that_is_full(monkeypatch):
    assert list(files.disk_has_room()) == []
    full = SimpleNamespace(free=5 * 1024**2)
    monkeypatch.setattr(files.shutil, "disk_usage", lambda folder: full)
    assert {fault.what[:17] for fault in files.disk_has_room()} == {"Only 5 MB are fre"}


def test_static_files_that_were_not_collected(settings, tmp_path, monkeypatch):
    source = tmp_path / "source.css"
    source.write_text("new")
    monkeypatch.setattr(files, "_sources", lambda: [("web/app.css", source)])
    settings.STATIC_ROOT = tmp_path / "static"
    assert "web/app.css" in only(files.static_files_are_collected).what
    (settings.STATIC_ROOT / "web").mkdir(parents=True)
    collected = settings.STATIC_ROOT / "web/app.css"
    collected.write_text("older")
    assert "web/app.css" in only(files.static_files_are_collected).what
    collected.write_text("new")
    assert list(files.static_files_are_collected()) == []


def test_all_static_files_are_looked_at():
    assert "web/app.css" in dict(files._sources())


def test_a_backup_that_is_old_or_missing(settings, tmp_path):
    assert list(backups.last_backup_is_young()) == [], "nobody said where they are"
    settings.BACKUP_FOLDER = str(tmp_path)
    assert "no whole backup" in only(backups.last_backup_is_young).what
    made_at = database.machine_time() - timedelta(hours=30)
    folder = tmp_path / "20261124T020000Z"
    folder.mkdir()
    manifest = Manifest(made_at, "5.0", [], {}, sealed=0, seal="", files=0, parts={})
    (folder / "manifest.json").write_text(manifest.to_json())
    assert "is 30 h old" in only(backups.last_backup_is_young).what
    young = replace(manifest, made_at=database.machine_time())
    (folder / "manifest.json").write_text(young.to_json())
    assert list(backups.last_backup_is_young()) == []


def test_a_restore_that_broke_off(story, time):
    assert list(backups.nothing_is_held()) == []
    Restoration.objects.create(backup_made_at=time.now, restored_at=time.now)
    story.issued_notice()
    assert "--finish" in only(backups.nothing_is_held).mend
    assert holding.hold_waiting() > 0
    holding.end_restoration(time.now)
    assert "letters are held" in only(backups.nothing_is_held).what


def test_fonts_that_are_missing(monkeypatch):
    assert list(files.letters_have_fonts()) == []
    monkeypatch.setattr(files, "font_paths", lambda: ())
    assert "fonts" in only(files.letters_have_fonts).what


def test_a_mail_server_that_does_not_answer(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with mail_server() as receiver:
        settings.EMAIL_PORT = receiver.port
        assert list(mail.server_answers()) == []
        assert receiver.mails == []
        settings.EMAIL_USE_TLS = True
        assert "SMTPNotSupportedError" in only(mail.server_answers).what
    assert "EMAIL_URL" in only(mail.server_answers).mend


def test_a_mail_server_that_hangs_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        assert "timed out" in only(mail.server_answers).what


def run() -> str:
    out = StringIO()
    call_command("doctor", stdout=out)
    return out.getvalue()


def test_the_command_tells_what_is_wrong_and_how_to_mend_it(monkeypatch):
    def breaks():
        raise KeyError("no such thing")

    checks = (
        Check("first", lambda: [Fault("It is broken.", "Mend it.")]),
        Check("second", lambda: [], needs=("first",)),
        Check("third", lambda: [], needs=("second",)),
        Check("fourth", breaks),
        Check("fifth", lambda: []),
    )
    findings = list(doctor.examine(checks))
    assert [finding.skipped_for for finding in findings] == ["", "first", "second", "", ""]
    assert "KeyError" in findings[3].faults[0].what
    monkeypatch.setattr(doctor.examine, "__defaults__", (checks,))
    with pytest.raises(CommandError, match="2 to mend") as ended:
        run()
    assert ended.value.returncode == 1
    monkeypatch.setattr(doctor.examine, "__defaults__", (checks[4:],))
    assert "Nothing is wrong" in run()


def test_every_need_is_a_check_that_comes_before():
    seen: set[str] = set()
    for check in doctor.CHECKS:
        assert set(check.needs) <= seen, check.name
        seen.add(check.name)
