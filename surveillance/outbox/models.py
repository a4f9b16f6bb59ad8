"""Messages that must arrive: written in the transaction that causes them, sent afterwards."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveillance.audit.models import AuditEntry
from surveillance.outbox.letter import Channel


class Endpoint(models.Model):
    """Where an organisation receives webhooks. `secret` signs (Standard Webhooks 1.0.0)."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="endpoints"
    )
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.url


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def undelivered(self) -> Self:
        return self.filter(state__in=[OutboxMessage.State.QUEUED, OutboxMessage.State.SENDING])

    def not_arrived(self) -> Self:
        """The undelivered, and those that were given up."""
        states = OutboxMessage.State
        return self.filter(state__in=[states.QUEUED, states.SENDING, states.FAILED])

    def held(self) -> Self:
        """Kept back since a restore, until somebody decides (outbox/holding.py)."""
        return self.filter(state=OutboxMessage.State.HELD)

    def notices_for(self, user_id: int) -> Self:
        return self.filter(channel=Channel.IN_APP, user_id=user_id).order_by("-created_at")

    def unread(self) -> Self:
        return self.filter(read_at=None)


class OutboxMessage(models.Model):
    """One letter to one address. The id goes out with every try, so a receiver knows a repeat."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        HELD = "held", _("held back since a restore")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.CharField(max_length=60)
    about = models.CharField(max_length=40, db_index=True)
    cause = models.ForeignKey(AuditEntry, models.PROTECT, null=True, related_name="messages")
    created_at = models.DateTimeField()

    channel = models.CharField(max_length=10, choices=[(c, c) for c in Channel])
    address = models.CharField(max_length=500)
    language = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True)
    document = models.JSONField()
    payload = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    as_pdf = models.BooleanField(default=False)
    unique_key = models.CharField(max_length=300, null=True, unique=True)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="queued"),
                name="outbox_due",
            ),
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="outbox_undelivered",
            ),
            models.Index(
                fields=["channel", "state"],
                condition=models.Q(state__in=["queued", "sending", "failed"]),
                name="outbox_not_arrived",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=models.Q(state="sending"),
                name="outbox_claimed",
            ),
            models.Index(
                fields=["created_at"], condition=models.Q(state="held"), name="outbox_held"
            ),
            models.Index(
                fields=["user", "-created_at"],
                condition=models.Q(channel="in_app"),
                name="outbox_notices",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(channel="webhook") | models.Q(endpoint__isnull=False),
                name="webhook_has_endpoint",
            ),
            models.CheckConstraint(
                condition=~models.Q(channel="in_app") | models.Q(user__isnull=False),
                name="notice_has_user",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | models.Q(delivered_at__isnull=False),
                name="delivered_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.about} → {self.address}"


class Canary(models.Model):
    """The age of `finished_at` is what health is measured by: a live process proves nothing."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    finished_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_canary")]


class Restoration(models.Model):
    """One restore of the database. Nothing is sent until it has ended: until then it is not known
    which letters have gone out already. The restore writes the row in its own transaction."""

    backup_made_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"the backup of {self.backup_made_at}, restored {self.restored_at}"
