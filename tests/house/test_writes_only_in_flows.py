"""Rows change in flows and in the few named ledgers; this reads the syntax trees and says so."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITES = {
    "save",
    "create",
    "acreate",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
}
# Where rows are written, and nowhere else.
WRITERS = (
    "sellers/flows/",
    "cases/flows/",
    "cases/stats/tallies.py",  # sums of rows, made anew from the rows
    "surveillance/flow/",
    "surveillance/audit/",
    "surveillance/outbox/",
    "surveillance/jobs/",
    "surveillance/idempotency/",
    "surveillance/timemachine/",
    "surveillance/keys/flows.py",
    "surveillance/saved_views/flows.py",
    "surveillance/webhooks/flows/",
    "surveillance/accounts/enrolment.py",
    "surveillance/calendars/publishing.py",
    "surveillance/devstack/",
)
# Calls that look like writes to a row and are not: (file, what stands before the dot).
NOT_ROWS = {
    ("surveillance/uploads.py", "clean"),  # a Pillow image is saved to memory
    ("surveillance/uploads.py", "place"),  # a file goes into the storage
    ("surveillance/operations/backup/contents.py", "digest"),  # a hash is fed
    ("surveillance/operations/backup/uploads.py", "digest"),
    ("surveillance/spreadsheets/writing.py", "book"),  # a workbook is saved to a file
    ("surveillance/settings.py", "globals()"),  # the settings of e-mail
    ("surveillance/operations/doctor/files.py", "default_storage"),  # a file to try it with
    ("surveillance/operations/backup/uploads.py", "storage"),  # a file that comes back
    ("surveillance/operations/backup/uploads.py", "digest"),
    ("surveillance/operations/backup/contents.py", "digest"),
    ("surveillance/operations/backup/restoring.py", "Session.objects.all()"),  # all signed out
    ("sellers/management/feed_command.py", "bar"),  # a progress bar moves
    ("cases/management/commands/demo.py", "bar"),
    ("cases/management/commands/generate.py", "bar"),
    ("cases/management/commands/demo.py", "bar"),
    ("cases/bench/browser.py", "store"),  # a session of the bench
    ("cases/bench/lean_settings.py", "globals()"),
}


def sources() -> list[str]:
    found = [
        path.relative_to(ROOT).as_posix()
        for app in ("surveillance", "sellers", "cases")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    ]
    return sorted(name for name in found if not name.startswith(WRITERS))


def written(tree: ast.AST, name: str) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            before = ast.unparse(node.func.value)
            if node.func.attr in WRITES and (name, before) not in NOT_ROWS:
                found.append(f"{name}:{node.lineno}: {before}.{node.func.attr}()")
        targets = node.targets if isinstance(node, ast.Assign) else []
        found += [
            f"{name}:{node.lineno}: {ast.unparse(target)} is set"
            for target in targets
            if isinstance(target, ast.Attribute) and target.attr == "state"
        ]
    return found


@pytest.mark.parametrize("name", sources())
def test_nothing_is_written_outside_the_flows(name):
    assert written(ast.parse((ROOT / name).read_text()), name) == []


def test_a_write_is_seen():
    tree = ast.parse("row.state = 'x'\nRow.objects.filter(pk=1).update(a=1)\nrow.save()")
    assert len(written(tree, "somewhere.py")) == 3


@pytest.mark.parametrize("name", sources())
def test_no_signals_and_no_imports_inside_functions(name):
    """`ready()` excepted: there the parts of an app are joined."""
    tree = ast.parse((ROOT / name).read_text())
    ready = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "ready"
        for inner in ast.walk(node)
    }
    inside = [
        node.lineno
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(outer)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in ready
    ]
    assert inside == []
    text = (ROOT / name).read_text()
    assert "django.dispatch" not in text
    assert "db.models.signals" not in text
