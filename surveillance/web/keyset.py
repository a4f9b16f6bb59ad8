"""Pages of a list by keyset: any page, however deep, costs what the first one costs.

A cursor holds the sort values of the row it stands at. The last field of an ordering is unique,
so every row is shown once, also while rows arrive. PostgreSQL's own order of NULL is kept (last
when ascending), so that a plain index serves the sort.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

COUNT_LIMIT = 1_000


class BadCursor(ValueError):
    """The cursor was not made by us, or for another list."""


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` in the order asked for; cursors are empty where there is nothing further."""

    rows: list[Any]
    before: str
    after: str


def page(
    queryset: QuerySet[Any],
    ordering: Sequence[str],
    *,
    size: int,
    after: str = "",
    before: str = "",
) -> Page:
    """The rows that follow the cursor `after`, or precede the cursor `before`; else the first.

    `ordering`: field names, "-" for descending, the last one unique. Raises BadCursor.
    """
    backwards = bool(before)
    names = [_turned(name) for name in ordering] if backwards else list(ordering)
    found = queryset.order_by(*names)
    if cursor := before or after:
        found = found.filter(_beyond(names, _values(cursor, names, queryset.model)))
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([], "", "")
    has_next, has_previous = (True, more) if backwards else (more, bool(after))
    return Page(
        rows,
        before=cursor_of(rows[0], ordering) if has_previous else "",
        after=cursor_of(rows[-1], ordering) if has_next else "",
    )


def count_up_to_limit(queryset: QuerySet[Any]) -> int:
    """How many rows there are, counting no further than one past COUNT_LIMIT."""
    return queryset.order_by().values("pk")[: COUNT_LIMIT + 1].count()


@dataclass(frozen=True, slots=True)
class Counting:
    """A statement that counts several lists, each up to the limit. It may be asked again."""

    statement: str
    parameters: tuple[Any, ...]

    def counts(self) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(self.statement, self.parameters)
            return list(cursor.fetchone())


def counting(querysets: Sequence[QuerySet[Any]]) -> Counting:
    """Several lists to be counted as `count_up_to_limit` does, in one statement; also those that
    can hold no row."""
    parts: list[str] = []
    parameters: list[Any] = []
    for queryset in querysets:
        rows = queryset.order_by()[: COUNT_LIMIT + 1].values("pk")
        compiler = rows.query.get_compiler(connection=connection, elide_empty=False)
        statement, values = compiler.as_sql()
        parts.append(f"(SELECT count(*) FROM ({statement}) AS rows_{len(parts)})")
        parameters += values
    return Counting(f"SELECT {', '.join(parts)}", tuple(parameters))


def count_in_words(count: int) -> str:
    """What a count up to the limit says: "812", or "over 1,000"."""
    if count > COUNT_LIMIT:
        return _("over %(limit)s") % {"limit": f"{COUNT_LIMIT:,}"}
    return f"{count:,}"


def address(query: QueryDict, **cursor: str) -> str:
    """The same list at another place: "?…" with every filter kept."""
    parameters = query.copy()
    for name in ("after", "before"):
        parameters.pop(name, None)
    for name, value in cursor.items():
        parameters[name] = value
    return f"?{parameters.urlencode()}"


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(names: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after `values` in the order `names`. The leading condition is one an index can use."""
    first, *others = names
    value, *rest = values
    later = _later(first, value)
    if not others:
        return later
    tie = Q(**{first.lstrip("-"): value}) if value is not None else _is_null(first)
    beyond = later | (tie & _beyond(others, rest))
    if value is not None and first.startswith("-"):
        # Descending: no NULL follows, so one range holds them all.
        return Q(**{f"{first[1:]}__lte": value}) & beyond
    return beyond


def _later(name: str, value: Any) -> Q:
    column = name.lstrip("-")
    if name.startswith("-"):
        return ~_is_null(name) if value is None else Q(**{f"{column}__lt": value})
    return Q(pk__in=[]) if value is None else Q(**{f"{column}__gt": value}) | _is_null(name)


def _is_null(name: str) -> Q:
    return Q(**{f"{name.lstrip('-')}__isnull": True})


def cursor_of(row: Any, ordering: Sequence[str]) -> str:
    """The place of a row in a list with this ordering."""
    values = [getattr(row, name.lstrip("-")) for name in ordering]
    text = json.dumps(values, cls=_Exact, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _values(cursor: str, names: Sequence[str], model: type[Model]) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded))
        if not isinstance(values, list) or len(values) != len(names):
            raise BadCursor(cursor)
        return [_read(value) for value in values]
    except (binascii.Error, ValueError, UnicodeDecodeError) as problem:
        raise BadCursor(cursor) from problem


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return parse_datetime(value) or parse_date(value) or value
    if isinstance(value, (int, float, bool)) or value is None:
        return value
    raise BadCursor(repr(value))


class _Exact(DjangoJSONEncoder):
    """Django's encoder cuts an instant to milliseconds; a cursor must not."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, (datetime, date)) else super().default(o)
