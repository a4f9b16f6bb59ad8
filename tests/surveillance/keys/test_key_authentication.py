"""Keys at the door of the API: who gets in, as whom, and for what."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from surveillance.accounts.rights import Scope
from surveillance.audit.models import AuditEntry
from surveillance.keys import flows as keys


def bearer(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def issued(story):
    return story.issued_key()


def test_without_a_key_the_answer_says_how_to_come_in(db):
    response = Client().get(reverse("api-takedown-list"))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_key_acts_for_its_organisation(story, issued):
    mine, theirs = story.issued_notice(), story.issued_notice(platform=story.cast.bazaar)
    found = bearer(issued.secret).get(reverse("api-takedown-list")).json()["results"]
    assert [row["reference"] for row in found] == [mine.reference]
    address = reverse("api-takedown", args=[theirs.reference])
    assert bearer(issued.secret).get(address).status_code == 404


def test_the_trail_names_the_key_and_nobody(story, issued):
    takedown = story.issued_notice()
    address = reverse("api-takedown-acknowledge", args=[takedown.reference])
    assert bearer(issued.secret).post(address).status_code == 200
    entry = AuditEntry.objects.filter(verb="takedown.acknowledge").get()
    assert entry.actor == f"agent:key:{issued.row.prefix}"
    assert entry.actor_user_id is None


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: s + "x", str.swapcase, lambda s: ""])
def test_a_wrong_key_is_no_key(issued, spoil):
    assert bearer(spoil(issued.secret)).get(reverse("api-takedown-list")).status_code == 401


def test_a_revoked_key_is_dead_at_once(story, issued):
    keys.revoke(issued.row, by=story.system)
    assert bearer(issued.secret).get(reverse("api-takedown-list")).status_code == 401


def test_an_expired_key_is_dead_from_that_instant(story, time):
    ends = time.now + timedelta(hours=1)
    client = bearer(story.issued_key(expires_at=ends).secret)
    time.move_to(ends - timedelta(seconds=1))
    assert client.get(reverse("api-takedown-list")).status_code == 200
    time.move_to(ends)
    assert client.get(reverse("api-takedown-list")).status_code == 401


def test_a_key_does_what_its_scopes_say(story):
    takedown = story.issued_notice()
    acknowledge = reverse("api-takedown-acknowledge", args=[takedown.reference])
    reads = bearer(story.issued_key(name="R", scopes={Scope.READ}).secret)
    answers = bearer(story.issued_key(name="A", scopes={Scope.ANSWER}).secret)
    assert reads.get(reverse("api-takedown-list")).status_code == 200
    assert reads.post(acknowledge).status_code == 403
    assert answers.get(reverse("api-takedown-list")).status_code == 403
    assert answers.post(acknowledge).status_code == 200


def test_its_last_use_is_known_to_the_minute(story, issued, time):
    client = bearer(issued.secret)
    for seconds in (0, 30, 61):
        time.pass_(timedelta(seconds=seconds))
        client.get(reverse("api-takedown-list"))
    issued.row.refresh_from_db()
    assert issued.row.last_used_at == time.now
