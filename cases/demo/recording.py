"""What happened between two instants of the demo, counted from the trail, the letters and the
statistics: nothing is kept beside them, so nothing can disagree with them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import TakedownRequest
from cases.stats.figures import Breakdown, breakdown
from cases.stats.scope import Scope, authority_zone
from surveillance.accounts.actor import SYSTEM
from surveillance.audit.models import AuditEntry
from surveillance.outbox.models import OutboxMessage

# What is counted, by the verbs that tell of it.
DEEDS: dict[str, tuple[Promise, frozenset[str]]] = {
    "reports": (_("reports received"), frozenset({"report.receive", "report.submit"})),
    "triaged": (
        _("reports decided"),
        frozenset({"report.accept", "report.dismiss", "report.mark_duplicate"}),
    ),
    "cases": (_("cases opened"), frozenset({"case.open"})),
    "issued": (_("requests issued"), frozenset({"takedown.issue"})),
    "acknowledged": (_("acknowledged"), frozenset({"takedown.acknowledge"})),
    "answers": (_("answers"), frozenset({"item.answer"})),
    "removed": (_("verified removals"), frozenset({"item.confirm_removal"})),
    "still_online": (_("answers rejected, still online"), frozenset({"item.reject_answer"})),
    "refusals": (_("refusals accepted"), frozenset({"item.accept_refusal"})),
    "reminders": (_("reminders"), frozenset({"takedown.remind"})),
    "missed": (_("missed deadlines noted"), frozenset({"item.note_missed_deadline"})),
    "escalations": (_("escalations"), frozenset({"item.escalate"})),
    "formal": (_("formal letters sent"), frozenset({"takedown.send_formal_letter"})),
    "appeals": (_("appeals"), frozenset({"item.appeal"})),
    "appeals_decided": (
        _("appeals decided"),
        frozenset({"item.uphold_appeal", "item.dismiss_appeal"}),
    ),
}


@dataclass(frozen=True, slots=True)
class Recording:
    """`letters`: {(kind, channel): how many}. `deeds`, in all and by day: by the names of DEEDS.
    `answers`: {(platform's name, outcome): listings}. `figures`: the statistics at `ended_at`."""

    begun_at: datetime
    ended_at: datetime
    letters: Mapping[tuple[str, str], int]
    deeds: Mapping[str, int]
    days: Mapping[date, Mapping[str, int]]
    answers: Mapping[tuple[str, str], int]
    figures: Breakdown


def record(begun_at: datetime, ended_at: datetime) -> Recording:
    """Of what happened after `begun_at`, up to and with `ended_at`."""
    entries = AuditEntry.objects.filter(at__gt=begun_at, at__lte=ended_at)
    letters = OutboxMessage.objects.filter(created_at__gt=begun_at, created_at__lte=ended_at)
    days = deeds_by_day(entries)
    return Recording(
        begun_at,
        ended_at,
        letters=_counted(letters, "letter", "channel"),
        deeds=sum(days.values(), Counter()),
        days=days,
        answers=_answers(entries),
        figures=breakdown(Scope(), SYSTEM, ended_at),
    )


def deeds_by_day(entries: QuerySet[AuditEntry]) -> dict[date, Counter[str]]:
    """{day of the authority: {name in DEEDS: how many}}, oldest first."""
    names = {verb: name for name, (_title, verbs) in DEEDS.items() for verb in verbs}
    rows = (
        entries.filter(verb__in=names)
        .order_by()
        .values("verb", day=TruncDate("at", tzinfo=authority_zone()))
        .annotate(times=Count("pk"))
    )
    found: dict[date, Counter[str]] = {}
    for row in sorted(rows, key=lambda row: row["day"]):
        found.setdefault(row["day"], Counter())[names[row["verb"]]] += row["times"]
    return found


def _counted(messages: QuerySet[OutboxMessage], *names: str) -> dict[tuple[str, str], int]:
    rows = messages.order_by(*names).values_list(*names).annotate(times=Count("pk"))
    return {(kind, channel): times for kind, channel, times in rows}


def _answers(entries: QuerySet[AuditEntry]) -> dict[tuple[str, str], int]:
    given = entries.filter(verb="item.answer").values_list("subject", "facts__outcome")
    platforms = _platforms(subject.partition("/")[0] for subject, _outcome in given)
    found = Counter((platforms[subject.partition("/")[0]], outcome) for subject, outcome in given)
    return dict(sorted(found.items()))


def _platforms(references: Iterable[str]) -> dict[str, str]:
    rows = TakedownRequest.objects.visible_to(SYSTEM).filter(reference__in=set(references))
    return dict(rows.values_list("reference", "platform__name"))
