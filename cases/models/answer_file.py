"""Files of answers: what a platform has uploaded, and what became of each row."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.takedown import Item
from sellers.models import Platform
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowModel
from surveillance.jobs.models import Job


class AnswerFileQuerySet(models.QuerySet["AnswerFile"]):
    def visible_to(self, actor: Actor) -> Self:
        """A platform's own, and nobody else's: staff see the answers, not the files."""
        if actor.is_system:
            return self
        if actor.is_platform:
            return self.filter(platform_id=actor.organisation_id)
        return self.none()

    def for_list(self) -> Self:
        return self.select_related("uploaded_by", "job")


def stored_as(file: "AnswerFile", filename: str) -> str:
    key = uuid.uuid4().hex
    return f"answers/{key[:2]}/{key}"


class AnswerFile(FlowModel):
    """One uploaded file. Its rows are checked at once and answered when they are handed in.

    `file` is kept as it came, and `sha256` says that it is still that. The five numbers count its
    rows by their state, and add up to all of them. `job` is the last one that answered from it.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("checked, not handed in")
        HANDED_IN = "handed_in", _("handed in")

    LABEL = "answer_file"

    reference = models.CharField(max_length=20, unique=True)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="answer_files")
    state = models.CharField(max_length=10, choices=State, default=State.CHECKED)
    filename = models.CharField(max_length=150)
    file = models.FileField(upload_to=stored_as, max_length=200)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=list, help_text=_("names, as they stand in the file"))
    notes = models.JSONField(default=list, help_text=_("sentences about the file as a whole"))
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="answer_file")

    ready = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    left_open = models.PositiveIntegerField(default=0)

    objects = AnswerFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["platform", "-uploaded_at", "-id"], name="answer_file_newest"),
            models.Index(fields=["platform", "sha256"], name="answer_file_hash"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def total(self) -> int:
        return self.ready + self.answered + self.unchanged + self.refused + self.left_open

    @property
    def is_at_work(self) -> bool:
        return self.job is not None and self.job.goes_on


class AnswerRowQuerySet(models.QuerySet["AnswerRow"]):
    def ready(self) -> Self:
        return self.filter(state=AnswerRow.State.READY)

    def for_list(self) -> Self:
        return self.select_related("item__listing", "item__takedown")


class AnswerRow(models.Model):
    """One row of a file. `cells` is what stands in it, by column; outcome, ground, text and
    answer_id are what it was read as. `remarks` are what was found ({"column", "cell", "value",
    "what", "remedy", "is_error"}), in its uploader's language; `reason` why it was refused or
    left as it was when it was handed in."""

    class State(models.TextChoices):
        READY = "ready", _("to be answered")
        ANSWERED = "answered", _("answered")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSED = "refused", _("refused")
        LEFT_OPEN = "left_open", _("left open")

    file = models.ForeignKey(AnswerFile, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    cells = models.JSONField()
    outcome = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    answer_id = models.CharField(max_length=120, blank=True)
    remarks = models.JSONField(default=list)
    reason = models.TextField(blank=True)

    objects = AnswerRowQuerySet.as_manager()

    class Meta:
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["file", "row"], name="answer_row_number_unique"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["ready", "answered"]) | models.Q(item__isnull=False),
                name="an_answer_has_its_item",
            ),
        ]
        indexes = [models.Index(fields=["file", "state", "row"], name="answer_row_state")]

    def __str__(self) -> str:
        return f"{self.file}, {self.row}"
