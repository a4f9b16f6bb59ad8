"""The published register in the memory of a process, as the screening core wants it.

It is made when it is first asked for, and brought up to date before every answer: a sum over all
alerts says whether any has changed, and then only those that have are read. What an alert says of
its product changes together with the alert (`alert.revise`), so that its version tells of both.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Max, Sum

from sellers.models import Alert, ProductIdentifier
from sellers.screening import Entry, Register
from sellers.screening.calibration import CURRENT
from surveillance.accounts.actor import PUBLIC

MAKE_ANEW = 2_000  # changed entries from which on the whole register is made again

Edition = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Kept:
    edition: Edition
    register: Register
    versions: Mapping[int, int] = field(repr=False)  # of every published alert, by its key


class PublishedRegister:
    """One for a process. Threads wait for each other while it is made or brought up to date."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def current(self) -> Register:
        """With every alert that is published now, and no other."""
        edition = _edition()
        kept = self._kept
        if kept is None or kept.edition != edition:
            with self._lock:
                if self._kept is None or self._kept.edition != edition:
                    self._kept = _made(edition, self._kept)
                kept = self._kept
        return kept.register


def _edition() -> Edition:
    """Differs whenever an alert has been added or changed: versions only grow.

    Asked for before the rows are read, so that what is read is never older than it says.
    """
    told = Alert.objects.aggregate(count=Count("version"), sum=Sum("version"), last=Max("pk"))
    return told["count"], told["sum"] or 0, told["last"] or 0


def _made(edition: Edition, kept: _Kept | None) -> _Kept:
    versions = dict(Alert.objects.visible_to(PUBLIC).values_list("pk", "version"))
    if kept is not None:
        changed = [pk for pk, version in versions.items() if kept.versions.get(pk) != version]
        gone = kept.versions.keys() - versions.keys()
        if kept.register.in_small_segment + len(changed) < MAKE_ANEW:
            register = kept.register.updated(_entries(changed), gone)
            return _Kept(edition, register, versions)
    return _Kept(edition, Register.of(_entries(), CURRENT), versions)


def _entries(keys: Collection[int] | None = None) -> list[Entry]:
    """Those of the published alerts, or of the ones with these keys, by key."""
    alerts = Alert.objects.visible_to(PUBLIC).order_by("pk")
    if keys is not None:
        alerts = alerts.filter(pk__in=keys)
    facts = alerts.values_list("pk", "product_id", "product__name", "product__brand")
    identifiers = ProductIdentifier.objects.filter(product__in=alerts.order_by().values("product"))
    found = _by_product(identifiers.order_by("pk").values_list("product_id", "kind", "value"))
    return [_entry(pk, name, brand, found[product]) for pk, product, name, brand in facts]


def _by_product(rows: Iterable[tuple[int, str, str]]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for product, kind, value in rows:
        found[product][kind].append(value)
    return found


def _entry(key: int, name: str, brand: str, identifiers: Mapping[str, list[str]]) -> Entry:
    kinds = ProductIdentifier.Kind
    return Entry(
        key,
        name,
        brand,
        models=tuple(identifiers[kinds.MODEL]),
        gtins=tuple(identifiers[kinds.GTIN]),
        codes=tuple(identifiers[kinds.RAW_CODE]),
    )


REGISTER = PublishedRegister()
