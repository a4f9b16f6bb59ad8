"""manage.py release_held: what becomes of letters held back by a restore or by the breaker."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from surveillance import clock
from surveillance.accounts.actor import SYSTEM
from surveillance.outbox import holding
from surveillance.webhooks.flows import held


class Command(BaseCommand):
    help = (
        "Without options: say what is held. First --delivered with the log of what left after the"
        " backup; then release the rest, or discard it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--delivered",
            type=Path,
            action="append",
            default=[],
            help="log of workers or mail server, or list of ids: those letters count as delivered;"
            " may be given several times",
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="release all that are held")
        which.add_argument(
            "--before", type=_instant, help="release those written before, 2026-11-24T02:00Z"
        )
        parser.add_argument("--discard", action="store_true", help="do not release, but discard")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["discard"] and not (options["all"] or options["before"]):
            raise CommandError("Say which are to be discarded: --all or --before.")
        if holding.everything_stands_still():
            raise CommandError("A restore is going on: first manage.py restore FOLDER --finish.")
        for log in options["delivered"]:
            self._note(log)
        if options["all"] or options["before"]:
            self._decide(options["before"], discard=options["discard"])
        self._tell()

    def _note(self, log: Path) -> None:
        try:
            with log.open(encoding="utf-8", errors="replace") as lines:
                ids = set(holding.arrivals_in(lines))
        except OSError as problem:
            raise CommandError(f"{log} cannot be read: {problem}") from problem
        noted = holding.note_arrivals(ids, clock.now())
        self.stdout.write(f"{log}: {len(ids)} letters arrived, {noted} of them were held.")

    def _decide(self, before: datetime | None, *, discard: bool) -> None:
        letters, decide = holding.held(before), held.discard if discard else held.release
        try:
            decided = decide(letters, by=SYSTEM, reason="manage.py release_held").messages
        except ValidationError:  # none is held
            decided = 0
        self.stdout.write(f"{decided} are {'discarded' if discard else 'released'}.")

    def _tell(self) -> None:
        for kind in holding.tally():
            why = "by the breaker" if kind.by_breaker else "since a restore"
            self.stdout.write(f"{kind.number:6} {kind.letter}, {why}")
        self.stdout.write(f"{holding.held().count()} letters are held.")


def _instant(text: str) -> datetime:
    instant = parse_datetime(text)
    if instant is None or not is_aware(instant):
        raise ValueError(text)  # argparse says which option it was
    return instant
