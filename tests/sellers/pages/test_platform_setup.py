"""A platform is invited by the authority and gets ready by its checklist."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from sellers.models import Platform
from surveillance.accounts.rights import Scope
from surveillance.agents.models import Agent
from tests.surveillance.test_second_factor import set_up

PASSWORD = "a long password of my own"
LANTERN = {
    "name": "Lantern Mall",
    "sort": "mall",
    "website": "https://lantern.example/",
    "jurisdiction": "tw",
    "language": "en",
    "time_zone": "Asia/Taipei",
    "notice_regime": "TW-COOPERATION",
    "manager_name": "Mei Lin",
    "manager_email": "mei@lantern.example",
}
SETUP = reverse("setup")


@pytest.fixture
def fay(story, client_of):
    return client_of(story.manager())


def steps(client) -> dict[str, bool]:
    return {step.label: step.done for step in client.get(SETUP).context["steps"]}


def test_from_the_invitation_to_ready(cast, client_of, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = client_of(cast.bo).post(reverse("platform-register"), LANTERN)
    assert made["Location"] == reverse("platform-detail", args=["lantern-mall"])
    (letter,) = mail.outbox
    link = re.search(r"https?://[^/\s]+(/invitations/\S+)", letter.body).group(1)
    mei = client_of(None)
    mei.post(link, {"name": "Mei Lin", "password": PASSWORD, "again": PASSWORD})
    mei.post(reverse("account_login"), {"login": "mei@lantern.example", "password": PASSWORD})
    assert not any(steps(mei).values())

    set_up(mei, PASSWORD)
    platform = Platform.objects.get(slug="lantern-mall")
    asked = {
        "organisation": platform.pk,
        "name": "Ito",
        "email": "ito@lantern.example",
        "role": "agent",
        "language": "ja",
    }
    with django_capture_on_commit_callbacks(execute=True):
        mei.post(reverse("agent-list"), asked)
    link = re.search(r"https?://[^/\s]+(/invitations/\S+)", mail.outbox[1].body).group(1)
    client_of(None).post(link, {"name": "Ito", "password": PASSWORD, "again": PASSWORD})
    for purpose in ("demands", "escalation"):
        contact = {"name": "Safety", "email": "safety@lantern.example", "language": "zh-hant"}
        mei.post(reverse("setup-add_contact"), contact | {"purpose": purpose})
    hours = {"language": "zh-hant", "time_zone": "Asia/Taipei", "calendar": "TW"}
    mei.post(reverse("setup-set_hours"), hours)
    regime = platform.regime("notice")
    rule = {"code": regime.code, "regime_version": regime.version}
    assert mei.post(reverse("setup-accept_regime"), rule).status_code == 302
    page = mei.get(SETUP)
    left = [step for step in page.context["steps"] if not step.done]
    assert [step.optional for step in left] == [True, True]
    assert page.context["done"] == page.context["required"] == 6
    (accepted,) = platform.acceptances.all()
    assert str(accepted.accepted_by) == "Mei Lin"
    shown = client_of(cast.bo).get(made["Location"]).content.decode()
    assert "was accepted by Mei Lin" in shown


def test_an_administrator_invites_too_and_comes_to_the_people(cast, client_of):
    made = client_of(cast.ada).post(reverse("platform-register"), LANTERN)
    assert made["Location"] == reverse("agent-list")
    assert Agent.objects.invited().get().role == "platform_manager"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "Harbour Market"}, "name"),
        ({"name": "燈"}, "name"),
        ({"jurisdiction": "T1"}, "jurisdiction"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"notice_regime": "EU-GPSR-22-4"}, "notice_regime"),
        ({"manager_email": "mei"}, "manager_email"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(cast, client_of, facts, field):
    page = client_of(cast.bo).post(reverse("platform-register"), LANTERN | facts)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert Platform.objects.count() == 2
    assert not Agent.objects.invited().exists()


@pytest.mark.parametrize("who", ["ana", "dot"])
def test_nobody_else_invites_a_platform(cast, client_of, who):
    assert client_of(getattr(cast, who)).get(reverse("platform-register")).status_code == 403


def test_an_agent_reads_what_a_manager_changes(cast, client_of):
    agent = client_of(cast.dot)
    page = agent.get(SETUP)
    assert page.status_code == 200
    assert "Accept this rule" not in page.content.decode()
    assert agent.post(reverse("setup-add_contact")).status_code == 403
    assert agent.post(reverse("setup-accept_regime")).status_code == 403


def test_keys_and_webhooks_are_optional_and_counted(story, cast, fay):
    story.issued_key(scopes={Scope.READ})
    story.endpoint(cast.bazaar.organisation)
    done = steps(fay)
    assert done["A key for your own system"]
    assert not done["A webhook"]


def test_a_new_version_of_a_rule_is_accepted_anew(story, cast, fay):
    regime = cast.harbour.regime("notice")
    rule = {"code": regime.code, "regime_version": regime.version + 1}
    assert fay.post(reverse("setup-accept_regime"), rule).status_code == 404
    assert fay.post(reverse("setup-accept_regime"), {"code": regime.code}).status_code == 404


def test_the_working_calendar_is_chosen_among_those_there_are(cast, fay, client_of):
    desk = client_of(cast.bo)
    seen_at = reverse("platform-detail", args=["harbour-market"])
    assert "(by its jurisdiction)" in desk.get(seen_at).content.decode()
    page = fay.get(SETUP)
    offered = [code for code, _label in page.context["hours_form"].fields["calendar"].choices]
    assert offered == ["", "AU", "CA", "EU", "JP", "KR", "SG", "TW", "US"]
    assert "It changes no limit" in page.content.decode()
    hours = {"language": "en", "time_zone": "Asia/Tokyo", "calendar": "JP"}
    wrong = fay.post(reverse("setup-set_hours"), hours | {"calendar": "XX"})
    assert wrong.status_code == 422
    assert set(wrong.context["hours_form"].errors) == {"calendar"}
    fay.post(reverse("setup-set_hours"), hours)
    assert "by the calendar JP (Japan)" in fay.get(SETUP).content.decode()
    assert "JP · Japan (chosen by the platform)" in desk.get(seen_at).content.decode()
    fay.post(reverse("setup-set_hours"), hours | {"calendar": ""})
    assert "that of your jurisdiction EU" in fay.get(SETUP).content.decode()


def test_contact_points_come_and_go(cast, fay):
    contact = {"name": "Night", "email": "night@harbour.example", "language": "ja"}
    assert fay.post(reverse("setup-add_contact"), contact).status_code == 422
    fay.post(reverse("setup-add_contact"), contact | {"purpose": "demands"})
    again = fay.post(reverse("setup-add_contact"), contact | {"purpose": "demands"})
    assert again.status_code == 422
    gone = {"purpose": "demands", "email": "safety@harbour-market.example"}
    assert fay.post(reverse("setup-remove_contact"), gone).status_code == 302
    assert fay.post(reverse("setup-remove_contact"), gone).status_code == 404
    last = {"purpose": "demands", "email": "night@harbour.example"}
    assert fay.post(reverse("setup-remove_contact"), last).status_code == 409
    rivals = {"purpose": "demands", "email": "safety@bazaar-nine.example"}
    assert fay.post(reverse("setup-remove_contact"), rivals).status_code == 404
