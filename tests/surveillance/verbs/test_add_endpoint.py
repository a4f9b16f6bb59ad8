"""endpoint.add: an address that letters are posted to, and a secret that is shown once."""

import pytest
from django.core.exceptions import ValidationError

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Role
from surveillance.flow import NotVisible
from surveillance.outbox import vault
from surveillance.webhooks.flows import endpoints
from surveillance.webhooks.models import Endpoint
from tests.contract import CreationContract

URL = "https://hooks.market.example/in"


class TestAdd(CreationContract):
    transition = endpoints.ADD
    model = Endpoint
    begin = "partner"
    by = "ada"

    def perform(self, ground, by):
        return endpoints.add(ground, by=by, url=URL).row


def test_a_dump_holds_no_usable_secret(story, cast):
    made = endpoints.add(cast.harbour.organisation, by=story.system, url=URL)
    row = Endpoint.objects.filter(pk=made.row.pk).values().get()
    assert made.secret.startswith("whsec_")
    assert made.secret not in str(row)
    assert vault.unseal(row["secret"]) == made.secret


def test_another_secret_key_opens_nothing(story, settings):
    sealed = vault.seal("whsec_x")
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another key that is long enough"
    with pytest.raises(vault.Unreadable):
        vault.unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert vault.unseal(sealed) == "whsec_x"


def test_a_manager_adds_to_the_own_platform_only(cast):
    fay = Actor(Role.PLATFORM_MANAGER, "Fay", organisation_id=cast.harbour.pk)
    assert endpoints.add(cast.harbour.organisation, by=fay, url=URL).row.is_on
    with pytest.raises(NotVisible):
        endpoints.add(cast.bazaar.organisation, by=fay, url=URL)


def test_ten_and_no_eleventh(story, cast):
    for _number in range(endpoints.MOST_ENDPOINTS):
        last = story.endpoint()
    with pytest.raises(ValidationError, match="at most 10"):
        story.endpoint()
    endpoints.remove(last, by=story.system)
    assert story.endpoint()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"url": "http://hooks.market.example/"}, "url"),
        ({"url": "https://user:pass@hooks.market.example/"}, "url"),
        ({"url": "https://hooks.market.example:22/"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({"url": URL, "chosen": ["no_such_event"]}, "events"),
    ],
)
def test_what_is_wrong_is_named(story, cast, facts, field):
    with pytest.raises(ValidationError) as refused:
        endpoints.add(cast.harbour.organisation, by=story.system, **facts)
    assert set(refused.value.message_dict) == {field}


def test_the_authority_has_none(story, cast):
    with pytest.raises(ValidationError, match="has no webhooks"):
        endpoints.add(cast.ana.organisation, by=story.system, url=URL)
