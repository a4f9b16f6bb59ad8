"""What is wrong with this installation, and how to mend it: one table of small checks.

Add a check: a function without arguments that yields a `Fault` for each thing it finds, and a line
in CHECKS.
"""

from collections.abc import Iterator, Sequence

from surveillance.operations.doctor import (
    accounts,
    backups,
    configuration,
    database,
    files,
    mail,
    processes,
)
from surveillance.operations.doctor.findings import Check, Fault, Finding

CHECKS = (
    Check("settings", configuration.settings_are_sound),
    Check("database", database.answers),
    Check("database role", database.role_owns_nothing, needs=("database",)),
    Check("role of outsiders", database.outsiders_have_a_role, needs=("database",)),
    Check("extensions", database.has_extensions, needs=("database",)),
    Check("migrations", database.is_migrated, needs=("database",)),
    Check("clocks", database.clocks_agree, needs=("database",)),
    Check("reference data", database.has_reference_data, needs=("migrations",)),
    Check("accounts", accounts.somebody_can_sign_in, needs=("migrations",)),
    Check("audit trail", database.audit_is_sealed, needs=("migrations",)),
    Check("held letters", backups.nothing_is_held, needs=("migrations",)),
    Check("backup", backups.last_backup_is_young),
    Check("redis", processes.redis_answers),
    Check("redis memory", processes.redis_keeps_jobs, needs=("redis",)),
    Check("worker", processes.a_worker_answers, needs=("redis",)),
    Check("beat", processes.jobs_finish, needs=("migrations", "worker")),
    Check("file storage", files.storage_keeps_files),
    Check("disk space", files.disk_has_room),
    Check("static files", files.static_files_are_collected),
    Check("fonts", files.letters_have_fonts),
    Check("mail server", mail.server_answers),
    Check("letters", mail.letters_leave, needs=("migrations",)),
)


def examine(checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """Look at everything, in order. A check whose ground is missing is not looked at."""
    unsound: set[str] = set()
    for check in checks:
        if missing := next((name for name in check.needs if name in unsound), ""):
            unsound.add(check.name)
            yield Finding(check.name, skipped_for=missing)
            continue
        faults = _look(check)
        if faults:
            unsound.add(check.name)
        yield Finding(check.name, faults)


def _look(check: Check) -> tuple[Fault, ...]:
    try:
        return tuple(check.look())
    except Exception as problem:  # a check that breaks off must not hide what the others find
        return (
            Fault(
                f"This could not be looked at: {type(problem).__name__}: {problem}",
                "Mend what the message names, then run the doctor again.",
            ),
        )
