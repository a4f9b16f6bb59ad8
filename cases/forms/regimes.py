"""A new version of a regime."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import text_area
from cases.limit_words import RUNGS, START_RULES, UNITS
from surveillance.calendars.content import RegimeContent
from surveillance.calendars.models import NOTE_LENGTH, Calendar
from surveillance.calendars.reference.regimes import Rung


class TimeInput(forms.TimeInput):
    input_type = "time"


class WholeNumbersField(forms.CharField):
    """Whole numbers with commas between them; a tuple, largest first."""

    def clean(self, value: Any) -> tuple[int, ...]:
        text = super().clean(value)
        parts = [part for part in re.split(r"[\s,;]+", text) if part]
        if wrong := [part for part in parts if not part.isdecimal() or len(part) > 4]:
            raise ValidationError(
                gettext("“%(text)s” is no whole number. Write numbers like 5, 1.")
                % {"text": wrong[0]}
            )
        return tuple(sorted({int(part) for part in parts}, reverse=True))


class RegimeForm(forms.Form):
    """`content` when valid. A rung without a number is left out of the ladder."""

    limit_amount = forms.IntegerField(label=_("Limit"), min_value=1, max_value=1000)
    limit_unit = forms.ChoiceField(label=_("Unit"), choices=list(UNITS.items()))
    start_rule = forms.ChoiceField(label=_("Counted from"), choices=list(START_RULES.items()))
    cut_off = forms.TimeField(
        label=_("Cut-off hour"),
        required=False,
        widget=TimeInput,
        help_text=_("What is received later counts as received on the next day."),
    )
    day_ends_at = forms.TimeField(
        label=_("The last day ends at"),
        required=False,
        widget=TimeInput,
        help_text=_("Empty: at midnight."),
    )
    calendar_code = forms.ChoiceField(label=_("Calendar"))
    reminders = WholeNumbersField(
        label=_("Reminders"),
        required=False,
        help_text=_("Working days (or hours) before the end, for example 5, 1."),
    )
    four_eyes = forms.BooleanField(label=_("A second person approves before issue"), required=False)
    extension_approvals = forms.IntegerField(
        label=_("People who must agree to more time"), min_value=1, max_value=5
    )
    reason = forms.CharField(label=_("Why"), max_length=NOTE_LENGTH, widget=text_area(2))
    read = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, content: RegimeContent, version: int, **kwargs: Any) -> None:
        known = {name: getattr(content, name) for name in RegimeContent.__dataclass_fields__}
        known["reminders"] = ", ".join(map(str, content.reminders))
        known |= {f"after_{rung.to}": rung.after for rung in content.escalation}
        kwargs["initial"] = known | {"read": version}
        super().__init__(*args, **kwargs)
        calendars = Calendar.objects.current().order_by("code").values_list("code", "name")
        self.fields["calendar_code"].choices = [
            (code, f"{name} ({code})") for code, name in calendars
        ]
        for to in RUNGS:
            self.fields[f"after_{to}"] = forms.IntegerField(
                label=_ladder_label(to),
                required=False,
                min_value=0,
                max_value=250,
                help_text=_("Working days after the limit; 0 at once; empty: not told.")
                if to == "inspector"
                else "",
            )
        self.order_fields([*self._own_order(), "reason", "read"])

    def _own_order(self) -> list[str]:
        rungs = [f"after_{to}" for to in RUNGS]
        own = [name for name in self.fields if name not in {*rungs, "reason", "read"}]
        place = own.index("four_eyes")
        return [*own[:place], *rungs, *own[place:]]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        ladder = [
            Rung(given[f"after_{to}"], to) for to in RUNGS if given[f"after_{to}"] is not None
        ]
        names = set(RegimeContent.__dataclass_fields__) & set(given)
        self.content = RegimeContent(
            **{name: given[name] for name in names}, escalation=tuple(ladder)
        )
        try:
            self.content.check()
        except ValidationError as problem:
            self.refuse(problem)
        return given

    def refuse(self, problem: ValidationError) -> None:
        """Show what is wrong at the field it names; the ladder has several."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            field = "after_supervisor" if name == "escalation" else name
            self.add_error(field if field in self.fields else None, errors)


def _ladder_label(to: str) -> Any:
    return {
        "inspector": _("Missed deadline: tell the inspector after"),
        "supervisor": _("Tell the supervisors after"),
        "second_contact": _("Tell the platform's second contact after"),
        "formal_step": _("Propose the formal step after"),
    }[to]
