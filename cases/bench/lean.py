"""Pages that ask the statements of ours and show the rows, and nothing else.

No components, no forms, no navigation: what is left is Django itself.
"""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.bench.floors import bare_answers
from cases.filters import ReportFilter
from cases.models import Item, Report
from cases.pages.report_queue import SORTS, queue
from cases.stats.figures import totals
from cases.stats.numbers import NUMBERS
from cases.stats.scope import Scope
from surveillance import clock
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.wall import acting
from surveillance.audit.models import AuditEntry
from surveillance.web.lists import list_page

_LIST = engines["django"].from_string(
    "<!doctype html><title>Reports</title><p>{{ page.total_text }}</p><table>"
    "{% for row in page.rows %}<tr><td><a href='/{{ row.reference }}'>{{ row.reference }}</a>"
    "<td>{{ row.product_name }}<td>{{ row.brand }}<td>{{ row.severity }}<td>{{ row.state }}"
    "<td>{{ row.source }}<td>{{ row.received_at }}<td>{{ row.claimed_by }}{% endfor %}</table>"
    "<a href='{{ page.next_url }}'>next</a>"
)
_DETAIL = engines["django"].from_string(
    "<!doctype html><title>{{ report.reference }}</title><h1>{{ report }}</h1>"
    "<p>{{ report.incident }}</p><p>{{ report.reporter }}</p>"
    "<ul>{% for other in similar %}<li>{{ other.reference }} {{ other }}{% endfor %}</ul>"
    "<ul>{% for product in products %}<li>{{ product }}{% endfor %}</ul>"
    "<ul>{% for entry in entries %}<li>{{ entry.at }} {{ entry.verb }} {{ entry.actor }}"
    "{% endfor %}</ul>"
)
_NUMBERS = engines["django"].from_string(
    "<!doctype html><table>{% for name, value in numbers %}<tr><td>{{ name }}<td>{{ value }}"
    "{% endfor %}</table>"
)


def reports(request: HttpRequest) -> HttpResponse:
    actor = Actor.of(request.user)
    with acting(actor):
        filterset = ReportFilter(request.GET, queue(actor), actor=actor, at=clock.now())
        page = list_page(request, filterset, sorts=SORTS)
        return HttpResponse(_LIST.render({"page": page}))


def report(request: HttpRequest, reference: str) -> HttpResponse:
    actor = Actor.of(request.user)
    with acting(actor):
        seen = Report.objects.visible_to(actor)
        row = seen.select_related("case", "assignee", "duplicate_of", "reporter").get(
            reference=reference
        )
        similar = seen.similar_to(row)
        context: dict[str, Any] = {
            "report": row,
            "similar": similar.prefetch_related("case")[:5],
            "products": row.known_products().prefetch_related("alerts")[:5],
            "entries": AuditEntry.objects.about(reference)[:20],
        }
        return HttpResponse(_DETAIL.render(context))


def statistics(request: HttpRequest) -> HttpResponse:
    actor = Actor.of(request.user)
    with acting(actor):
        found = totals(Scope(), actor, clock.now())
        numbers = [(name, found[name]) for name in NUMBERS]
        return HttpResponse(_NUMBERS.render({"numbers": numbers}))


class _Answer(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=1)
    outcome = serializers.CharField(max_length=20)
    answer_id = serializers.CharField(max_length=100)


class Answers(APIView):
    """A batch of answers as the least that DRF can do with it: read, locked, changed and noted, in
    as many statements as ours takes."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request, reference: str) -> Response:
        answers = _Answer(data=request.data["answers"], many=True)
        answers.is_valid(raise_exception=True)
        numbers = [answer["number"] for answer in answers.validated_data]
        with acting(SYSTEM), connection.cursor() as cursor:
            rows = Item.objects.filter(takedown__reference=reference, number__in=numbers)
            found = list(rows.select_for_update(of=["self"]))
            bare_answers(found[0].takedown_id, len(found))
            for _ in range(request.data["statements"] - 3):
                cursor.execute("SELECT 1")
        return Response({"results": [{"number": n, "status": 200} for n in numbers]}, status=207)


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("health", health),
    path("desk/reports/", reports),
    path("desk/reports/<str:reference>/", report),
    path("statistics/", statistics),
    path("api/v1/takedowns/<str:reference>/answers/", Answers.as_view()),
]
