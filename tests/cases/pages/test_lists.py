"""The lists of reports, cases and requests: their filters, alone and together."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cases.flows import assessments, cases, evidence, items, reports, takedowns
from cases.pages import cases as case_pages
from cases.states import ItemState
from surveillance.accounts.actor import SYSTEM
from tests.cast import answer_with
from tests.stage import Staged


@pytest.fixture
def listed(ana_at_desk):
    """References that a list shows, in its order."""

    def references(name: str, **query: str) -> list[str]:
        response = ana_at_desk.get(reverse(name), query)
        assert response.status_code == 200
        page = response.context["page"]
        assert page.filterset.is_valid(), page.filterset.errors
        return [row.reference for row in page.rows]

    return references


def png(path) -> SimpleUploadedFile:
    Image.new("RGB", (8, 8), "red").save(path / "a.png")
    return SimpleUploadedFile("a.png", (path / "a.png").read_bytes())


class TestReports:
    @pytest.fixture
    def found(self, story, cast, time, tmp_path):
        first = story.report(product_name="絨毛熊 Plush bear", severity="death")
        evidence.add_to_report(first, by=SYSTEM, files=[png(tmp_path)])
        time.pass_(timedelta(days=1))
        second = story.report(product_name="Magnetic cubes", gtins=["04006381333931"])
        reports.claim(second, by=story.ana)
        time.pass_(timedelta(days=1))
        third = story.report(product_name="Ｃharger", source="business", severity="minor")
        reports.dismiss(third, by=cast.actor("cai"), reason="Not ours.")
        return [first.reference, second.reference, third.reference]

    @pytest.mark.parametrize(
        ("query", "which"),
        [
            ({}, [2, 1, 0]),
            ({"sort": "received"}, [0, 1, 2]),
            ({"sort": "-severity"}, [0, 1, 2]),
            ({"q": "絨毛"}, [0]),
            ({"q": "bear PLUSH"}, [0]),
            ({"q": "charger"}, [2]),
            ({"q": "04006381333931"}, [1]),
            ({"q": "bear cubes"}, []),
            ({"state": "triage"}, [1, 0]),
            ({"state": "dismissed"}, [2]),
            ({"severity": "death"}, [0]),
            ({"source": "business"}, [2]),
            ({"assignee": "me"}, [1]),
            ({"assignee": "nobody"}, [2, 0]),
            ({"assignee": "me_or_nobody", "state": "triage"}, [1, 0]),
            ({"photo": "yes"}, [0]),
            ({"photo": "no"}, [2, 1]),
            ({"received_from": "2026-09-29"}, [2, 1]),
            ({"received_to": "2026-09-29"}, [1, 0]),
            ({"received_from": "2026-09-29", "received_to": "2026-09-29"}, [1]),
        ],
    )
    def test_filters(self, found, listed, query, which):
        assert listed("report-list", **query) == [found[place] for place in which]

    def test_a_wrong_value_shows_its_error_and_no_row(self, found, ana_at_desk):
        page = ana_at_desk.get(reverse("report-list"), {"state": "nonsense"}).context["page"]
        assert page.rows == []
        assert "state" in page.filterset.errors

    def test_pages_hold_every_row_once(self, story, ana_at_desk):
        made = {story.report().reference for _ in range(60)}
        url, seen = reverse("report-list"), []
        while url:
            page = ana_at_desk.get(url).context["page"]
            seen += [row.reference for row in page.rows]
            url = page.next_url and reverse("report-list") + page.next_url
        assert len(seen) == 60
        assert set(seen) == made


class TestCases(Staged):
    @classmethod
    def prepare(cls, story, time):
        mine = story.issued().case
        assessment = story.assessment(mine)
        assessments.validate_risk(assessment, by=story.bo)
        proposed = story.assessment().case
        theirs = story.case(by=story.cast.actor("cai"))
        closed = story.closed_case()
        return {
            "mine": mine.reference,
            "proposed": proposed.reference,
            "theirs": theirs.reference,
            "closed": closed.reference,
        }

    @pytest.fixture
    def found(self, db, time, stage):
        return stage.made

    @pytest.mark.parametrize(
        ("query", "which"),
        [
            ({"state": "open"}, {"mine", "proposed", "theirs"}),
            ({"state": "closed"}, {"closed"}),
            ({"state": "enforcing"}, {"mine"}),
            ({"risk": "serious"}, {"mine"}),
            ({"risk": "none"}, {"proposed", "theirs", "closed"}),
            ({"assignee": "me", "state": "open"}, {"mine", "proposed"}),
            ({"assignee": "nobody"}, set()),
            ({"office": "South"}, {"theirs"}),
            ({"office": "North", "state": "closed"}, {"closed"}),
            ({"q": "cubo magnetic"}, {"mine", "proposed", "theirs", "closed"}),
            ({"q": "mc-216", "state": "enforcing"}, {"mine"}),
            ({"q": "kettle"}, set()),
            ({"due": "7"}, {"mine"}),
            ({"due": "1"}, set()),
            ({"due": "overdue"}, set()),
        ],
    )
    def test_filters(self, found, listed, query, which):
        assert set(listed("case-list", **query)) == {found[name] for name in which}

    def test_overdue(self, found, listed, time):
        time.pass_(timedelta(days=5))
        assert listed("case-list", due="overdue") == [found["mine"]]

    def test_what_waits_for_a_second_person(self, found, ana_at_desk, bo_at_desk):
        query = {"assessment": "to_validate"}
        page = bo_at_desk.get(reverse("case-list"), query).context["page"]
        assert [row.reference for row in page.rows] == [found["proposed"]]
        assert ana_at_desk.get(reverse("case-list"), query).context["page"].rows == []


class TestCasesAlone:
    def test_sorted_by_deadline(self, story, listed, time):
        first = story.issued().case
        time.pass_(timedelta(days=1))
        second = story.issued().case
        assert listed("case-list", sort="due") == [first.reference, second.reference]
        assert listed("case-list", sort="-due") == [second.reference, first.reference]


class TestTakedowns(Staged):
    @classmethod
    def prepare(cls, story, time):
        order = story.issued()
        notice = story.issued_notice(platform=story.cast.bazaar)
        answered = story.issued()
        items.answer(answered.items.get(number=1), answer_with(ItemState.REMOVED), by=story.dot)
        submitted = story.submitted()
        draft = story.draft()
        extension = story.with_extension_requested()
        return {
            "order": order.reference,
            "notice": notice.reference,
            "answered": answered.reference,
            "submitted": submitted.reference,
            "draft": draft.reference,
            "extension": extension.reference,
        }

    @pytest.fixture
    def found(self, db, time, stage):
        return stage.made

    @pytest.mark.parametrize(
        ("query", "which"),
        [
            ({"state": "prepared"}, {"submitted", "draft"}),
            ({"state": "draft"}, {"draft"}),
            ({"kind": "notice"}, {"notice", "extension"}),
            ({"platform": "bazaar-nine"}, {"notice"}),
            ({"platform": "harbour-market", "state": "draft"}, {"draft"}),
            ({"waiting": "check"}, {"answered"}),
            ({"waiting": "extension"}, {"extension"}),
            ({"waiting": "approval"}, set()),  # Ana drafted it herself
            ({"due": "7", "kind": "order"}, {"order", "answered"}),
            ({"due": "overdue"}, set()),
            ({"whose": "me", "state": "draft"}, {"draft"}),
            ({"q": "bazaar"}, {"notice"}),
        ],
    )
    def test_filters(self, found, listed, query, which):
        assert set(listed("takedown-list", **query)) == {found[name] for name in which}

    def test_by_reference(self, found, listed):
        assert listed("takedown-list", q=found["order"].lower()) == [found["order"]]

    def test_of_my_office(self, found, cast, client_of):
        client = client_of(cast.cai)
        page = client.get(reverse("takedown-list"), {"whose": "office"}).context["page"]
        assert page.rows == []

    def test_an_approval_waits_for_the_second_person(self, found, bo_at_desk):
        page = bo_at_desk.get(reverse("takedown-list"), {"waiting": "approval"}).context["page"]
        assert [row.reference for row in page.rows] == [found["submitted"]]


class TestTakedownsAlone:
    def test_an_ended_request_is_never_overdue(self, story, listed, time):
        withdrawn = takedowns.withdraw(story.issued(), by=story.ana, reason="A mistake.")
        time.pass_(timedelta(days=9))
        assert withdrawn.reference not in listed("takedown-list", due="overdue")

    def test_overdue_of_a_closed_case(self, story, listed, time):
        takedown = story.settled()
        takedowns.close(takedown, by=story.ana)
        cases.close(takedown.case, by=story.ana, outcome="All gone.")
        time.pass_(timedelta(days=9))
        assert listed("takedown-list", due="overdue") == []


def test_a_case_shows_its_many_listings_a_page_at_a_time(story, ana_at_desk, monkeypatch):
    monkeypatch.setattr(case_pages, "LISTINGS", 2)
    case = story.issued_notice(listings=5).case
    address = reverse("case-detail", args=[case.reference])
    seen = []
    for number in (1, 2, 3):
        page = ana_at_desk.get(address, {"listings": number}).context["listings"]
        seen += [row["row"].reference for row in page.rows]
        assert page.total == 5
    assert sorted(seen) == sorted(case.listings.values_list("reference", flat=True))
    assert "?listings=2#listings" in ana_at_desk.get(address).text
