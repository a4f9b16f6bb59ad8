"""Sums that statistics add up, so that a view need not count every listing there ever was."""

from typing import Self

from django.db import models

from cases.models.takedown import TakedownRequest
from sellers.models import Platform
from surveillance.accounts.actor import Actor
from surveillance.calendars.models import Kind


class TallyQuerySet(models.QuerySet["Tally"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.is_staff or actor.is_system:
            return self
        if actor.is_platform:
            return self.filter(platform_id=actor.organisation_id)
        return self.none()


class Tally(models.Model):
    """How many listings of one platform, regime and month of issue a number counts; with
    `working_days`, how many of them took so long.

    Not in any tally: listings of restricted cases, which not everybody sees, and whether a limit
    has passed, which depends on the hour. Those are counted when they are asked for.
    """

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    regime = models.CharField(max_length=40)
    month = models.DateField()
    name = models.CharField(max_length=30)
    working_days = models.PositiveSmallIntegerField(null=True)
    listings = models.PositiveIntegerField()

    objects = TallyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["platform", "regime", "month"], name="tally_group")]

    def __str__(self) -> str:
        return f"{self.platform_id} {self.regime} {self.month:%Y-%m} {self.name}: {self.listings}"


class TallyMark(models.Model):
    """Something about the listings of this request has changed since they were tallied.

    Triggers write these (migration 0002_tallies), in the transaction of the change, whoever makes
    it; the sweep takes them away.
    """

    takedown = models.ForeignKey(
        TakedownRequest, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return f"{self.takedown_id}"


class TallyBasis(models.Model):
    """By which calendars, time zone and numbers the tallies were counted: others make all void."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    basis = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_tally_basis")
        ]

    def __str__(self) -> str:
        return self.basis
