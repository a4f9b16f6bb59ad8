"""Reports: somebody tells us of an unsafe product. Who told us stands in a row of its own."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.states import REPORT_TRIAGE, ReportState, choices
from sellers.models import Product, ProductIdentifier
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.flow import FlowModel
from surveillance.search_text import folded
from surveillance.searching import SearchPairs

# How grave an injury is, to sort by. What is not stated counts more than no injury.
_FROM_LEAST_TO_GRAVEST = (
    "none",
    "minor",
    "unknown",
    "first_aid",
    "emergency",
    "hospital",
    "death",
)
GRAVITY = models.Case(
    *(
        models.When(severity=code, then=models.Value(rank))
        for rank, code in enumerate(_FROM_LEAST_TO_GRAVEST)
    ),
    output_field=models.IntegerField(),
)

_SIFTED = ("state", "severity", "source", "case")
REPORT_STATES = choices(ReportState)


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        if not actor.is_staff:
            return self.none()
        return self.exclude(case__in=Case.objects.hidden_from(actor))

    def awaiting_triage(self) -> Self:
        return self.filter(state__in=REPORT_TRIAGE)

    def claimed_by_nobody_but(self, user_id: int | None) -> Self:
        """This person's own, and those that nobody has claimed."""
        return self.filter(models.Q(assignee_id=user_id) | models.Q(assignee=None))

    def for_list(self) -> Self:
        """Who has claimed it is looked up for the rows shown; a join would for all matches."""
        people = User.objects.filter(pk=models.OuterRef("assignee_id"))
        named = self.annotate(claimed_by=models.Subquery(people.values("name")))
        return named.defer("incident", "raw", "search_text")

    def similar_to(self, report: "Report") -> Self:
        """Other reports with a GTIN, or brand and model, or half of the wording in common; the
        most similar first. One trigram index answers all three."""
        alike = models.Q(search_text__trigram_similar=report.search_text)
        for gtin in report.gtins:
            alike |= models.Q(search_text__contains=gtin)
        if report.brand and report.model:
            alike |= models.Q(search_text__contains=folded(report.brand)) & models.Q(
                search_text__contains=folded(report.model)
            )
        return (
            self.filter(alike)
            .exclude(pk=report.pk)
            .annotate(similarity=TrigramSimilarity("search_text", report.search_text))
            .order_by("-similarity", "received_at", "id")
        )


class Report(FlowModel):
    class Source(models.TextChoices):
        CONSUMER = "consumer", _("consumer")
        BUSINESS = "business", _("business")
        AUTHORITY = "authority", _("another authority")
        MONITORING = "monitoring", _("own monitoring")
        FEED = "feed", _("foreign feed")

    class Severity(models.TextChoices):
        NONE = "none", _("no injury")
        MINOR = "minor", _("minor injury, no treatment")
        FIRST_AID = "first_aid", _("first aid or seen by a doctor")
        EMERGENCY = "emergency", _("emergency department")
        HOSPITAL = "hospital", _("admitted to hospital")
        DEATH = "death", _("death")
        UNKNOWN = "unknown", _("not stated")

    LABEL = "report"
    PERSONAL = frozenset({"incident", "serial", "raw"})

    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, choices=REPORT_STATES, default=ReportState.RECEIVED)
    source = models.CharField(max_length=20, choices=Source)
    feed = models.CharField(max_length=20, blank=True)
    native_id = models.CharField(max_length=120, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=10, default="en")
    received_at = models.DateTimeField()
    reported_on = models.DateField(null=True)

    product_name = models.CharField(max_length=500)
    brand = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=300, blank=True)
    serial = models.CharField(max_length=200, blank=True)
    gtins = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    category = models.CharField(max_length=200, blank=True)
    manufacturer = models.CharField(max_length=300, blank=True)
    retailer = models.CharField(max_length=300, blank=True)
    listing_url = models.URLField(max_length=1000, blank=True)
    incident = models.TextField()
    happened_on = models.DateField(null=True, blank=True)
    severity = models.CharField(max_length=12, choices=Severity, default=Severity.UNKNOWN)
    raw = models.JSONField(default=dict, blank=True)
    search_text = models.TextField(blank=True)

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="reports")
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    triaged_at = models.DateTimeField(null=True)
    redacted_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "native_id"],
                condition=~models.Q(native_id=""),
                name="report_native_id_unique",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ReportState.ACCEPTED) | models.Q(case__isnull=False),
                name="an_accepted_report_has_a_case",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ReportState.DUPLICATE)
                | models.Q(duplicate_of__isnull=False),
                name="a_duplicate_names_its_original",
            ),
            models.CheckConstraint(
                condition=~models.Q(duplicate_of=models.F("id")),
                name="no_report_is_its_own_duplicate",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="report_newest"),
            # What the filters go by beside one another, and what hides a report: counted without
            # looking at the rows.
            *(
                models.Index(
                    fields=[name, "-received_at", "-id"],
                    include=[other for other in _SIFTED if other != name],
                    name=f"report_{name}",
                )
                for name in ("state", "severity", "source", "assignee")
            ),
            GinIndex(fields=["search_text"], name="report_search", opclasses=["gin_trgm_ops"]),
            GinIndex(SearchPairs("search_text"), name="report_search_pairs"),
            models.Index(
                fields=["assignee", "id"],
                include=["case"],
                condition=models.Q(state="received"),
                name="report_waiting",
            ),
            models.Index(
                GRAVITY.desc(),
                models.F("received_at").desc(),
                models.F("id").desc(),
                condition=models.Q(state="received"),
                name="report_triage",
            ),
        ]

    def __str__(self) -> str:
        return self.product_name

    def audit_context(self) -> list[str]:
        return [self.case.reference] if self.case else []

    def known_products(self) -> models.QuerySet[Product]:
        """Products of the register with one of its GTINs, or with its brand and model."""
        kinds = ProductIdentifier.Kind
        named = ProductIdentifier.objects.filter(kind=kinds.GTIN, value__in=self.gtins)
        if self.brand and self.model:
            named |= ProductIdentifier.objects.filter(
                kind=kinds.MODEL, value=folded(self.model), product__brand__iexact=self.brand
            )
        return Product.objects.filter(pk__in=named.values("product_id"))


class ReporterContact(models.Model):
    """Personal facts of a report, apart from it: shown to staff, sent to nobody, redacted first.

    `code` lets a reporter without an account follow the report; only its digest is kept.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="reporter")
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    town = models.CharField(max_length=120, blank=True)
    person_hurt = models.CharField(max_length=300, blank=True)
    may_contact = models.BooleanField(default=False)
    code_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"reporter of {self.report.reference}"
