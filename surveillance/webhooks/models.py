"""Where organisations receive webhooks, and orders to send letters again."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right
from surveillance.flow import FlowModel
from surveillance.outbox import vault
from surveillance.outbox.lanes import endpoint_lane


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, actor: Actor) -> Self:
        """Administrators see every organisation's, a platform's manager its own."""
        if actor.is_system or actor.may(Right.CONFIGURE):
            return self
        if actor.may(Right.MANAGE_WEBHOOKS):
            return self.filter(organisation_id=actor.organisation_id or 0)
        return self.none()

    def kept(self) -> Self:
        """Not the deleted, which stay for their log alone."""
        return self.exclude(state=Endpoint.State.DELETED)

    def on(self) -> Self:
        return self.filter(state=Endpoint.State.ON)

    def for_list(self) -> Self:
        return self.select_related("organisation").order_by("organisation__name", "id")


class Endpoint(FlowModel):
    """An address that letters to an organisation are posted to, signed (Standard Webhooks 1.0.0).

    Secrets are sealed (surveillance/outbox/vault.py). After a rotation the one before signs too,
    until `old_secret_until`. `events`: names of letters; none, and it gets all.
    """

    class State(models.TextChoices):
        ON = "on", _("on")
        OFF = "off", _("switched off")
        DELETED = "deleted", _("deleted")

    LABEL = "endpoint"
    PERSONAL = frozenset({"secret", "old_secret"})  # not even sealed in the trail

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="endpoints")
    reference = models.CharField(max_length=20, unique=True)
    name = models.CharField(_("what it is for"), max_length=100, blank=True)
    url = models.URLField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    old_secret_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.ON)
    off_because = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = EndpointQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url

    @property
    def is_on(self) -> bool:
        return self.state == self.State.ON

    @property
    def lane(self) -> str:
        return endpoint_lane(self.pk)

    def live_secrets(self, at: datetime) -> list[str]:
        """In the plain, the new one first. Raises vault.Unreadable."""
        sealed = [self.secret]
        if self.old_secret and self.old_secret_until and at < self.old_secret_until:
            sealed.append(self.old_secret)
        return [vault.unseal(one) for one in sealed]


class ReplayQuerySet(models.QuerySet["Replay"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system or actor.may(Right.SEE_DELIVERIES):
            return self
        if actor.may(Right.REPLAY_MESSAGES):
            return self.filter(organisation_id=actor.organisation_id or 0)
        return self.none()


class Replay(FlowModel):
    """An order about letters: to send again those that had arrived or been given up, to let go or
    drop those that were held back. Each keeps its id.
    `organisation`: whose manager gave it; null for the authority's own staff."""

    LABEL = "replay"

    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True)
    messages = models.PositiveIntegerField()
    criteria = models.JSONField(default=dict)

    objects = ReplayQuerySet.as_manager()

    def __str__(self) -> str:
        return self.audit_reference
