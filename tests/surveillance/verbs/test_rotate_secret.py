"""endpoint.rotate_secret: a new secret, and the one before signs too for a day."""

from datetime import timedelta

from surveillance.audit.models import AuditEntry
from surveillance.webhooks.flows import endpoints
from tests.contract import VerbContract


class TestRotateSecret(VerbContract):
    transition = endpoints.ROTATE_SECRET
    begin = "endpoint"
    by = "ada"
    changes = {"secret", "old_secret", "old_secret_until"}
    outsiders = ("ana", "dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        return endpoints.rotate_secret(row, by=by).row


def test_two_secrets_live_for_a_day(story, time):
    first = endpoints.add(story.partner(), by=story.system, url="https://x.example/")
    second = endpoints.rotate_secret(first.row, by=story.system)
    assert second.row.live_secrets(time.now) == [second.secret, first.secret]
    later = time.now + endpoints.OLD_SECRET_SIGNS_FOR
    assert second.row.live_secrets(later) == [second.secret]
    assert second.row.live_secrets(later - timedelta(seconds=1)) == [second.secret, first.secret]


def test_no_secret_stands_in_the_trail(story):
    endpoint = story.endpoint()
    made = endpoints.rotate_secret(endpoint, by=story.system)
    entry = AuditEntry.objects.get(verb="endpoint.rotate_secret")
    assert entry.changes["secret"] == ["(personal)", "(personal)"]
    assert made.row.secret not in str(entry.changes)
