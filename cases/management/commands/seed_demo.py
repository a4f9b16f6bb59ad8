"""manage.py seed_demo: fill an empty database with the demo, once, and say who can sign in."""

import os
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.demo.market import DOMAIN, raise_cast
from cases.demo.registers import fill_registers
from cases.demo.story import DAYS, at_time, tell
from surveillance import clock
from surveillance.accounts.models import User


class Command(BaseCommand):
    help = "Fill an empty database with the demo; a second time it only lists the accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("DEMO_PASSWORD is not set; ./run makes one.")
        if not User.objects.exists():
            self._fill(password)
        elif not User.objects.filter(email__endswith=f"@{DOMAIN}").exists():
            raise CommandError("This database holds real accounts; the demo wants an empty one.")
        self._say(password)

    @transaction.atomic
    def _fill(self, password: str) -> None:
        """All of it or nothing: a start that was broken off begins anew."""
        until = clock.now()
        with at_time(begin := until - timedelta(days=DAYS + 1)):
            cast = raise_cast(begin, password)
            fill_registers()
        tell(cast, until)

    def _say(self, password: str) -> None:
        self.stdout.write(f"Demo accounts (password of all: {password})")
        people = User.objects.filter(email__endswith=f"@{DOMAIN}").select_related("organisation")
        for user in people.order_by("id"):
            self.stdout.write(f"  {user.email:24} {user.role:17} {user.organisation}")
