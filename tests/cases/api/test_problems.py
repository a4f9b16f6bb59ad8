"""What goes wrong in the API: told as one problem document, with nothing left half done."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from cases.flows import items, takedowns
from cases.models import TakedownRequest
from surveillance.flow import Stale
from surveillance.web.api import PROBLEM, ActorView


def answer_rows(client, takedown, *rows: dict[str, object]):
    address = reverse("api-takedown-answers", args=[takedown.reference])
    reply = client.post(address, {"answers": list(rows)}, content_type="application/json")
    assert reply.status_code == 207
    return reply.json()["results"]


class Halfway(ActorView):
    """Acknowledges, then finds that it may not go on."""

    problem: Exception | None = None

    def post(self, request, reference: str) -> Response:
        takedown = TakedownRequest.objects.visible_to(self.actor).get(reference=reference)
        takedowns.acknowledge(takedown, by=self.actor)
        raise self.problem


@pytest.mark.parametrize(
    ("problem", "status"),
    [(Stale("It has moved on."), 412), (ValidationError({"note": "Too long."}), 422)],
)
def test_what_was_done_before_a_refusal_is_undone(problem, status, story, dot):
    takedown = story.issued_notice()
    request = APIRequestFactory().post("/")
    request.user = dot
    force_authenticate(request, dot)
    response = Halfway.as_view(problem=problem)(request, reference=takedown.reference)
    assert response.status_code == status
    assert response.render()["Content-Type"] == PROBLEM
    takedown.refresh_from_db()
    assert takedown.acknowledged_at is None


def test_a_problem_names_field_and_remedy(story, dot, client_of):
    address = reverse("api-takedown-list")
    response = client_of(dot).get(address, {"due_before": "tomorrow"})
    assert response.status_code == 422
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert body["type"] == "about:blank"
    assert body["status"] == 422
    assert body["errors"][0]["pointer"] == "/due_before"
    assert body["errors"][0]["detail"]


def test_a_refused_verb_says_why_at_its_row(story, dot, client_of):
    takedown = story.issued_notice(listings=1)
    client = client_of(dot)
    row = {"number": 1, "outcome": "removed", "answer_id": "a"}
    answer_rows(client, takedown, row)
    (result,) = answer_rows(client, takedown, row | {"answer_id": "b"})
    assert result["status"] == 409
    assert result["errors"][0]["pointer"] == "/answers/0"
    assert "removed" in result["errors"][0]["detail"]


def test_a_field_that_is_not_known_is_refused_not_skipped(story, dot, client_of):
    takedown = story.issued_notice(listings=1)
    row = {"number": 1, "outcome": "removed", "answer_id": "a", "reason": "why not"}
    (result,) = answer_rows(client_of(dot), takedown, row)
    assert result["status"] == 422
    assert result["errors"][0]["pointer"] == "/answers/0/reason"


def test_an_empty_ground_is_no_ground(story, dot, client_of):
    takedown = story.issued_notice(listings=1)
    row = {"number": 1, "outcome": "removed", "answer_id": "a", "ground": "", "text": ""}
    (result,) = answer_rows(client_of(dot), takedown, row)
    assert (result["status"], result["state"]) == (200, "removed")


def test_an_answer_id_used_for_other_content_is_a_conflict(story, dot, client_of):
    takedown = story.issued_notice(listings=2)
    first, second = answer_rows(
        client_of(dot),
        takedown,
        {"number": 1, "outcome": "removed", "answer_id": "a"},
        {"number": 2, "outcome": "removed", "answer_id": "a"},
    )
    assert (first["status"], second["status"]) == (200, 409)


def test_an_address_means_the_listing_that_came_back(story, dot, client_of, ana, as_):
    item = story.confirmed()
    again = items.note_relisted(item, by=as_(ana))
    row = {"url": f"{item.listing.url}?utm_source=mail", "outcome": "removed", "answer_id": "b"}
    (result,) = answer_rows(client_of(dot), item.takedown, row)
    assert (result["status"], result["number"]) == (200, again.number)


def test_pages_are_linked_in_the_header_too(story, dot, client_of):
    for _number in range(3):
        story.issued_notice(listings=1)
    client = client_of(dot)
    first = client.get(reverse("api-takedown-list"), {"page_size": 2})
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = client.get(first.json()["next"])
    assert 'rel="prev"' in second["Link"]
    assert 'rel="next"' not in second["Link"]


def test_a_thousand_rows_that_name_nothing_cost_few_queries(
    story, dot, client_of, django_assert_max_num_queries
):
    takedown = story.issued_notice(listings=1)
    rows = [{"number": 999, "outcome": "removed", "answer_id": str(n)} for n in range(1000)]
    client = client_of(dot)
    with django_assert_max_num_queries(14):
        results = answer_rows(client, takedown, *rows)
    assert {result["status"] for result in results} == {422}


def test_documentation_runs_under_the_strict_policy(client_of, db):
    response = client_of(None).get(reverse("api-docs"))
    html = response.content.decode()
    assert "<style" not in html
    assert "unsafe" not in response["Content-Security-Policy"]
    assert html.count("<script") == html.count("<script src=")
