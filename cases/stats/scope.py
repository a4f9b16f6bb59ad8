"""What the statistics are about: whose items, of which platform, kind, regime and period."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import DateField, Q, QuerySet
from django.db.models.functions import TruncMonth

from cases.models import Item, Tally
from cases.models.takedown import ItemQuerySet
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
        """Issued items that the actor may see, within the scope; none of the sandbox."""
        return self._within(Item.objects.visible_to(actor))

    def unrestricted_items(self, actor: Actor) -> QuerySet[Item]:
        """Those of them that stand in no restricted case."""
        return self._within(Item.objects.unrestricted(actor))

    def restricted_items(self, actor: Actor) -> QuerySet[Item]:
        """The others of them."""
        return self._within(Item.objects.restricted(actor))

    def _within(self, items: ItemQuerySet) -> QuerySet[Item]:
        rows = items.real().issued()
        if self.platform:
            rows = rows.filter(takedown__platform=self.platform)
        if self.kind:
            rows = rows.filter(takedown__kind=self.kind)
        if self.regime:
            rows = rows.filter(takedown__regime__code=self.regime)
        if self.issued_from:
            rows = rows.filter(takedown__issued_at__gte=midnight(self.issued_from))
        if self.issued_to:
            end = self.issued_to + timedelta(days=1)
            rows = rows.filter(takedown__issued_at__lt=midnight(end))
        if self.month:
            rows = rows.filter(issued_in(self.month))
        return rows

    def tallies(self, actor: Actor) -> QuerySet[Tally]:
        """The same of what has been tallied, in the months that lie in the scope as a whole."""
        rows = Tally.objects.visible_to(actor).exclude(month__in=self.broken_months)
        if self.platform:
            rows = rows.filter(platform=self.platform)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.regime:
            rows = rows.filter(regime=self.regime)
        if self.issued_from:
            rows = rows.filter(month__gte=self.issued_from.replace(day=1))
        if self.issued_to:
            rows = rows.filter(month__lte=self.issued_to)
        if self.month:
            rows = rows.filter(month=self.month)
        return rows

    @property
    def broken_months(self) -> set[date]:
        """The months of which only a part lies in the scope."""
        broken = set()
        if self.issued_from and self.issued_from.day > 1:
            broken.add(self.issued_from.replace(day=1))
        if self.issued_to and (self.issued_to + timedelta(days=1)).day > 1:
            broken.add(self.issued_to.replace(day=1))
        return broken


def issued_in(month: date) -> Q:
    """Items whose request was issued in a month of the authority's; `month` is its first day."""
    end = (month + timedelta(days=31)).replace(day=1)
    return Q(takedown__issued_at__gte=midnight(month), takedown__issued_at__lt=midnight(end))


def issued_month(issued_at: str) -> TruncMonth:
    """In a query: the first day of the authority's month that an instant lies in."""
    return TruncMonth(issued_at, output_field=DateField(), tzinfo=authority_zone())


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=authority_zone())
