"""Every page of the desk: for staff, nobody else; a restricted case is not there for others."""

from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.flows import cases, evidence
from cases.models import Case, Evidence, Item, Report, TakedownRequest
from cases.pages.assessments import urlpatterns as assessment_urls
from cases.pages.urls import urlpatterns
from surveillance.outbox.models import OutboxMessage

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@dataclass(frozen=True)
class Work:
    """One of everything, all within one case."""

    case: Case
    report: Report
    takedown: TakedownRequest
    item: Item
    evidence: Evidence
    letter: OutboxMessage


@pytest.fixture
def work(story, cast) -> Work:
    report = story.accepted_report()
    takedown = story.issued(case=report.case)
    story.assessment(takedown.case)
    file = evidence.add_to_case(
        takedown.case, by=story.ana, file=SimpleUploadedFile("proof.pdf", PDF)
    )
    letter = OutboxMessage.objects.filter(letter="takedown_issued").first()
    return Work(report.case, report, takedown, takedown.items.get(number=1), file, letter)


OF_CASE = ["case-detail", "case-add-listings", "case-assess", "takedown-draft", "takedown-review"]
OF_TAKEDOWN = ["takedown-detail", "takedown-letter", "takedown-letter-pdf"]


def addresses(work: Work) -> dict[str, str]:
    """Every page that shows something of the case."""
    found = {name: reverse(name, args=[work.case.reference]) for name in OF_CASE}
    found |= {name: reverse(name, args=[work.takedown.reference]) for name in OF_TAKEDOWN}
    return found | {
        "report-detail": reverse("report-detail", args=[work.report.reference]),
        "report-matches": reverse("report-matches", args=[work.report.reference]),
        "sent-letter": reverse("sent-letter", args=[work.takedown.reference, work.letter.pk]),
        "sent-letter-pdf": reverse(
            "sent-letter-pdf", args=[work.takedown.reference, work.letter.pk]
        ),
        "evidence-file": reverse("evidence-file", args=[work.evidence.pk]),
    }


LISTS = ["desk", "report-list", "case-list", "takedown-list", "search", "case-open"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("bo", 200), ("dot", 403), ("ada", 403)])
def test_lists(work, cast, client_of, name, who, status):
    assert client_of(getattr(cast, who)).get(reverse(name)).status_code == status


@pytest.mark.parametrize("name", LISTS)
def test_signed_out_people_are_asked_to_sign_in(work, client_of, name):
    response = client_of(None).get(reverse(name))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def statuses(client, work: Work) -> dict[str, int]:
    return {name: client.get(url).status_code for name, url in addresses(work).items()}


def test_staff_see_the_pages_of_a_case(work, cast, client_of):
    for user in (cast.ana, cast.bo, cast.cai):
        assert set(statuses(client_of(user), work).values()) == {200}


def test_other_roles_do_not(work, cast, client_of):
    """Evidence is 404: its address is for both sides, and this file is not theirs."""
    for user in (cast.dot, cast.dev, cast.ada):
        found = statuses(client_of(user), work)
        assert found.pop("evidence-file") == 404
        assert set(found.values()) == {403}
    assert set(statuses(client_of(None), work).values()) == {302}


def test_a_restricted_case_is_not_there_for_another_office(work, cast, client_of, story):
    cases.restrict(work.case, by=story.ana, reason="A court case is pending.")
    assert set(statuses(client_of(cast.cai), work).values()) == {404}
    assert set(statuses(client_of(cast.ana), work).values()) == {200}
    assert set(statuses(client_of(cast.bo), work).values()) == {200}


@pytest.mark.parametrize("name", ["case-list", "takedown-list", "report-list", "desk"])
def test_a_restricted_case_is_in_no_list_of_another_office(work, cast, client_of, story, name):
    cases.restrict(work.case, by=story.ana, reason="A court case is pending.")
    page = client_of(cast.cai).get(reverse(name)).content.decode()
    assert work.case.reference not in page
    assert work.takedown.reference not in page
    assert work.report.reference not in page


@pytest.mark.parametrize("text", ["Cubo", "harbour"])
def test_a_restricted_case_is_not_found_by_others(work, cast, client_of, story, text):
    cases.restrict(work.case, by=story.ana, reason="A court case is pending.")
    page = client_of(cast.cai).get(reverse("search"), {"q": text}).content.decode()
    assert work.case.reference not in page
    assert work.takedown.reference not in page
    assert work.report.reference not in page


def test_search_for_the_reference_of_a_restricted_case_says_nothing(work, cast, client_of, story):
    cases.restrict(work.case, by=story.ana, reason="A court case is pending.")
    response = client_of(cast.cai).get(reverse("search"), {"q": work.case.reference})
    assert response.status_code == 200
    assert "Nothing was found" in response.content.decode()


def verb_names() -> list[str]:
    return [
        route.name
        for route in [*urlpatterns, *assessment_urls]
        if "<str:reference>" in str(route.pattern) and hasattr(route.callback, "guard")
    ]


@pytest.mark.parametrize("name", sorted(set(verb_names())))
def test_every_page_with_a_reference_is_404_for_a_foreign_one(cast, client_of, name):
    """Also for verbs, and whatever is sent."""
    further: list[object] = []
    if name.startswith("item-") or "formal-letter" in name:
        further = [1]
    elif name.startswith("sent-"):
        further = ["00000000-0000-0000-0000-000000000000"]
    url = reverse(name, args=["X-2026-999999", *further])
    client = client_of(cast.ana)
    assert client.get(url).status_code in {404, 405}
    assert client.post(url).status_code in {404, 405}
