"""Appeals in the portal: offered while there is time, shown with the authority's limit."""

import pytest
from django.urls import reverse

from cases.flows import appeals, items
from cases.models import Evidence
from surveillance.audit.models import AuditEntry


@pytest.fixture
def page_of(dot, client_of):
    def show(takedown):
        return client_of(dot).get(reverse("portal-takedown", args=[takedown.reference]))

    return show


def offered(page) -> list[str]:
    (row,) = [row for row in page.context["items"] if row.item.number == 1]
    return [action["verb"].rpartition("-")[0] for action in row.actions]


def appeal_address(item) -> str:
    return reverse("portal-item-appeal", args=[item.takedown.reference, item.number])


def test_it_is_offered_beside_the_answer_while_there_is_time(story, page_of, time):
    item = story.rejected()
    page = page_of(item.takedown)
    assert offered(page) == ["item.answer", "item.appeal"]
    assert "You may appeal against this decision until" in page.content.decode()
    time.now = item.appeal_until
    assert offered(page_of(item.takedown)) == ["item.answer"]


def test_with_a_file_that_proves_it(story, dot, client_of, png, page_of):
    item = story.rejected()
    client = client_of(dot)
    asked = client.get(appeal_address(item)).content.decode()
    assert "limit of this listing runs on" in " ".join(asked.split())
    sent = client.post(appeal_address(item), {"reason": "Look at the label.", "file": png})
    assert sent.status_code == 302
    assert Evidence.objects.filter(item=item, filename="gone.png").exists()
    page = page_of(item.takedown)
    assert offered(page) == ["item.answer"]
    html = page.content.decode()
    for words in ("appeal open", "Look at the label.", "Your own limit runs on", "why-appeal-1"):
        assert words in html


def test_a_reason_is_needed_and_nothing_is_kept_without(story, dot, client_of, png):
    item = story.rejected()
    sent = client_of(dot).post(appeal_address(item), {"reason": "", "file": png})
    assert sent.status_code == 422
    assert not Evidence.objects.filter(item=item).exists()


def test_the_outcome_and_its_reason_are_shown_but_nobody_by_name(story, cast, page_of):
    item = appeals.dismiss_appeal(story.appealed(), by=story.bo, reason="It is the product.")
    html = page_of(item.takedown).content.decode()
    assert "appeal dismissed" in html
    assert "It is the product." in html
    assert "The authority" in html
    for person in (cast.ana, cast.bo):
        assert person.name not in html
    verbs = {entry.verb for entry in AuditEntry.objects.filter(subject=item.audit_reference)}
    assert {"item.appeal", "item.dismiss_appeal"} <= verbs


def test_one_that_is_not_needed_any_more(story, page_of):
    item = items.withdraw(story.appealed(), by=story.ana, reason="It is another model.")
    assert "appeal not needed any more" in page_of(item.takedown).content.decode()


def test_a_page_with_appeals_costs_one_query_more(
    story, dot, client_of, django_assert_max_num_queries
):
    reference = story.appealed().takedown.reference
    client = client_of(dot)
    with django_assert_max_num_queries(19):
        client.get(reverse("portal-takedown", args=[reference]))
