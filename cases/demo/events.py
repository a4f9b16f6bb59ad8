"""What happened while the clock played: the trail, told to a visitor of the demo."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.demo.recording import DEEDS, deeds_by_day
from cases.pages import timeline
from cases.stats.scope import authority_zone
from surveillance.accounts.rights import PLATFORM_SIDE, STAFF, Role
from surveillance.audit.models import AuditEntry
from surveillance.keys.models import ApiKey
from surveillance.outbox.models import OutboxMessage
from surveillance.web import keyset

SIZE = 30
ORDER = ("-at", "-id")
WHO: dict[str, Promise] = {
    "": _("Everything"),
    "platforms": _("Platforms"),
    "authority": _("The authority"),
    "clock": _("The clock"),
    "reports": _("Reports"),
}
_CLOCK = (
    "takedown.remind",
    "item.note_missed_deadline",
    "item.escalate",
    "takedown.prepare_formal_letter",
)
# The machinery of the demo itself.
_LEFT_OUT = ("key.issue", "key.revoke", "takedown.note_delivery", "feed.import")


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of events, newest first, as components/timeline.html takes them."""

    entries: list[dict[str, Any]]
    tabs: list[dict[str, Any]]
    newest_url: str
    older_url: str


def events(begun_at: datetime, until: datetime) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(at__gt=begun_at, at__lte=until)
    return rows.exclude(verb__in=_LEFT_OUT)


def feed(rows: QuerySet[AuditEntry], query: QueryDict) -> Feed:
    """`query`: ?who=KIND keeps one kind, ?after=CURSOR goes on."""
    who = query.get("who", "")
    kept = _of(rows, who)
    try:
        page = keyset.page(kept, ORDER, size=SIZE, after=query.get("after", ""))
    except keyset.BadCursor:
        page = keyset.page(kept, ORDER, size=SIZE)
    return Feed(
        entries=_entries(page.rows),
        tabs=[
            {"label": label, "url": f"?who={code}", "current": code == who, "count": None}
            for code, label in WHO.items()
        ],
        newest_url=f"?who={who}" if "after" in query else "",
        older_url=f"?who={who}&after={page.after}" if page.after else "",
    )


def days(begun_at: datetime, until: datetime) -> list[tuple[date, list[int]]]:
    """[(day, counts in the order of DEEDS and then letters)], newest first."""
    deeds = deeds_by_day(events(begun_at, until))
    letters = _letters_by_day(begun_at, until)
    return [
        (day, [*(deeds.get(day, Counter())[name] for name in DEEDS), letters.get(day, 0)])
        for day in sorted({*deeds, *letters}, reverse=True)
    ]


def _of(rows: QuerySet[AuditEntry], who: str) -> QuerySet[AuditEntry]:
    match who:
        case "platforms":
            return rows.filter(_acted(*PLATFORM_SIDE))
        case "authority":
            return rows.filter(_acted(*STAFF))
        case "clock":
            return rows.filter(verb__in=_CLOCK)
        case "reports":
            return rows.filter(verb__startswith="report.")
    return rows


def _acted(*roles: Role) -> Q:
    found = Q()
    for role in roles:
        found |= Q(actor__startswith=f"{role}:")
    return found


def _entries(rows: list[AuditEntry]) -> list[dict[str, Any]]:
    systems = _platforms_of_keys(rows)
    return [
        {
            "uid": "",
            "sentence": entry.sentence if entry.actor else capfirst(entry.sentence),
            "at": entry.at,
            "actor": systems.get(row.actor, entry.actor),
            "icon": entry.icon,
            "tone": entry.tone,
            "detail": entry.detail,
            "url": entry.url,
            "url_label": entry.subject,
        }
        for row, entry in zip(rows, timeline.entries_of(rows), strict=True)
    ]


def _platforms_of_keys(rows: list[AuditEntry]) -> dict[str, str]:
    """{actor's label in the trail: the platform's name}, of those that acted by a key."""
    labels = {row.actor.rpartition(":key:")[2]: row.actor for row in rows if ":key:" in row.actor}
    keys = ApiKey.objects.filter(prefix__in=labels).select_related("organisation")
    return {labels[key.prefix]: key.organisation.name for key in keys}


def _letters_by_day(begun_at: datetime, until: datetime) -> dict[date, int]:
    letters = OutboxMessage.objects.filter(created_at__gt=begun_at, created_at__lte=until)
    day = TruncDate("created_at", tzinfo=authority_zone())
    rows = letters.order_by().values(day=day).annotate(times=Count("pk"))
    return {row["day"]: row["times"] for row in rows}
