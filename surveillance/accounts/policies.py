"""Row-level security as operations of a migration.

    operations = [
        wall("outbox_endpoint"),
        seen("outbox_endpoint", "own", "organisation_id = acting_organisation()"),
    ]

A table behind a wall shows an actor from outside the authority (role `surveillance_platform`) the
rows that its `seen` policies name, and none where there is none; everybody of the authority sees
all. A table without any of these operations cannot be read from outside at all. Subqueries of a
condition are held back themselves: what is seen of an item can be said by its request.

`acting_organisation()` and `acting_user()` are null for whoever has none.
"""

from django.db.migrations import RunSQL

from surveillance.accounts.wall import OUTSIDE_ROLE

APPLICATION_ROLE = "surveillance_app"


def wall(table: str) -> RunSQL:
    """Row-level security, which binds the owner too; the owner and the application see all."""
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY authority ON {table} TO {APPLICATION_ROLE}, CURRENT_USER
            USING (true) WITH CHECK (true);
        GRANT SELECT ON {table} TO {OUTSIDE_ROLE};
        """,
        f"""
        REVOKE SELECT ON {table} FROM {OUTSIDE_ROLE};
        DROP POLICY authority ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
        """,
    )


def seen(table: str, name: str, condition: str) -> RunSQL:
    """The rows that satisfy `condition` (SQL) can be seen from outside. Several add up."""
    return RunSQL(
        f"CREATE POLICY {name} ON {table} FOR SELECT TO {OUTSIDE_ROLE} USING ({condition})",
        f"DROP POLICY {name} ON {table}",
    )


def open_to_all(table: str) -> RunSQL:
    """Nothing in it belongs to anybody: it can be read from outside as it stands."""
    return RunSQL(
        f"GRANT SELECT ON {table} TO {OUTSIDE_ROLE}",
        f"REVOKE SELECT ON {table} FROM {OUTSIDE_ROLE}",
    )
