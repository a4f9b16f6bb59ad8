"""PostgreSQL: version, role, extensions, migrations, time, and what should stand in it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from surveillance import clock
from surveillance.accounts.wall import OUTSIDE_ROLE
from surveillance.audit.models import Unsealed
from surveillance.calendars.models import Calendar, Regime
from surveillance.operations.doctor.findings import Fault

OLDEST_VERSION = 15
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
CLOCKS_MAY_DIFFER = timedelta(seconds=2)
SEALED_WITHIN = timedelta(minutes=5)


def answers() -> Iterator[Fault]:
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        yield Fault(
            f"PostgreSQL cannot be reached: {str(problem).strip()}",
            "Start it, and see that DATABASE_URL names its host, database, role and password.",
        )
        return
    version = connection.get_database_version()[0]
    if version < OLDEST_VERSION:
        yield Fault(
            f"PostgreSQL is version {version}.",
            f"Upgrade it to {OLDEST_VERSION} or newer.",
        )


def role_owns_nothing() -> Iterator[Fault]:
    """The second wall between platforms binds neither owners nor superusers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, EXISTS ("
            "  SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            "  AND relkind IN ('r', 'p', 'S') AND pg_has_role(rolname, relowner, 'USAGE'))"
            " FROM pg_roles WHERE rolname = current_user"
        )
        yield from faults_of_role(*cursor.fetchone())


def faults_of_role(
    name: str, is_superuser: bool, bypasses_rows: bool, owns_tables: bool
) -> Iterator[Fault]:
    mend = (
        "Let web, workers and beat connect as a role that owns nothing (docs/operate.md, “Three"
        " roles”); only migrate runs as the owner."
    )
    if is_superuser:
        yield Fault(f"The role {name} is a superuser: nothing in the database binds it.", mend)
    elif bypasses_rows:
        yield Fault(f"The role {name} has BYPASSRLS: row-level security does not bind it.", mend)
    elif owns_tables:
        yield Fault(f"The role {name} owns tables: it could switch their triggers off.", mend)


def outsiders_have_a_role() -> Iterator[Fault]:
    """The application becomes it for whoever is not of the authority (accounts/wall.py)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, pg_has_role(session_user, oid, 'MEMBER')"
            " FROM pg_roles WHERE rolname = %s",
            [OUTSIDE_ROLE],
        )
        yield from faults_of_outside_role(cursor.fetchone())


def faults_of_outside_role(found: tuple[bool, bool] | None) -> Iterator[Fault]:
    """`found`: does nothing bind it, and may we become it? None where there is no such role."""
    if found is None:
        yield Fault(
            f"The role {OUTSIDE_ROLE} is missing: no platform could be shown anything.",
            f"As a superuser: CREATE ROLE {OUTSIDE_ROLE} NOLOGIN; GRANT {OUTSIDE_ROLE} TO"
            " surveillance_app; (deploy/database.sql)",
        )
        return
    is_unbound, may_become = found
    if is_unbound:
        yield Fault(
            f"Row-level security does not bind the role {OUTSIDE_ROLE}.",
            f"As a superuser: ALTER ROLE {OUTSIDE_ROLE} NOSUPERUSER NOBYPASSRLS;",
        )
    if not may_become:
        yield Fault(
            f"Our role may not become {OUTSIDE_ROLE}.",
            f"As a superuser: GRANT {OUTSIDE_ROLE} TO surveillance_app; (deploy/database.sql)",
        )


def has_extensions() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        present = {name for (name,) in cursor.fetchall()}
    for name in EXTENSIONS:
        if name not in present:
            yield Fault(
                f"The extension {name} is missing.",
                f"As the owner of the database or a superuser: CREATE EXTENSION {name};",
            )


def is_migrated() -> Iterator[Fault]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        first = waiting[0][0]
        yield Fault(
            f"{len(waiting)} migrations are not applied, the first is {first}.",
            "Run manage.py migrate with the owner's DATABASE_URL.",
        )


def machine_time() -> datetime:
    """What the machine's clock says, whatever clock the application goes by."""
    return datetime.now(UTC)


def clocks_agree() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    difference = machine_time() - theirs
    if abs(difference) > CLOCKS_MAY_DIFFER:
        yield Fault(
            f"The clocks of this machine and of the database differ by"
            f" {abs(difference).total_seconds():.0f} s: deadlines would depend on who looks.",
            "Let chrony or systemd-timesyncd keep both clocks.",
        )


def has_reference_data() -> Iterator[Fault]:
    for rows, what in ((Calendar.objects, "working calendars"), (Regime.objects, "regimes")):
        if not rows.exists():
            yield Fault(
                f"There are no {what}: no limit can be counted.",
                "Run manage.py load_reference_data.",
            )


def audit_is_sealed() -> Iterator[Fault]:
    oldest = Unsealed.objects.select_related("entry").order_by("entry_id").first()
    if oldest and (age := clock.now() - oldest.entry.at) > SEALED_WITHIN:
        yield Fault(
            f"The oldest unsealed audit entry has waited for {age.total_seconds() / 60:.0f}"
            " minutes: until it is sealed, altering it would not show.",
            "See that workers and beat run, look for audit.seal in the workers' log, then run"
            " manage.py verify_audit.",
        )
