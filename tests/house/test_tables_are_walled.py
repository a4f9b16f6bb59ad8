"""Every table stands in tables.csv, and the database is as it says: a new one fails the build
until somebody has decided who may read it."""

import csv
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from surveillance.accounts.wall import OUTSIDE_ROLE

pytestmark = pytest.mark.django_db
DECIDED = Path(__file__).with_name("tables.csv")
# walled: row-level security, forced. open: may be read from outside as it stands. closed: the
# role of outsiders has no right to it whatsoever.
STANDINGS = {"walled", "open", "closed"}

IN_CATALOGUE = """
SELECT relname, relrowsecurity AND relforcerowsecurity, relrowsecurity OR relforcerowsecurity,
    has_table_privilege(%(role)s, oid, 'SELECT'),
    has_table_privilege(%(role)s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        OR has_any_column_privilege(%(role)s, oid, 'INSERT, UPDATE, REFERENCES'),
    ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = pg_class.oid
        AND 'surveillance_app'::regrole = ANY (polroles) AND polpermissive
        AND pg_get_expr(polqual, polrelid) = 'true' AND polcmd = '*')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
# Tables whose rows belong to an organisation: they point to it, or to a row that does. (Who made a
# version of the law does not own it.)
OF_AN_ORGANISATION = """
WITH RECURSIVE belonging(oid) AS (
    SELECT unnest(ARRAY['accounts_organisation', 'sellers_platform']::regclass[])::oid
    UNION SELECT conrelid FROM pg_constraint JOIN belonging ON confrelid = belonging.oid
    WHERE contype = 'f' AND conname NOT LIKE '%%_made_by_id_%%'
)
SELECT relname FROM pg_class JOIN belonging USING (oid)
"""


def fetch(query, **parameters):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def decided():
    with DECIDED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["table"] for row in rows] == sorted(row["table"] for row in rows)
    assert {row["standing"] for row in rows} <= STANDINGS
    assert [row["table"] for row in rows if not row["why"].strip()] == []
    return {row["table"]: row["standing"] for row in rows}


def test_every_table_is_decided(decided):
    found = {name for name, *_rights in fetch(IN_CATALOGUE, role=OUTSIDE_ROLE)}
    assert sorted(found - set(decided)) == [], "undecided: add a line to tests/house/tables.csv"
    assert sorted(set(decided) - found) == [], "gone: take the line out of tests/house/tables.csv"


def test_the_database_is_as_decided(decided):
    wrong = []
    for name, forced, any_wall, readable, writable, policies in fetch(
        IN_CATALOGUE, role=OUTSIDE_ROLE
    ):
        expected = {
            "walled": (True, True, True, ["authority"]),
            "open": (False, False, True, []),
            "closed": (False, False, False, []),
        }[decided[name]]
        if (forced, any_wall, readable, policies) != expected or writable:
            wrong.append((name, decided[name], forced, any_wall, readable, writable, policies))
    assert wrong == []


def test_what_belongs_to_an_organisation_is_never_open(decided):
    """Third parties' tables are closed: their migrations are not ours."""
    belonging = {name for (name,) in fetch(OF_AN_ORGANISATION)}
    assert len(belonging) > 20
    assert sorted(name for name in belonging if decided[name] == "open") == []
    floors = ("surveillance.", "sellers", "cases")
    ours = tuple(f"{one.label}_" for one in apps.get_app_configs() if one.name.startswith(floors))
    assert [one for one in belonging if one.startswith(ours) and decided[one] != "walled"] == []


def test_nothing_beside_tables_can_be_read_from_outside():
    """No view shows a table past its policies."""
    views = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    assert fetch(f"{views} AND relkind IN ('v', 'm')") == []


def test_functions_that_run_as_their_owner_are_few():
    """They step over the wall: each asks who is acting, or tells nothing."""
    known = {"next_reference", "entries_about_own_request"}
    definers = "SELECT proname FROM pg_proc WHERE prosecdef"
    assert {name for (name,) in fetch(f"{definers} AND pronamespace = 'public'::regnamespace")} == (
        known
    )


def test_the_role_of_outsiders_is_bound():
    role = "SELECT rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles"
    assert fetch(f"{role} WHERE rolname = %(role)s", role=OUTSIDE_ROLE) == [(False,)]
