"""Restoring a backup so that no letter goes out twice.

The database comes back in one transaction, which also leaves a `Restoration`: from the first
instant on nothing is sent. Then everything that waits is held, the sweeps catch up with the time
since, what they wrote is held too, and the restoration ends: new letters are sent as ever. Each
step may be repeated, so that what broke off can be finished.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import redis
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from surveillance import clock
from surveillance.audit.models import Seal
from surveillance.audit.sealing import GENESIS, seal, verify
from surveillance.celery import CATCH_UP, app
from surveillance.keys.models import ApiKey
from surveillance.operations.backup import making, postgres, uploads
from surveillance.operations.backup.contents import (
    DUMP,
    BackupError,
    Manifest,
    check_parts,
    find,
    manifest_of,
    read_files_list,
)
from surveillance.outbox import holding
from surveillance.outbox.models import Restoration
from surveillance.references import Kind, next_reference

MARGIN = 1000  # numbers
# What an extension owns is not ours to remove.
CLEAR = """
DO $clear$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) AS statement FROM (
            SELECT oid, 'pg_class'::regclass AS catalogue,
                   CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
                        WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind,
                   format('public.%I', relname) AS name
              FROM pg_class WHERE relnamespace = 'public'::regnamespace
               AND relkind IN ('r', 'p', 'v', 'm', 'S')
            UNION ALL
            SELECT oid, 'pg_proc'::regclass, 'ROUTINE', oid::regprocedure::text
              FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL
            SELECT oid, 'pg_namespace'::regclass, 'SCHEMA', quote_ident(nspname)
              FROM pg_namespace WHERE nspowner = current_user::regrole AND nspname <> 'public'
        ) AS ours
         WHERE NOT EXISTS (SELECT FROM pg_depend
            WHERE classid = catalogue AND objid = ours.oid AND deptype IN ('e', 'i'))
    LOOP
        EXECUTE one.statement;
    END LOOP;
END
$clear$;
"""
BEGIN = """
INSERT INTO public.outbox_restoration (backup_made_at, restored_at)
VALUES ('{made_at}', '{at}');
"""
Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Restore:
    """What to restore and how. `replace`: a database that is not empty is emptied first;
    `margin`: numbers that every sequence skips; `programs`: the folder of PostgreSQL's programs;
    `storage`: where the uploads go; in a drill Redis, which is the living application's, is left
    alone."""

    folder: Path
    replace: bool = False
    margin: int = MARGIN
    programs: Path | None = None
    storage: Storage = default_storage
    is_drill: bool = False


def restore(wanted: Restore, tell: Tell) -> None:
    """Bring a backup back, as the owner of the database, while nobody is connected to it. Raises
    BackupError: up to "the database is restored" nothing has changed, after it `finish` goes on."""
    backup, manifest = checked(wanted.folder)
    tell(f"The backup of {manifest.made_at:%d %b %Y, %H:%M:%S} UTC is whole.")
    _require_known_migrations(manifest)
    _require_nobody_connected()
    if not wanted.replace:
        _require_empty()
    postgres.replay(
        backup / DUMP,
        CLEAR if wanted.replace else "",
        BEGIN.format(made_at=manifest.made_at.isoformat(), at=clock.now().isoformat()),
        wanted.programs,
    )
    tell("The database is restored.")
    _require_counts(manifest.counts)
    tell(f"{sum(manifest.counts.values())} rows in {len(manifest.counts)} tables, as counted then.")
    finish(wanted, tell)


def finish(wanted: Restore, tell: Tell) -> None:
    """All that follows the database: also after a restore that broke off in it."""
    backup, manifest = checked(wanted.folder)
    if not holding.everything_stands_still():
        raise BackupError("No restore is going on in this database.")
    if set(making.applied_migrations()) != set(_known_migrations()):
        call_command("migrate", verbosity=0, interactive=False)
        tell("Newer migrations are applied.")
    _require_chain(manifest)
    tell(f"The audit trail is whole up to seal {manifest.sealed}.")
    put = uploads.put_back(backup.parent, read_files_list(backup), wanted.storage)
    tell(f"{manifest.files} files are in the storage, {put} of them put back.")
    tell(f"{skip_numbers(wanted.margin, clock.now())} sequences skip {wanted.margin} numbers.")
    Session.objects.all().delete()
    if not wanted.is_drill:
        tell(_empty_redis())
    tell(_keys_to_look_at(manifest))
    tell(f"{catch_up()} letters are held; see manage.py release_held.")


def checked(folder: Path) -> tuple[Path, Manifest]:
    """The backup that is meant, read to its last byte. Raises BackupError."""
    backup = find(folder)
    manifest = manifest_of(backup)
    check_parts(backup, manifest.parts)
    if uploads.check_copies(backup.parent, read_files_list(backup)) != manifest.files:
        raise BackupError("The list of files is not as long as the manifest says.")
    return backup, manifest


def catch_up() -> int:
    """Hold what waits, run the sweeps up to now, hold what they wrote, and end the restoration.
    Returns how many letters are held."""
    holding.hold_waiting()
    app.loader.import_default_modules()
    for name in CATCH_UP:
        while app.tasks[name]():
            pass
    holding.hold_waiting()
    seal(clock.now())
    holding.end_restoration(clock.now())
    return holding.held().count()


def skip_numbers(margin: int, at: datetime) -> int:
    """Move every sequence on, so that no reference and no key of a row is given a second time:
    some were given between the backup and the loss. Returns how many there are."""
    for kind in Kind:
        next_reference(kind, at)  # this year's may have begun since
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass,"
            " coalesce(last_value, start_value) + %s) FROM pg_sequences"
            " WHERE schemaname = 'public'",
            [margin],
        )
        return len(cursor.fetchall())


def _empty_redis() -> str:
    """Its jobs and pages belong to what is lost. Returns what to tell."""
    try:
        cache.clear()
    except redis.RedisError as problem:
        return f"Redis still has jobs and pages of what is lost: FLUSHDB it. ({problem})"
    return "Everybody is signed out; Redis is empty."


def _keys_to_look_at(manifest: Manifest) -> str:
    keys = ApiKey.objects.live(clock.now()).count()
    return (
        f"{keys} API keys are live, as on {manifest.made_at:%d %b %Y, %H:%M} UTC: revoke again"
        " what was revoked since."
    )


def _known_migrations() -> list[str]:
    """Of this release; those it replaces by a squashed one are left out."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations)


def _require_known_migrations(manifest: Manifest) -> None:
    if newer := sorted(set(manifest.migrations) - set(_known_migrations())):
        raise BackupError(
            f"The backup is of the newer release {manifest.release}: this one does not know"
            f" {newer[0]}. Restore it with that release."
        )


def _require_nobody_connected() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise BackupError(
            f"{others} others are connected to this database: stop web, workers and beat first."
        )


def _require_empty() -> None:
    if tables := making.tables():
        raise BackupError(
            f"The database is not empty: it has {len(tables)} tables, {tables[0]} for one."
            " Restore into an empty one, or give --replace and lose what is in it."
        )


def _require_counts(expected: Mapping[str, int]) -> None:
    found = making.counts(sorted(expected))
    found[Restoration._meta.db_table] -= 1  # of this restore itself
    for table, count in expected.items():
        if found[table] != count:
            raise BackupError(f"{table} has {found[table]} rows; it had {count}.")


def _require_chain(manifest: Manifest) -> None:
    last = Seal.objects.filter(number=manifest.sealed).first()
    if (last.digest if last else GENESIS) != manifest.seal:
        raise BackupError(
            f"Seal {manifest.sealed} of the audit trail is not the one of the manifest."
        )
    if fault := verify().fault:
        raise BackupError(f"The audit trail does not verify: {fault}. Is SECRET_KEY the old one?")
