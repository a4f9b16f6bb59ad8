"""manage.py demo --days 14: play the demo's clock forward, and tell what happened.

A second run goes on from where the clock stands.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from unicodedata import east_asian_width

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from tqdm import tqdm

from cases.demo.dice import Dice
from cases.demo.playing import play
from cases.demo.recording import DEEDS, Recording, record
from cases.states import LABELS
from cases.stats.figures import Figures, Share
from cases.stats.scope import authority_zone
from surveillance import clock
from surveillance.accounts.models import User
from surveillance.timemachine import machine

FIGURES = ("requested", "verified_removed", "refused", "still_open", "overdue", "missed")


class Command(BaseCommand):
    help = "Play the demo's clock forward by days, hour by hour, and tell what happened."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=14, help="1 to 60; default 14")
        parser.add_argument("--seed", type=int, default=1, help="of chance; default 1")

    def handle(self, *args: Any, days: int, seed: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only in the demo: set SURVEILLANCE_DEMO=1.")
        if not User.objects.exists():
            call_command("seed_demo", stdout=self.stdout)
        begun_at = clock.now()
        try:
            goal = machine.set_goal(days * 24).goal
        except ValueError as problem:
            raise CommandError(f"--days: {problem}") from problem
        with (
            translation.override("en"),
            tqdm(total=days * 24, unit="h", disable=None, leave=False) as bar,
        ):
            if not play(Dice(seed), watch=lambda at: bar.update()):
                raise CommandError(f"Another process is playing; it goes on to {goal:%d %b %H:%M}.")
        self._tell(record(begun_at, clock.now()))

    def _tell(self, recording: Recording) -> None:
        with translation.override("en"):
            for line in told(recording):
                self.stdout.write(line)


def told(recording: Recording) -> Iterable[str]:
    """The recording in words and tables."""
    yield f"Played from {_moment(recording.begun_at)} to {_moment(recording.ended_at)}."
    yield from _table(
        "What happened",
        ("", "times"),
        [(str(title), recording.deeds.get(name, 0)) for name, (title, _verbs) in DEEDS.items()],
    )
    yield from _table(
        "Letters",
        ("kind", "channel", "letters"),
        [(*kind, times) for kind, times in recording.letters.items()],
    )
    yield from _table(
        "Answers",
        ("platform", "outcome", "listings"),
        [
            (platform, str(LABELS[outcome]), times)
            for (platform, outcome), times in recording.answers.items()
        ],
    )
    figures = recording.figures
    yield from _table(
        f"The statistics, as of {_moment(recording.ended_at)}",
        ("platform", *FIGURES, "within the limit"),
        [
            *(_figures(key.name, found) for key, found in figures.by_platform.items()),
            _figures("all", figures.total),
        ],
    )


def _figures(name: str, found: Figures) -> tuple[object, ...]:
    return (name, *(found[figure] for figure in FIGURES), _share(found.within_limit))


def _share(share: Share) -> str:
    of = f"{share.part} of {share.whole}"
    return of if share.percent is None else f"{of} ({share.percent:.1f} %)"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(authority_zone()):%a %d %b %Y %H:%M}"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterable[str]:
    lines = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(head))]
    yield f"\n{title}"
    for line in lines:
        cells = (cell + " " * (w - _width(cell)) for cell, w in zip(line, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _width(text: str) -> int:
    """In columns of a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
