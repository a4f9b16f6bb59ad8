"""Chromium as installed on the machine, a live server, and the cast with passwords."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from surveillance import clock
from surveillance.accounts.models import User
from tests.cast import Cast, raise_cast
from tests.story import Story

PASSWORD = "a long demonstration password"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

# Playwright's driver runs an event loop in this thread; the tests themselves are synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is not installed; ./check says how to install it"
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": [*quiet, *root]}


@pytest.fixture
def cast(transactional_db) -> Cast:
    cast = raise_cast(clock.now())
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return cast


@pytest.fixture
def story(cast) -> Story:
    return Story(cast)


@pytest.fixture
def open_as(live_server, browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page of somebody's own browser, signed in through the form; None is Eve, signed out."""
    opened = []

    def begin(user: User | None = None) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=DESK, reduced_motion="reduce"
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.problems = []
        page.on(
            "console",
            lambda message: page.problems.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        if user is not None:
            page.goto("/accounts/login/")
            page.fill("[name=login]", user.email)
            page.fill("[name=password]", PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    yield begin
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def findings() -> Callable[[Page], list[str]]:
    """What axe finds on a page as it stands: WCAG 2.2 A and AA."""
    axe = Axe().axe_script
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "resultTypes": ["violations"],
        "preload": False,
        "iframes": False,  # a letter's preview, for which it would wait half a second
    }

    def look(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe)
        # What is right is not fetched, unlike by Axe.run: that is a third of the time.
        found = page.evaluate("async options => (await axe.run(options)).violations", options)
        return [
            f"{one['id']}: {node['html'][:160]} — {node['failureSummary'][:200]}"
            for one in found
            for node in one["nodes"]
        ]

    return look
