"""manage.py drill_restore: prove that a backup can be restored, and that nothing is sent twice."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from surveillance.operations.backup.contents import BackupError
from surveillance.operations.backup.drilling import drill, scratch_database


class Command(BaseCommand):
    help = (
        "Restore a backup twice into a database beside the living one, count what would be sent,"
        " and fail if anything would be sent twice. Nothing is really sent, and the living"
        " database is not touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a backup, or a folder of them: the newest")
        parser.add_argument(
            "--into",
            default="",
            help="an empty database of the owner's on the same server; default: one is made and"
            " dropped, if the role may",
        )
        parser.add_argument("--programs", type=Path, help="folder of pg_restore and psql")

    def handle(self, *args: Any, **options: Any) -> None:
        database = options["into"] or f"{connection.settings_dict['NAME']}_drill"
        with ExitStack() as kept:
            files = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="drill-")))
            try:
                if not options["into"]:
                    kept.enter_context(scratch_database(database))
                outcome = drill(
                    options["folder"], database, files, options["programs"], self.stdout.write
                )
            except (BackupError, OSError) as problem:
                raise CommandError(str(problem)) from problem
        told = f"{outcome.left} letters left before the loss, {outcome.held} were held after it"
        if outcome.twice:
            raise CommandError(f"{told}, and {outcome.twice} went out twice.")
        if not outcome.left:
            told = f"{told}: nothing waited then, so this shows only that it can be restored"
        self.stdout.write(self.style.SUCCESS(f"{told}, and none went out twice."))
