"""What the demo's bar shows on every page: the clock, and the people one can be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from cases.demo.market import DOMAIN
from surveillance import clock
from surveillance.accounts.models import User
from surveillance.accounts.wall import beyond_the_wall
from surveillance.timemachine import machine
from surveillance.timemachine.models import TimeMachine


@dataclass(frozen=True)
class Bar:
    at: datetime

    @cached_property
    def machine(self) -> TimeMachine:
        return machine.state()

    @property
    def is_playing(self) -> bool:
        return self.machine.is_playing(self.at)

    @property
    def people(self) -> list[User]:
        with beyond_the_wall():
            return list(demo_people())


def bar(request: HttpRequest) -> dict[str, Any]:
    """A context processor: `demo_bar`, in the demo only."""
    return {"demo_bar": SimpleLazyObject(lambda: Bar(clock.now()))} if settings.DEMO else {}


def demo_people() -> QuerySet[User]:
    people = User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True)
    return people.select_related("organisation").order_by("id")
