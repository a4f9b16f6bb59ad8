"""Cases: the authority's work on one unsafe product."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.risk import LEVELS
from cases.states import CASE_OPEN, CaseState, choices
from sellers.models import Listing, Product
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Office
from surveillance.accounts.rights import Role
from surveillance.flow import FlowModel
from surveillance.searching import SearchPairs


def _own(actor: Actor) -> models.Q:
    """Cases that a restriction does not close to this member of staff."""
    own = models.Q(assignee_id=actor.user_id, assignee__isnull=False)
    if actor.role == Role.SUPERVISOR:
        own |= models.Q(office_id=actor.office_id)
    return own


CASE_STATES = choices(CaseState)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff see every case but the restricted ones of others; a supervisor sees the
        restricted ones of the office. Nobody of the staff sees one of the sandbox."""
        if actor.is_system:
            return self
        if not actor.is_staff:
            return self.none()
        rows = self.filter(is_sandbox=actor.is_sandbox)
        return rows.filter(models.Q(is_restricted=False) | _own(actor))

    def hidden_from(self, actor: Actor) -> Self:
        """The others, for a member of staff. They are few, so rows that stand in a case are
        sifted by these and not by the many that are seen."""
        return self.filter(~_own(actor), is_restricted=True)

    def open(self) -> Self:
        return self.filter(state__in=CASE_OPEN)

    def assigned_to(self, actor: Actor) -> Self:
        return self.filter(assignee_id=actor.user_id)

    def for_list(self) -> Self:
        return self.select_related("assignee", "office")


class Case(FlowModel):
    LABEL = "case"

    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=20, choices=CASE_STATES, default=CaseState.INVESTIGATING)
    office = models.ForeignKey(Office, models.PROTECT, related_name="cases")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    is_restricted = models.BooleanField(default=False)
    # Around a demand that a platform tries its system out with (docs/decisions/0027).
    is_sandbox = models.BooleanField(default=False, db_default=False)
    risk_level = models.CharField(
        max_length=10, choices=[(level.value, label) for level, label in LEVELS.items()], blank=True
    )
    products = models.ManyToManyField(Product, related_name="cases", blank=True)
    listings: "models.ManyToManyField[Listing, CaseListing]" = models.ManyToManyField(
        Listing, through="CaseListing", related_name="cases", blank=True
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_cases"
    )
    # The earliest due date of its items whose clock runs; kept by cases/flows/clocks.py.
    due_at = models.DateTimeField(null=True)
    search_text = models.TextField(blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=CaseState.CLOSED)
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
                name="a_closed_case_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CaseState.MERGED, merged_into__isnull=False)
                | (~models.Q(state=CaseState.MERGED) & models.Q(merged_into=None)),
                name="a_merged_case_names_its_heir",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="no_case_is_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(fields=["state", "-opened_at", "-id"], name="case_state"),
            models.Index(fields=["assignee", "-opened_at", "-id"], name="case_assignee"),
            models.Index(fields=["office", "-opened_at", "-id"], name="case_office"),
            models.Index(fields=["risk_level", "-opened_at", "-id"], name="case_risk"),
            models.Index(fields=["due_at", "id"], name="case_due"),
            models.Index(  # read by every query of what a member of staff may see
                fields=["id"],
                include=["assignee", "office"],
                condition=models.Q(is_restricted=True),
                name="case_restricted",
            ),
            GinIndex(fields=["search_text"], name="case_search", opclasses=["gin_trgm_ops"]),
            GinIndex(SearchPairs("search_text"), name="case_search_pairs"),
        ]

    def __str__(self) -> str:
        return self.title


class CaseListing(models.Model):
    """A listing that a case found, and when."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="case_listings")
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="case_listings")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "listing"], name="case_listing_unique")
        ]

    def __str__(self) -> str:
        return f"{self.case} – {self.listing}"


class CaseNote(models.Model):
    """What somebody working on the case wrote down."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(_("note"))

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text[:60]
