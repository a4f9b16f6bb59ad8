"""Views of lists under a name: kept, shared, counted, first to be seen."""

import pytest
from django.db import connection
from django.urls import reverse

from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.wall import acting
from surveillance.saved_views import flows
from surveillance.saved_views.models import SavedView

CASES, DEMANDS = reverse("case-list"), reverse("portal")
VIEWS = reverse("saved-views")
STAFF_LISTS = (
    "report-list",
    "case-list",
    "takedown-list",
    "contest-list",
    "product-list",
    "seller-list",
    "listing-list",
    "platform-list",
    "desk-alert-list",
    "import-list",
    "delivery-list",
)


@pytest.fixture
def ana(cast, client_of):
    return client_of(cast.ana)


@pytest.fixture
def dot(cast, client_of):
    return client_of(cast.dot)


def keep(client, name="Mine", query="state=closed", list_name="case-list", **more):
    given = {"list": list_name, "query": query, "name": name} | more
    return client.post(VIEWS, given)


def shown(client, query="", list_name="case-list"):
    page = client.get(VIEWS, {"list": list_name, "query": query}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    return page.context["views"]


def names(client, **asked) -> list[str]:
    return [view["row"].name for view in shown(client, **asked)]


def address_of(name: str) -> str:
    return reverse("saved-view", args=[SavedView.objects.get(name=name).reference])


def test_the_filters_and_the_sort_order_are_kept(ana):
    saved = keep(ana, query="sort=due&state=closed&q=&after=xyz&saved=")
    assert saved["Location"] == f"{CASES}?sort=due&state=closed"
    (view,) = shown(ana, query="state=closed&sort=due&after=abc")
    assert view["url"] == saved["Location"]
    assert view["current"]
    assert not shown(ana, query="state=closed")[0]["current"]
    assert names(ana, list_name="report-list") == []


def test_several_values_of_one_filter_are_kept(ana):
    keep(ana, query="hazard=fire&hazard=choking", list_name="product-list")
    assert SavedView.objects.get().query == "hazard=choking&hazard=fire"


def test_the_count_is_that_of_the_page_it_leads_to(ana, story):
    for _ in range(3):
        story.case()
    story.closed_case()
    for query, expected in (("state=closed", "1"), ("state=investigating", "3")):
        keep(ana, query, query)
        view = next(one for one in shown(ana) if one["row"].name == query)
        counted = ana.get(view["count_url"])
        assert counted.content.decode() == expected
        assert ana.get(view["url"]).context["page"].total_text == expected


def test_a_view_of_the_portal_stands_in_its_tab(dot, story):
    story.issued()
    story.withdrawn()
    keep(dot, "Gone", "view=closed", "portal")
    keep(dot, "Orders", "kind=order", "portal")
    views = {view["row"].name: view for view in shown(dot, list_name="portal")}
    counts = {name: dot.get(view["count_url"]).content.decode() for name, view in views.items()}
    assert counts == {"Gone": "1", "Orders": "1"}
    assert dot.get(views["Gone"]["url"]).context["view"].code == "closed"


@pytest.mark.parametrize("list_name", [*STAFF_LISTS, "portal"])
def test_every_list_offers_its_views_and_counts_itself(cast, client_of, story, list_name):
    who = story.manager() if list_name == "portal" else cast.bo
    client = client_of(who)
    page = client.get(reverse(list_name), {"sort": "name"})
    assert f"{VIEWS}?list={list_name}&amp;query=sort%3Dname" in page.content.decode()
    counted = client.get(reverse(list_name), {"count_only": "1"})
    assert counted["Content-Type"] == "text/plain"
    assert counted.content.decode() == page.context["page"].total_text


def test_an_office_shares_and_nobody_else_sees_it(cast, client_of, ana, dot):
    keep(ana, "Own")
    keep(ana, "Shared", "state=investigating", is_shared="on")
    assert names(ana) == ["Own", "Shared"]
    assert names(client_of(cast.bo)) == ["Shared"]
    for other in (cast.cai, cast.ada, cast.dot):
        assert names(client_of(other)) == []


def test_a_platform_shares_among_its_people(cast, client_of, dot, story):
    keep(dot, "Own", "kind=order", "portal")
    keep(dot, "Shared", "kind=notice", "portal", is_shared="on")
    fay = client_of(story.manager())
    assert names(fay, list_name="portal") == ["Shared"]
    for other in (cast.dev, cast.ana):
        assert names(client_of(other), list_name="portal") == []


def test_the_database_holds_back_what_is_not_shared(cast, dot, story):
    """Without the first wall: whatever a query forgets."""
    keep(dot, "Own", "kind=order", "portal")
    keep(dot, "Shared", "kind=notice", "portal", is_shared="on")
    seen = {}
    for person in (cast.dot, story.manager(), cast.dev):
        with acting(Actor.of(person)), connection.cursor() as cursor:
            cursor.execute("SELECT name FROM saved_views_savedview ORDER BY name")
            seen[person.name] = [name for (name,) in cursor.fetchall()]
    assert seen == {"Dot Baker": ["Own", "Shared"], "Fay Mills": ["Shared"], "Dev Shah": []}


def test_a_key_has_no_views(cast, dot, story):
    keep(dot, "Shared", "kind=notice", "portal", is_shared="on")
    assert not SavedView.objects.visible_to(story.issued_key().row.actor).exists()


def test_whoever_made_it_changes_it(ana):
    keep(ana)
    page = ana.get(address_of("Mine"))
    assert page.context["form"].initial == {"name": "Mine", "is_shared": False}
    changed = ana.post(address_of("Mine"), {"act": "change", "name": "Ours", "is_shared": "on"})
    assert changed["Location"] == f"{CASES}?state=closed"
    view = SavedView.objects.get()
    assert (view.name, view.is_shared, view.query) == ("Ours", True, "state=closed")
    assert ana.post(address_of("Ours"), {"act": "delete"}).status_code == 302
    assert not SavedView.objects.exists()


CHANGES = ({"act": "change", "name": "Taken", "is_shared": "on"}, {"act": "delete"})


@pytest.mark.parametrize("given", CHANGES, ids=lambda given: given["act"])
def test_others_do_not(cast, client_of, ana, dot, given):
    """Who sees it is refused; for whom it is not there, it is not there."""
    keep(ana, is_shared="on")
    cast.cai.office = cast.ana.office
    cast.cai.save()
    assert client_of(cast.cai).post(address_of("Mine"), given).status_code == 403
    for other in (cast.dot, cast.ada):
        assert client_of(other).post(address_of("Mine"), given).status_code == 404
    SavedView.objects.update(is_shared=False)
    for other in (cast.cai, cast.bo):
        assert client_of(other).post(address_of("Mine"), given).status_code == 404
    assert SavedView.objects.get().name == "Mine"


@pytest.mark.parametrize("given", CHANGES, ids=lambda given: given["act"])
def test_what_is_shared_is_also_tidied_by_who_answers_for_the_people(
    cast, client_of, ana, dot, story, given
):
    keep(ana, "Staff", is_shared="on")
    assert client_of(cast.bo).post(address_of("Staff"), given).status_code == 302
    keep(dot, "Platform", "kind=order", "portal", is_shared="on")
    assert client_of(story.manager()).post(address_of("Platform"), given).status_code == 302


def test_the_default_is_where_the_bare_address_leads(ana, cast, client_of, story):
    story.case()
    keep(ana)
    keep(ana, "Other", "state=enforcing")
    assert ana.get(CASES).status_code == 200
    ana.post(address_of("Mine"), {"act": "prefer"})
    assert ana.get(CASES)["Location"] == f"{CASES}?state=closed"
    page = ana.get(f"{CASES}?state=closed")
    assert page.context["page"].total == 0
    assert f'href="{CASES}?saved="' in page.content.decode()
    assert ana.get(f"{CASES}?saved=").context["page"].total == 1
    assert ana.get(f"{CASES}?state=enforcing").status_code == 200
    assert ana.get(reverse("takedown-list")).status_code == 200
    assert client_of(cast.bo).get(CASES).status_code == 200
    ana.post(address_of("Other"), {"act": "prefer"})
    assert ana.get(CASES)["Location"] == f"{CASES}?state=enforcing"
    ana.post(address_of("Other"), {"act": "forget"})
    assert ana.get(CASES).status_code == 200


def test_a_platform_s_people_have_a_default_too(dot, story):
    keep(dot, "Orders", "kind=order", "portal")
    dot.post(address_of("Orders"), {"act": "prefer"})
    assert dot.get(DEMANDS)["Location"] == f"{DEMANDS}?kind=order"


@pytest.mark.parametrize("end", ["deleted", "kept to oneself"])
def test_a_default_that_is_gone_opens_the_list(ana, cast, client_of, end):
    keep(ana, is_shared="on")
    bo = client_of(cast.bo)
    bo.post(address_of("Mine"), {"act": "prefer"})
    assert bo.get(CASES).status_code == 302
    if end == "deleted":
        ana.post(address_of("Mine"), {"act": "delete"})
    else:
        ana.post(address_of("Mine"), {"act": "change", "name": "Mine"})
    assert bo.get(CASES).status_code == 200


def test_what_one_cannot_see_one_cannot_prefer(ana, dot):
    keep(ana)
    assert dot.post(address_of("Mine"), {"act": "prefer"}).status_code == 404
    assert not User.objects.exclude(default_views={}).exists()


def test_the_same_name_again_shows_something_else(ana):
    keep(ana, query="state=closed")
    keep(ana, query="state=enforcing")
    assert SavedView.objects.get().query == "state=enforcing"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"query": ""}, "__all__"),
        ({"query": "q=&after=abc"}, "__all__"),
        ({"query": f"q={'x' * 1_000}"}, "__all__"),
    ],
)
def test_what_is_wrong_is_said(ana, given, field):
    page = keep(ana, **given)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert not SavedView.objects.exists()


def test_two_views_of_a_list_do_not_share_a_name(ana):
    keep(ana, "One")
    keep(ana, "Two", "state=enforcing")
    page = ana.post(address_of("Two"), {"act": "change", "name": "One"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"name"}


def test_there_is_an_end_of_them(ana, monkeypatch):
    monkeypatch.setattr(flows, "MOST", 2)
    for name in ("One", "Two"):
        keep(ana, name)
    assert keep(ana, "Three").status_code == 422
    assert keep(ana, "Two", "state=enforcing").status_code == 302
    assert keep(ana, "Three", list_name="report-list").status_code == 302


@pytest.mark.parametrize("list_name", ["", "no-such-list", "case-detail", "//evil.example"])
def test_a_list_that_is_not_there_has_no_views(ana, list_name):
    assert keep(ana, list_name=list_name).status_code == 404
    assert ana.get(VIEWS, {"list": list_name}).status_code == 404


def test_without_javascript_there_is_a_page_of_them(ana):
    keep(ana)
    page = ana.get(VIEWS, {"list": "case-list", "query": "state=enforcing"})
    assert "<title>" in page.content.decode()
    assert f'href="{CASES}?state=closed"' in page.content.decode()
    assert 'name="query" value="state=enforcing"' in page.content.decode()
    part = ana.get(VIEWS, {"list": "case-list"}, headers={"HX-Request": "true"})
    assert "<title>" not in part.content.decode()


@pytest.mark.parametrize("address", [CASES, VIEWS])
def test_signed_out_nobody_sees_any(client_of, db, address):
    assert client_of(None).get(address)["Location"].startswith(reverse("account_login"))


def test_a_list_costs_no_query_more(ana, django_assert_num_queries):
    """What the strip shows is fetched by itself; the default comes with the person."""
    keep(ana)
    ana.get(CASES)
    with django_assert_num_queries(9):
        assert ana.get(CASES).status_code == 200
