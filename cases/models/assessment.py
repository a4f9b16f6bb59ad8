"""Risk assessments: scenarios in exact fractions, proposed by one person, validated by another."""

from typing import Self

from django.conf import settings
from django.db import models

from cases.models.case import Case
from cases.risk import LEVELS
from cases.states import AssessmentState, choices
from sellers.models import Product
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowModel


class RiskAssessmentQuerySet(models.QuerySet["RiskAssessment"]):
    def visible_to(self, actor: Actor) -> Self:
        seen = Case.objects.visible_to(actor).filter(pk=models.OuterRef("case_id"))
        return self.filter(models.Exists(seen))


class RiskAssessment(FlowModel):
    """`result` is the JSON of risk.Assessment, scenarios and all; fractions are strings there."""

    LABEL = "assessment"
    LOCK_FIRST = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="assessments")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        max_length=12, choices=choices(AssessmentState), default=AssessmentState.PROPOSED
    )
    result = models.JSONField()
    level = models.CharField(
        max_length=10, choices=[(level.value, label) for level, label in LEVELS.items()]
    )
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    validated_at = models.DateTimeField(null=True)

    objects = RiskAssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-assessed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(validated_by=None)
                | ~models.Q(validated_by=models.F("assessed_by")),
                name="a_second_person_validates",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state=AssessmentState.VALIDATED),
                name="case_has_one_validated_assessment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference}: {self.level}"

    def audit_context(self) -> list[str]:
        return [self.case.reference]
