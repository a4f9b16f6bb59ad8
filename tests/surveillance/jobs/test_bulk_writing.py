"""Many rows by COPY, and many entries of the trail at once."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from surveillance.accounts.actor import PUBLIC, SYSTEM, Actor
from surveillance.audit import sealing
from surveillance.audit.models import AuditEntry
from surveillance.audit.trail import Deed, record_many
from surveillance.copying import copy_in
from surveillance.flow import Forbidden
from surveillance.jobs.flows import CANCEL
from surveillance.jobs.models import Job, JobProblem

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)
AWKWARD = 'tab\there, back\\slash, "quotes", line\nbreak, \\N, 福爾摩沙'


def jobs(count: int) -> list[Job]:
    return [
        Job(
            reference=f"J-2026-{number:06d}",
            kind="feed.import",
            label=f"{AWKWARD} {number}",
            facts={"file": AWKWARD, "sizes": [1, None]},
            started_at=AT,
            progressed_at=AT,
            changed_at=AT,
        )
        for number in range(count)
    ]


def test_rows_come_back_as_they_went_in():
    rows = jobs(3)
    copy_in(rows)
    assert [row.pk for row in rows] == list(Job.objects.order_by("id").values_list("pk", flat=True))
    assert not any(row._state.adding for row in rows)
    kept = Job.objects.get(pk=rows[1].pk)
    for field in Job._meta.concrete_fields:
        assert getattr(kept, field.attname) == getattr(rows[1], field.attname), field.name


def test_nothing_of_a_refused_lot_stays():
    rows = jobs(3)
    rows[2].state = Job.State.DONE  # without a finished_at
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(rows)
    assert not Job.objects.exists()


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        copy_in([])


def test_rows_that_point_to_others_keep_their_reference():
    rows = jobs(1)
    copy_in(rows)
    copy_in([JobProblem(job=rows[0], kind="rejected", row=7, reason=AWKWARD)])
    assert JobProblem.objects.get().job == rows[0]


def test_an_entry_for_each_deed_with_one_operation_and_sealed_like_any_other(cast):
    rows = jobs(2)
    copy_in(rows)
    before = AuditEntry.objects.count()
    with transaction.atomic():
        deeds = [
            Deed(row, {"number": index}, within=["P-2026-000001"]) for index, row in enumerate(rows)
        ]
        record_many(CANCEL, deeds, by=Actor.of(cast.bo), at=AT)
    entries = AuditEntry.objects.order_by("id")[before:]
    assert [entry.subject for entry in entries] == [row.reference for row in rows]
    assert [entry.facts for entry in entries] == [{"number": 0}, {"number": 1}]
    assert entries[0].context == [rows[0].reference, "P-2026-000001"]
    assert len({entry.operation for entry in entries}) == 1
    assert {entry.actor for entry in entries} == {f"supervisor:{cast.bo.pk}"}
    assert sealing.seal(AT) >= 2
    assert sealing.verify().fault == ""


def test_no_entries_without_the_right():
    with pytest.raises(Forbidden), transaction.atomic():
        record_many(CANCEL, [], by=PUBLIC, at=AT)


@pytest.mark.django_db(transaction=True)
def test_no_entries_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        record_many(CANCEL, [], by=SYSTEM, at=AT)
