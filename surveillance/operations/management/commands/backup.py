"""manage.py backup: database and uploads into a folder, whole or not at all."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveillance.operations.backup.contents import BackupError, manifest_of
from surveillance.operations.backup.making import back_up
from surveillance.operations.doctor.database import machine_time


class Command(BaseCommand):
    help = (
        "Back up the database and the uploads into a folder of backups. Uploads that it has"
        " already are not copied again. SECRET_KEY and the environment are not in it: keep them"
        " elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="of backups; made when it is not there")
        parser.add_argument(
            "--programs", type=Path, help="folder of pg_dump; default: as found on the PATH"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = back_up(options["folder"], machine_time(), options["programs"])
        except (BackupError, OSError) as problem:
            raise CommandError(str(problem)) from problem
        manifest = manifest_of(made)
        self.stdout.write(
            f"{sum(manifest.counts.values())} rows, {manifest.files} files, audit trail up to seal"
            f" {manifest.sealed}."
        )
        self.stdout.write(self.style.SUCCESS(f"The backup is in {made}."))
