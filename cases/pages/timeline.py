"""One timeline of everything that happened to a row: who did what, with the letters it sent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from cases.flows import chasing, takedowns
from cases.flows.answer_sheets import by_file
from cases.models import CaseNote
from cases.pages import references
from cases.pages.correspondence import SentLetter, sent_letters
from cases.risk import LEVELS
from cases.states import LABELS
from sellers.models import ContactPoint
from surveillance.accounts.models import User
from surveillance.accounts.rights import Role
from surveillance.audit.models import AuditEntry
from surveillance.flow import Transition
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage
from surveillance.web import keyset
from surveillance.web.looks import Look, Tone, state_look

SIZE = 40
ORDER = ("-at", "-id")

# Verbs that lead to no state of their own, by name.
_LOOKS = {
    "claim": Look(Tone.ACCENT, "hand-raised"),
    "assign": Look(Tone.ACCENT, "user-plus"),
    "add_note": Look(Tone.NEUTRAL, "chat-bubble-left"),
    "add_evidence": Look(Tone.NEUTRAL, "paper-clip"),
    "add_proof": Look(Tone.NEUTRAL, "paper-clip"),
    "link_product": Look(Tone.NEUTRAL, "link"),
    "link_listing": Look(Tone.NEUTRAL, "link"),
    "restrict": Look(Tone.WARN, "lock-closed"),
    "lift_restriction": Look(Tone.NEUTRAL, "lock-open"),
    "acknowledge": Look(Tone.OK, "check"),
    "note_delivery": Look(Tone.OK, "envelope-open"),
    "remind": Look(Tone.INFO, "bell"),
    "note_missed_deadline": Look(Tone.DANGER, "exclamation-triangle"),
    "escalate": Look(Tone.DANGER, "arrow-trending-up"),
    "request_extension": Look(Tone.WARN, "clock"),
    "grant_extension": Look(Tone.OK, "clock"),
    "refuse_extension": Look(Tone.DANGER, "clock"),
    "prepare_formal_letter": Look(Tone.WARN, "scale"),
    "amend_formal_letter": Look(Tone.NEUTRAL, "pencil-square"),
    "send_formal_letter": Look(Tone.DANGER, "scale"),
    "drop_formal_letter": Look(Tone.NEUTRAL, "x-mark"),
    "appeal": Look(Tone.WARN, "scale"),
    "uphold_appeal": Look(Tone.OK, "hand-thumb-up"),
    "dismiss_appeal": Look(Tone.NEUTRAL, "hand-thumb-down"),
    "note_late_appeal": Look(Tone.DANGER, "exclamation-triangle"),
    "note_relisted": state_look("relisted"),
    "move_deadline": Look(Tone.INFO, "calendar-days"),
    "pause": Look(Tone.WARN, "pause"),
    "resume": Look(Tone.INFO, "play"),
}
_FILES = ("case.add_evidence", "report.add_evidence", "item.add_proof")
_DEADLINES = (
    "takedown.issue",
    "takedown.remind",
    "takedown.request_extension",
    "takedown.grant_extension",
    "takedown.refuse_extension",
    "takedown.send_formal_letter",
    "item.note_missed_deadline",
    "item.escalate",
    "item.reject_answer",
    "item.appeal",
    "item.uphold_appeal",
    "item.dismiss_appeal",
    "item.note_late_appeal",
    "item.supply_information",
    "item.note_relisted",
    "item.move_deadline",
    "item.pause",
    "item.resume",
    "takedown.pause",
    "takedown.resume",
)
KINDS: dict[str, Promise] = {
    "": _("Everything"),
    "people": _("By people"),
    "letters": _("Letters"),
    "files": _("Files and notes"),
    "deadlines": _("Deadlines"),
}
_RUNGS: dict[str, Promise] = {
    "inspector": _("the inspector"),
    "supervisor": _("the supervisor"),
    "second_contact": _("the platform's second contact"),
    "formal_step": _("those who may take a formal step"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What desk/timeline.html shows of one audit entry."""

    uid: str
    sentence: str
    at: datetime
    actor: str
    icon: str
    tone: str
    detail: str
    subject: str
    url: str
    letters: list[SentLetter] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of entries, newest first. Addresses keep the rest of the page's query."""

    entries: list[Entry]
    tabs: list[dict[str, Any]]
    newest_url: str
    older_url: str


# Said of the row itself, not of who noted it: "Missed the deadline".
_OF_ITSELF = {
    takedowns.NOTE_DELIVERY.verb,
    chasing.NOTE_MISSED_DEADLINE.verb,
    chasing.ESCALATE.verb,
}


def timeline(
    reference: str, query: QueryDict, letters: Iterable[SentLetter] | None = None
) -> Timeline:
    """The history of the row with this reference and of all that stands within it.

    `query`: ?history=KIND keeps one kind, ?history_after=CURSOR goes on, ?entry=NUMBER begins at
    that entry, so that a permalink holds however much is added later. `letters`: those that went
    out about the row, where the page has read them already.
    """
    kind = query.get("history", "")
    rows = _of_kind(AuditEntry.objects.about(reference), kind)
    begun = query.get("entry", "")
    if begun.isdigit() and (first := rows.filter(pk=begun).first()):
        rows = rows.filter(Q(at__lt=first.at) | Q(at=first.at, pk__lte=first.pk))
    try:
        page = keyset.page(rows, ORDER, size=SIZE, after=query.get("history_after", ""))
    except keyset.BadCursor:
        page = keyset.page(rows, ORDER, size=SIZE)
    return Timeline(
        entries=_entries(reference, page.rows, letters),
        tabs=[
            {
                "label": label,
                "url": _address(query, history=code),
                "current": code == kind,
                "count": None,
            }
            for code, label in KINDS.items()
        ],
        newest_url=_address(query, history=kind) if "history_after" in query or begun else "",
        older_url=_address(query, history=kind, history_after=page.after) if page.after else "",
    )


def entries_of(rows: list[AuditEntry]) -> list[Entry]:
    """Of rows that belong to no page in particular: each names what it is about."""
    return _entries("", rows)


def _of_kind(rows: QuerySet[AuditEntry], kind: str) -> QuerySet[AuditEntry]:
    if kind == "people":
        return rows.filter(actor_user_id__isnull=False)
    if kind == "files":
        return rows.filter(verb__in=[*_FILES, "case.add_note"])
    if kind == "deadlines":
        return rows.filter(verb__in=_DEADLINES)
    if kind == "letters":
        letters = OutboxMessage.objects.exclude(channel=Channel.IN_APP)
        return rows.filter(Exists(letters.filter(cause=OuterRef("pk"))))
    return rows


def _address(query: QueryDict, **parameters: str) -> str:
    kept = query.copy()
    for name in ("history", "history_after", "entry"):
        kept.pop(name, None)
    for name, value in parameters.items():
        if value:
            kept[name] = value
    return f"?{kept.urlencode()}#history"


def _entries(
    reference: str, rows: list[AuditEntry], letters: Iterable[SentLetter] | None = None
) -> list[Entry]:
    names = _names(rows)
    notes = _notes(rows)
    if letters is None:
        letters = sent_letters(OutboxMessage.objects.filter(cause__in=rows))
    caused: dict[int | None, list[SentLetter]] = defaultdict(list)
    for letter in letters:
        caused[letter.cause_id].append(letter)
    return [_entry(reference, row, names, notes, caused[row.pk]) for row in rows]


def _entry(
    reference: str,
    row: AuditEntry,
    names: Mapping[int, str],
    notes: Mapping[tuple[int | None, datetime], str],
    letters: list[SentLetter],
) -> Entry:
    transition = Transition.registry.get(row.verb)
    look = _look(transition, row)
    elsewhere = row.subject != reference
    return Entry(
        uid=f"entry-{row.pk}",
        sentence=_sentence(transition, row, names),
        at=row.at,
        actor=_actor(row, names),
        icon=look.icon,
        tone=look.tone,
        detail="\n".join(_details(row, notes)),
        subject=row.subject if elsewhere and references.parse(row.subject) else "",
        url=references.address(row.subject) if elsewhere else "",
        letters=letters,
    )


def _sentence(transition: Transition | None, row: AuditEntry, names: Mapping[int, str]) -> str:
    if transition is None:  # a verb of an earlier release
        return row.verb
    facts: dict[str, Any] = defaultdict(lambda: "…")
    facts |= {name: _in_words(name, value, names) for name, value in row.facts.items()}
    return str(transition.past) % facts


def _in_words(name: str, value: Any, names: Mapping[int, str]) -> Any:
    if name in {"outcome", "state"}:
        return LABELS.get(value, value)
    if name == "level":
        return {level.value: label for level, label in LEVELS.items()}.get(value, value)
    if name == "to":
        return _RUNGS.get(value, value)
    if name == "purpose":
        return dict(ContactPoint.Purpose.choices).get(value, value)
    if name == "assignee":
        return names.get(_number(value), value)
    return value


def _details(row: AuditEntry, notes: Mapping[tuple[int | None, datetime], str]) -> Iterable[str]:
    if row.reason:
        yield row.reason
    if row.verb == "case.add_note" and (text := notes.get((row.actor_user_id, row.at))):
        yield text
    if question := row.facts.get("question"):
        yield str(question)
    if place := row.facts.get("by_file"):
        yield by_file(place)
    before, after = row.changes.get("due_at", (None, None))
    if before and after and before != after:
        yield gettext("Due %(after)s; it was %(before)s.") % {
            "after": _instant(after),
            "before": _instant(before),
        }


def _instant(text: str) -> str:
    at = parse_datetime(text)
    # Translators: how an instant is written, in Django's date format letters.
    return date_format(localtime(at), pgettext("date format", "j M Y H:i")) if at else ""


def _look(transition: Transition | None, row: AuditEntry) -> Look:
    if outcome := row.facts.get("outcome"):
        return state_look(outcome)
    if transition and (look := _LOOKS.get(transition.name)):
        return look
    if transition and len(transition.to) == 1:
        (state,) = transition.to
        return state_look(state)
    return Look(Tone.NEUTRAL, "ellipsis-horizontal")


def _actor(row: AuditEntry, names: Mapping[int, str]) -> str:
    if row.verb in _OF_ITSELF:
        return ""
    if row.actor_user_id:
        return names.get(row.actor_user_id, gettext("Somebody whose account is gone"))
    if ":key:" in row.actor:
        return gettext("The organisation's own system")
    return {
        Role.PUBLIC: gettext("The reporter"),
        Role.SYSTEM: gettext("The system"),
    }.get(row.actor, row.actor)  # type: ignore[call-overload]


def _names(rows: list[AuditEntry]) -> dict[int, str]:
    people = {row.actor_user_id for row in rows if row.actor_user_id}
    people |= {_number(row.facts["assignee"]) for row in rows if "assignee" in row.facts}
    if not people:
        return {}
    return dict(User.objects.filter(pk__in=people).values_list("pk", "name"))


def _number(label: Any) -> int:
    digits = str(label).rpartition(":")[2]
    return int(digits) if digits.isdigit() else 0


def _notes(rows: list[AuditEntry]) -> dict[tuple[int | None, datetime], str]:
    """The text of notes stands in its own table; the trail knows author and instant."""
    instants = [row.at for row in rows if row.verb == "case.add_note"]
    if not instants:
        return {}
    found = CaseNote.objects.filter(at__in=instants).values_list("author_id", "at", "text")
    return {(author, at): text for author, at, text in found}
