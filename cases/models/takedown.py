"""Takedown requests: a demand to one platform; each listing in it is an item with its own clock."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.states import (
    ITEM_AWAITS_AUTHORITY,
    ITEM_AWAITS_PLATFORM,
    ITEM_OPEN,
    TAKEDOWN_PREPARED,
    ItemState,
    TakedownState,
    choices,
)
from sellers.models import Listing, Platform
from surveillance.accounts.actor import Actor
from surveillance.calendars.models import Calendar, Kind, Regime
from surveillance.clock import WorkingCalendar
from surveillance.counting import counted
from surveillance.flow import FlowModel
from surveillance.searching import holds, words_of

TAKEDOWN_STATES = choices(TakedownState)
ITEM_STATES = choices(ItemState)


def _seen_by(actor: Actor, request: str = "") -> models.Q:
    """The requests that an actor sees: staff by the case, and none of the sandbox; a platform its
    own, from the moment they are issued. `request`: the way to it from another row."""
    if actor.is_system:
        return models.Q()
    if actor.is_platform:
        own = {"platform_id": actor.organisation_id, "issued_at__isnull": False}
        return models.Q(**{f"{request}{name}": value for name, value in own.items()})
    if not actor.is_staff:
        return models.Q(pk__in=[])
    hidden = models.Q(**{f"{request}case__in": Case.objects.hidden_from(actor)})
    return ~hidden & models.Q(**{f"{request}is_sandbox": actor.is_sandbox})


class TakedownRequestQuerySet(models.QuerySet["TakedownRequest"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(_seen_by(actor))

    def real(self) -> Self:
        """Those that count: sandbox demands do so nowhere."""
        return self.filter(is_sandbox=False)

    def open(self) -> Self:
        return self.filter(state=TakedownState.ISSUED)

    def sandbox(self) -> Self:
        return self.filter(is_sandbox=True)

    def addressed_to(self, platform: Platform) -> Self:
        return self.filter(platform=platform)

    def overdue(self, at: datetime) -> Self:
        return self.filter(due_at__lte=at)

    def to_remind(self, at: datetime) -> Self:
        return self.filter(remind_at__lte=at)

    def stale(self, calendar: WorkingCalendar) -> Self:
        """Open requests whose clocks were derived from an older version of this calendar."""
        regimes = Regime.objects.filter(calendar_code=calendar.code)
        return self.open().filter(
            regime__in=regimes.values("pk"), calendar_version__lt=calendar.version
        )

    def behind(self) -> Self:
        """Open requests whose clocks were derived from an older version of any calendar."""
        newer = Calendar.objects.current().filter(
            code=models.OuterRef("regime__calendar_code"),
            version__gt=models.OuterRef("calendar_version"),
        )
        return self.open().filter(models.Exists(newer))

    def matching(self, text: str) -> Self:
        """Requests of which every word of `text` is found in the case, in the platform's name, or
        in a reference.

        Few words name a platform: those that do not are asked of the cases' index alone.
        """
        rows = self
        for word in words_of(text):
            found = holds("case__search_text", word)
            if platforms := list(Platform.objects.filter(name__icontains=word).values_list("pk")):
                found |= models.Q(platform__in=[key for (key,) in platforms])
            if any(letter.isdigit() for letter in word):
                found |= models.Q(reference__contains=word.upper())
                found |= models.Q(case__reference__contains=word.upper())
            rows = rows.filter(found)
        return rows

    def for_list(self) -> Self:
        """Counted for the rows shown only: a join would count for all before it sorts."""
        items = Item.objects.filter(takedown=models.OuterRef("pk"))
        return self.select_related("case", "platform", "regime").annotate(
            item_count=counted(items),
            open_item_count=counted(items.filter(state__in=ITEM_OPEN)),
        )


class TakedownRequest(FlowModel):
    """`due_at` is the earliest due date of its items whose clock runs, `remind_at` the next
    instant at which the platform is reminded; both are kept by cases/flows/clocks.py.
    `calendar_version`: its running clocks agree with this version of the regime's calendar."""

    LABEL = "takedown"

    reference = models.CharField(max_length=20, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="takedowns")
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="takedowns")
    kind = models.CharField(max_length=10, choices=Kind)
    regime = models.ForeignKey(Regime, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=TAKEDOWN_STATES, default=TakedownState.DRAFT)
    # The statement of reasons.
    facts = models.TextField(_("facts"))
    hazard = models.TextField(_("hazard"))
    territory = models.CharField(_("territory"), max_length=200)
    action = models.TextField(_("what to do"))
    redress = models.TextField(_("redress"), blank=True)

    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    calendar_version = models.PositiveIntegerField(default=0, db_default=0)
    # A platform tries its system out with it: it counts nowhere (docs/decisions/0027).
    is_sandbox = models.BooleanField(default=False, db_default=False)

    objects = TakedownRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(issued_at__isnull=False)
                | models.Q(state__in=sorted({*TAKEDOWN_PREPARED, TakedownState.WITHDRAWN})),
                name="an_issued_takedown_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | ~models.Q(approved_by=models.F("drafted_by")),
                name="a_second_person_approves",
            ),
            models.CheckConstraint(
                condition=models.Q(is_sandbox=True) | models.Q(drafted_by__isnull=False),
                name="a_person_drafts_a_real_demand",
            ),
        ]
        indexes = [
            models.Index(fields=["-drafted_at", "-id"], name="takedown_newest"),
            models.Index(fields=["state", "-drafted_at", "-id"], name="takedown_state"),
            models.Index(fields=["platform", "due_at", "id"], name="takedown_platform_due"),
            models.Index(fields=["platform", "-drafted_at", "-id"], name="takedown_platform"),
            models.Index(fields=["platform", "-issued_at", "-id"], name="takedown_platform_issued"),
            models.Index(fields=["due_at", "id"], name="takedown_due"),
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="takedown_to_remind",
            ),
            models.Index(
                fields=["regime", "calendar_version"],
                condition=models.Q(state=TakedownState.ISSUED),
                name="takedown_calendar",
            ),
            models.Index(
                fields=["platform", "state"],
                condition=models.Q(is_sandbox=True),
                name="takedown_sandbox",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def audit_context(self) -> list[str]:
        return [self.case.reference]

    @property
    def needs_approval(self) -> bool:
        return self.regime.four_eyes and not self.is_sandbox

    def regime_zone(self) -> str:
        """The time zone in which the limit of this request is read."""
        calendar: Calendar = Calendar.objects.current().get(code=self.regime.calendar_code)
        return calendar.time_zone


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(_seen_by(actor, "takedown__"))

    def unrestricted(self, actor: Actor) -> Self:
        """What the actor sees in cases that are not restricted. Nothing there is hidden from staff,
        so it is not asked of each listing."""
        rows = self.filter(takedown__case__is_restricted=False)
        return rows if actor.is_staff else rows.visible_to(actor)

    def restricted(self, actor: Actor) -> Self:
        """What the actor sees in restricted cases: for staff, by way of these few."""
        if not actor.is_staff:
            return self.visible_to(actor).filter(takedown__case__is_restricted=True)
        own = Case.objects.visible_to(actor).filter(is_restricted=True)
        return self.filter(takedown__case__in=own)

    def real(self) -> Self:
        """Those that count: the listings of sandbox demands do so nowhere."""
        return self.filter(takedown__is_sandbox=False)

    def issued(self) -> Self:
        return self.filter(started_at__isnull=False)

    def open(self) -> Self:
        return self.issued().filter(state__in=ITEM_OPEN)

    def awaiting_platform(self) -> Self:
        return self.issued().filter(state__in=ITEM_AWAITS_PLATFORM)

    def running(self) -> Self:
        """The platform is waited for, and its clock does not stand."""
        return self.awaiting_platform().filter(paused_at=None)

    def paused(self) -> Self:
        """The platform is waited for, but its clock stands: it waits for us."""
        return self.awaiting_platform().filter(paused_at__isnull=False)

    def awaiting_authority(self) -> Self:
        return self.filter(state__in=ITEM_AWAITS_AUTHORITY)

    def overdue(self, at: datetime) -> Self:
        """The clock runs and its limit has passed."""
        return self.running().filter(due_at__lte=at)

    def not_yet_noted(self) -> Self:
        return self.filter(missed_at=None)

    def missed(self) -> Self:
        """The limit was noted as missed, and the platform is still waited for."""
        return self.running().filter(missed_at__isnull=False)

    def for_list(self) -> Self:
        return self.select_related("takedown__platform", "takedown__case", "listing__account")


class Item(FlowModel):
    """One listing in a takedown request.

    `derivation` is the JSON of clock.Due: each day counted or skipped, and why. `pauses` are the
    spans in which the clock stood ({"from", "to", "reason"}); while one is open, `paused_at` is
    its beginning. `missed_at` says when the current limit was noted as missed; a restarted clock
    clears it, `missed_count` remembers. `statement` is the platform's own statement of reasons
    (cases/dsa.py), where it gave one with its answer. `appeal_until`: the decision that stands may
    be appealed before then, and has not been; `appeal_due_at`: an appeal is to be decided by then.
    """

    LABEL = "item"
    LOCK_FIRST = "takedown"

    class Ground(models.TextChoices):
        NOT_THIS_PRODUCT = "not_this_product", _("it is not the product described")
        COMPLIANT = "compliant", _("the product complies; proof attached or described")
        NOT_OURS = "not_ours", _("the listing is not on this platform")
        OUTSIDE_TERRITORY = "outside_territory", _("it is not offered in the territory named")
        OTHER = "other", _("another ground")

    takedown = models.ForeignKey(TakedownRequest, models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="items")
    state = models.CharField(max_length=20, choices=ITEM_STATES, default=ItemState.PENDING)
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors"
    )

    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    derivation = models.JSONField(null=True)
    pauses = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True)
    extension = models.PositiveSmallIntegerField(default=0, help_text=_("working days"))
    missed_at = models.DateTimeField(null=True)
    missed_count = models.PositiveSmallIntegerField(default=0)
    escalation_step = models.PositiveSmallIntegerField(default=0)
    escalate_at = models.DateTimeField(null=True)

    answer_id = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    answered_in_time = models.BooleanField(null=True)
    identified = models.BooleanField(null=True)
    ground = models.CharField(max_length=20, choices=Ground, blank=True)
    answer_text = models.TextField(blank=True)
    statement = models.JSONField(null=True, blank=True)
    question = models.TextField(blank=True)
    information = models.TextField(blank=True)

    verified_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    appeal_until = models.DateTimeField(null=True)
    appeal_due_at = models.DateTimeField(null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["takedown_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["takedown", "number"], name="item_number_unique"),
            models.UniqueConstraint(
                fields=["takedown", "listing"],
                condition=models.Q(predecessor=None),
                name="item_listing_unique",
            ),
            models.UniqueConstraint(
                fields=["takedown", "answer_id"],
                condition=~models.Q(answer_id=""),
                name="item_answer_id_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(started_at=None) | models.Q(due_at__isnull=False),
                name="a_started_clock_has_a_due_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ItemState.REFUSED) | ~models.Q(ground=""),
                name="a_refusal_has_a_ground",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ItemState.CONFIRMED)
                | models.Q(verified_at__isnull=False),
                name="a_confirmed_removal_was_verified",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(
                    state__in=sorted(ITEM_AWAITS_PLATFORM),
                    missed_at=None,
                    paused_at=None,
                    started_at__isnull=False,
                ),
                name="item_running_clock",
            ),
            models.Index(
                fields=["escalate_at"],
                condition=models.Q(escalate_at__isnull=False),
                name="item_to_escalate",
            ),
            models.Index(fields=["state", "due_at", "id"], name="item_state_due"),
            models.Index(fields=["started_at"], name="item_started"),
        ]

    def __str__(self) -> str:
        return self.audit_reference

    @property
    def audit_reference(self) -> str:
        return f"{self.takedown.reference}/{self.number}"

    def audit_context(self) -> list[str]:
        return [self.takedown.reference, self.takedown.case.reference]

    @property
    def awaits_platform(self) -> bool:
        return self.started_at is not None and self.state in ITEM_AWAITS_PLATFORM

    @property
    def clock_runs(self) -> bool:
        return self.awaits_platform and self.paused_at is None

    @property
    def has_open_appeal(self) -> bool:
        return self.appeal_due_at is not None and self.state in ITEM_OPEN

    @property
    def pause_reason(self) -> str:
        """Why the clock stands now; "" while it runs."""
        open_spans = (span["reason"] for span in self.pauses if span["to"] is None)
        return next(open_spans, "") if self.paused_at else ""


class Extension(models.Model):
    """More time that a platform asked for, and what became of it."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    takedown = models.ForeignKey(TakedownRequest, models.CASCADE, related_name="extensions")
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    working_days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    requested_at = models.DateTimeField()
    # Nobody in person where the platform's own system asked; the trail names its key.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approvals = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["takedown"],
                condition=models.Q(state="requested"),
                name="one_open_extension_request",
            ),
            models.CheckConstraint(
                condition=models.Q(working_days__gte=1) & models.Q(working_days__lte=60),
                name="an_extension_is_1_to_60_working_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.takedown}: +{self.working_days}"

    @property
    def agreed(self) -> str:
        """How many of the people who must agree have done so, in words."""
        needed = max(1, self.takedown.regime.extension_approvals)
        return gettext("%(agreed)d of %(needed)d have agreed") % {
            "agreed": self.approvals.count(),
            "needed": needed,
        }
