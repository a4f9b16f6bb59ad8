"""A backup is whole or none, and what is not whole is not restored."""

import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from surveillance.operations.backup import contents, making, postgres, uploads
from surveillance.operations.backup.contents import BackupError
from surveillance.operations.doctor.database import machine_time
from surveillance.outbox import holding
from tests.scratch import connected, scratch

__all__ = ["scratch"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backups(transactional_db, tmp_path) -> Path:
    """A folder with one backup, of one upload."""
    default_storage.save("pictures/a.txt", ContentFile(b"teal"))
    back_up(tmp_path / "backups")
    return tmp_path / "backups"


def back_up(folder: Path, after: timedelta = timedelta(0)) -> Path:
    with connected(owner=True):
        return making.back_up(folder, machine_time() + after)


def restore(folder: Path, database: str, **options: object) -> str:
    out = StringIO()
    with connected(database, owner=True):
        call_command("restore", str(folder), yes=True, stdout=out, **options)
    return out.getvalue()


def test_a_backup_that_broke_off_is_none(backups, monkeypatch):
    def breaks(*arguments: object) -> None:
        raise KeyboardInterrupt

    (whole,) = contents.complete_backups(backups)
    with monkeypatch.context() as patch:
        patch.setattr(making, "back_up_files", breaks)
        with pytest.raises(KeyboardInterrupt):
            back_up(backups, timedelta(seconds=5))
    assert len(list(backups.glob("*.partial"))) == 1
    assert contents.find(backups) == whole
    back_up(backups, timedelta(seconds=9))
    assert list(backups.glob("*.partial")) == []


def test_what_is_there_is_not_copied_again(backups, monkeypatch):
    copied = []
    copy = uploads._copy
    monkeypatch.setattr(uploads, "_copy", lambda name, to: copied.append(name) or copy(name, to))
    default_storage.save("pictures/b.txt", ContentFile(b"red"))
    second = back_up(backups, timedelta(seconds=5))
    assert copied == ["pictures/b.txt"]
    assert contents.manifest_of(second).files == 2


@pytest.mark.parametrize("part", [contents.DUMP, contents.FILES])
def test_a_part_that_was_altered(backups, scratch, part):
    path = contents.find(backups) / part
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(CommandError, match="is not what was written"):
        restore(backups, scratch)


def test_an_upload_that_was_altered(backups, scratch):
    (copy,) = (path for path in (backups / "files").rglob("*") if path.is_file())
    copy.write_bytes(b"grey")
    with pytest.raises(CommandError, match="is not the file that was backed up"):
        restore(backups, scratch)
    with connected(scratch):
        assert making.tables() == []


def test_a_database_that_is_not_empty(backups, scratch):
    restore(backups, scratch)
    with pytest.raises(CommandError, match="not empty"):
        restore(backups, scratch)
    assert "is restored" in restore(backups, scratch, replace=True)


def test_a_dump_that_ends_too_early_restores_nothing(backups, scratch):
    dump = contents.find(backups) / contents.DUMP
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    with connected(scratch, owner=True):
        with pytest.raises(BackupError, match="Nothing was restored"):
            postgres.replay(dump, "", "", None)
        assert making.tables() == []


def test_programs_that_are_not_there(tmp_path):
    with pytest.raises(BackupError, match="pg_dump was not found"):
        postgres.program("pg_dump", tmp_path)


def test_arrivals_in_logs_of_all_kinds():
    ids = [uuid.uuid4() for _ in range(5)]
    lines = [
        f'{{"event": "message {ids[0]} has arrived", "request_id": "{uuid.uuid4()}"}}',
        f"postfix/cleanup[9]: 4C1: message-id=<{ids[1]}@example.org>",
        f"<{ids[2]}@example.org>",
        str(ids[3]),
        f"message {ids[4]} could not be sent",
    ]
    assert list(holding.arrivals_in(lines)) == ids[:4]
