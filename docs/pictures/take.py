"""Takes the pictures of the guides from a running demo, so that they show what there is.

    ./run                                        # in one window; a fresh demo
    DEMO_PASSWORD=… .venv/bin/python docs/pictures/take.py [http://127.0.0.1:8000]

The password is the one that ./run shows. Each picture is found as its reader finds it: from the
page after signing in, by links; no reference stands here.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 800}
COLOURS = 128  # of a picture's palette: a quarter of the size, and no eye sees it


@dataclass(frozen=True)
class Picture:
    """`who`: the demo account (before the @), or "" for nobody. `go`: from the start page there."""

    name: str
    who: str
    go: Callable[[Page], None]
    size: dict[str, int] | None = None


def opens(address: str, *links: str) -> Callable[[Page], None]:
    """To an address, then through the first link that each selector finds."""

    def go(page: Page) -> None:
        page.goto(address)
        for link in links:
            page.locator(f"main {link}").first.click()
            page.wait_for_load_state("networkidle")

    return go


def why_this_date(page: Page) -> None:
    opens("/desk/takedowns/?due=7", 'a[href^="/desk/takedowns/TD"]')(page)
    page.locator("main .page-head button[popovertarget], main .page-head summary").first.click()


def a_key(page: Page) -> None:
    """One is issued first, by the page: a fresh demo has none."""
    page.goto("/keys/")
    if not page.get_by_text("Compliance system", exact=True).count():
        page.get_by_label("What it is for").fill("Compliance system")
        for scope in page.get_by_role("group", name="It may").get_by_role("checkbox").all()[:2]:
            scope.check()
        page.get_by_role("button", name="Issue the key").click()
        page.get_by_role("link", name="I have copied it").click()


def a_view(page: Page) -> None:
    page.goto("/desk/takedowns/?due=overdue&sort=due")
    page.get_by_role("button", name="Save this view").click()


def a_deadline(page: Page) -> None:
    page.goto("/desk/deadlines/")
    page.get_by_label("Received at").fill("2026-12-18T16:30")
    page.get_by_role("button", name="Count").click()


def a_sandbox_demand(page: Page) -> None:
    """One is asked for first, by the page: a fresh demo has none."""
    page.goto("/portal/")
    demand = page.locator('main a[href^="/portal/TEST"]').first
    if not demand.count():
        page.goto("/portal/setup/")
        page.get_by_role("button", name="Ask for a test order").click()
        page.goto("/portal/")
    demand.click()


CASE = 'a[href^="/desk/cases/C"]'
PICTURES = [
    Picture("inbox", "ana", opens("/desk/")),
    Picture("report", "ana", opens("/desk/reports/?state=received", 'a[href^="/desk/reports/R"]')),
    Picture("case", "ana", opens("/desk/cases/?state=enforcing", CASE)),
    Picture("risk", "ana", opens("/desk/cases/?state=enforcing", CASE, 'a[href$="/assess/"]')),
    Picture("draft", "ana", opens("/desk/cases/?state=enforcing", CASE, 'a[href*="/draft/"]')),
    Picture(
        "request", "ana", opens("/desk/takedowns/?waiting=check", 'a[href^="/desk/takedowns/TD"]')
    ),
    Picture("why-this-date", "ana", why_this_date),
    Picture("view", "ana", a_view),
    Picture("deadline", "ana", a_deadline),
    Picture(
        "approval",
        "bo",
        opens("/desk/takedowns/?waiting=approval", 'a[href^="/desk/takedowns/TD"]'),
    ),
    Picture("statistics", "bo", opens("/statistics/")),
    Picture("seller", "bo", opens("/desk/sellers/?state=high_risk", 'a[href^="/desk/sellers/S"]')),
    Picture("upload", "bo", opens("/desk/imports/upload/")),
    Picture("portal", "dot", opens("/portal/")),
    Picture("demand", "dot", opens("/portal/", 'a[href^="/portal/TD"]')),
    Picture("answer", "dot", opens("/portal/", 'a[href^="/portal/TD"]', 'a[href$="/answer/"]')),
    Picture("keys", "dot", a_key),
    Picture("set-up", "dot", opens("/portal/setup/")),
    Picture("sandbox", "dot", a_sandbox_demand),
    Picture("front-page", "", opens("/")),
    Picture("report-form", "", opens("/report/product/"), PHONE),
    Picture("alert", "", opens("/alerts/", 'a[href^="/alerts/A"]'), PHONE),
]


@contextmanager
def signed_in(browser: Browser, base: str, picture: Picture, password: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base,
        viewport=picture.size or DESK,
        color_scheme="light",
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who:
        page.goto("/accounts/login/")
        page.fill("[name=login]", f"{picture.who}@demo.example")
        page.fill("[name=password]", password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/" not in url)
    yield page
    context.close()


def take(browser: Browser, base: str, picture: Picture, password: str) -> bytes:
    """One picture as PNG. Raises Playwright's errors where a page or link is not there."""
    with signed_in(browser, base, picture, password) as page:
        picture.go(page)
        page.wait_for_load_state("networkidle")
        shot = Image.open(BytesIO(page.screenshot()))
        small = BytesIO()
        shot.convert("RGB").quantize(COLOURS).save(small, "PNG", optimize=True)
        return small.getvalue()


def main() -> None:
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    password = os.environ.get("DEMO_PASSWORD") or sys.exit("Set DEMO_PASSWORD to what ./run shows.")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=root)
        for picture in PICTURES:
            (FOLDER / f"{picture.name}.png").write_bytes(take(browser, base, picture, password))
            print(picture.name)


if __name__ == "__main__":
    main()
