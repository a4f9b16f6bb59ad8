"""Filters of the desk's lists. Every state of a list stands in its address.

The inbox counts through these same filters, so a number and the rows behind it always agree.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import (
    Appeal,
    Case,
    Contest,
    Evidence,
    Extension,
    FormalLetter,
    Item,
    Report,
    RiskAssessment,
    TakedownRequest,
)
from cases.risk import LEVELS
from cases.states import (
    REPORT_TRIAGE,
    TAKEDOWN_PREPARED,
    AssessmentState,
    CaseState,
    ReportState,
    TakedownState,
    choices,
)
from sellers.filters import PlatformChoiceFilter
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Office
from surveillance.calendars.models import Kind
from surveillance.searching import holds, words_of
from surveillance.web.forms import DateInput

ANY = _("any")
DUE = [
    ("overdue", _("overdue")),
    ("1", _("within 24 hours")),
    ("3", _("within 3 days")),
    ("7", _("within 7 days")),
]


class DeskFilterSet(filters.FilterSet):
    """Knows who looks (for "mine") and when (for "overdue")."""

    KNOWS_WHO_LOOKS = True

    def __init__(self, data: Any, queryset: QuerySet[Any], *, actor: Actor, at: datetime) -> None:
        super().__init__(data, queryset)
        if search := self.form.fields.get("q"):
            search.widget.attrs["placeholder"] = search.label
        self.actor = actor
        self.at = at

    def holding_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Rows whose folded text holds every word, in any order."""
        for word in words_of(value):
            queryset = queryset.filter(holds(name, word))
        return queryset

    def due(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Overdue: due now or earlier. The others: still to come, within so many days."""
        if value == "overdue":
            return queryset.filter(due_at__lte=self.at)
        within = self.at + timedelta(days=int(value))
        return queryset.filter(due_at__gt=self.at, due_at__lte=within)


class ReportFilter(DeskFilterSet):
    q = filters.CharFilter(
        label=_("Product, brand, model, GTIN"), field_name="search_text", method="holding_words"
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        empty_label=ANY,
        choices=[("triage", _("to be triaged")), *choices(ReportState)],
        method="in_state",
    )
    severity = filters.ChoiceFilter(
        label=_("Injury"), empty_label=ANY, choices=Report.Severity.choices
    )
    source = filters.ChoiceFilter(label=_("Source"), empty_label=ANY, choices=Report.Source.choices)
    assignee = filters.ChoiceFilter(
        label=_("Claimed by"),
        empty_label=ANY,
        choices=[
            ("me", _("me")),
            ("nobody", _("nobody")),
            ("me_or_nobody", _("me or nobody")),
        ],
        method="claimed_by",
    )
    received_from = filters.DateFilter(
        label=_("Received from"), widget=DateInput, method="from_day"
    )
    received_to = filters.DateFilter(label=_("Received to"), widget=DateInput, method="to_day")
    photo = filters.ChoiceFilter(
        label=_("Photos"),
        empty_label=ANY,
        choices=[("yes", _("with photos")), ("no", _("without photos"))],
        method="with_photo",
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def in_state(self, queryset: QuerySet[Report], name: str, value: str) -> QuerySet[Report]:
        states = REPORT_TRIAGE if value == "triage" else {value}
        return queryset.filter(state__in=states)

    def claimed_by(self, queryset: Any, name: str, value: str) -> QuerySet[Report]:
        me = self.actor.user_id
        if value == "me_or_nobody":
            return queryset.claimed_by_nobody_but(me)
        return queryset.filter(assignee_id=me if value == "me" else None)

    def from_day(self, queryset: QuerySet[Report], name: str, value: date) -> QuerySet[Report]:
        return queryset.filter(received_at__gte=_start_of(value))

    def to_day(self, queryset: QuerySet[Report], name: str, value: date) -> QuerySet[Report]:
        return queryset.filter(received_at__lt=_start_of(value + timedelta(days=1)))

    def with_photo(self, queryset: QuerySet[Report], name: str, value: str) -> QuerySet[Report]:
        photos = Exists(Evidence.objects.filter(report=OuterRef("pk")))
        return queryset.filter(photos if value == "yes" else ~photos)


class CaseFilter(DeskFilterSet):
    q = filters.CharFilter(
        label=_("Title, product, brand, GTIN"), field_name="search_text", method="holding_words"
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        empty_label=ANY,
        choices=[("open", _("open")), *choices(CaseState)],
        method="in_state",
    )
    risk = filters.ChoiceFilter(
        label=_("Risk"),
        empty_label=ANY,
        choices=[
            ("none", _("not assessed")),
            *((level.value, text) for level, text in LEVELS.items()),
        ],
        method="of_risk",
    )
    assessment = filters.ChoiceFilter(
        label=_("Assessment"),
        empty_label=ANY,
        choices=[("to_validate", _("for me to validate"))],
        method="with_assessment",
    )
    assignee = filters.ChoiceFilter(
        label=_("Inspector"),
        empty_label=ANY,
        choices=[("me", _("me")), ("nobody", _("nobody"))],
        method="assigned_to",
    )
    office = filters.ModelChoiceFilter(
        label=_("Office"),
        empty_label=ANY,
        queryset=lambda request: Office.objects.order_by("name"),
        to_field_name="name",
    )
    due = filters.ChoiceFilter(label=_("Due"), empty_label=ANY, choices=DUE, method="due")

    class Meta:
        model = Case
        fields: list[str] = []

    def in_state(self, queryset: Any, name: str, value: str) -> QuerySet[Case]:
        return queryset.open() if value == "open" else queryset.filter(state=value)

    def of_risk(self, queryset: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        return queryset.filter(risk_level="" if value == "none" else value)

    def assigned_to(self, queryset: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        return queryset.filter(assignee_id=self.actor.user_id if value == "me" else None)

    def with_assessment(self, queryset: Any, name: str, value: str) -> QuerySet[Case]:
        """Proposed by somebody else of the actor's office: a second person validates."""
        proposed = RiskAssessment.objects.filter(
            case=OuterRef("pk"), state=AssessmentState.PROPOSED
        ).exclude(assessed_by_id=self.actor.user_id)
        return queryset.open().filter(Exists(proposed), office_id=self.actor.office_id)


class TakedownFilter(DeskFilterSet):
    q = filters.CharFilter(label=_("Reference, case, product, platform"), method="holding_text")
    state = filters.ChoiceFilter(
        label=_("State"),
        empty_label=ANY,
        choices=[("prepared", _("not issued yet")), *choices(TakedownState)],
        method="in_state",
    )
    waiting = filters.ChoiceFilter(
        label=_("Waits for"),
        empty_label=ANY,
        choices=[
            ("check", _("a check of answers")),
            ("approval", _("my approval")),
            ("extension", _("a decision on more time")),
            ("appeal", _("a decision about an appeal")),
            ("formal_letter", _("a drafted formal letter to go out")),
        ],
        method="waiting_for",
    )
    kind = filters.ChoiceFilter(label=_("Kind"), empty_label=ANY, choices=Kind.choices)
    platform = PlatformChoiceFilter(label=_("Platform"))
    due = filters.ChoiceFilter(label=_("Due"), empty_label=ANY, choices=DUE, method="due")
    whose = filters.ChoiceFilter(
        label=_("Cases of"),
        empty_label=ANY,
        choices=[("me", _("me")), ("office", _("my office"))],
        method="of_cases",
    )

    class Meta:
        model = TakedownRequest
        fields: list[str] = []

    def holding_text(self, queryset: Any, name: str, value: str) -> QuerySet[TakedownRequest]:
        return queryset.matching(value)

    def in_state(self, queryset: Any, name: str, value: str) -> QuerySet[TakedownRequest]:
        states = TAKEDOWN_PREPARED if value == "prepared" else {value}
        return queryset.filter(state__in=states)

    def waiting_for(self, queryset: Any, name: str, value: str) -> QuerySet[TakedownRequest]:
        if value == "approval":
            return queryset.filter(state=TakedownState.AWAITING_APPROVAL).exclude(
                drafted_by_id=self.actor.user_id
            )
        if value == "extension":
            asked = Extension.objects.filter(
                takedown=OuterRef("pk"), state=Extension.State.REQUESTED
            ).exclude(approvals=self.actor.user_id)
            return queryset.open().filter(Exists(asked))
        if value == "appeal":
            lodged = Appeal.objects.open().filter(item__takedown=OuterRef("pk"))
            return queryset.filter(Exists(lodged.exclude(against_by=self.actor.user_id)))
        if value == "formal_letter":
            drafts = FormalLetter.objects.visible_to(self.actor).drafts()
            return queryset.open().filter(Exists(drafts.filter(takedown=OuterRef("pk"))))
        answered = Item.objects.awaiting_authority().filter(takedown=OuterRef("pk"))
        return queryset.open().filter(Exists(answered))

    def of_cases(self, queryset: Any, name: str, value: str) -> QuerySet[TakedownRequest]:
        if value == "me":
            return queryset.filter(case__assignee_id=self.actor.user_id)
        return queryset.filter(case__office_id=self.actor.office_id)


class ContestFilter(DeskFilterSet):
    state = filters.ChoiceFilter(label=_("State"), empty_label=ANY, choices=Contest.State.choices)
    platform = PlatformChoiceFilter(label=_("Platform"))

    class Meta:
        model = Contest
        fields: list[str] = []


def _start_of(day: date) -> datetime:
    """Midnight where the reader is."""
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())
