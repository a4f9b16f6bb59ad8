"""Backups: is there a young one, and did the last restore come to its end?"""

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


def restore_has_ended() -> Iterator[Fault]:
    if holding.everything_stands_still():
        yield Fault(
            "A restore broke off: nothing is sent until it is finished.",
            "As the owner of the database: manage.py restore FOLDER --finish --yes",
        )
    if count := holding.held().count():
        yield Fault(
            f"{count} letters are held back since a restore.",
            "Run manage.py release_held: it says which, and lets them go or discards them.",
        )
