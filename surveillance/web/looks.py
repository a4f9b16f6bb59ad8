"""The look of each state, risk level and hazard: tone and icon by code. Pure tables.

A look never carries meaning alone: the components always show the words beside it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The six colours of meaning; each is a pair of tokens in app.css."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Look:
    tone: Tone
    icon: str  # a name from heroicons


UNKNOWN = Look(Tone.NEUTRAL, "minus-circle")

STATES: dict[str, Look] = {
    # reports
    "received": Look(Tone.INFO, "inbox-arrow-down"),
    "needs_information": Look(Tone.WARN, "question-mark-circle"),
    "accepted": Look(Tone.OK, "check-circle"),
    "duplicate": Look(Tone.NEUTRAL, "square-2-stack"),
    "dismissed": Look(Tone.NEUTRAL, "no-symbol"),
    # cases
    "investigating": Look(Tone.INFO, "magnifying-glass"),
    "enforcing": Look(Tone.WARN, "scale"),
    "monitoring": Look(Tone.ACCENT, "eye"),
    "closed": Look(Tone.NEUTRAL, "archive-box"),
    "merged": Look(Tone.NEUTRAL, "arrows-pointing-in"),
    # risk assessments
    "proposed": Look(Tone.WARN, "pencil-square"),
    "validated": Look(Tone.OK, "check-badge"),
    "superseded": Look(Tone.NEUTRAL, "arrow-path-rounded-square"),
    # takedown requests
    "draft": Look(Tone.NEUTRAL, "pencil"),
    "awaiting_approval": Look(Tone.WARN, "hand-raised"),
    "approved": Look(Tone.ACCENT, "hand-thumb-up"),
    "issued": Look(Tone.INFO, "paper-airplane"),
    "withdrawn": Look(Tone.NEUTRAL, "arrow-uturn-left"),
    "order": Look(Tone.ACCENT, "scale"),
    "notice": Look(Tone.NEUTRAL, "flag"),
    # items
    "pending": Look(Tone.WARN, "clock"),
    "removed": Look(Tone.INFO, "check"),
    "not_found": Look(Tone.NEUTRAL, "eye-slash"),
    "refused": Look(Tone.DANGER, "hand-raised"),
    "confirmed": Look(Tone.OK, "check-badge"),
    "still_online": Look(Tone.DANGER, "exclamation-triangle"),
    "refusal_accepted": Look(Tone.NEUTRAL, "hand-thumb-up"),
    "relisted": Look(Tone.DANGER, "arrow-path"),
    "appeal_open": Look(Tone.WARN, "scale"),
    "upheld": Look(Tone.OK, "hand-thumb-up"),
    # alerts, sellers, listings
    "published": Look(Tone.OK, "megaphone"),
    "standard": Look(Tone.NEUTRAL, "user"),
    "watched": Look(Tone.WARN, "eye"),
    "high_risk": Look(Tone.DANGER, "shield-exclamation"),
    "online": Look(Tone.WARN, "globe-alt"),
    "gone": Look(Tone.OK, "link-slash"),
    # files of answers
    "checked": Look(Tone.WARN, "document-magnifying-glass"),
    "handed_in": Look(Tone.INFO, "paper-airplane"),
    "ready": Look(Tone.INFO, "pencil-square"),
    "answered": Look(Tone.OK, "check"),
    "unchanged": Look(Tone.NEUTRAL, "equals"),
    "left_open": Look(Tone.NEUTRAL, "minus"),
    # deliveries and long work
    "queued": Look(Tone.NEUTRAL, "clock"),
    "waiting": Look(Tone.WARN, "clock"),
    "delivered": Look(Tone.OK, "check"),
    "running": Look(Tone.INFO, "arrow-path"),
    "done": Look(Tone.OK, "check-circle"),
    "failed": Look(Tone.DANGER, "x-circle"),
    "bounced": Look(Tone.DANGER, "arrow-uturn-left"),
    "arrived": Look(Tone.OK, "check"),
    "later": Look(Tone.WARN, "arrow-path"),
    "on": Look(Tone.OK, "bolt"),
    "off": Look(Tone.NEUTRAL, "bolt-slash"),
    "cancelled": Look(Tone.NEUTRAL, "no-symbol"),
}

DEADLINES: dict[str, Look] = {
    "running": Look(Tone.NEUTRAL, "clock"),
    "soon": Look(Tone.WARN, "bell-alert"),
    "overdue": Look(Tone.DANGER, "exclamation-triangle"),
    "paused": Look(Tone.INFO, "pause-circle"),
    "met": Look(Tone.OK, "check-circle"),
    "missed": Look(Tone.DANGER, "x-circle"),
}

RISK_BARS: dict[str, int] = {"low": 1, "medium": 2, "high": 3, "serious": 4}

# First match wins, so the more particular words stand first. The beginnings of words cover the
# risk types of EU Safety Gate and the hazard sentences of the US CPSC.
HAZARD_PICTURES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (picture, re.compile(rf"\b(?:{beginnings})"))
    for picture, beginnings in (
        ("strangulation", "strangul|entangle|entrap"),
        ("choking", "chok|ingest|swallow|magnet|aspirat|small part"),
        ("drowning", "drown"),
        ("electric", "electr|shock"),
        ("fire", "fire|burn|flam|explo|overheat|scald"),
        (
            "chemical",
            "chemi|poison|toxic|microbio|environment|carbon monoxide|lead (?:paint|content)"
            "|(?:of|excess) lead",
        ),
        ("suffocation", "suffoc|asphyx"),
        ("injury", "injur|cut|lacerat|fall|tip|crush|crash|sight|impact"),
    )
)


def state_look(code: str) -> Look:
    return STATES.get(code, UNKNOWN)


def hazard_picture(words: str) -> str:
    """The name of the illustration for a hazard in words ("Choking, Injuries" → "choking")."""
    folded = words.casefold()
    for picture, beginnings in HAZARD_PICTURES:
        if beginnings.search(folded):
            return picture
    return "other"
