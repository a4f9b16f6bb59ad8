"""Where a second factor is required, a session without it is nobody's (T12)."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveillance import checks
from surveillance.accounts.invitation import password_link
from surveillance.accounts.rights import Scope
from surveillance.web.middleware import SecondFactorMiddleware
from tests.surveillance.test_second_factor import PASSWORD, code_of, sign_in

GUARD = "surveillance.web.middleware.SecondFactorMiddleware"
PAGE = reverse("mfa_activate_totp")
PEOPLE = {"ana": "desk", "bo": "statistics", "dot": "portal", "ada": "key-list"}


@pytest.fixture(autouse=True)
def _required(settings):
    """And nobody has signed in from this address before."""
    settings.SECOND_FACTOR = "required"
    cache.clear()


@pytest.fixture(params=PEOPLE)
def person(request, cast):
    return with_password(getattr(cast, request.param))


@pytest.fixture
def dot(cast):
    return with_password(cast.dot)


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def set_up(client) -> str:
    """Right after signing in: the password is not asked for again."""
    secret = client.get(PAGE).context["form"].secret
    done = client.post(PAGE, {"code": code_of(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return str(secret)


def signed_in(client_of, user):
    client = client_of(None)
    sign_in(client, user)
    return client


def place_of(user) -> str:
    return reverse(PEOPLE[user.email.split("@")[0]])


def test_whoever_has_none_is_led_to_it_and_then_to_where_they_wanted(person, client_of):
    client = client_of(None)
    wanted = place_of(person) + "?a=1"
    begun = client.post(
        f"{reverse('account_login')}?next={wanted}", {"login": person.email, "password": PASSWORD}
    )
    assert begun["Location"] == wanted
    assert client.get(wanted)["Location"] == PAGE
    assert client.get(PAGE).status_code == 200
    set_up(client)
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert len(codes.context["unused_codes"]) == 10
    assert reverse("start") in codes.content.decode()
    assert client.get(reverse("start"))["Location"] == wanted
    assert client.get(wanted).status_code == 200
    assert client.get(reverse("start"))["Location"] != wanted


def test_a_wrong_code_sets_up_nothing(dot, client_of):
    client = signed_in(client_of, dot)
    client.get(PAGE)
    assert client.post(PAGE, {"code": "000000"}).status_code == 200
    assert client.get(reverse("portal"))["Location"] == PAGE


@pytest.mark.parametrize("way", ["get", "post"])
@pytest.mark.parametrize(
    "name",
    ["start", "notices", "mfa_index", "mfa_generate_recovery_codes", "account_change_password"],
)
def test_nothing_else_is_reached_before(dot, client_of, way, name):
    client = signed_in(client_of, dot)
    assert getattr(client, way)(reverse(name))["Location"] == PAGE


def test_public_pages_are_seen_as_by_anybody(person, client_of):
    client = signed_in(client_of, person)
    client.get(PAGE)  # it says who has signed in
    for name in ("public-home", "alert-list"):
        page = client.get(reverse(name))
        assert page.status_code == 200
        assert page.context["actor"].user_id is None
        assert person.name not in page.content.decode()


def test_the_api_does_not_know_the_session_and_knows_the_key(story, dot, client_of):
    address = reverse("api-takedown-list")
    client = signed_in(client_of, dot)
    assert client.get(address).status_code == 401
    secret = story.issued_key(scopes={Scope.READ}).secret
    headers = {"Authorization": f"Bearer {secret}"}
    assert client_of(None).get(address, headers=headers).status_code == 200
    set_up(client)
    assert client.get(address).status_code == 200


def test_whoever_has_not_set_it_up_can_sign_out(dot, client_of):
    client = signed_in(client_of, dot)
    assert client.post(reverse("account_logout"))["Location"] == reverse("public-home")
    assert "_auth_user_id" not in client.session


def test_a_session_from_before_counts_no_longer(person, client_of):
    """Set up in one browser; another, signed in by a password alone, signs in anew."""
    old, new = signed_in(client_of, person), signed_in(client_of, person)
    secret = set_up(new)
    address = place_of(person)
    assert new.get(address).status_code == 200
    assert old.get(address)["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in old.session
    asked = sign_in(old, person)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert old.get(address).status_code == 302
    old.post(asked["Location"], {"code": code_of(secret)})
    assert old.get(address).status_code == 200


def test_a_recovery_code_proves_it_too(dot, client_of):
    client = signed_in(client_of, dot)
    set_up(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    other = client_of(None)
    other.post(sign_in(other, dot)["Location"], {"code": code})
    assert other.get(reverse("portal")).status_code == 200


def forget(client, user):
    call_command("forget_second_factor", user.email, stdout=StringIO())


def deactivate(client, user):
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302


def lose_the_row(client, user):
    Authenticator.objects.filter(user=user, type="totp").delete()


@pytest.mark.parametrize("take_away", [forget, deactivate, lose_the_row])
def test_a_factor_that_is_taken_away_ends_what_it_proved(dot, client_of, take_away):
    client = signed_in(client_of, dot)
    set_up(client)
    assert client.get(reverse("portal")).status_code == 200
    take_away(client, dot)
    assert client.get(reverse("portal"))["Location"] == PAGE
    if take_away is not lose_the_row:
        set_up(client)
        assert client.get(reverse("portal")).status_code == 200


def test_what_one_factor_proved_another_does_not_prove(dot, client_of):
    thief = signed_in(client_of, dot)
    set_up(thief)
    forget(None, dot)
    owner = signed_in(client_of, dot)
    set_up(owner)
    assert owner.get(reverse("portal")).status_code == 200
    assert thief.get(reverse("portal"))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("way", ["forgotten", "invitation", "enrolled"])
def test_no_link_leads_past_it(story, cast, client_of, way):
    client, user = client_of(None), with_password(cast.dot)
    if way == "invitation":
        invited = story.invitation()
        given = {"name": "Gil", "password": PASSWORD, "again": PASSWORD}
        client.post(reverse("invitation", args=[invited.token]), given)
        user = type(user).objects.get(email=invited.row.email)
    else:
        if way == "forgotten":
            client.post(reverse("account_reset_password"), {"email": user.email})
            link = re.search(r"https?://[^/\s]+(/accounts/\S+)", mail.outbox[0].body).group(1)
        else:
            link = password_link(user).removeprefix(django_settings.BASE_URL)
        page = client.get(link, follow=True)
        given = {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}
        assert client.post(page.redirect_chain[-1][0], given).status_code == 302
        assert client.get(reverse("portal"))["Location"].startswith(reverse("account_login"))
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD + "!"})
    if way == "invitation":
        sign_in(client, user)
    assert client.get(reverse("portal"))["Location"] == PAGE


def test_a_changed_password_leaves_the_factor_asked_for(dot, client_of):
    client = signed_in(client_of, dot)
    set_up(client)
    given = {"oldpassword": PASSWORD, "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    assert client.post(reverse("account_change_password"), given).status_code == 302
    assert client.get(reverse("portal")).status_code == 200
    dot.refresh_from_db()
    other = client_of(None)
    asked = other.post(reverse("account_login"), {"login": dot.email, "password": PASSWORD + "!"})
    assert asked["Location"] == reverse("mfa_authenticate")


def test_somebody_else_s_proof_is_not_mine(cast, dot, client_of):
    """Two people at one browser: the second has nothing proved by the first."""
    client = signed_in(client_of, dot)
    set_up(client)
    sign_in(client, with_password(cast.ana))
    client.post(reverse("account_logout"))
    sign_in(client, cast.ana)
    assert client.get(reverse("desk"))["Location"] == PAGE


def test_taking_the_guard_out_opens_everything(person, client_of, settings):
    """What the tests above rest on."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != GUARD]
    assert signed_in(client_of, person).get(place_of(person)).status_code == 200


@pytest.mark.parametrize("value", ["required", "requred", ""])
def test_only_what_is_expressly_offered_is_not_required(dot, client_of, settings, value):
    settings.SECOND_FACTOR = value
    assert signed_in(client_of, dot).get(reverse("portal")).status_code == 302
    settings.SECOND_FACTOR = "offered"
    assert signed_in(client_of, dot).get(reverse("portal")).status_code == 200


def test_it_costs_no_query(dot, client_of, settings):
    client = signed_in(client_of, dot)
    set_up(client)
    counts = []
    for setting in ("required", "offered"):
        settings.SECOND_FACTOR = setting
        client.get(reverse("portal"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("portal")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("value", "demo", "found"),
    [
        ("required", False, []),
        ("offered", True, []),
        ("offered", False, ["surveillance.W019"]),
        ("never", False, ["surveillance.E018"]),
    ],
)
def test_the_installation_is_told(settings, value, demo, found):
    settings.SECOND_FACTOR, settings.DEMO = value, demo
    assert [one.id for one in checks.check_second_factor()] == found


def test_the_doors_are_pages_that_exist():
    assert all(reverse(door) for door in SecondFactorMiddleware.DOORS)
