"""Verbs of the desk as pages: what they ask, what they say when refused, where they lead."""

import pytest
from django.urls import reverse

from cases.models import Case
from cases.states import CaseState
from surveillance.outbox.models import OutboxMessage


def test_what_is_wrong_stands_at_its_field(story, ana_at_desk):
    url = reverse("case-close", args=[story.case().reference])
    reply = ana_at_desk.post(url, {"outcome": ""})
    assert reply.status_code == 422
    assert "outcome" in reply.context["form"].errors


def test_what_the_verb_itself_finds_wrong_is_told_too(story, ana_at_desk):
    takedown = story.issued()
    url = reverse("case-close", args=[takedown.case.reference])
    reply = ana_at_desk.post(url, {"outcome": "Done."})
    assert reply.status_code == 422
    assert f"{takedown.reference}/1" in reply.content.decode()
    takedown.case.refresh_from_db()
    assert takedown.case.state == CaseState.ENFORCING


def test_out_of_time_is_a_page_that_says_why(story, ana_at_desk):
    reply = ana_at_desk.post(reverse("takedown-issue", args=[story.issued().reference]))
    assert reply.status_code == 409
    assert "starts from" in reply.content.decode()


def test_a_missing_right_is_403(story, ana_at_desk):
    case = story.case()
    url = reverse("case-assign", args=[case.reference])
    assert ana_at_desk.post(url, {"assignee": case.assignee_id}).status_code == 403


def test_buttons_are_what_is_possible(story, cast, ana_at_desk, bo_at_desk):
    url = reverse("case-detail", args=[story.case().reference])
    assert "assign" not in ana_at_desk.get(url).context["actions"]
    assert "assign" in bo_at_desk.get(url).context["actions"]
    closed = reverse("case-detail", args=[story.closed_case().reference])
    assert set(ana_at_desk.get(closed).context["actions"]) == {"reopen"}


def test_assigning_moves_the_case_to_the_office(story, cast, bo_at_desk, press):
    case = story.case()
    press(bo_at_desk, "case-assign", case.reference, assignee=cast.cai.pk)
    case.refresh_from_db()
    assert (case.assignee, case.office) == (cast.cai, cast.cai.office)


def test_nobody_of_a_platform_can_be_chosen(story, cast, bo_at_desk):
    url = reverse("case-assign", args=[story.case().reference])
    reply = bo_at_desk.post(url, {"assignee": cast.dot.pk})
    assert reply.status_code == 422
    assert "assignee" in reply.context["form"].errors


def test_a_merge_leads_to_the_case_that_stays_and_can_be_undone(story, ana_at_desk, press):
    case, heir = story.issued().case, story.case()
    left = press(
        ana_at_desk, "case-merge", case.reference, into=heir.reference, reason="The same cubes."
    )
    assert left == reverse("case-detail", args=[heir.reference])
    assert heir.takedowns.count() == 1
    press(ana_at_desk, "case-unmerge", case.reference, reason="They differ after all.")
    assert heir.takedowns.count() == 0
    assert Case.objects.get(pk=case.pk).state == CaseState.ENFORCING


def test_a_split_offers_what_no_request_names(story, ana_at_desk, press):
    report = story.accepted_report()
    case = story.draft(case=report.case).case
    form = ana_at_desk.get(reverse("case-split", args=[case.reference])).context["form"]
    assert set(form.fields) == {"title", "reports"}
    left = press(
        ana_at_desk, "case-split", case.reference, title="Another toy", reports=[report.reference]
    )
    new = Case.objects.get(title="Another toy")
    assert left == reverse("case-detail", args=[new.reference])
    report.refresh_from_db()
    assert report.case == new


@pytest.mark.parametrize(
    ("words", "status"), [("MC-216", 302), ("kettle", 422), ("P-2026-000404", 422)]
)
def test_a_product_is_linked_by_its_words(story, ana_at_desk, words, status):
    product = story.product()
    report = story.accepted_report()
    url = reverse("case-link_product", args=[report.case.reference])
    assert ana_at_desk.post(url, {"product": words}).status_code == status
    assert list(report.case.products.all()) == ([product] if status == 302 else [])


def test_words_that_several_products_match_name_them(story, ana_at_desk):
    first, second = story.product(), story.product(models=["MC-512"])
    url = reverse("case-link_product", args=[story.accepted_report().case.reference])
    page = ana_at_desk.post(url, {"product": "cubes"}).content.decode()
    assert first.reference in page
    assert second.reference in page


def test_a_draft_is_revised_and_its_listings_change(story, ana_at_desk, press):
    takedown = story.draft()
    url = reverse("takedown-revise", args=[takedown.reference])
    form = ana_at_desk.get(url).context["form"]
    assert form["hazard"].value() == takedown.hazard
    written = {name: form[name].value() for name in form.fields} | {"hazard": "Choking."}
    press(ana_at_desk, "takedown-revise", takedown.reference, **written)
    takedown.refresh_from_db()
    assert takedown.hazard == "Choking."
    first = takedown.items.first().listing.reference
    press(ana_at_desk, "takedown-drop_listings", takedown.reference, listings=[first])
    assert takedown.items.count() == 1
    press(ana_at_desk, "takedown-add_listings", takedown.reference, listings=[first])
    assert takedown.items.count() == 2


@pytest.mark.parametrize("name", ["case-detail", "takedown-detail"])
@pytest.mark.parametrize("typed", [" {kind}-{year}-{number:06} ", "{kind}-{year}-{number}"])
def test_a_reference_in_the_search_box_leads_to_its_page(story, ana_at_desk, name, typed):
    takedown = story.issued()
    reference = {"case-detail": takedown.case, "takedown-detail": takedown}[name].reference
    kind, year, number = reference.split("-")
    text = typed.format(kind=kind, year=year, number=int(number)).lower()
    found = ana_at_desk.get(reverse("search"), {"q": text})
    assert found["Location"] == reverse(name, args=[reference])


def test_a_search_finds_every_kind(story, ana_at_desk):
    takedown = story.issued()
    story.report()
    story.alert()
    found = ana_at_desk.get(reverse("search"), {"q": "magnetic"}).context["found"]
    kinds = {str(hits.label): [hit.reference for hit in hits.rows] for hits in found}
    assert set(kinds) == {
        "Cases",
        "Takedown requests",
        "Reports",
        "Products",
        "Alerts",
        "Listings",
    }
    assert kinds["Takedown requests"] == [takedown.reference]


def test_a_listing_is_found_by_its_address(story, ana_at_desk):
    listing = story.listing(url="https://harbour-market.example/item/77")
    text = "https://www.harbour-market.example/item/77?utm_source=mail"
    (hits,) = ana_at_desk.get(reverse("search"), {"q": text}).context["found"]
    assert [hit.reference for hit in hits.rows] == [listing.reference]


def test_a_notice_is_read_by_opening_it(story, cast, bo_at_desk, ana_at_desk):
    story.submitted()
    notice = bo_at_desk.get(reverse("notices")).context["notices"][0]
    opened = bo_at_desk.post(reverse("notice-open", args=[notice.pk]))
    assert opened["Location"] == notice.link
    notice.refresh_from_db()
    assert notice.read_at
    assert ana_at_desk.post(reverse("notice-open", args=[notice.pk])).status_code == 404


def test_all_notices_are_marked_as_read(story, cast, bo_at_desk):
    story.submitted()
    story.submitted()
    bo_at_desk.post(reverse("notices-read"))
    mine = OutboxMessage.objects.notices_for(cast.bo.pk)
    assert mine.exists()
    assert not mine.unread().exists()
