"""Messages that must arrive: written in the transaction that causes them, sent afterwards."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.audit.models import AuditEntry
from surveillance.outbox.letter import Channel
from surveillance.references import SANDBOX_PREFIX

DIGEST_IS_LATE = timedelta(minutes=75)  # a letter waits for the next full hour at most


class Held(models.TextChoices):
    """Why a letter is kept back; only what nothing holds is claimed."""

    DIGEST = "digest", _("for a digest")
    BREAKER = "breaker", _("by the breaker")


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def visible_to(self, actor: Actor) -> Self:
        """In the delivery log: administrators and supervisors see every letter, a platform's
        manager what went to the own webhooks."""
        if actor.is_system or actor.may(Right.SEE_DELIVERIES):
            return self
        if actor.may(Right.MANAGE_WEBHOOKS):
            return self.filter(endpoint__organisation_id=actor.organisation_id or 0)
        return self.none()

    def real(self) -> Self:
        """Those that count: letters about sandbox demands do so nowhere."""
        return self.exclude(about__startswith=SANDBOX_PREFIX)

    def undelivered(self) -> Self:
        return self.filter(state=OutboxMessage.State.QUEUED)

    def due(self, at: datetime) -> Self:
        """Undelivered, and it is on us: nothing holds them and their destination is not known to
        be away. (That our own mail server is away is on us, and so is a letter that should have
        been in a digest by now.)"""
        away = Lane.objects.filter(key__contains=":", not_before__gt=at)
        ready = models.Q(held="", next_attempt_at__lte=at)
        left_over = models.Q(held=Held.DIGEST, next_attempt_at__lte=at - DIGEST_IS_LATE)
        return self.undelivered().filter(ready | left_over).exclude(lane__in=away.values("key"))

    def to_gather(self, at: datetime) -> Self:
        """Chasing letters whose reader is at work: outbox/gathering.py lets them go."""
        return self.undelivered().filter(held=Held.DIGEST, next_attempt_at__lte=at)

    def not_arrived(self) -> Self:
        """The undelivered, and those that were given up or came back."""
        states = OutboxMessage.State
        return self.filter(state__in=[states.QUEUED, states.FAILED, states.BOUNCED])

    def leaving(self) -> Self:
        """What leaves the house: not the notices in the application."""
        return self.exclude(channel=Channel.IN_APP)

    def held(self) -> Self:
        """Kept back by a restore or the breaker, until somebody decides (outbox/holding.py)."""
        return self.filter(state=OutboxMessage.State.HELD)

    def left_since(self, instant: datetime) -> Self:
        """What has left the house since; not what somebody has let go."""
        return self.leaving().filter(delivered_at__gt=instant, released_at=None)

    def notices_for(self, user_id: int) -> Self:
        """Those that stand for themselves: what is in a digest, or about to be, is not shown."""
        own = self.filter(channel=Channel.IN_APP, user_id=user_id, held="", digest=None)
        return own.order_by("-created_at", "pk")

    def unread(self) -> Self:
        return self.filter(read_at=None)


class OutboxMessage(models.Model):
    """One letter to one address. The id goes out with every try, so a receiver knows a repeat.

    It is queued until it has arrived or is given up; who is sending it holds its lane.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        BOUNCED = "bounced", _("came back")
        HELD = "held", _("held back")
        GATHERED = "gathered", _("in a digest")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.CharField(max_length=60)
    about = models.CharField(max_length=40, db_index=True)
    cause = models.ForeignKey(AuditEntry, models.PROTECT, null=True, related_name="messages")
    created_at = models.DateTimeField()

    channel = models.CharField(max_length=10, choices=[(c, c) for c in Channel])
    address = models.CharField(max_length=500)
    language = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    endpoint = models.ForeignKey("webhooks.Endpoint", models.CASCADE, null=True)
    document = models.JSONField()
    payload = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    as_pdf = models.BooleanField(default=False)
    unique_key = models.CharField(max_length=300, null=True, unique=True)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lane = models.CharField(max_length=60, db_default="")
    queued_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField()
    held = models.CharField(max_length=20, choices=Held, blank=True, default="", db_default="")
    time_zone = models.CharField(max_length=40, blank=True, default="", db_default="")
    # A chasing letter: `held` for its digest, or let go alone, or named in `digest`.
    gathers = models.BooleanField(default=False, db_default=False)
    digest = models.ForeignKey(
        "self", models.SET_NULL, null=True, db_index=False, related_name="gathered"
    )
    released_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["lane", "next_attempt_at"],
                condition=models.Q(state="queued", held=""),
                name="outbox_next_in_lane",
            ),
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="queued"),
                name="outbox_queued",
            ),
            models.Index(
                fields=["channel", "state"],
                condition=models.Q(state__in=["queued", "failed", "bounced"]),
                name="outbox_undone",
            ),
            models.Index(
                fields=["created_at"], condition=models.Q(state="held"), name="outbox_held"
            ),
            models.Index(
                fields=["user", "-created_at"],
                include=["read_at"],
                condition=models.Q(channel="in_app", held="", digest=None),
                name="outbox_notices_shown",
            ),
            models.Index(
                fields=["channel", "address", "next_attempt_at"],
                condition=models.Q(state="queued", held="digest"),
                name="outbox_to_gather",
            ),
            models.Index(
                fields=["channel", "address", "queued_at"],
                condition=models.Q(gathers=True, held="", digest=None),
                name="outbox_let_go_alone",
            ),
            models.Index(
                fields=["digest"], condition=models.Q(digest__isnull=False), name="outbox_digests"
            ),
            models.Index(
                fields=["delivered_at"],
                condition=~models.Q(channel="in_app") & models.Q(released_at=None),
                name="outbox_left",
            ),
            models.Index(
                fields=["endpoint", "-created_at", "-id"],
                condition=models.Q(channel="webhook"),
                name="outbox_endpoint_log",
            ),
            models.Index(fields=["-created_at", "-id"], name="outbox_log"),
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


class Lane(models.Model):
    """A destination that a batch is on its way to, or that has failed lately. A destination
    without a row is free and well.

    A key without ":" is the gate of a whole channel ("email": our own mail server). `failures`
    counts failed tries since the last arrival; nothing is sent before `not_before`.
    """

    key = models.CharField(max_length=60, primary_key=True)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class Attempt(models.Model):
    """One try to hand a letter over, as the delivery log shows it; kept for 30 days.

    `request` and `response` hold {"headers": {…}, "body": "…"}, bodies cut, secrets left out;
    `status` is that of HTTP or the reply code of SMTP, null when nobody answered.
    """

    class Outcome(models.TextChoices):
        ARRIVED = "arrived", _("arrived")
        LATER = "later", _("to be tried again")
        REFUSED = "refused", _("refused for good")

    message = models.ForeignKey(OutboxMessage, models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(db_index=True)
    milliseconds = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    status = models.PositiveSmallIntegerField(null=True)
    reply = models.TextField(blank=True)
    request = models.JSONField(default=dict)
    response = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.message_id} {self.number} {self.outcome}"


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
