"""manage.py generate: five years of made-up work, to measure against and to look at."""

import os
from argparse import ArgumentParser
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from cases.generator.distributions import WEEKS
from cases.generator.market import DOMAIN, NoReferenceData
from cases.generator.writing import Order, Progress, write
from surveillance import clock
from surveillance.accounts.models import User

_AMOUNTS = {"reports": 200_000, "items": 200_000, "platforms": 60, "sellers": 20_000}


class Command(BaseCommand):
    help = (
        "Fill an empty database with five years of made-up reports, cases and demands. A listing "
        "that came back is a second item, so there are about 2 % more items than asked for. "
        "DEMO_PASSWORD, when set, lets the first inspector and supervisor sign in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, default in _AMOUNTS.items():
            parser.add_argument(f"--{name}", type=int, default=default, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same rows")
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="DAY", help="the first day without rows"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if wrong := [name for name in _AMOUNTS if options[name] < 1]:
            raise CommandError(f"--{wrong[0]}: at least 1, not {options[wrong[0]]}.")
        if User.objects.exists():
            raise CommandError(
                f"The database {connection.settings_dict['NAME']} holds accounts already. "
                "Generated data want an empty one, migrated and with reference data."
            )
        day = options["until"] or clock.now().date()
        order = Order(
            **{name: options[name] for name in _AMOUNTS},
            seed=options["seed"],
            until=datetime.combine(day, time(), tzinfo=UTC),
            password=os.environ.get("DEMO_PASSWORD", ""),
        )
        with tqdm(total=WEEKS, unit="week", mininterval=timedelta(seconds=5).seconds) as bar:

            def show(progress: Progress) -> None:
                bar.set_postfix(reports=progress.reports, items=progress.items, refresh=False)
                bar.update()

            try:
                write(order, show)
            except NoReferenceData as problem:
                raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{order.reports:,} reports and {order.items:,} items until {day}. "
            f"Inspector: inspector-1-1@{DOMAIN}, supervisor: supervisor-1-1@{DOMAIN}."
        )
