"""key.issue: a secret that is shown once, for one organisation and some scopes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Role, Scope
from surveillance.flow import NotVisible
from surveillance.keys import flows as keys
from surveillance.keys.models import ApiKey
from tests.contract import CreationContract


class TestIssueKey(CreationContract):
    transition = keys.ISSUE
    model = ApiKey
    begin = "partner"
    by = "ada"

    def perform(self, ground, by):
        return keys.issue(ground, by=by, name="Import", scopes={Scope.REPORT}).row


def test_only_the_digest_is_kept(story):
    issued = story.issued_key()
    row = ApiKey.objects.filter(pk=issued.row.pk).values().get()
    assert issued.secret.startswith(f"psk_{row['prefix']}_")
    assert issued.secret not in map(str, row.values())
    assert row["digest"] == keys.digest_of(issued.secret)


def test_two_live_keys_of_one_name_and_no_third(story):
    first, _second = story.issued_key(), story.issued_key()
    with pytest.raises(ValidationError, match="Two live keys"):
        story.issued_key()
    keys.revoke(first.row, by=story.system)
    assert story.issued_key().row.state == "live"


def test_a_manager_issues_for_the_own_platform_only(story, cast):
    fay = Actor(Role.PLATFORM_MANAGER, "Fay", organisation_id=cast.harbour.pk)
    own = keys.issue(cast.harbour.organisation, by=fay, name="Ours", scopes={Scope.READ})
    assert own.row.organisation_id == cast.harbour.pk
    with pytest.raises(NotVisible):
        keys.issue(cast.bazaar.organisation, by=fay, name="Theirs", scopes={Scope.READ})


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": {Scope.REPORT}}, "scopes"),
        ({"scopes": set()}, "scopes"),
        ({"expires_at": "past"}, "expires_at"),
    ],
)
def test_what_is_missing_is_named(facts, field, story, time):
    if facts.get("expires_at"):
        facts = {"expires_at": time.now - timedelta(seconds=1)}
    with pytest.raises(ValidationError) as refused:
        story.issued_key(**facts)
    assert set(refused.value.message_dict) == {field}


def test_staff_have_no_keys(story, cast):
    with pytest.raises(ValidationError, match="Staff sign in"):
        story.issued_key(cast.ana.organisation)
