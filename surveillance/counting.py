"""Counts of related rows that cost only what is shown."""

from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Subquery


def counted(rows: QuerySet[Any]) -> Subquery:
    """How many `rows` there are, which refer to the row outside by OuterRef; to be annotated."""
    total = Func("pk", function="count", output_field=IntegerField())
    return Subquery(
        rows.order_by().annotate(total=total).values("total"), output_field=IntegerField()
    )
