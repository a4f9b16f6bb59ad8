"""A view of a list under a name: its filters and its sort order, as they stand in the address."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Office, Organisation
from surveillance.accounts.rights import Right


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, and what colleagues share: those of the office, or of the platform."""
        if actor.user_id is None:
            return self.none()
        colleagues = models.Q(organisation=actor.organisation_id, is_shared=True)
        here = models.Q(office=actor.office_id) if actor.office_id else models.Q(office=None)
        return self.filter(models.Q(owner=actor.user_id) | (colleagues & here))

    def of_list(self, list_name: str) -> Self:
        """Of one list, those of one's own making and of others by their names."""
        return self.filter(list_name=list_name).order_by("name", "id")


class SavedView(models.Model):
    """`list_name` is the route of the list, `query` what follows the question mark. Who shares it
    shares it with the own office as it is then; a platform's people have none."""

    NAME_LENGTH, QUERY_LENGTH = 60, 1_000

    reference = models.CharField(max_length=20, unique=True)
    list_name = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    is_shared = models.BooleanField(default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, models.CASCADE, null=True, related_name="+")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"], name="a_view_s_name_is_used_once"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "list_name"], name="saved_view_organisation_list")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{reverse(self.list_name)}?{self.query}"

    def may_be_changed_by(self, actor: Actor) -> bool:
        """By whoever made it; what is shared also by those who answer for the people there."""
        is_own = self.owner_id == actor.user_id
        return is_own or (self.is_shared and actor.may(Right.MANAGE_AGENTS))
