"""Appeals: a platform says that the authority decided wrongly about its answer."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.takedown import ITEM_STATES, Item
from cases.states import ITEM_OPEN
from surveillance.accounts.actor import Actor


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, actor: Actor) -> Self:
        """By the item, on both sides."""
        if actor.is_system:
            return self
        seen = Item.objects.visible_to(actor).filter(pk=models.OuterRef("item_id"))
        return self.filter(models.Exists(seen))

    def of_request(self) -> models.Exists:
        """Whether the request of the query around this one has any: spares a query where not."""
        return models.Exists(self.filter(item__takedown=models.OuterRef("pk")))

    def open(self) -> Self:
        """To be decided: a listing that was withdrawn needs no decision any more."""
        return self.filter(state=Appeal.State.OPEN, item__state__in=ITEM_OPEN)

    def late(self, at: datetime) -> Self:
        """Its limit has passed undecided, and nobody was told so yet."""
        return self.open().filter(due_at__lte=at, late_at=None)


class Appeal(models.Model):
    """`denied` is the answer that was rejected, `against_at` and `against_by` when and by whom:
    that person does not decide. `derivation` is the JSON of clock.Due, of the authority's own
    limit; `late_at` says when supervisors were told that it had passed.
    """

    class State(models.TextChoices):
        OPEN = "open", _("appeal open")
        UPHELD = "upheld", _("appeal upheld")
        DISMISSED = "dismissed", _("appeal dismissed")

    item = models.ForeignKey(Item, models.CASCADE, related_name="appeals")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    denied = models.CharField(max_length=20, choices=ITEM_STATES)
    against_at = models.DateTimeField()
    against_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField()
    lodged_at = models.DateTimeField()
    # Nobody in person where the platform's own system appealed; the trail names its key.
    lodged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField()
    derivation = models.JSONField()
    late_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    # Nobody in person where the sandbox plays the authority.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decision = models.TextField(blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["lodged_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(state="open"), name="one_open_appeal"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open")
                | models.Q(decided_at__isnull=False) & ~models.Q(decision=""),
                name="a_decided_appeal_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(against_by=None)
                | ~models.Q(decided_by=models.F("against_by")),
                name="a_second_person_decides_an_appeal",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="open", late_at=None),
                name="appeal_open_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN and self.item.state in ITEM_OPEN

    @property
    def has_lapsed(self) -> bool:
        """The listing was withdrawn before anybody decided."""
        return self.state == self.State.OPEN and self.item.state not in ITEM_OPEN
