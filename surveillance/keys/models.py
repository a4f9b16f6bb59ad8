"""Keys with which an organisation's own system uses the API."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import RIGHTS, SCOPE_RIGHTS, Right, Role, Scope
from surveillance.flow import FlowModel

SCOPES = [
    (Scope.READ, _("read what the organisation may see")),
    (Scope.ANSWER, _("acknowledge and answer takedown requests")),
    (Scope.REPORT, _("send reports of unsafe products")),
    (Scope.MANAGE, _("manage the organisation's webhooks")),
    (Scope.SCREEN, _("check products against the public register")),
]
ROLES = {
    Organisation.Kind.PLATFORM: Role.AGENT,
    Organisation.Kind.FOREIGN_AUTHORITY: Role.FOREIGN_AUTHORITY,
    Organisation.Kind.PARTNER: Role.PARTNER,
}
# Whose managers have keys that act for them, within the scope MANAGE and no further.
MANAGERS = {Organisation.Kind.PLATFORM: Role.PLATFORM_MANAGER}


def role_of(kind: str, scopes: Collection[str]) -> Role:
    """As whom a key acts."""
    own = Organisation.Kind(kind)
    return MANAGERS.get(own, ROLES[own]) if Scope.MANAGE in scopes else ROLES[own]


def usable_scopes(kind: str) -> list[Scope]:
    """What a key of such an organisation can be for: READ, and what its role has rights for."""
    return [
        scope
        for scope in Scope
        if not SCOPE_RIGHTS[scope] or SCOPE_RIGHTS[scope] & RIGHTS[role_of(kind, {scope})]
    ]


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def visible_to(self, actor: Actor) -> Self:
        """Administrators see every organisation's, a platform's manager its own."""
        if actor.is_system or actor.may(Right.CONFIGURE):
            return self
        if actor.may(Right.MANAGE_KEYS):
            return self.filter(organisation_id=actor.organisation_id)
        return self.none()

    def live(self, at: datetime) -> Self:
        return self.filter(state=ApiKey.State.LIVE).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        )

    def for_list(self) -> Self:
        return self.select_related("organisation").order_by("state", "-created_at", "-id")


class ApiKey(FlowModel):
    """`prefix` names the key in lists and in the trail; of the secret only the digest is kept
    (SHA-256: the secret is random and long, so that nothing slower is needed)."""

    class State(models.TextChoices):
        LIVE = "live", _("live")
        REVOKED = "revoked", _("revoked")

    LABEL = "key"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="keys")
    name = models.CharField(_("what it is for"), max_length=100)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=SCOPES))
    state = models.CharField(max_length=10, choices=State, default=State.LIVE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__len__gt=0), name="a_key_is_for_something"
            )
        ]
        indexes = [models.Index(fields=["organisation", "name"], name="key_organisation_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def audit_reference(self) -> str:
        return f"key:{self.prefix}"

    @property
    def actor(self) -> Actor:
        return Actor(
            role=role_of(self.organisation.kind, self.scopes),
            name=self.organisation.name,
            organisation_id=self.organisation_id,
            key=self.prefix,
            scopes=frozenset(Scope(scope) for scope in self.scopes),
        )
