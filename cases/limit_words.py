"""Limits, start rules and ladders in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from surveillance.clock import StartRule, Unit

UNITS: dict[str, Promise] = {Unit.WORKING_DAYS: _("working days"), Unit.HOURS: _("hours")}
START_RULES: dict[str, Promise] = {
    StartRule.RECEIPT: _("receipt; on a day off or after the cut-off it counts as the next day"),
    StartRule.DAY_AFTER_RECEIPT: _("day after receipt; the next working day is day 1"),
    StartRule.NEXT_WORKING_DAY: _("next working day, which is day 1"),
}
RUNGS: dict[str, Promise] = {
    "inspector": _("the inspector"),
    "supervisor": _("the supervisors"),
    "second_contact": _("the platform's second contact"),
    "formal_step": _("who may take the formal step"),
}


def amount_in_words(amount: int, unit: str) -> str:
    if unit == Unit.HOURS:
        return ngettext("%(amount)d hour", "%(amount)d hours", amount) % {"amount": amount}
    return ngettext("%(amount)d working day", "%(amount)d working days", amount) % {
        "amount": amount
    }
