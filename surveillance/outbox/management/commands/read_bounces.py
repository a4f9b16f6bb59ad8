"""manage.py read_bounces [FILE …]: mark letters that came back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from surveillance import clock
from surveillance.outbox.bounces import mailbox, reading


class Command(BaseCommand):
    help = (
        "Read delivery status notifications and mark the letters that did not arrive: from the "
        "mailbox of BOUNCE_MAILBOX_URL, or from files with one mail each."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["files"]:
                read = reading.read_files(options["files"], clock.now())
            elif settings.BOUNCE_MAILBOX_URL:
                read = reading.read_mailbox(settings.BOUNCE_MAILBOX_URL, clock.now())
            else:
                raise CommandError("Name files, or set BOUNCE_MAILBOX_URL.")
        except (OSError, mailbox.NoMailbox) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{read.mails} mails read, {read.notices} tell of a letter of ours,"
            f" {read.marked} letters marked."
        )
