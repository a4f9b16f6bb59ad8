"""A great many items, copied in SQL from one request that went through the verbs."""

from datetime import datetime

from django.db import connection, models

from cases.models import Item, TakedownRequest
from tests.story import Story


def flood(story: Story, requests: int, each: int, name: str) -> None:
    """So many issued requests of so many items each, all alike; the references begin with `name`.
    Nothing has been sent for the copies."""
    pattern = story.issued_notice(platform=story.cast.bazaar, listings=each)
    _copy(
        TakedownRequest,
        f"FROM {TakedownRequest._meta.db_table} AS old, generate_series(1, %s) AS n"
        " WHERE old.id = %s",
        [requests - 1, pattern.pk],
        reference=f"'{name}-' || n",
    )
    _copy(
        Item,
        f"FROM {Item._meta.db_table} AS old, {TakedownRequest._meta.db_table} AS request"
        " WHERE old.takedown_id = %s AND request.reference LIKE %s",
        [pattern.pk, f"{name}-%"],
        takedown_id="request.id",
    )
    TakedownRequest.objects.filter(pk=pattern.pk).update(reference=f"{name}-0")


def let_fall_due(name: str, at: datetime) -> int:
    """All items of these requests. Returns how many."""
    items = Item.objects.filter(takedown__reference__startswith=f"{name}-")
    return items.update(due_at=at, missed_at=None, escalate_at=None, escalation_step=0)


def _copy(model: type[models.Model], source: str, values: list[object], **other: str) -> None:
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    written = ", ".join(other.get(column, f"old.{column}") for column in columns)
    with connection.cursor() as cursor:
        # The source may hold percent signs of its own; columns hold none.
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {written} {source}",
            values,
        )
