"""A sandbox demand in the portal, from its set-up page to the verified removal."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from cases.flows import sandbox, sandbox_sweep
from cases.models import TakedownRequest

SETUP = reverse("setup")
ASK = reverse("setup-ask_sandbox")


@pytest.fixture
def fays(story, client_of):
    """The platform's manager."""
    return client_of(story.manager())


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def ask(client, kind: str = "order"):
    return client.post(ASK, {"kind": kind}, follow=True)


def test_from_asking_to_verified(fays, time):
    page = text_of(fays.get(SETUP))
    assert "Ask for a test order" in page
    assert "Ask for a test notice" in page
    demand = ask(fays)
    (reference,) = TakedownRequest.objects.values_list("reference", flat=True)
    assert demand.redirect_chain[-1][0] == reverse("portal-takedown", args=[reference])
    assert "TEST: this is a sandbox demand" in text_of(demand)
    item = reverse("portal-item-answer", args=[reference, 1])
    assert fays.post(item, {"outcome": "removed"}).status_code == 302
    time.pass_(timedelta(minutes=1))
    sandbox_sweep.play(time.now)
    shown = text_of(fays.get(reverse("portal-takedown", args=[reference])))
    assert "TEST: the removal is verified." in shown
    assert "The authority verified that" in shown


def test_list_letter_and_files_say_test_and_those_of_a_real_one_do_not(fays, story):
    real = story.issued()
    ask(fays)
    asked = TakedownRequest.objects.sandbox().get()
    page = fays.get(reverse("portal"))
    marked = {row.takedown.reference: row.takedown.is_sandbox for row in page.context["rows"]}
    assert marked == {real.reference: False, asked.reference: True}
    assert text_of(page).count(" TEST ") == 1
    for takedown, says in ((asked, True), (real, False)):
        demand = fays.get(reverse("portal-takedown", args=[takedown.reference]))
        assert ("this is a sandbox demand" in text_of(demand)) is says
        paper = fays.get(reverse("portal-letter-paper", args=[takedown.reference, 1]))
        assert ("This is a TEST." in text_of(paper)) is says
        rows = fays.get(reverse("portal-items-file", args=[takedown.reference])).content.decode()
        assert ("TEST" in rows) is says


def test_the_sixth_is_refused_in_words(fays):
    for _time in range(sandbox.MOST_OPEN):
        ask(fays)
    refused = ask(fays)
    assert refused.redirect_chain[-1][0] == SETUP
    assert "5 sandbox demands are open" in text_of(refused)
    assert TakedownRequest.objects.count() == sandbox.MOST_OPEN


def test_a_kind_that_there_is_not(cast, client_of):
    refused = ask(client_of(cast.dev), "order")
    assert "no regime for this kind" in text_of(refused)
    assert "Ask for a test order" not in text_of(refused)
    assert "Ask for a test notice" in text_of(refused)


def test_a_rival_finds_nothing(fays, cast, client_of):
    ask(fays)
    reference = TakedownRequest.objects.get().reference
    rival = client_of(cast.dev)
    assert rival.get(reverse("portal-takedown", args=[reference])).status_code == 404
    assert reference not in rival.get(reverse("portal")).content.decode()


def test_staff_ask_from_the_platforms_page_and_do_not_see_it(cast, client_of):
    staff = client_of(cast.ana)
    page = reverse("platform-detail", args=[cast.harbour.slug])
    address = reverse("platform-ask_sandbox", args=[cast.harbour.slug])
    assert "Ask for a test order" in text_of(staff.get(page))
    told = staff.post(address, {"kind": "order"}, follow=True)
    reference = TakedownRequest.objects.get().reference
    assert f"Harbour Market has the sandbox demand {reference} in its portal." in text_of(told)
    assert reference not in staff.get(page).content.decode()
    assert staff.get(reverse("takedown-detail", args=[reference])).status_code == 404
    assert client_of(cast.dot).post(address).status_code == 403
    for _time in range(sandbox.MOST_OPEN - 1):
        staff.post(address)
    assert "5 sandbox demands are open" in text_of(staff.post(address, follow=True))


@pytest.mark.parametrize("number", [1, 2])
def test_the_file_to_fill_in_names_it(fays, number):
    ask(fays)
    asked = TakedownRequest.objects.get()
    address = reverse("portal-files-template", args=["csv"])
    rows = b"".join(fays.get(address)).decode().splitlines()
    assert rows[number].lstrip('"').startswith(asked.reference)
    assert f"TEST listing {number}" in rows[number]
