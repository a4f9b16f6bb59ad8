"""Every page in Chromium, full and empty: axe finds nothing, nothing is wider than the screen, and
the console stays silent. Colours depend on the theme and layout on the width, so that two looks
show both of each: a page is opened once and looked at in both."""

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case, TakedownRequest
from sellers.models import Alert, Listing, Product, Seller
from surveillance import clock
from surveillance.accounts import enrolment
from surveillance.accounts.rights import Role
from surveillance.outbox.models import Attempt, Lane
from tests.browser.conftest import DESK, PASSWORD, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = ["/", "/report/", "/report/product/", "/report/track/", "/alerts/", "/accounts/login/",
          "/accounts/password/reset/", "/nowhere/", "/api/v1/docs/"]  # fmt: skip
DESK_PAGES = ["/desk/", "/desk/reports/", "/desk/cases/", "/desk/takedowns/", "/desk/sellers/",
              "/desk/platforms/", "/desk/products/", "/desk/listings/", "/desk/alerts/",
              "/desk/search/?q=cubes", "/statistics/", "/notices/",
              "/desk/reports/?state=nonsense"]  # fmt: skip

DESK_LIGHT, PHONE_DARK = LOOKS = [(DESK, "light"), (PHONE, "dark")]
LONG_ADDRESS = "http://calico.example/catalogue/item_detail.php?product_id=789&colour=brown"


def look(page: Page, addresses: list[str], findings, looks=LOOKS) -> dict[str, list[str]]:
    """What is wrong, by address."""
    wrong: dict[str, list[str]] = {}
    for address in addresses:
        page.goto(address)
        expect(page.locator(".htmx-request")).to_have_count(0)
        if page.locator("#swagger-ui").count():
            page.wait_for_load_state("networkidle")
        found = []
        for size, scheme in looks:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            found += [f"{size['width']} px, {scheme}: {one}" for one in faults(page, findings)]
        # The browser itself reports a 404 or 422 page as a failed resource.
        found += [text for text in page.problems if "Failed to load resource" not in text]
        page.problems.clear()
        if found:
            wrong[address] = found
    return wrong


def faults(page: Page, findings) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*findings(page), *([f"{width} px wider than the screen"] if width > 0 else [])]


@pytest.fixture
def full(story):
    """Something in every list."""
    report = story.report(severity="hospital", product_name=f"Toy {LONG_ADDRESS}")
    story.accepted_report(product_name=f"Toy {LONG_ADDRESS}")
    story.alert()
    takedown = story.issued()
    story.assessment(takedown.case)
    story.draft()
    late = story.with_formal_letter()
    appealed = story.appealed()
    contest = story.contest()
    return {
        "desk": [
            f"/desk/reports/{report.reference}/",
            f"/desk/reports/{report.reference}/dismiss/",
            f"/desk/cases/{takedown.case.reference}/",
            f"/desk/cases/{takedown.case.reference}/assess/",
            f"/desk/cases/{takedown.case.reference}/draft/",
            f"/desk/cases/{takedown.case.reference}/review/",
            f"/desk/cases/{takedown.case.reference}/merge/",
            f"/desk/takedowns/{takedown.reference}/",
            f"/desk/takedowns/{late.reference}/",
            f"/desk/takedowns/{appealed.takedown.reference}/",
            "/desk/contests/",
            f"/desk/sellers/{contest.seller.reference}/",
            f"/desk/takedowns/{late.reference}/amend_formal_letter/",
            f"/desk/sellers/{Seller.objects.first().reference}/",
            "/desk/platforms/harbour-market/",
            f"/desk/products/{Product.objects.first().reference}/",
            f"/desk/listings/{Listing.objects.first().reference}/",
            f"/desk/alerts/{Alert.objects.first().reference}/",
            "/statistics/rows/?number=requested",
        ],
        "portal": [
            "/portal/",
            f"/portal/{takedown.reference}/",
            f"/portal/{takedown.reference}/items/1/",
            f"/portal/{takedown.reference}/items/1/answer/",
            f"/portal/{takedown.reference}/answers/?all=1",
            f"/portal/{takedown.reference}/request_extension/",
            f"/portal/{appealed.takedown.reference}/",
            "/portal/scorecard/",
            "/portal/scorecard/listings/?number=requested",
            "/portal/sellers/",
            "/notices/",
        ],
        "public": [f"/alerts/{Alert.objects.first().reference}/"],
    }


def test_public_pages(full, open_as, findings):
    page = open_as()
    assert look(page, [*PUBLIC, *full["public"]], findings) == {}


def test_desk_pages(full, cast, open_as, findings):
    page = open_as(cast.bo)
    assert look(page, [*DESK_PAGES, *full["desk"]], findings) == {}


def test_portal_pages(full, cast, open_as, findings):
    page = open_as(cast.dot)
    assert look(page, full["portal"], findings) == {}


@pytest.fixture
def fay(cast):
    """Manages Harbour Market."""
    return enrolment.enrol(
        "fay@cast.example",
        name="Fay Mills",
        role=Role.PLATFORM_MANAGER,
        organisation=cast.harbour.organisation,
        password=PASSWORD,
        at=clock.now(),
    )


@pytest.fixture
def webhooks(story) -> list[str]:
    """One that is failing, one that is off, a letter with two tries."""
    endpoint, at = story.endpoint(), clock.now()
    message = story.sent_webhook(endpoint)
    for number, outcome in [(1, "later"), (2, "arrived")]:
        Attempt(
            message=message,
            number=number,
            started_at=at,
            milliseconds=1200,
            outcome=outcome,
            status=503 if outcome == "later" else 204,
            reply="503 <html>busy</html>" if outcome == "later" else "",
            request={"headers": {"webhook-id": str(message.pk)}, "body": '{"type": "ping"}'},
            response={"headers": {"Server": "hooks"}, "body": "x" * 400},
        ).save()
    Lane(key=endpoint.lane, failures=2, failing_since=at, not_before=at).save()
    off = story.endpoint_off()
    return [
        "/webhooks/",
        f"/webhooks/{endpoint.reference}/",
        f"/webhooks/{endpoint.reference}/change/",
        f"/webhooks/{off.reference}/",
        "/deliveries/",
        "/deliveries/?state=delivered",
        "/deliveries/?state=nonsense",
        f"/deliveries/{message.pk}/",
    ]


def test_webhooks_of_a_platform(fay, webhooks, open_as, findings):
    page = open_as(fay)
    assert look(page, webhooks, findings) == {}


def test_webhooks_and_deliveries_for_administrators(full, cast, webhooks, open_as, findings):
    page = open_as(cast.ada)
    assert look(page, webhooks, findings) == {}


def test_empty_webhooks(fay, open_as, findings):
    assert look(open_as(fay), ["/webhooks/", "/deliveries/"], findings, [PHONE_DARK]) == {}


def test_empty_pages(cast, open_as, findings):
    assert not Case.objects.exists()
    assert not TakedownRequest.objects.exists()
    assert look(open_as(cast.bo), DESK_PAGES, findings, [PHONE_DARK]) == {}
    assert look(open_as(cast.dot), ["/portal/", "/notices/"], findings, [DESK_LIGHT]) == {}
    assert look(open_as(), ["/", "/alerts/"], findings, [DESK_LIGHT]) == {}
