"""The keys' page: administrators see every organisation's, a platform's manager its own."""

import pytest
from django.urls import reverse

from surveillance.accounts import enrolment
from surveillance.accounts.rights import Role, Scope
from surveillance.keys.models import ApiKey


@pytest.fixture
def fay(cast, time):
    """Manages Harbour Market's agents and keys."""
    return enrolment.enrol(
        "fay@cast.example",
        name="Fay Mills",
        role=Role.PLATFORM_MANAGER,
        organisation=cast.harbour.organisation,
        at=time.now,
    )


def test_a_key_is_shown_once(fay, client_of):
    client = client_of(fay)
    asked = {"organisation": fay.organisation_id, "name": "Stock system", "scopes": ["read"]}
    page = client.post(reverse("key-list"), asked)
    secret = page.context["issued"].secret
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert secret not in client.get(reverse("key-list")).content.decode()
    assert ApiKey.objects.get().scopes == [Scope.READ]


def test_a_manager_sees_and_revokes_the_own_keys_only(story, cast, fay, client_of):
    own, rival = story.key(), story.issued_key(cast.bazaar.organisation).row
    client = client_of(fay)
    page = client.get(reverse("key-list")).content.decode()
    assert own.prefix in page
    assert rival.prefix not in page
    assert client.post(reverse("key-revoke", args=[rival.prefix])).status_code == 404
    assert client.post(reverse("key-revoke", args=[own.prefix])).status_code == 302
    own.refresh_from_db()
    assert own.state == ApiKey.State.REVOKED


def test_a_manager_cannot_name_another_organisation(cast, fay, client_of):
    asked = {"organisation": cast.bazaar.pk, "name": "Spy", "scopes": ["read"]}
    page = client_of(fay).post(reverse("key-list"), asked)
    assert page.status_code == 422
    assert not ApiKey.objects.exists()


def test_an_administrator_issues_for_a_partner(story, cast, client_of):
    partner = story.partner()
    asked = {
        "organisation": partner.pk,
        "name": "Complaints desk",
        "scopes": ["report"],
        "expires_on": "2027-01-01",
    }
    assert client_of(cast.ada).post(reverse("key-list"), asked).status_code == 200
    key = ApiKey.objects.get()
    assert (key.organisation, key.scopes) == (partner, ["report"])
    assert key.expires_at.year in {2026, 2027}


@pytest.mark.parametrize("who", ["ana", "bo", "dot"])
def test_nobody_else_has_the_page(cast, client_of, who):
    assert client_of(getattr(cast, who)).get(reverse("key-list")).status_code == 403
