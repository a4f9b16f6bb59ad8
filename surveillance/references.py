"""Public references such as C-2026-000045: a sequence per kind and year.

Gaps are allowed, hot locks are not. The function in the database makes next year's sequence when
it is first asked for (accounts.0002_references), because the application's role owns nothing.
"""

from datetime import datetime
from enum import StrEnum

from django.db import connection


class Kind(StrEnum):
    REPORT = "R"
    CASE = "C"
    TAKEDOWN = "TD"
    PRODUCT = "P"
    ALERT = "A"
    SELLER = "S"
    LISTING = "L"
    JOB = "J"
    ANSWER_FILE = "AF"
    CONTEST = "CT"
    SANDBOX_TAKEDOWN = "TEST"
    SANDBOX_CASE = "TESTC"
    SANDBOX_LISTING = "TESTL"


SANDBOX_PREFIX = f"{Kind.SANDBOX_TAKEDOWN}-"


def is_of_sandbox(reference: str) -> bool:
    """Whether the request of this reference is a sandbox demand, by the reference alone."""
    return reference.startswith(SANDBOX_PREFIX)


def next_reference(kind: Kind, at: datetime) -> str:
    return next_references(kind, at, 1)[0]


def next_references(kind: Kind, at: datetime, count: int) -> list[str]:
    """`count` references in one statement, for imports."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT next_reference(%s, %s) FROM generate_series(1, %s)",
            [kind.lower(), at.year, count],
        )
        return [f"{kind}-{at.year}-{number:06d}" for (number,) in cursor.fetchall()]
