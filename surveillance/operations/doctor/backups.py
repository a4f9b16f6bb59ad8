"""Backups: is there a young one, did the last restore come to its end, are letters held?"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from surveillance.operations.backup.contents import BackupError, find, manifest_of
from surveillance.operations.doctor.database import machine_time
from surveillance.operations.doctor.findings import Fault
from surveillance.outbox import holding

OLDEST = timedelta(hours=26)  # a night's backup, and two hours to make it


def last_backup_is_young() -> Iterator[Fault]:
    """Only where BACKUP_FOLDER says where they are."""
    if not settings.BACKUP_FOLDER:
        return
    mend = "See why the timer of manage.py backup did not run to its end, and run it now."
    try:
        backup = find(Path(settings.BACKUP_FOLDER))
        age = machine_time() - manifest_of(backup).made_at
    except (BackupError, OSError) as problem:
        yield Fault(str(problem), mend)
        return
    if age > OLDEST:
        yield Fault(f"The last backup, {backup}, is {age.total_seconds() / 3600:.0f} h old.", mend)


def nothing_is_held() -> Iterator[Fault]:
    if holding.everything_stands_still():
        yield Fault(
            "A restore broke off: nothing is sent until it is finished.",
            "As the owner of the database: manage.py restore FOLDER --finish --yes",
        )
    held, by_breaker = holding.held().count(), holding.by_breaker().count()
    if held - by_breaker:
        yield Fault(
            f"{held - by_breaker} letters are held back since a restore.",
            "Run manage.py release_held: it says which, and lets them go or discards them.",
        )
    if by_breaker:
        yield Fault(
            f"{by_breaker} letters are held back by the breaker: more than LETTERS_AN_HOUR.",
            "See on the desk, under Health, what wrote so many; let them go there, or drop them.",
        )
