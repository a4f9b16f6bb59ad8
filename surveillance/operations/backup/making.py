"""Making a backup: the database as of one instant, then the uploads, then the manifest.

In this order, because a file without a row harms nobody, and a row without its file does.
"""

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from surveillance.audit.models import Seal
from surveillance.audit.sealing import GENESIS
from surveillance.operations.backup import postgres
from surveillance.operations.backup.contents import (
    DUMP,
    FILES,
    MANIFEST,
    BackupError,
    Manifest,
    complete_backups,
    part,
    read_files_list,
    to_disk,
    write_files_list,
)
from surveillance.operations.backup.uploads import back_up_files

NAME = "%Y%m%dT%H%M%SZ"
PARTIAL = re.compile(r"\d{8}T\d{6}Z\.partial")


@dataclass(frozen=True, slots=True)
class Facts:
    """Of the database, at one instant."""

    migrations: list[str]
    counts: dict[str, int]
    sealed: int
    seal: str


def back_up(folder: Path, at: datetime, programs: Path | None = None) -> Path:
    """Make a backup in the folder of backups; returns its own folder. Until that is renamed, its
    name ends in ".partial". Raises BackupError.

    `at`: by the wall, whatever clock the application goes by.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = folder / at.astimezone(UTC).strftime(NAME)
    draft = final.with_name(f"{final.name}.partial")
    if final.exists():
        raise BackupError(f"{final} exists already. Try again in a second.")
    _remove_broken_off(folder)
    draft.mkdir(mode=0o700)
    facts = _dump(draft / DUMP, programs)
    known = _known_digests(folder)
    files = list(back_up_files(folder, known))
    write_files_list(draft / FILES, files)
    manifest = Manifest(
        made_at=at,
        release=settings.BASE_DIR.name,
        migrations=facts.migrations,
        counts=facts.counts,
        sealed=facts.sealed,
        seal=facts.seal,
        files=len(files),
        parts={name: part(draft / name) for name in (DUMP, FILES)},
    )
    for name in (DUMP, FILES):
        to_disk(draft / name)
    (draft / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    to_disk(draft / MANIFEST)
    draft.rename(final)
    to_disk(folder)
    return final


def _remove_broken_off(folder: Path) -> None:
    for path in folder.iterdir():
        if PARTIAL.fullmatch(path.name):
            shutil.rmtree(path)


def _dump(to: Path, programs: Path | None) -> Facts:
    """The dump and the facts see the same snapshot, whatever is written meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        postgres.dump(to, snapshot, programs)
        last = Seal.objects.order_by("-number").first()
        return Facts(
            migrations=applied_migrations(),
            counts=counts(tables()),
            sealed=last.number if last else 0,
            seal=last.digest if last else GENESIS,
        )


def applied_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def counts(names: list[str]) -> dict[str, int]:
    """Rows by table. Raises ProgrammingError for a table that is not there."""
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            (found[name],) = cursor.fetchone()
        return found


def _known_digests(folder: Path) -> dict[tuple[str, int], str]:
    before = complete_backups(folder)
    if not before:
        return {}
    return {(file.name, file.bytes): file.sha256 for file in read_files_list(before[-1])}
