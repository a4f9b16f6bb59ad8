"""Who steals the database has no key to it (design promise T13)."""

import base64

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from surveillance.accounts.rights import Scope
from surveillance.keys import flows as keys
from surveillance.keys.models import ApiKey


def dump() -> bytes:
    """Every row of every table, as COPY writes it: what pg_dump holds, without a second program."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            with cursor.cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copied:
                rows += [bytes(row) for row in copied]
    return b"".join(rows)


@pytest.fixture
def used(story):
    """A key that was issued, used for a call under an Idempotency-Key, and refused once."""
    issued = story.issued_key(story.partner(), scopes={Scope.READ, Scope.REPORT})
    client = Client(headers={"authorization": f"Bearer {issued.secret}"})
    told = {"product_name": "Kettle", "incident": "It sparked."}
    for body, status in ((told, 201), (told, 201), ({}, 422)):
        answer = client.post(
            reverse("api-report-list"),
            body,
            content_type="application/json",
            headers={"idempotency-key": f"key-{len(body)}"},
        )
        assert answer.status_code == status
    return issued


def test_a_dump_holds_no_usable_key(used):
    dumped = dump()
    assert used.row.prefix.encode() in dumped, "the dump holds the keys' table"
    secret = used.secret.rpartition(f"{used.row.prefix}_")[2].encode()
    for form in (secret, secret[:20], base64.b64encode(secret), secret.hex().encode()):
        assert form not in dumped


def test_nothing_in_the_dump_opens_the_door(used):
    """Neither the prefix nor the digest is a key."""
    row = ApiKey.objects.values("prefix", "digest").get()
    for tried in (row["prefix"], row["digest"], f"psk_{row['prefix']}_{row['digest']}"):
        client = Client(headers={"authorization": f"Bearer {tried}"})
        assert client.get(reverse("api-alert-list")).status_code == 401


def test_a_guess_is_hopeless(story):
    """32 random bytes: 256 bits behind the prefix."""
    secrets = [story.issued_key(name=f"Key {number}").secret for number in range(20)]
    tails = {secret.split("_", 2)[2] for secret in secrets}
    assert len(tails) == 20
    assert all(len(base64.urlsafe_b64decode(f"{tail}==")) >= 32 for tail in tails)
    assert len({keys.digest_of(secret) for secret in secrets}) == 20


def test_a_refused_call_is_a_use_too(used, time):
    used.row.refresh_from_db()
    assert used.row.last_used_at == time.now
