"""What the deadline simulator asks: a form by GET, so that a simulation has an address."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms.regimes import TimeInput, WholeNumbersField
from cases.limit_words import START_RULES, UNITS
from surveillance.accounts.actor import Actor
from surveillance.calendars.models import Calendar, Regime
from surveillance.calendars.reference.regimes import Rung
from surveillance.clock import Limit, Pause, StartRule, Unit, WorkingCalendar

CUSTOM = "custom"
PAUSES = (1, 2)


class Simulation(NamedTuple):
    """What a clock is made of."""

    start: datetime
    limit: Limit
    calendar: WorkingCalendar
    pauses: tuple[Pause, ...]
    extension: int
    reminders: tuple[int, ...]
    ladder: tuple[Rung, ...]


class LocalInstantField(forms.CharField):
    """Day and minute on the wall, as the browser's own picker sends them; a naive datetime."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError as problem:
            raise ValidationError(
                gettext("“%(text)s” is no instant. Write it like 2026-10-01 09:30.")
                % {"text": text}
            ) from problem


class DeadlineForm(forms.Form):
    """`simulation` when valid."""

    regime = forms.ChoiceField(label=_("Regime"))
    start = LocalInstantField(
        label=_("Received at"), help_text=_("Day and time in the calendar's time zone.")
    )
    calendar = forms.ChoiceField(label=_("Calendar"), required=False)
    extension = forms.IntegerField(
        label=_("Extension"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("In the unit of the limit."),
    )
    pause_from_1 = LocalInstantField(label=_("First pause from"), required=False)
    pause_to_1 = LocalInstantField(label=_("First pause until"), required=False)
    pause_from_2 = LocalInstantField(label=_("Second pause from"), required=False)
    pause_to_2 = LocalInstantField(label=_("Second pause until"), required=False)
    amount = forms.IntegerField(label=_("Limit"), required=False, min_value=1, max_value=250)
    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=list(UNITS.items()))
    start_rule = forms.ChoiceField(
        label=_("Counted from"), required=False, choices=list(START_RULES.items())
    )
    cut_off = forms.TimeField(label=_("Cut-off hour"), required=False, widget=TimeInput)
    day_ends_at = forms.TimeField(label=_("The last day ends at"), required=False, widget=TimeInput)
    reminders = WholeNumbersField(
        label=_("Reminders"), required=False, help_text=_("Before the end, for example 5, 1.")
    )

    CUSTOM_FIELDS = ("amount", "unit", "start_rule", "cut_off", "day_ends_at", "reminders")
    simulation: Simulation

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regimes = Regime.objects.visible_to(actor).current().order_by("code")
        self.regimes = {row.code: row for row in regimes}
        calendars = Calendar.objects.visible_to(actor).current().order_by("code")
        self.calendars = {row.code: row for row in calendars}
        self.fields["regime"].choices = [
            *((code, row.name) for code, row in self.regimes.items()),
            (CUSTOM, _("A limit of your own, below")),
        ]
        self.fields["calendar"].choices = [
            ("", _("that of the regime")),
            *((code, f"{row.name} ({code})") for code, row in self.calendars.items()),
        ]

    @property
    def custom(self) -> list[forms.BoundField]:
        return [self[name] for name in self.CUSTOM_FIELDS]

    @property
    def usual(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.CUSTOM_FIELDS]

    @property
    def shows_custom(self) -> bool:
        return self.data.get("regime") == CUSTOM

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        regime = self.regimes.get(given["regime"])
        code = given["calendar"] or (regime.calendar_code if regime else "")
        if code not in self.calendars:
            self.add_error("calendar", gettext("Choose the calendar to count by."))
            return given
        calendar = self.calendars[code].working()
        pauses = self._pauses(given, calendar.zone)
        limit = regime.limit() if regime else self._custom_limit(given)
        if limit is not None and not self.errors:
            ladder = (
                [Rung(step["after"], step["to"]) for step in regime.escalation] if regime else []
            )
            self.simulation = Simulation(
                given["start"].replace(tzinfo=calendar.zone),
                limit,
                calendar,
                pauses,
                given["extension"] or 0,
                tuple(regime.reminders) if regime else given["reminders"],
                tuple(ladder),
            )
        return given

    def _custom_limit(self, given: dict[str, Any]) -> Limit | None:
        if not given["amount"]:
            self.add_error("amount", gettext("Write how long the limit is."))
            return None
        try:
            return Limit(
                given["amount"],
                Unit(given["unit"] or Unit.WORKING_DAYS),
                StartRule(given["start_rule"] or StartRule.RECEIPT),
                given["cut_off"],
                given["day_ends_at"],
            )
        except ValueError as problem:
            names, _colon, text = str(problem).partition(": ")
            self.add_error(names.partition(",")[0], text)
            return None

    def _pauses(self, given: dict[str, Any], zone: ZoneInfo) -> tuple[Pause, ...]:
        found = []
        for number in PAUSES:
            begins, ends = given[f"pause_from_{number}"], given[f"pause_to_{number}"]
            if begins is None and ends is None:
                continue
            if begins is None or ends is None:
                missing = "from" if begins is None else "to"
                self.add_error(
                    f"pause_{missing}_{number}", gettext("A pause has a beginning and an end.")
                )
            elif ends < begins:
                self.add_error(f"pause_to_{number}", gettext("It ends before it begins."))
            else:
                reason = gettext("pause %(number)d") % {"number": number}
                span = (begins.replace(tzinfo=zone), ends.replace(tzinfo=zone))
                found.append(Pause(*span, reason))
        return tuple(found)
