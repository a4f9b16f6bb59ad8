"""Formal letters: what the last rung of the ladder puts to a platform in writing."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.takedown import TakedownRequest
from surveillance.accounts.actor import Actor


class FormalLetterQuerySet(models.QuerySet["FormalLetter"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff by the request; a platform what was sent to it, never a draft."""
        if actor.is_system:
            return self
        seen = TakedownRequest.objects.visible_to(actor).filter(pk=models.OuterRef("takedown_id"))
        rows = self.filter(models.Exists(seen))
        return rows if actor.is_staff else rows.sent()

    def of_request(self) -> models.Exists:
        """Whether the request of the query around this one has any: spares a query where not."""
        return models.Exists(self.filter(takedown=models.OuterRef("pk")))

    def drafts(self) -> Self:
        return self.filter(state=FormalLetter.State.DRAFT)

    def sent(self) -> Self:
        return self.filter(state=FormalLetter.State.SENT)


class FormalLetter(models.Model):
    """It is about the listings of the request whose limit is missed when it is sent, and names
    them by itself; `text` holds the paragraphs before them, an empty line between two.

    `prepared_by` is empty where the ladder drafted it. `document` is the letter as it was sent.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("dropped")

    takedown = models.ForeignKey(TakedownRequest, models.CASCADE, related_name="formal_letters")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    answer_by = models.DateField(null=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    document = models.JSONField(null=True)

    objects = FormalLetterQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["takedown", "number"], name="formal_letter_number_unique"
            ),
            models.UniqueConstraint(
                fields=["takedown"],
                condition=models.Q(state="draft"),
                name="one_draft_of_a_formal_letter",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent")
                | models.Q(
                    answer_by__isnull=False,
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    document__isnull=False,
                ),
                name="a_sent_formal_letter_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.takedown}: {self.subject}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT
