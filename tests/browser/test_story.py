"""The story again, in Chromium, against a live server and a real Celery worker."""

import re

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case, Item, Report, TakedownRequest
from cases.states import ItemState, ReportState, TakedownState
from surveillance.outbox import queue
from tests.journeys.workers import wait_until, worker
from tests.surveillance.outbox.receivers import mail_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "https://harbour-market.example/item/cubes"


def answer(page: Page, **answers: str) -> None:
    """Fill one question of the report form and go on."""
    for name, value in answers.items():
        field = page.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    page.locator("main form button[type=submit]").first.click()


def press(page: Page, words: str) -> None:
    """Press a button or follow a button-like link; answer its "are you sure" if it asks."""
    button = (
        page.locator("main")
        .get_by_role("button", name=words, exact=False)
        .or_(page.locator("main").get_by_role("link", name=words, exact=False))
    )
    button.first.click()
    sure = page.locator(".popover-confirm:popover-open form button")
    if sure.count():
        sure.first.click()
    page.wait_for_load_state()


def report_as_consumer(page: Page) -> str:
    page.goto("/")
    page.get_by_role("link", name="Report", exact=False).first.click()
    if page.url.endswith("/report/"):
        page.locator("main").get_by_role("link").or_(page.locator("main button")).first.click()
    answer(page, product_name="Magnetic cubes", brand="Cubo", model="MC-216")
    answer(page, listing_url=ADDRESS)
    answer(page, incident="My son swallowed two of them.")
    answer(page, severity="hospital")
    answer(page, source="consumer", email="eve@home.example")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"R-\d{4}-\d{6}"))
    found = re.search(r"R-\d{4}-\d{6}", page.locator("main").inner_text())
    assert found
    return found.group()


def test_from_report_to_verified_removal(cast, open_as, tmp_path):
    eve = open_as()
    reference = report_as_consumer(eve)
    assert eve.problems == []

    with mail_server() as mails:
        url = f"smtp://127.0.0.1:{mails.port}"
        with worker(tmp_path / "worker.log", beat=True, EMAIL_URL=url):
            ana = open_as(cast.ana)
            ana.goto("/desk/")
            ana.get_by_role("link", name="Magnetic cubes").first.click()
            ana.wait_for_url(f"**/{reference}/*")
            ana.wait_for_load_state()
            ana.keyboard.press("a")
            expect(ana.get_by_role("heading", level=1)).to_contain_text("Accept")
            press(ana, "Accept into a case")
            wait_until(
                lambda: Report.objects.get(reference=reference).state == ReportState.ACCEPTED,
                "the report is accepted",
            )
            case = Case.objects.get()

            ana.goto(f"/desk/cases/{case.reference}/add-listings/")
            ana.fill("[name=lines]", ADDRESS)
            press(ana, "Add them")
            ana.goto(f"/desk/cases/{case.reference}/draft/")
            ana.select_option("[name=harbour-market-kind]", "notice")
            for name in ("facts", "hazard", "territory", "action"):
                if not ana.input_value(f"[name={name}]"):
                    ana.fill(f"[name={name}]", "The magnets come loose.")
            press(ana, "Draft and preview")
            press(ana, "Issue")
            wait_until(
                lambda: TakedownRequest.objects.filter(state=TakedownState.ISSUED).exists(),
                "the request is issued",
            )
            takedown = TakedownRequest.objects.get()
            assert queue.start("outbox.deliver")
            wait_until(
                lambda: any(takedown.reference in mail["Subject"] for mail in mails.mails),
                "the letter arrives by a real worker",
            )

            dot = open_as(cast.dot)
            dot.goto("/portal/")
            dot.get_by_role("link", name=takedown.reference).first.click()
            press(dot, "Acknowledge")
            dot.goto(f"/portal/{takedown.reference}/items/1/answer/")
            dot.locator("[name=outcome][value=removed]").check()
            press(dot, "Answer")
            wait_until(
                lambda: Item.objects.get().state == ItemState.REMOVED, "the platform has answered"
            )

            dev = open_as(cast.dev)
            foreign = dev.goto(f"/portal/{takedown.reference}/")
            assert foreign is not None
            assert foreign.status == 404

            ana.goto(f"/desk/takedowns/{takedown.reference}/items/1/confirm_removal/")
            press(ana, "Confirm the removal")
            wait_until(
                lambda: Item.objects.get().state == ItemState.CONFIRMED, "the removal is verified"
            )
            bo = open_as(cast.bo)
            bo.goto("/statistics/")
            expect(bo.locator(".chart svg").first).to_be_visible()
            bo.get_by_role("link", name=re.compile("Verified removed: 1")).click()
            expect(bo.locator("main")).to_contain_text(f"{takedown.reference}/1")
            health = bo.request.get("/health")
            assert health.json()["undelivered"] == 0
    for page in (ana, dot, bo):
        assert page.problems == []
