"""Verbs of calendars and regimes: a change makes a new version; the one before it is kept."""

from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.calendars.content import CalendarContent, RegimeContent
from surveillance.calendars.models import NOTE_LENGTH, Calendar, Regime
from surveillance.calendars.publishing import supersede
from surveillance.flow import NEW, Transition, perform, require_text
from surveillance.outbox import queue

RECOMPUTE_CLOCKS = "cases.recompute_clocks"  # the sweep that follows a change of calendar

CHANGE_CALENDAR = Transition(
    "calendar.change",
    Right.CONFIGURE,
    _("Change the calendar"),
    _("made version %(version)s"),
    from_={NEW},
)
CHANGE_REGIME = Transition(
    "regime.change",
    Right.CONFIGURE,
    _("Change the regime"),
    _("made version %(version)s"),
    from_={NEW},
)


def change_calendar(
    calendar: Calendar,
    *,
    by: Actor,
    content: CalendarContent,
    reason: str,
    at: datetime | None = None,
) -> Calendar:
    """A new version that says `content`; `calendar` is the version that it was made from.

    The clocks that run by it are derived again by the sweep. Raises Stale where there is a newer
    version, ValidationError naming what is wrong.
    """
    _check_reason(reason)
    content.check()
    if content == CalendarContent.of(calendar):
        raise ValidationError(gettext("This changes nothing: the calendar says so already."))
    version = Calendar(
        code=calendar.code,
        name=calendar.name,
        jurisdiction=calendar.jurisdiction,
        source=calendar.source,
        note=reason,
        **content.values(),
    )
    with perform(CHANGE_CALENDAR, version, by=by, at=at, reason=reason) as change:
        version.version = supersede(Calendar, calendar.code, read=calendar.version).version + 1
        version.made_by_id = by.user_id
        change.note(version=version.version)
    transaction.on_commit(partial(queue.start, RECOMPUTE_CLOCKS))
    return version


def change_regime(
    regime: Regime,
    *,
    by: Actor,
    content: RegimeContent,
    reason: str,
    at: datetime | None = None,
) -> Regime:
    """A new version; demands that have been issued keep the one that they were issued under.

    Raises as `change_calendar` does.
    """
    _check_reason(reason)
    content.check()
    if content == RegimeContent.of(regime):
        raise ValidationError(gettext("This changes nothing: the regime says so already."))
    if not Calendar.objects.current().filter(code=content.calendar_code).exists():
        raise ValidationError({"calendar_code": gettext("There is no such calendar.")})
    version = Regime(
        code=regime.code,
        name=regime.name,
        jurisdiction=regime.jurisdiction,
        kind=regime.kind,
        legal_basis=regime.legal_basis,
        source=regime.source,
        is_local_policy=regime.is_local_policy,
        note=reason,
        **content.values(),
    )
    with perform(CHANGE_REGIME, version, by=by, at=at, reason=reason) as change:
        version.version = supersede(Regime, regime.code, read=regime.version).version + 1
        version.made_by_id = by.user_id
        change.note(version=version.version)
    return version


def _check_reason(reason: str) -> None:
    require_text(reason=reason)
    if len(reason) > NOTE_LENGTH:
        raise ValidationError(
            {"reason": gettext("Say it in %(limit)d characters or fewer.") % {"limit": NOTE_LENGTH}}
        )
