"""manage.py bench: measure every kind of work on generated data, and print the ratios."""

import platform
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cases.bench import answer_files, delivery, imports, pages, sweep, writes
from cases.bench.pages import Effort
from cases.bench.serving import LEAN, serving
from cases.bench.table import Measured, markdown
from cases.generator.market import DOMAIN
from cases.generator.writing import holds_other_people
from cases.models import Item, Report
from surveillance import clock
from surveillance.accounts.models import User

GROUPS = (
    "pages",
    "statistics",
    "writes",
    "answers",
    "answer_files",
    "delivery",
    "import",
    "sweep",
)


class Command(BaseCommand):
    help = (
        "Measure the application on a database filled by `generate`. What it writes are rows of "
        "its own, named after the bench; a database with other people's rows is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, metavar="FILE", help="write the table there too")
        parser.add_argument("--times", type=int, default=60, help="with one client")
        parser.add_argument("--seconds", type=float, default=4, help="with eight clients")
        parser.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS, metavar="GROUP")

    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.exists() or holds_other_people():
            raise CommandError(
                f"The database {connection.settings_dict['NAME']} was not filled by `generate`: "
                "the bench writes reports, requests and letters, and only there."
            )
        effort = Effort(options["times"], options["seconds"])
        self.stdout.write(_circumstances())
        found = []
        for measured in _measure(set(options["only"]), effort):
            found.append(measured)
            self.stdout.write(" | ".join(measured.cells()))
            self.stdout.flush()
        table = f"{_circumstances()}\n\n{markdown(found)}\n"
        self.stdout.write(f"\n{table}")
        if options["out"]:
            options["out"].write_text(table, encoding="utf-8")


def _measure(wanted: set[str], effort: Effort) -> Iterator[Measured]:
    inspector = User.objects.get(email=f"inspector-1-1@{DOMAIN}")
    supervisor = User.objects.get(email=f"supervisor-1-1@{DOMAIN}")
    with serving() as ours, serving(LEAN) as lean:
        if "pages" in wanted:
            for page in pages.pages(inspector):
                yield pages.measure(page, inspector, (ours, lean), effort)
        if "statistics" in wanted:
            yield pages.tallying()
            yield pages.measure(pages.statistics(), supervisor, (ours, lean), effort)
        if "writes" in wanted:
            yield writes.change_of_state(inspector, ours, effort)
            yield writes.public_report(ours, effort)
        if "answers" in wanted:
            yield writes.answers(inspector, (ours, lean))
    alone: dict[str, Callable[[], list[Measured]]] = {
        "answer_files": lambda: answer_files.answers(inspector),
        "delivery": delivery.delivery,
        "import": lambda: [imports.feed()],
        "sweep": lambda: [sweep.deadlines()],
    }
    for name, measure in alone.items():
        if name in wanted:
            yield from measure()


def _circumstances() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
    return (
        f"{clock.now():%d %B %Y}; {Report.objects.count():,} reports, {Item.objects.count():,} "
        f"items; PostgreSQL {server}, Python {platform.python_version()}"
    )
