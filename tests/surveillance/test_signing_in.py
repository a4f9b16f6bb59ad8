"""Signing in and out, and a forgotten password: the pages of django-allauth in our look."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from surveillance.accounts.models import User

PASSWORD = "a long demonstration password"


@pytest.fixture
def ana(cast) -> User:
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    return cast.ana


def sign_in(client, email: str, password: str):
    return client.post(reverse("account_login"), {"login": email, "password": password})


@pytest.mark.parametrize(
    ("name", "place"), [("ana", "desk"), ("dot", "portal"), ("ada", "key-list")]
)
def test_signing_in_leads_to_ones_own_place(cast, client_of, name, place):
    user = getattr(cast, name)
    user.set_password(PASSWORD)
    user.save()
    client = client_of(None)
    begun = sign_in(client, user.email.upper(), PASSWORD)
    assert begun["Location"] == reverse("start")
    assert client.get(reverse("start"))["Location"] == reverse(place)


def test_a_wrong_password_is_told_without_saying_which_part(ana, client_of):
    wrong = sign_in(client_of(None), ana.email, "not it")
    unknown = sign_in(client_of(None), "nobody@cast.example", "not it")
    assert wrong.status_code == unknown.status_code == 200
    assert str(wrong.context["form"].errors) == str(unknown.context["form"].errors)


def test_a_disabled_account_is_dead_at_once(ana, client_of):
    client = client_of(ana)
    assert client.get(reverse("desk")).status_code == 200
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.get(reverse("desk")).status_code == 302


def test_signing_out_ends_the_session(ana, client_of):
    client = client_of(ana)
    assert client.post(reverse("account_logout"))["Location"] == reverse("public-home")
    assert client.get(reverse("desk")).status_code == 302


def test_a_forgotten_password_is_set_anew_by_mail(ana, client_of):
    client = client_of(None)
    client.post(reverse("account_reset_password"), {"email": ana.email})
    (letter,) = mail.outbox
    assert letter.to == [ana.email]
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", letter.body)
    assert link
    page = client.get(link.group(1), follow=True)
    new = "another long demonstration password"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(client_of(None), ana.email, PASSWORD).status_code == 200
    assert sign_in(client_of(None), ana.email, new).status_code == 302


def test_nobody_signs_up(db, client_of):
    page = client_of(None).get(reverse("account_signup"))
    assert "password1" not in page.content.decode()
