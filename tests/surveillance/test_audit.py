"""The audit trail: append-only, chained, signed; every tampering is found and named."""

import hashlib
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from psycopg import errors, sql

from cases.flows import cases
from surveillance.audit import sealing
from surveillance.audit.models import AuditEntry, Checkpoint, Seal, Unsealed
from surveillance.audit.sealing import GENESIS, digest, seal, sign, verify
from tests.cast import MONDAY
from tests.connections import at_once
from tests.database import as_owner

TUESDAY = MONDAY + timedelta(days=1)
TABLES = ("audit_auditentry", "audit_seal", "audit_checkpoint")
CHANGES = {
    "UPDATE": "UPDATE {0} SET {1} = {1}",
    "DELETE": "DELETE FROM {0}",
    "TRUNCATE": "TRUNCATE {0} CASCADE",
}
KEYS = {"audit_auditentry": "id", "audit_seal": "number", "audit_checkpoint": "day"}
each_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
each_table = pytest.mark.parametrize("table", TABLES)
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trail(story) -> list[AuditEntry]:
    """Six entries, sealed on Monday and on Tuesday, when a checkpoint signed Monday's end."""
    case = story.case()
    for number in range(3):
        cases.add_note(case, by=story.ana, text=f"Note {number}.")
    seal(MONDAY)
    for number in range(3):
        cases.add_note(case, by=story.ana, text=f"Later {number}.", at=TUESDAY)
    seal(TUESDAY)
    return [link.entry for link in Seal.objects.select_related("entry").order_by("number")]


# Append-only


@each_change
@each_table
def test_the_application_can_change_nothing_that_is_written(trail, table, change):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table, KEYS[table]))
    assert verify().fault == ""


@committed
@each_change
@each_table
def test_not_even_the_owner_can_with_the_triggers_in_place(trail, table, change):
    refused = pytest.raises(errors.RaiseException, match="the audit trail is append-only")
    with as_owner(connection.settings_dict["NAME"]) as owner, refused:
        owner.execute(change.format(table, KEYS[table]))


@pytest.mark.django_db
def test_the_orm_cannot_either(trail):
    for attempt in (
        lambda: AuditEntry.objects.update(reason="Nothing happened."),
        lambda: trail[0].save(),
        lambda: trail[0].delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


# Sealing


def test_entries_are_chained_in_order(trail):
    value = GENESIS
    for number, link in enumerate(Seal.objects.order_by("number"), start=1):
        value = digest(value, link.entry)
        assert (link.number, link.digest) == (number, value)
    assert [entry.pk for entry in trail] == sorted(entry.pk for entry in AuditEntry.objects.all())
    verdict = verify()
    assert (verdict.sealed, verdict.unsealed, verdict.checkpoints, verdict.fault) == (
        len(trail),
        0,
        2,
        "",
    )


def test_the_digest_is_of_the_content_and_the_one_before(trail):
    first, second = trail[:2]
    assert digest(GENESIS, first) != digest("1" * 64, first)
    assert digest(GENESIS, first) != digest(GENESIS, second)
    assert len(bytes.fromhex(digest(GENESIS, first))) == hashlib.sha256().digest_size


def test_what_waits_is_told_and_sealed_once(story, trail):
    cases.add_note(story.case(), by=story.ana, text="Not sealed yet.")
    waiting = Unsealed.objects.count()
    assert verify().unsealed == waiting > 0
    assert seal(TUESDAY, limit=1) == 1
    assert seal(TUESDAY) == waiting - 1
    assert seal(TUESDAY) == 0
    assert verify().fault == ""


def test_the_zone_in_which_an_instant_is_read_does_not_matter(trail):
    before = digest(GENESIS, trail[0])
    trail[0].at = trail[0].at.astimezone(ZoneInfo("Asia/Taipei"))
    assert digest(GENESIS, trail[0]) == before


@committed
def test_of_two_sealers_at_once_one_seals(story):
    cases.add_note(story.case(), by=story.ana, text="A note.")
    waiting = Unsealed.objects.count()
    sealed = []
    assert at_once(lambda: sealed.append(seal(MONDAY)), lambda: seal(MONDAY)) == 0
    assert sealed == [waiting]
    assert verify() == sealing.Verdict(waiting, 0, 1, "")


# Checkpoints


def test_the_first_sealing_of_a_day_signs_how_the_day_before_ended(trail):
    monday, tuesday = Checkpoint.objects.order_by("day")
    assert (monday.day, monday.number, monday.digest) == (MONDAY.date(), 0, GENESIS)
    last = Seal.objects.get(number=tuesday.number)
    assert last.entry.at.date() == MONDAY.date()
    assert Seal.objects.get(number=tuesday.number + 1).entry.at == TUESDAY
    assert tuesday.digest == last.digest
    assert tuesday.signature == sign(str(tuesday.day), tuesday.number, tuesday.digest)


def test_the_signature_covers_everything_and_needs_the_key(trail, settings):
    signed = sign("2026-09-29", 4, "ab")
    others = {sign("2026-09-30", 4, "ab"), sign("2026-09-29", 5, "ab"), sign("2026-09-29", 4, "ac")}
    settings.SECRET_KEY = "another key"
    others.add(sign("2026-09-29", 4, "ab"))
    assert signed not in others
    assert len(others) == 4
    assert "does not carry our signature" in verify().fault


# Tampering: by the owner, with the triggers off


@contextmanager
def tampering():
    with as_owner(connection.settings_dict["NAME"]) as owner:
        owner.execute("SET session_replication_role = replica")
        yield owner


def sealed_as(number: int) -> AuditEntry:
    return Seal.objects.select_related("entry").get(number=number).entry


EDITS = {
    "at": "at + interval '1 microsecond'",
    "verb": "'case.close'",
    "subject": "'C-2026-999999'",
    "context": "context || 'C-2026-999999'::varchar",
    "operation": "gen_random_uuid()",
    "actor": "'inspector:999'",
    "actor_user_id": "999",
    "reason": "'For another reason.'",
    "changes": """'{"state": ["investigating", "closed"]}'""",
    "facts": """'{"into": "C-2026-999999"}'""",
}


@committed
@pytest.mark.parametrize("column", EDITS)
def test_an_edited_entry_is_named_whatever_was_edited(trail, column):
    entry = sealed_as(3)
    with tampering() as owner:
        owner.execute(
            sql.SQL("UPDATE audit_auditentry SET {} = {} WHERE id = %s").format(
                sql.Identifier(column), sql.SQL(EDITS[column])
            ),
            [entry.pk],
        )
    assert verify().fault == f"entry {entry.pk} ({sealed_as(3)}) is not what was sealed as 3"


@committed
def test_an_edit_with_a_new_digest_is_found_at_the_next_entry(trail):
    entry, following = sealed_as(3), sealed_as(4)
    with tampering() as owner:
        owner.execute("UPDATE audit_auditentry SET reason = 'x' WHERE id = %s", [entry.pk])
        forged = digest(Seal.objects.get(number=2).digest, sealed_as(3))
        owner.execute("UPDATE audit_seal SET digest = %s WHERE number = 3", [forged])
    assert verify().fault == f"entry {following.pk} ({following}) is not what was sealed as 4"


@committed
def test_a_chain_forged_to_its_end_does_not_fit_the_checkpoint(trail):
    with tampering() as owner:
        owner.execute("UPDATE audit_auditentry SET reason = 'x' WHERE id = %s", [sealed_as(3).pk])
        value = Seal.objects.get(number=2).digest
        for link in Seal.objects.filter(number__gt=2).order_by("number"):
            value = digest(value, sealed_as(link.number))
            owner.execute(
                "UPDATE audit_seal SET digest = %s WHERE number = %s", [value, link.number]
            )
    signed = Checkpoint.objects.latest("day")
    assert verify().fault == f"seal {signed.number} is not the one signed on {signed.day}"


@committed
@pytest.mark.parametrize("place", ["middle", "end"])
def test_a_deleted_entry_is_named(trail, place):
    number = 3 if place == "middle" else len(trail)
    entry = sealed_as(number)
    with tampering() as owner:
        owner.execute("DELETE FROM audit_auditentry WHERE id = %s", [entry.pk])
    assert verify().fault == f"entry {entry.pk}, sealed as {number}, is missing"


@committed
def test_an_entry_deleted_with_its_seal_leaves_a_gap(trail):
    with tampering() as owner:
        owner.execute("DELETE FROM audit_auditentry WHERE id = %s", [sealed_as(3).pk])
        owner.execute("DELETE FROM audit_seal WHERE number = 3")
    assert verify().fault == "seal 3 is missing: the chain goes on after it"


@committed
def test_an_entry_without_its_seal_is_named(trail):
    entry = trail[-1]
    with tampering() as owner:
        owner.execute("DELETE FROM audit_seal WHERE entry_id = %s", [entry.pk])
    assert verify().fault == f"entry {entry.pk} ({entry}) was never handed to the sealer"


@committed
def test_an_inserted_entry_is_named(trail):
    with tampering() as owner:
        (forged,) = owner.execute(
            "INSERT INTO audit_auditentry (at, verb, subject, context, operation, actor, reason,"
            " changes, facts) SELECT at, 'case.close', subject, context, operation, actor, reason,"
            " changes, facts FROM audit_auditentry WHERE id = %s RETURNING id",
            [trail[2].pk],
        ).fetchone()
    assert f"entry {forged} (case.close {trail[2].subject})" in verify().fault


@committed
def test_an_entry_inserted_into_the_chain_is_named(trail):
    """The seals behind it moved up, its own digest right: the next one no longer fits."""
    following = sealed_as(3)
    with tampering() as owner:
        owner.execute("UPDATE audit_seal SET number = -number WHERE number >= 3")
        owner.execute("UPDATE audit_seal SET number = 1 - number WHERE number < 0")
        (forged,) = owner.execute(
            "INSERT INTO audit_auditentry (at, verb, subject, context, operation, actor, reason,"
            " changes, facts) SELECT at, 'case.close', subject, context, operation, actor, reason,"
            " changes, facts FROM audit_auditentry WHERE id = %s RETURNING id",
            [following.pk],
        ).fetchone()
        value = digest(Seal.objects.get(number=2).digest, AuditEntry.objects.get(pk=forged))
        owner.execute("INSERT INTO audit_seal VALUES (3, %s, %s)", [value, forged])
    assert verify().fault == f"entry {following.pk} ({following}) is not what was sealed as 4"


@committed
def test_reordered_entries_are_named(trail):
    second, third = sealed_as(2), sealed_as(3)
    with tampering() as owner:
        for number, entry in ((-2, second), (-3, third)):
            owner.execute(
                "UPDATE audit_seal SET number = %s WHERE entry_id = %s", [number, entry.pk]
            )
        owner.execute("UPDATE audit_seal SET number = 5 + number WHERE number < 0")
    assert verify().fault == f"entry {third.pk} ({third}) is not what was sealed as 2"


@committed
def test_a_tail_cut_below_the_checkpoint_is_found(trail):
    signed = Checkpoint.objects.latest("day")
    kept = signed.number - 1
    with tampering() as owner:
        cut = "DELETE FROM audit_auditentry WHERE id IN"
        owner.execute(f"{cut} (SELECT entry_id FROM audit_seal WHERE number > %s)", [kept])
        owner.execute("DELETE FROM audit_seal WHERE number > %s", [kept])
    assert verify().fault == (
        f"the chain ends at {kept}, the checkpoint of {signed.day} saw {signed.number}"
    )


@committed
def test_a_forged_checkpoint_does_not_carry_our_signature(trail):
    day = Checkpoint.objects.latest("day").day
    with tampering() as owner:
        owner.execute("UPDATE audit_checkpoint SET number = number - 1 WHERE day = %s", [day])
    assert verify().fault == f"the checkpoint of {day} does not carry our signature"


# The command


def test_verify_audit_says_that_the_chain_is_whole(trail, capsys):
    call_command("verify_audit")
    said = capsys.readouterr().out
    assert f"{len(trail)} sealed, 0 waiting for the sealer, 2 checkpoints" in said
    assert "The chain is whole." in said


@committed
def test_verify_audit_fails_and_names_the_row(trail):
    entry = sealed_as(3)
    with tampering() as owner:
        owner.execute("UPDATE audit_auditentry SET reason = 'x' WHERE id = %s", [entry.pk])
    with pytest.raises(CommandError, match=f"The trail has been altered: entry {entry.pk} "):
        call_command("verify_audit")
