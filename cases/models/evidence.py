"""Evidence: files hashed on the way in, kept as they came but for pictures' metadata."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.report import Report
from cases.models.takedown import Item
from surveillance.accounts.actor import Actor


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.is_platform:
            seen = Item.objects.visible_to(actor).filter(pk=models.OuterRef("item_id"))
            return self.filter(models.Exists(seen))
        cases = Case.objects.visible_to(actor).filter(pk=models.OuterRef("case_id"))
        reports = Report.objects.visible_to(actor).filter(pk=models.OuterRef("report_id"))
        return self.filter(models.Exists(cases) | models.Exists(reports))


def stored_as(evidence: "Evidence", filename: str) -> str:
    return f"evidence/{evidence.id.hex[:2]}/{evidence.id.hex}"


class Evidence(models.Model):
    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo")
        SCREENSHOT = "screenshot", _("screenshot")
        DOCUMENT = "document", _("document")
        PROOF_OF_REMOVAL = "proof_of_removal", _("proof of removal")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="evidence")
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="evidence")
    kind = models.CharField(max_length=20, choices=Kind)
    file = models.FileField(upload_to=stored_as, max_length=200)
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "filename", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case__isnull=False) | models.Q(report__isnull=False),
                name="evidence_belongs_somewhere",
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
