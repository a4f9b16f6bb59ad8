"""Contests: a platform speaks for a seller that stands in a tier."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sellers.models import Platform, Seller
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowModel


class ContestQuerySet(models.QuerySet["Contest"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff all, a platform its own."""
        if actor.is_staff or actor.is_system:
            return self
        if actor.is_platform:
            return self.filter(platform_id=actor.organisation_id)
        return self.none()

    def open(self) -> Self:
        return self.filter(state=Contest.State.OPEN)

    def for_list(self) -> Self:
        return self.select_related("platform", "seller")


def stored_as(contest: "Contest", filename: str) -> str:
    return f"contests/{uuid.uuid4().hex}"


class Contest(FlowModel):
    """`handle` is the seller's account on the platform, by which the platform knows it: the seller
    itself is the authority's own view. `tier` is the one that is contested. There may be no file.
    """

    LABEL = "contest"
    LOCK_FIRST = "seller"

    class State(models.TextChoices):
        OPEN = "open", _("to be reviewed")
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    reference = models.CharField(max_length=20, unique=True)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="contests")
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="contests")
    handle = models.CharField(max_length=150)
    tier = models.CharField(max_length=20, choices=Seller.Tier)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField()
    file = models.FileField(upload_to=stored_as, max_length=200, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decision = models.TextField(blank=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "seller"],
                condition=models.Q(state="open"),
                name="one_open_contest_of_a_platform",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open")
                | models.Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~models.Q(decision=""),
                name="a_decided_contest_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["state", "filed_at", "id"], name="contest_state_filed")]

    def __str__(self) -> str:
        return f"{self.platform}: {self.handle}"

    def audit_context(self) -> list[str]:
        return [self.seller.reference]
