"""manage.py restore: bring a backup back; no letter goes out twice."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveillance.operations.backup import restoring
from surveillance.operations.backup.contents import BackupError


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database, as its owner. Letters that waited then are held"
        " until manage.py release_held."
    )
    requires_system_checks = ()  # there may be no tables to check against

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a backup, or a folder of them: the newest")
        parser.add_argument("--yes", action="store_true", help="do it; otherwise only check it")
        parser.add_argument("--replace", action="store_true", help="empty the database first")
        parser.add_argument("--finish", action="store_true", help="go on with what broke off")
        parser.add_argument(
            "--margin",
            type=int,
            default=restoring.MARGIN,
            help="numbers that references and keys skip, so that none is given twice"
            " (default: %(default)s)",
        )
        parser.add_argument(
            "--programs", type=Path, help="folder of pg_restore and psql; default: the PATH"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = restoring.Restore(
            options["folder"], options["replace"], options["margin"], options["programs"]
        )
        step = restoring.finish if options["finish"] else restoring.restore
        try:
            if not options["yes"]:
                backup, manifest = restoring.checked(wanted.folder)
                self.stdout.write(
                    f"{backup} is whole: {sum(manifest.counts.values())} rows, {manifest.files}"
                    " files. Nothing was restored; give --yes for that."
                )
                return
            step(wanted, self.stdout.write)
        except (BackupError, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(self.style.SUCCESS("The backup is restored."))
