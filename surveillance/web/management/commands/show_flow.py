"""manage.py show_flow [KIND]: the states and verbs of a kind of row, as a Mermaid diagram."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveillance.web import diagrams


class Command(BaseCommand):
    help = "Print the state diagram of a kind of row (takedown, item, report, case …)."
    requires_system_checks = ()  # it reads declarations: no server is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", help="without it: the whole of docs/flows.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["kind"]:
            self.stdout.write(diagrams.page(), ending="")
            return
        try:
            self.stdout.write(diagrams.diagram(options["kind"]))
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
