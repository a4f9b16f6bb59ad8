"""Known unsafe products that a listing or a report looks like, on the desk."""

import pytest
from django.urls import reverse

from sellers.flows import listings


@pytest.fixture
def listing(story, cast):
    facts = listings.ListingFacts(
        url="https://harbour-market.example/item/9", title="Cubo MC-216 magnetic cubes"
    )
    return listings.record(cast.harbour, facts, by=story.ana)


@pytest.fixture
def rows(story, listing):
    return {"listing": listing, "report": story.report(model="MC-216")}


@pytest.fixture
def ask(cast, client_of, rows):
    def of(kind: str, who: str = "ana", *, htmx: bool = False):
        address = reverse(f"{kind}-matches", args=[rows[kind].reference])
        headers = {"HX-Request": "true"} if htmx else {}
        return client_of(getattr(cast, who)).get(address, headers=headers)

    return of


KINDS = pytest.mark.parametrize("kind", ["listing", "report"])


@KINDS
def test_an_alert_with_reasons(ask, story, kind):
    alert = story.alert()
    page = ask(kind).content.decode()
    assert reverse("desk-alert-detail", args=[alert.reference]) in page
    assert "The model number “MC216” is the same." in page
    assert "identifiers agree" in page


@KINDS
def test_what_only_suggests_says_so(ask, story, kind, rows):
    story.alert()
    listings.Listing.objects.filter(pk=rows["listing"].pk).update(title="Magnetic cubes of Cubo")
    type(rows["report"]).objects.filter(pk=rows["report"].pk).update(model="")
    page = ask(kind).content.decode()
    assert "a suggestion, not a finding" in page
    assert "to compare" in page


@KINDS
def test_nothing_known_says_so(ask, story, kind):
    story.draft_alert()
    assert "Nothing in the published register looks like it." in ask(kind).content.decode()


@KINDS
def test_the_page_asks_for_its_panel(ask, cast, client_of, rows, kind):
    page = client_of(cast.ana).get(reverse(f"{kind}-detail", args=[rows[kind].reference]))
    assert f'hx-get="{reverse(f"{kind}-matches", args=[rows[kind].reference])}"' in (
        page.content.decode()
    )
    part = ask(kind, htmx=True).content.decode()
    assert 'id="matches"' in part
    assert "<html" not in part


@KINDS
@pytest.mark.parametrize("who", ["dot", "ada"])
def test_it_is_for_the_desk(ask, kind, who):
    assert ask(kind, who).status_code == 403


@KINDS
def test_what_does_not_exist_is_not_found(cast, client_of, kind):
    address = reverse(f"{kind}-matches", args=["nothing-here"])
    assert client_of(cast.ana).get(address).status_code == 404
