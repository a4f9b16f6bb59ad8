"""Ten guesses an hour for an account, whoever makes them, and its owner is not locked out (T12)."""

import pytest
from allauth.account.forms import LoginForm
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse

from surveillance.accounts import known_browsers
from surveillance.accounts.models import User
from tests.surveillance.test_second_factor import PASSWORD, code_of, set_up, sign_in


@pytest.fixture(autouse=True)
def _nothing_is_counted_yet():
    cache.clear()


@pytest.fixture
def dot(cast):
    return with_password(cast.dot)


@pytest.fixture
def evaluated(monkeypatch):
    """Whose password was really looked at."""
    asked = []
    real = User.check_password

    def check(user, password):
        asked.append(user.email)
        return real(user, password)

    monkeypatch.setattr(User, "check_password", check)
    return asked


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def guess(email: str, number: int, **headers: str) -> bool:
    """The form of the page, without its drawing. Was it the right password?"""
    host = headers.pop("HTTP_HOST", "localhost")
    request = RequestFactory().post(
        reverse("account_login"),
        {"login": email, "password": f"guess {number}"},
        HTTP_HOST=host,
        **headers,
    )
    request.session, request.user = {}, AnonymousUser()
    with context.request_context(request):
        return bool(LoginForm(request.POST, request=request).is_valid())


def address(number: int) -> str:
    return f"198.18.{number // 250 % 250}.{number % 250}"


def spelled(email: str, number: int) -> str:
    """Upper and lower case as the bits of the number."""
    return "".join(
        letter.upper() if number >> place & 1 else letter for place, letter in enumerate(email)
    )


@pytest.mark.parametrize("guesses", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_of_all_guesses_ten_are_evaluated(dot, evaluated, guesses):
    """From everywhere, in every spelling, by every port of the Host."""
    for number in range(guesses):
        guess(
            spelled(dot.email, number),
            number,
            REMOTE_ADDR=address(number),
            HTTP_X_FORWARDED_FOR=address(number + 7),
            HTTP_HOST=f"localhost:{number % 5_000 + 1}",
        )
    assert evaluated == [dot.email] * 10


def test_without_the_limit_all_are(dot, evaluated, settings):
    """What the test above rests on."""
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": None}
    for number in range(50):
        guess(dot.email, number, REMOTE_ADDR=address(number))
    assert len(evaluated) == 50


def test_a_made_up_forwarding_header_gains_nothing(cast, evaluated):
    """One address tries one password with each of many accounts."""
    for number in range(30):
        email = f"nobody{number}@cast.example"
        guess(email, number, REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=address(number))
    guess(cast.ana.email, 31, REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert evaluated == []
    guess(cast.ana.email, 31, REMOTE_ADDR="203.0.113.10")
    assert evaluated == [cast.ana.email]


def test_behind_our_proxy_only_what_it_says_counts(cast, evaluated, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(30):
        forwarded = f"{address(number)}, 203.0.113.9"
        guess(f"nobody{number}@cast.example", number, HTTP_X_FORWARDED_FOR=forwarded)
    guess(cast.ana.email, 31, HTTP_X_FORWARDED_FOR="192.0.2.1, 203.0.113.9")
    assert evaluated == []


def exhaust(user) -> None:
    for number in range(12):
        guess(user.email, number, REMOTE_ADDR=address(number))


def test_the_owner_is_not_locked_out_of_a_browser_of_theirs(dot, client_of):
    own = client_of(None)
    sign_in(own, dot)
    own.post(reverse("account_logout"))
    exhaust(dot)
    assert sign_in(client_of(None), dot).status_code == 200
    assert sign_in(own, dot).status_code == 302


def test_nor_with_a_new_password_from_any_browser(dot, client_of, mailoutbox):
    exhaust(dot)
    client = client_of(None)
    client.post(reverse("account_reset_password"), {"email": dot.email})
    link = next(one for one in mailoutbox[0].body.split() if "/reset/key/" in one)
    page = client.get(link, follow=True)
    new = PASSWORD + "!"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    begun = client.post(reverse("account_login"), {"login": dot.email, "password": new})
    assert begun.status_code == 302


def test_a_browser_is_known_for_its_own_people_alone(cast, dot, client_of):
    """Who signs in as oneself gains no guesses at a colleague's account; nor does a forged one."""
    ana = with_password(cast.ana)
    client = client_of(None)
    sign_in(client, ana)
    client.post(reverse("account_logout"))
    exhaust(dot)
    assert sign_in(client, dot).status_code == 200
    client.cookies[known_browsers.COOKIE] = client.cookies[known_browsers.COOKIE].value + "x"
    assert sign_in(client, dot).status_code == 200


def test_guesses_in_a_known_browser_are_counted_too(dot, client_of, evaluated):
    own = client_of(None)
    sign_in(own, dot)
    own.post(reverse("account_logout"))
    evaluated.clear()
    for number in range(15):
        own.post(
            reverse("account_login"),
            {"login": dot.email, "password": f"guess {number}"},
            REMOTE_ADDR=address(number),
        )
    assert len(evaluated) == 10


def test_a_new_password_makes_strangers_of_all_browsers(dot, client_of):
    own = client_of(None)
    sign_in(own, dot)
    own.post(reverse("account_logout"))
    with_password(dot)
    exhaust(dot)
    assert sign_in(own, dot).status_code == 200


def test_codes_cannot_be_guessed_either(dot, client_of):
    client = client_of(None)
    sign_in(client, dot)
    secret = set_up(client, PASSWORD)
    thief = client_of(None)
    page = sign_in(thief, dot)["Location"]
    for number in range(10):
        thief.post(page, {"code": f"{number:06}"}, REMOTE_ADDR=address(number))
    refused = thief.post(page, {"code": code_of(secret)}, REMOTE_ADDR=address(99))
    assert refused.status_code == 200
    assert "Too many" in refused.content.decode()


def test_too_many_tries_are_told_in_our_look(db, client_of):
    client = client_of(None)
    tries = [client.post(reverse("account_login"), {}) for _try in range(31)]
    assert [one.status_code for one in tries].count(429) == 1
    assert "Wait a minute" in tries[-1].content.decode()
    assert "site-head" in tries[-1].content.decode()


def test_a_right_password_of_a_disabled_account_lets_nobody_in(dot, client_of):
    User.objects.filter(pk=dot.pk).update(is_active=False)
    client = client_of(None)
    assert sign_in(client, dot)["Location"] == reverse("account_inactive")
    assert client.get(reverse("portal")).status_code == 302
