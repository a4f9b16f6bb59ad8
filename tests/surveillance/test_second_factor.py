"""A second factor: an authenticator app, and recovery codes, by django-allauth in our look."""

import time as real_time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.urls import reverse

PASSWORD = "a long demonstration password"


def code_of(secret: str) -> str:
    """The code of these thirty seconds; of the next ones, when these are nearly over."""
    if real_time.time() % 30 > 28.5:
        real_time.sleep(1.6)
    return format_hotp_value(hotp_value(secret, int(real_time.time()) // 30))


@pytest.fixture
def dot(cast):
    cast.dot.set_password(PASSWORD)
    cast.dot.save()
    return cast.dot


@pytest.fixture
def client(dot, client_of):
    client = client_of(None)
    sign_in(client, dot)
    return client


def set_up(client, password: str) -> str:
    """An authenticator app, which the own password is asked for once more. Returns its secret."""
    address = reverse("mfa_activate_totp")
    asked = client.get(address)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": password})
    secret = client.get(address).context["form"].secret
    assert client.post(address, {"code": "000000"}).status_code == 200
    assert client.post(address, {"code": code_of(secret)}).status_code == 302
    return str(secret)


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


@pytest.fixture
def secret(client) -> str:
    return set_up(client, PASSWORD)


def test_signing_in_then_asks_for_a_code(dot, secret, client_of):
    client = client_of(None)
    asked = sign_in(client, dot)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("portal")).status_code == 302
    assert client.post(asked["Location"], {"code": "000000"}).status_code == 200
    assert client.get(reverse("portal")).status_code == 302
    client.post(asked["Location"], {"code": code_of(secret)})
    assert client.get(reverse("portal")).status_code == 200


def test_a_recovery_code_lets_in_once(dot, client, secret, client_of):
    page = client.get(reverse("mfa_view_recovery_codes"))
    code = page.context["unused_codes"][0]
    statuses = []
    for _time in range(2):
        other = client_of(None)
        other.post(sign_in(other, dot)["Location"], {"code": code})
        statuses.append(other.get(reverse("portal")).status_code)
    assert statuses == [200, 302]


def test_a_dump_gives_nobody_a_code(secret):
    kept = Authenticator.objects.get(type="totp").data
    assert secret not in str(kept)


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
    ],
)
def test_its_pages_are_there(client, secret, name):
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert "style=" not in page.content.decode()


def test_who_has_lost_it_is_let_in_by_whoever_administers(dot, secret, client_of):
    out = StringIO()
    call_command("forget_second_factor", dot.email.upper(), stdout=out)
    assert "Dot Baker" in out.getvalue()
    assert sign_in(client_of(None), dot)["Location"] == reverse("start")
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("forget_second_factor", dot.email)
    with pytest.raises(CommandError, match="has no account"):
        call_command("forget_second_factor", "nobody@cast.example")
