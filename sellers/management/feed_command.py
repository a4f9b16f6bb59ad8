"""What the commands that import a feed have in common: options, progress, what is printed."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from sellers.flows.feed_imports import Intake, Outcome, import_file, rehearse_file
from surveillance.accounts.actor import SYSTEM
from surveillance.jobs.counts import Counts
from surveillance.jobs.models import Job, JobProblem


class FeedCommand(BaseCommand):
    """Files in order, each a job of its own. One that cannot be read does not stop the others.

    Standard output lists every rejected row and ends with the counts of all files; what stopped a
    file goes to standard error, and the exit code is 1.
    """

    intakes: ClassVar[dict[str, Callable[[], Intake[Any]]]]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="gzip or not")
        parser.add_argument("--feed", required=True, choices=sorted(self.intakes))
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would be done, write nothing"
        )
        parser.add_argument(
            "--since", type=_day, metavar="YYYY-MM-DD", help="leave older records out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        outcomes = []
        with tqdm(
            total=sum(path.stat().st_size for path in files if path.is_file()),
            unit="B",
            unit_scale=True,
            disable=not sys.stderr.isatty(),
            file=sys.stderr,
        ) as bar:
            for path in files:
                outcome = self._import(path, bar, options)
                outcomes.append(outcome)
                if outcome.state == Job.State.CANCELLED:
                    break
        self._conclude(outcomes, len(files), options["since"])

    def _import(self, path: Path, bar: "tqdm[Any]", options: dict[str, Any]) -> Outcome:
        start = bar.n

        def watch(problems: Sequence[JobProblem], position: int) -> None:
            bar.update(start + position - bar.n)
            self._list(path, problems, options["verbosity"])

        intake = self.intakes[options["feed"]]()
        carry_out = rehearse_file if options["dry_run"] else import_file
        try:
            with path.open("rb") as stream:
                outcome = carry_out(intake, stream, by=SYSTEM, since=options["since"], watch=watch)
        except OSError as error:
            outcome = Outcome(Counts(), Job.State.FAILED, f"{path.name}: {error.strerror}")
        if outcome.error:
            with tqdm.external_write_mode():
                self.stderr.write(outcome.error)
        return outcome

    def _list(self, path: Path, problems: Sequence[JobProblem], verbosity: int) -> None:
        """Rejected rows; what was mended as well with --verbosity 2."""
        shown = [
            problem
            for problem in problems
            if problem.kind == JobProblem.Kind.REJECTED or verbosity > 1
        ]
        if shown:
            with tqdm.external_write_mode():
                for problem in shown:
                    self.stdout.write(f"{path.name}, {problem}")

    def _conclude(self, outcomes: Sequence[Outcome], files: int, since: date | None) -> None:
        counts = sum((outcome.counts for outcome in outcomes), Counts())
        if since:
            self.stdout.write(
                ngettext(
                    "%(number)s row older than %(day)s left out",
                    "%(number)s rows older than %(day)s left out",
                    counts.left_out,
                )
                % {"number": counts.left_out, "day": since.isoformat()}
            )
        self.stdout.write(str(counts))
        if outcomes[-1].state == Job.State.CANCELLED:
            raise CommandError(_("Cancelled. What was written until then stays."))
        if failed := sum(1 for outcome in outcomes if outcome.error):
            raise CommandError(
                ngettext(
                    "%(failed)s of %(files)s file could not be read to its end.",
                    "%(failed)s of %(files)s files could not be read to their end.",
                    files,
                )
                % {"failed": failed, "files": files}
            )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("“%(text)s” is not a day like 2026-12-31") % {"text": text}
        ) from error
