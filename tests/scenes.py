"""Scenes of a story that were played before: their rows are laid, not walked to again.

On the bare cast and on that Monday, the same methods of a story, called in the same order, leave
the same rows. When a test process plays such a scene for the first time, its rows and files are
kept, and laid at once to see that nothing else is needed. From then on one statement lays them.
Whoever writes anything else between two scenes walks from there on.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model
from psycopg import sql

from surveillance import clock
from tests.cast import MONDAY
from tests.database import FILLED_BY_TRIGGERS, undone

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|COPY|MERGE INTO)\s+\"?(\w+)")
SESSIONS = "django_session"  # who signs in changes nothing that a scene sees

Call = tuple[Any, ...]
Rows = dict[tuple[str, str], str]  # of table and key: the row as JSON


@dataclass(frozen=True)
class Scene:
    """What a call left: the statement that writes its rows, its files by name, what it returned,
    and how many listings the story had made up by then."""

    statement: str
    files: dict[str, bytes]
    returned: Any
    offers: int

    def lay(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.statement)
        for name, content in self.files.items():
            path = Path(default_storage.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


class Past:
    """What was played since the cast came; None once anything else was written."""

    def __init__(self) -> None:
        self.calls: tuple[Call, ...] | None = ()
        self.is_playing = False
        self.written: set[str] = set()  # tables, by what plays

    def note(self, execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        if self.calls is not None:
            text = statement if isinstance(statement, str) else statement.as_string()
            if writes := WRITES.match(text):
                self._note_table(writes[1])
        return execute(statement, params, many, context)

    def _note_table(self, table: str) -> None:
        if self.is_playing:
            self.written.add(table)
        elif table != SESSIONS:
            self.calls = None

    @contextmanager
    def playing(self) -> Iterator[None]:
        self.is_playing = True
        try:
            yield
        except BaseException:
            self.calls = None
            raise
        finally:
            self.is_playing = False


_kept: dict[tuple[Call, ...], Scene] = {}


@contextmanager
def remembering() -> Iterator[Past]:
    """From here on, what a story plays over this connection may be kept or laid."""
    past = Past()
    with connection.execute_wrapper(past.note):
        yield past


def remembered(story: type) -> type:
    """Its public methods are scenes."""
    for name, method in list(vars(story).items()):
        if not name.startswith("_"):
            setattr(story, name, _scene(method))
    return story


def fresh(returned: Any) -> Any:
    """The row, or the rows in it, as the database has it."""
    if isinstance(returned, Model):
        return type(returned)._default_manager.get(pk=returned.pk)
    if is_dataclass(returned) and not isinstance(returned, type):
        return replace(
            returned,
            **{field.name: fresh(getattr(returned, field.name)) for field in fields(returned)},
        )
    return returned


def _scene(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def play(story: Any, *args: Any, **facts: Any) -> Any:
        past = story.past
        if past is None or past.calls is None or past.is_playing:
            return method(story, *args, **facts)
        try:
            call = (method.__name__, _value(args), _value(facts))
        except TypeError:
            call = None
        if call is None or not _is_as_ever():
            past.calls = None
            return method(story, *args, **facts)
        past.calls = calls = (*past.calls, call)
        with past.playing():
            if calls not in _kept:
                _kept[calls] = _keep(story, lambda: method(story, *args, **facts))
            scene = _kept[calls]
            scene.lay()
            story._offers = scene.offers
            return fresh(scene.returned)

    return play


def _keep(story: Any, play: Callable[[], Any]) -> Scene:
    """Play it, and see what there is then and, when it is undone, was not before."""
    files_before = _files()
    past = story.past
    past.written.clear()
    with undone():
        returned = play()
        tables = _tables(frozenset(past.written - FILLED_BY_TRIGGERS))
        after, files = _rows(tables), _files()
        offers = story._offers
    before = _rows(tables)
    kept = {name: content for name, content in files.items() if name not in files_before}
    scene = Scene(_laying(tables, before, after), kept, returned, offers)
    with undone():
        scene.lay()
        laid = _rows(tables)
    assert laid == after, f"laid otherwise: {laid.items() ^ after.items()}"
    return scene


@dataclass(frozen=True)
class Table:
    """Its name, its key and the columns that one may write."""

    name: str
    key: str
    columns: list[str]

    def adding(self, rows: list[str]) -> str:
        return self._filled("INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows}", rows)

    def changing(self, rows: list[str]) -> str:
        return self._filled(
            "UPDATE {table} SET ({columns}) ="
            " (SELECT {told} FROM {rows} told WHERE told.{key} = {table}.{key})"
            " WHERE {key} IN (SELECT {key} FROM {rows})",
            rows,
        )

    def _filled(self, template: str, rows: list[str]) -> str:
        told = [sql.Identifier("told", column) for column in self.columns]
        composed = sql.SQL(template).format(
            table=sql.Identifier(self.name),
            key=sql.Identifier(self.key),
            columns=sql.SQL(", ").join(map(sql.Identifier, self.columns)),
            told=sql.SQL(", ").join(told),
            rows=sql.SQL("json_populate_recordset(NULL::{}, {})").format(
                sql.Identifier(self.name), sql.Literal(f"[{','.join(rows)}]")
            ),
        )
        return composed.as_string()


def _laying(tables: list[Table], before: Rows, after: Rows) -> str:
    """SQL for what changed. Rows that changed come first: their old values may be unique."""
    assert before.keys() <= after.keys(), "a scene that deletes rows cannot be laid"
    changing, adding = [], []
    for table in tables:
        rows = {place: row for place, row in after.items() if place[0] == table.name}
        if added := [row for place, row in rows.items() if place not in before]:
            adding.append(table.adding(added))
        if changed := [row for place, row in rows.items() if before.get(place, row) != row]:
            changing.append(table.changing(changed))
    return "; ".join(changing + adding) or "SELECT"


@cache
def _tables(names: frozenset[str]) -> list[Table]:
    found = [
        Table(
            model._meta.db_table,
            model._meta.pk.column,
            [field.column for field in model._meta.concrete_fields if not field.generated],
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in names
    ]
    unknown = names - {table.name for table in found}
    assert not unknown, f"a scene writes to what is no model's table: {unknown}"
    return found


def _rows(tables: list[Table]) -> Rows:
    if not tables:
        return {}
    selects = (
        f"SELECT '{table.name}', {table.key}::text, row_to_json(r)::text FROM {table.name} r"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects))
        return {(table, key): row for table, key, row in cursor.fetchall()}


def _files() -> dict[str, bytes]:
    folder = Path(default_storage.path(""))
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _is_as_ever() -> bool:
    """It is Monday, the transaction will be undone, and no setting is the test's own."""
    return clock.now() == MONDAY and connection.in_atomic_block and not _has_settings_of_its_own()


def _has_settings_of_its_own() -> bool:
    """Other than the folder for files, that every test has."""
    held: Any = settings._wrapped
    while isinstance(held, UserSettingsHolder):
        if set(vars(held)) - {"default_settings", "_deleted", "STORAGES"}:
            return True
        held = held.default_settings
    return False


def _value(told: Any) -> Any:
    """What can be compared later, rows by their key. TypeError for everything else."""
    if isinstance(told, Model):
        return type(told), told.pk
    if isinstance(told, dict):
        return tuple((name, _value(value)) for name, value in sorted(told.items()))
    if isinstance(told, list | tuple):
        return tuple(map(_value, told))
    if told is None or isinstance(told, str | int | date | Decimal | Fraction):
        return type(told), told
    raise TypeError(told)
