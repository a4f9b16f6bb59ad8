"""What the statistics are about: whose items, of which platform, kind, regime and period."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from cases.models import Item
from sellers.models import Platform
from surveillance.accounts.actor import Actor


def authority_zone() -> ZoneInfo:
    """Days and months of issue are the authority's, so that every reader sees the same numbers."""
    return ZoneInfo(settings.AUTHORITY_TIME_ZONE)


@dataclass(frozen=True, slots=True)
class Scope:
    """`issued_from` and `issued_to` are days of issue, both included; `month` is the first day of
    a month of issue."""

    platform: Platform | None = None
    kind: str = ""
    regime: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    month: date | None = None

    def items(self, actor: Actor) -> QuerySet[Item]:
        """Issued items that the actor may see, within the scope."""
        rows = Item.objects.visible_to(actor).issued()
        if self.platform:
            rows = rows.filter(takedown__platform=self.platform)
        if self.kind:
            rows = rows.filter(takedown__kind=self.kind)
        if self.regime:
            rows = rows.filter(takedown__regime__code=self.regime)
        if self.issued_from:
            rows = rows.filter(takedown__issued_at__gte=_midnight(self.issued_from))
        if self.issued_to:
            end = self.issued_to + timedelta(days=1)
            rows = rows.filter(takedown__issued_at__lt=_midnight(end))
        if self.month:
            rows = rows.filter(
                takedown__issued_at__gte=_midnight(self.month),
                takedown__issued_at__lt=_midnight(month_after(self.month)),
            )
        return rows


def month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=authority_zone())
