"""Calendars and regimes: the rules that deadlines follow, as versioned rows.

A row is one version and never changes; a new version is a new row, and one of each code is
current. Whatever was computed names code and version, so it can always be derived again.
"""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.clock import Limit, StartRule, Unit, WorkingCalendar
from surveillance.flow import FlowModel

NOTE_LENGTH = 300


class VersionedQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """All, for those who work by the rules; a platform reads them in its letters."""
        return self if actor.is_system or actor.may(Right.SEE_RULES) else self.none()

    def current(self) -> Self:
        return self.filter(is_current=True)

    def versions_of(self, code: str) -> Self:
        return self.filter(code=code).select_related("made_by").order_by("-version")


class Versioned(FlowModel):
    """`version` counts the versions of the code; `changed_at` is when this one was made, `made_by`
    who made it (empty: as delivered), and `note` says why."""

    code = models.CharField(max_length=40)
    changed_at = models.DateTimeField(editable=False, db_column="made_at")
    is_current = models.BooleanField(default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="%(class)s_version_unique"),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(is_current=True),
                name="%(class)s_has_one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def audit_reference(self) -> str:
        """The same for all versions, so that one history tells of them."""
        return f"{self.LABEL}:{self.code}"[:40]


class Calendar(Versioned):
    """The working days of a jurisdiction.

    `weekend`: weekday numbers, Monday 0. `holidays` and `extra_working_days`: {ISO date: name}.
    Outside `first_day`…`last_day` nothing is known, and asking raises CalendarHorizon.
    """

    LABEL = "calendar"

    name = models.CharField(max_length=120)
    jurisdiction = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=40)
    weekend = models.JSONField()
    holidays = models.JSONField(default=dict)
    extra_working_days = models.JSONField(default=dict)
    first_day = models.DateField()
    last_day = models.DateField()
    source = models.TextField()

    def working(self) -> WorkingCalendar:
        return WorkingCalendar(
            code=self.code,
            version=self.version,
            time_zone=self.time_zone,
            weekend=frozenset(self.weekend),
            holidays={date.fromisoformat(day): name for day, name in self.holidays.items()},
            extra_working_days={
                date.fromisoformat(day): name for day, name in self.extra_working_days.items()
            },
            first_day=self.first_day,
            last_day=self.last_day,
        )


class Kind(models.TextChoices):
    """What a demand is: binding, or a flag under a notice-and-action rule or a pledge."""

    ORDER = "order", _("order")
    NOTICE = "notice", _("notice")


class Regime(Versioned):
    """The rule that a demand is made under."""

    LABEL = "regime"

    name = models.CharField(max_length=160)
    jurisdiction = models.CharField(max_length=2)
    kind = models.CharField(max_length=10, choices=Kind)
    legal_basis = models.TextField()
    source = models.TextField(blank=True)
    limit_amount = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=20, choices=[(u, u) for u in Unit])
    start_rule = models.CharField(max_length=30, choices=[(r, r) for r in StartRule])
    cut_off = models.TimeField(null=True)
    day_ends_at = models.TimeField(null=True)
    calendar_code = models.CharField(max_length=40)
    # Working days (or hours) before due at which the recipient is reminded, e.g. [1].
    reminders = models.JSONField(default=list)
    # What happens after a missed deadline: [{"after": working days, "to": "supervisor"}, …].
    escalation = models.JSONField(default=list)
    four_eyes = models.BooleanField(default=False)
    extension_approvals = models.PositiveSmallIntegerField(default=1)
    is_local_policy = models.BooleanField(default=False)

    def limit(self) -> Limit:
        return Limit(
            amount=self.limit_amount,
            unit=Unit(self.limit_unit),
            start_rule=StartRule(self.start_rule),
            cut_off=self.cut_off,
            day_ends_at=self.day_ends_at,
        )
