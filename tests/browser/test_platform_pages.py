"""The pages by which a platform comes in and gets ready, looked at as in test_pages.py."""

import pytest
from django.urls import reverse

from sellers.flows import platform_setup
from surveillance.accounts.actor import Actor
from tests.browser.conftest import PASSWORD
from tests.browser.test_pages import fay, look

__all__ = ["fay"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def invited(story, fay):
    """Somebody is to come; one rule of two is accepted."""
    by, rule = Actor.of(fay), story.cast.harbour.regimes()[0]
    platform_setup.accept_regime(story.cast.harbour, rule, by=by)
    return story.invitation()


def test_people_and_set_up(fay, story, invited, open_as, findings):
    page = open_as(fay)
    seat = story.joined_agent()
    own = [reverse("agent-list"), reverse("agent-remove", args=[seat.reference]), reverse("setup")]
    assert look(page, own, findings) == {}


def test_second_factor(fay, open_as, findings):
    page = open_as(fay)
    activate = reverse("mfa_activate_totp")
    assert look(page, [reverse("mfa_index"), activate], findings) == {}
    assert "reauthenticate" in page.url
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(f"**{activate}")
    assert look(page, [activate], findings) == {}


def test_an_invitation(invited, open_as, findings):
    links = [reverse("invitation", args=[token]) for token in (invited.token, "too-old")]
    assert look(open_as(), links, findings) == {}


def test_the_authoritys_side(cast, invited, open_as, findings):
    page = open_as(cast.bo)
    own = [
        reverse("platform-register"),
        reverse("platform-detail", args=["harbour-market"]),
        reverse("agent-list"),
    ]
    assert look(page, own, findings) == {}
