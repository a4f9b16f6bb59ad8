"""Views of a list, kept and counted in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_view_is_saved_where_the_list_is(cast, story, open_as, findings):
    story.case()
    story.closed_case()
    page = open_as(cast.ana)
    page.goto(f"{reverse('case-list')}?state=closed")
    page.get_by_role("button", name="Save this view").click()
    popover = page.locator("#save-view")
    popover.get_by_label("Name").fill("Closed ones")
    popover.get_by_label("Shared with the office").check()
    assert findings(page) == []
    popover.get_by_role("button", name="Save").click()
    link = page.get_by_role("navigation", name="Saved views").get_by_role("link").first
    expect(link).to_have_text("shared:Closed ones1")
    expect(link).to_have_attribute("aria-current", "page")
    assert findings(page) == []
    page.get_by_role("link", name="Change Closed ones").click()
    assert findings(page) == []
    page.get_by_role("button", name="Open the list with this view").click()
    page.goto(reverse("case-list"))
    assert page.url.endswith("?state=closed")
    page.get_by_role("link", name="Clear all").click()
    expect(page.get_by_text("2 matches")).to_be_visible()
    assert page.problems == []
