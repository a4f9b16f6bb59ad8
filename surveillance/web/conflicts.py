"""Two people change one row: the second sees what happened meanwhile, beside their own words."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import DateField, DateTimeField, Field, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from surveillance.accounts.actor import Actor
from surveillance.audit.models import AuditEntry
from surveillance.flow import FlowModel, Transition, lock
from surveillance.web.templatetags import ui

VERSION = re.compile(r"[0-9]{1,9}")
MOST = 5  # entries of the trail that are shown
PLAIN = str | int | float | bool  # what is shown of a change: no lists, no documents


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """One verb done since the page was made; `changes` are (field, before, after) in words, of
    fields that the form does not ask for."""

    at: datetime
    sentence: str
    changes: list[tuple[str, Any, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands in a field now, and what the reader has written."""

    label: str
    now: str
    yours: str


@dataclass(frozen=True, slots=True)
class Conflict:
    meanwhile: list[Meanwhile] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def is_overtaken(row: FlowModel, read: str, by: Actor) -> bool:
    """Has the row changed since the version that the page was made from? Asked under its lock.

    `read`: what the form carries; empty where it carries none. Raises NotVisible.
    """
    return bool(VERSION.fullmatch(read)) and lock(row, by=by).version != int(read)


def conflict_of(row: FlowModel, form: forms.Form, *, read: str, by: Actor) -> Conflict:
    """`row` as it is now, `form` bound to what was written. What colleagues did is for staff."""
    steps = min(max(row.version - int(read), 0), MOST)
    entries = AuditEntry.objects.filter(subject=row.audit_reference).order_by("-at", "-id")
    return Conflict(
        meanwhile=[_meanwhile(row, entry, form) for entry in entries[:steps]]
        if by.is_staff
        else [],
        differences=list(filter(None, map(_difference, form.visible_fields()))),
    )


def _meanwhile(row: Model, entry: AuditEntry, form: forms.Form) -> Meanwhile:
    transition = Transition.registry.get(entry.verb)
    past = str(transition.past) if transition else entry.verb
    fields = {one.name: one for one in row._meta.concrete_fields if not one.is_relation}
    return Meanwhile(
        at=entry.at,
        sentence=past % defaultdict(lambda: "…", entry.facts),
        changes=[
            (
                str(fields[name].verbose_name),
                _in_words(fields[name], before),
                _in_words(fields[name], after),
            )
            for name, (before, after) in entry.changes.items()
            if name in fields.keys() - form.fields.keys()
            and isinstance(after, PLAIN)
            and isinstance(before, PLAIN | None)
        ],
    )


def _in_words(column: "Field[Any, Any]", value: Any) -> str:
    """A value of the trail, which holds instants and days as text."""
    if value in (None, ""):
        return "–"
    if isinstance(column, DateTimeField):
        return ui.moment(parse_datetime(value))
    if isinstance(column, DateField):
        return ui.day(parse_date(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(column.flatchoices).get(value, value))


def _difference(bound: forms.BoundField) -> Difference | None:
    now, yours = bound.initial, bound.value()
    if now in (None, "") or isinstance(now, list) or str(now) == str(yours):
        return None
    words = dict(getattr(bound.field, "choices", ()))
    return Difference(
        str(bound.label), str(words.get(now, now)), str(words.get(yours, yours) or "")
    )
