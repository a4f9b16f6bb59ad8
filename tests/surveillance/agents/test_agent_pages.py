"""People of a platform: invited on one page, let in by another, removed."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from surveillance.accounts.models import User
from surveillance.agents import flows
from surveillance.agents.models import Agent

PASSWORD = "a long password of my own"
MADE = {"name": "Gus Moor", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def fay(story) -> User:
    return story.manager()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What is to be done after the commit is done at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def invite(client, organisation, **facts: object):
    told = {"name": "Gus Moor", "email": "gus@harbour.example", "role": "agent", "language": "en"}
    return client.post(reverse("agent-list"), told | {"organisation": organisation.pk} | facts)


def link_in(letter) -> str:
    found = re.search(r"https?://[^/\s]+(/invitations/\S+)", letter.body)
    assert found
    return found.group(1)


def test_the_mailed_link_makes_one_account(cast, fay, client_of, committed):
    with committed():
        assert invite(client_of(fay), cast.harbour.organisation).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["gus@harbour.example"]
    assert "Harbour Market" in letter.subject
    eve, link = client_of(None), link_in(letter)
    page = eve.get(link)
    assert "Harbour Market" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert eve.post(link, MADE | {"again": "another"}).status_code == 422
    assert eve.post(link, MADE | {"password": "short", "again": "short"}).status_code == 422
    assert not User.objects.filter(email="gus@harbour.example").exists()
    assert eve.post(link, MADE)["Location"] == reverse("account_login")
    signing_in = {"login": "gus@harbour.example", "password": PASSWORD}
    assert eve.post(reverse("account_login"), signing_in).status_code == 302
    assert eve.get(reverse("portal")).status_code == 200
    for method in (eve.get, eve.post):
        assert method(link).status_code == 404


@pytest.mark.parametrize("forgery", ["nonsense", "a:b:c", "{}x"])
def test_a_link_that_we_did_not_make_leads_nowhere(story, client_of, forgery):
    token = forgery.replace("{}", story.invitation().token)
    assert client_of(None).get(reverse("invitation", args=[token])).status_code == 404


def test_a_mail_server_that_is_away_is_told(cast, fay, client_of, committed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with committed():
        invite(client_of(fay), cast.harbour.organisation)
    agent = Agent.objects.get(email="gus@harbour.example")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with committed():
        again = client_of(fay).post(reverse("agent-invite_again", args=[agent.reference]))
    assert again.status_code == 302
    assert client_of(None).get(link_in(mail.outbox[0])).status_code == 200


def test_a_manager_sees_and_manages_the_own_people_only(story, cast, fay, client_of):
    rivals = flows.invite(
        cast.bazaar.organisation, by=story.system, name="Hal", email="hal@bazaar.example"
    ).row
    client = client_of(fay)
    page = client.get(reverse("agent-list")).content.decode()
    assert "Dot Baker" in page
    assert "hal@bazaar.example" not in page
    for name in ("agent-withdraw", "agent-remove", "agent-invite_again"):
        assert client.post(reverse(name, args=[rivals.reference])).status_code == 404
    assert invite(client, cast.bazaar.organisation).status_code == 422
    assert Agent.objects.invited().count() == 1


def test_a_manager_removes_an_agent(story, cast, fay, client_of):
    seat = story.joined_agent()
    client = client_of(fay)
    assert "signed out everywhere" in client.get(reverse("agent-list")).content.decode()
    address = reverse("agent-remove", args=[seat.reference])
    assert client.post(address, {"version": seat.version})["Location"] == reverse("agent-list")
    cast.dot.refresh_from_db()
    assert not cast.dot.is_active
    assert "Dot Baker" not in client.get(reverse("agent-list")).content.decode()


@pytest.mark.parametrize("who", ["bo", "ada"])
def test_the_authority_sees_the_people_of_all_platforms(cast, client_of, who):
    page = client_of(getattr(cast, who)).get(reverse("agent-list")).content.decode()
    assert {"Dot Baker", "Dev Shah"} <= set(re.findall(r"<strong>([^<]+)</strong>", page))


@pytest.mark.parametrize("who", ["ana", "dot"])
def test_nobody_else_has_the_page(cast, client_of, who):
    assert client_of(getattr(cast, who)).get(reverse("agent-list")).status_code == 403
