"""The statistics page: its numbers lead to as many rows, its charts hold our policy."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from surveillance.web import charts
from tests.cases.walk import Walk
from tests.stage import Staged

PAGES = ("statistics", "statistics-rows")
CHARTS = ("by-month", "by-platform")


def text_of(response) -> str:
    return response.content.decode()


def rows_links(html: str) -> set[str]:
    return {unescape(url) for url in re.findall(r'href="(/statistics/rows/[^"]*)"', html)}


def listed(client, url: str) -> list[str]:
    """The references of every item behind an address, through all its pages."""
    found: list[str] = []
    while url:
        response = client.get(url)
        assert response.status_code == 200, url
        found += [item.audit_reference for item, _days in response.context["items"]]
        following = response.context["next_url"]
        url = f"{reverse('statistics-rows')}{following}" if following else ""
    return found


def test_rows_beyond_a_page_are_all_listed_once(story, ana, client_of):
    story.issued_notice(listings=130)
    references = listed(client_of(ana), reverse("statistics-rows") + "?number=requested")
    assert len(references) == len(set(references)) == 130


def test_rows_of_what_is_timed_say_how_long_it_took(story, ana, client_of, time):
    item = story.item()
    time.pass_(timedelta(days=1))
    story._confirmed(item)
    rows = client_of(ana).get(reverse("statistics-rows") + "?number=answered")
    assert [days for _item, days in rows.context["items"]] == [1]


@pytest.mark.parametrize(
    "query",
    ["?number=nonsense", "", "?number=overdue&platform=nobody", "?number=overdue&after=xyz"],
)
def test_an_address_that_means_nothing_is_not_found(query, ana, client_of):
    assert client_of(ana).get(reverse("statistics-rows") + query).status_code == 404


def test_a_wrong_period_says_so_and_shows_no_number(story, ana, client_of):
    story.issued_notice()
    query = "?issued_from=2026-10-02&issued_to=2026-10-01"
    page = client_of(ana).get(reverse("statistics") + query)
    assert page.status_code == 422
    assert "The period ends before it begins." in text_of(page)
    assert "counts" not in page.context


def test_without_demands_the_page_says_what_will_be_here(ana, client_of):
    assert "Nothing has been demanded" in text_of(client_of(ana).get(reverse("statistics")))


def test_workload_by_person_is_for_supervisors(story, ana, bo, client_of):
    story.issued_notice()
    assert "workload" not in client_of(ana).get(reverse("statistics")).context
    assert "Workload by inspector" in text_of(client_of(bo).get(reverse("statistics")))


@pytest.mark.parametrize("route", [*PAGES, "statistics-chart", "statistics-csv"])
def test_platforms_and_strangers_see_nothing(route, dot, client_of):
    args = ["by-month"] if route in {"statistics-chart", "statistics-csv"} else []
    address = reverse(route, args=args)
    assert client_of(dot).get(address).status_code == 403
    assert client_of(None).get(address).status_code == 302


def test_htmx_gets_the_chart_alone_others_a_page(story, ana, client_of):
    story.issued_notice()
    address = reverse("statistics-chart", args=["by-month"])
    part = text_of(client_of(ana).get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "2026-09, Requested: 2" in part
    assert "<html" in text_of(client_of(ana).get(address))


def test_the_same_data_is_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        charts.vl_convert, "vegalite_to_svg", lambda spec: drawn.append(spec) or "<svg/>"
    )
    charts._svg.cache_clear()
    bar = charts.Bar("2026-09", 3, "/statistics/rows/", "September: 3", series="Requested")
    for _time in range(2):
        charts.grouped_bars([bar], series=["Requested"], label="A chart")
    assert len(drawn) == 1
    charts._svg.cache_clear()


def test_csv_opens_in_excel_and_runs_nothing(story, ana, cast, client_of):
    type(cast.harbour).objects.filter(pk=cast.harbour.pk).update(name="=1+1")
    story.issued_notice()
    response = client_of(ana).get(reverse("statistics-csv", args=["by-platform"]))
    body = b"".join(response.streaming_content).decode()
    assert body.startswith("\ufeff")
    header, row = body.splitlines()[:2]
    assert header.startswith('\ufeff"Platform","Requested",')
    assert row.startswith('"\'=1+1",2,')
    assert 'filename="statistics-by-platform.csv"' in response["Content-Disposition"]


class TestAfterSomeWeeks(Staged):
    @classmethod
    def prepare(cls, story, time):
        Walk(story, time, 1).go(40)

    @pytest.mark.parametrize("query", ["", "?kind=order", "?platform=bazaar-nine&month=2026-10"])
    def test_every_tile_leads_to_as_many_rows(self, query, bo, client_of):
        client = client_of(bo)
        page = client.get(reverse("statistics") + query)
        tiles = page.context["counts"]
        assert len(tiles) == 10
        for tile in tiles:
            rows = client.get(tile["url"])
            assert rows.context["total"] == int(tile["value"]), tile["label"]
            assert len(set(listed(client, tile["url"]))) == int(tile["value"])
        for _what, quantiles, url in page.context["times"]:
            assert len(listed(client, url)) == quantiles.count

    @pytest.mark.parametrize("name", CHARTS)
    def test_every_count_of_a_table_leads_to_as_many_rows(self, name, bo, client_of):
        client = client_of(bo)
        table = client.get(reverse("statistics-chart", args=[name])).context["table"]
        assert table.rows
        for row in table.rows:
            for cell in [cell for cell in row if cell.url and isinstance(cell.value, int)][:11]:
                assert client.get(cell.url).context["total"] == cell.value

    def test_the_page_costs_few_queries(self, bo, client_of, django_assert_max_num_queries):
        client = client_of(bo)
        client.get(reverse("statistics"))
        with django_assert_max_num_queries(15):
            client.get(reverse("statistics"))

    @pytest.mark.parametrize("name", CHARTS)
    def test_a_chart_holds_the_policy_and_leads_to_its_rows(self, name, bo, client_of):
        client = client_of(bo)
        html = text_of(client.get(reverse("statistics-chart", args=[name])))
        svg = html[html.index("<svg xmlns") : html.index("</svg>", html.index("<svg xmlns"))]
        assert "style" not in svg
        assert "<script" not in svg
        addresses = {unescape(url) for url in re.findall(r'href="([^"]*)"', svg)}
        assert addresses
        for address in addresses:
            assert address.startswith("/statistics/rows/?"), address
            assert client.get(address).status_code == 200
        assert set(re.findall(r"https?://[^\"' ]+", svg)) == {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
        assert colours <= {"none", "transparent"} | {c for c in colours if c.startswith("var(--")}
