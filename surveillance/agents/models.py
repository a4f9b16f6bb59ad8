"""Who works for a platform here: invited, then there, then not any more."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.models import ROLE_TITLES, Organisation
from surveillance.accounts.rights import PLATFORM_SIDE, Right, Role
from surveillance.flow import FlowModel

ROLES = [(role.value, title) for role, title in ROLE_TITLES.items() if role in PLATFORM_SIDE]


class AgentQuerySet(models.QuerySet["Agent"]):
    def visible_to(self, actor: Actor) -> Self:
        """The authority's people see all, a platform its own; who was invited, the own seat."""
        if actor.is_system or actor.is_staff or actor.may(Right.MANAGE_PLATFORM):
            return self
        if actor.is_platform:
            return self.filter(organisation_id=actor.organisation_id)
        if actor.may(Right.ACCEPT_INVITATION) and actor.key:
            return self.filter(reference=actor.key)
        return self.none()

    def present(self) -> Self:
        return self.filter(state=Agent.State.JOINED)

    def invited(self) -> Self:
        return self.filter(state=Agent.State.INVITED)

    def managing(self) -> Self:
        return self.present().filter(role=Role.PLATFORM_MANAGER)

    def for_list(self) -> Self:
        """Those who are there first, then those who are to come."""
        gone = models.Q(state__in=[Agent.State.WITHDRAWN, Agent.State.REMOVED])
        rows = self.exclude(gone).select_related("organisation", "user")
        return rows.order_by("organisation__name", "-state", "name", "id")


class Agent(FlowModel):
    """The seat of one person at a platform: an agent's, or a manager's. An account is made when the
    invitation is accepted. Of its link only a digest is kept, and no longer than it works."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        JOINED = "joined", _("has an account")
        WITHDRAWN = "withdrawn", _("invitation withdrawn")
        REMOVED = "removed", _("removed")

    LABEL = "agent"
    PERSONAL = frozenset({"name", "email", "link_digest"})

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    reference = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="seats"
    )
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(max_length=20, choices=ROLES)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    invited_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    link_digest = models.CharField(max_length=64, blank=True)
    joined_at = models.DateTimeField(null=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(state__in=["invited", "joined"]),
                name="one_seat_for_each_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["joined", "removed"]) | models.Q(user__isnull=False),
                name="who_has_joined_has_an_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder(self) -> Actor:
        """Whoever holds the link: nobody yet, but for this seat."""
        return Actor(Role.PUBLIC, self.name, key=self.reference)

    def has_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at
