"""The least a database has to do for a piece of work: what ours is measured against."""

from django.db import connection, transaction

from cases.models import Item

_ENTRY = (
    "INSERT INTO audit_auditentry (at, verb, subject, context, operation, actor, reason, changes,"
    " facts) SELECT now(), 'bench', 'bench', '{bench}', gen_random_uuid(), 'system', '', '{}', '{}'"
    " FROM generate_series(1, %s)"
)


def bare_entries(number: int) -> None:
    """So many entries of a trail that is not chained."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY, [number])


def bare_answers(takedown: int, number: int) -> None:
    """All items of a request answered, with an entry each, in two statements."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Item._meta.db_table} SET state = 'removed', answered_at = now(),"
            " version = version + 1 WHERE takedown_id = %s",
            [takedown],
        )
        bare_entries(number)
