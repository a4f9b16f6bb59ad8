"""New versions of calendars and regimes: the only place that writes these rows."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from surveillance.calendars.models import Calendar, Regime, Versioned
from surveillance.calendars.reference.calendars import ReferenceCalendar, reference_calendars
from surveillance.calendars.reference.regimes import ReferenceRegime, reference_regimes
from surveillance.flow import Stale

VersionedT = TypeVar("VersionedT", bound=Versioned)


def publish(
    model: type[Calendar] | type[Regime], code: str, values: dict[str, Any], at: datetime
) -> bool:
    """Make `values` the current version of `code`. False when the current one says just that."""
    with transaction.atomic():
        current = model.objects.current().select_for_update().filter(code=code).first()
        if current and all(getattr(current, name) == value for name, value in values.items()):
            return False
        model.objects.filter(code=code, is_current=True).update(is_current=False)
        version = current.version + 1 if current else 1
        model.objects.create(code=code, version=version, changed_at=at, **values)
    return True


def supersede(model: type[VersionedT], code: str, *, read: int) -> VersionedT:
    """The current version of `code` is no longer current. Returns it, under lock.

    Raises Stale where it is not version `read`: somebody was faster. Runs in the transaction of
    the verb that makes the next version.
    """
    rows = model._default_manager.select_for_update(of=("self",), no_key=True)
    current = rows.filter(code=code, is_current=True).first()
    if current is None or current.version != read:
        raise Stale(
            _("%(code)s has a newer version than the one you read. Look at it, then begin again.")
            % {"code": code}
        )
    model._default_manager.filter(pk=current.pk).update(is_current=False)
    return current


def publish_reference_data(at: datetime) -> int:
    """The calendars and regimes as delivered. Returns how many versions are new.

    A row that somebody has changed since is left alone: delivered data never overrule a decision.
    """
    delivered: list[tuple[type[Calendar] | type[Regime], str, dict[str, Any]]] = [
        *((Calendar, calendar.code, _calendar(calendar)) for calendar in reference_calendars()),
        *((Regime, regime.code, _regime(regime)) for regime in reference_regimes()),
    ]
    return sum(
        publish(model, code, values, at)
        for model, code, values in delivered
        if not model.objects.filter(code=code, version__gt=1).exists()
    )


def _calendar(calendar: ReferenceCalendar) -> dict[str, Any]:
    working = calendar.working
    return {
        "name": calendar.name,
        "jurisdiction": calendar.jurisdiction,
        "time_zone": working.time_zone,
        "weekend": sorted(working.weekend),
        "holidays": {day.isoformat(): name for day, name in working.holidays.items()},
        "extra_working_days": {
            day.isoformat(): name for day, name in working.extra_working_days.items()
        },
        "first_day": working.first_day,
        "last_day": working.last_day,
        "source": calendar.source,
    }


def _regime(regime: ReferenceRegime) -> dict[str, Any]:
    limit = regime.limit
    return {
        "name": regime.name,
        "jurisdiction": regime.jurisdiction,
        "kind": regime.kind,
        "legal_basis": regime.legal_basis,
        "source": regime.source,
        "limit_amount": limit.amount,
        "limit_unit": limit.unit.value,
        "start_rule": limit.start_rule.value,
        "cut_off": limit.cut_off,
        "day_ends_at": limit.day_ends_at,
        "calendar_code": regime.calendar_code,
        "reminders": list(regime.reminders),
        "escalation": [rung._asdict() for rung in regime.escalation],
        "four_eyes": regime.four_eyes,
        "extension_approvals": regime.extension_approvals,
        "is_local_policy": regime.is_local_policy,
    }
