"""What a page costs in queries does not grow with its rows; the ceilings are committed baselines.

Seven of each are session, user, acting role, navigation with the bell, calendars and the two of the
test's own savepoint.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.flows import cases, reports
from cases.flows.reports import Reporter, ReportFacts
from surveillance.accounts.actor import PUBLIC


@pytest.fixture
def full_case(story):
    case = story.case()
    for _ in range(4):
        story.issued(case=case, listings=3)
    story.assessment(case)
    for number in range(5):
        reports.accept(
            reports.submit(
                ReportFacts(
                    product_name=f"Magnetic cubes {number}", brand="Cubo", incident="Broke."
                ),
                Reporter(),
                by=PUBLIC,
            ).report,
            by=story.ana,
            case=case,
        )
        cases.add_note(case, by=story.ana, text=f"Note {number}")
    return case


@pytest.mark.parametrize(
    ("name", "most"), [("report-list", 10), ("case-list", 10), ("takedown-list", 10), ("desk", 12)]
)
def test_lists(full_case, story, ana_at_desk, django_assert_max_num_queries, name, most):
    for _ in range(10):
        story.report()
    ana_at_desk.get(reverse(name))
    with django_assert_max_num_queries(most):
        ana_at_desk.get(reverse(name))


def test_the_supervisors_inbox(full_case, bo_at_desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(18):
        bo_at_desk.get(reverse("desk"))


def test_a_report(full_case, story, ana_at_desk, django_assert_max_num_queries):
    report = story.report(model="MC-216")
    for _ in range(6):
        story.report(model="MC-216")
    with django_assert_max_num_queries(18):
        ana_at_desk.get(reverse("report-detail", args=[report.reference]))


def test_a_case(full_case, ana_at_desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(19):
        ana_at_desk.get(reverse("case-detail", args=[full_case.reference]))


@pytest.mark.parametrize("listings", [2, 30])
def test_a_request(story, ana_at_desk, time, django_assert_max_num_queries, listings):
    takedown = story.issued(listings=listings)
    time.pass_(timedelta(hours=1))
    with django_assert_max_num_queries(17):
        ana_at_desk.get(reverse("takedown-detail", args=[takedown.reference]))


@pytest.mark.parametrize("listings", [2, 30])
def test_a_request_with_a_formal_letter(story, bo_at_desk, django_assert_max_num_queries, listings):
    """The letters, two questions about what is late, and what only a supervisor may do."""
    takedown = story.with_dated_formal_letter(listings=listings)
    with django_assert_max_num_queries(24):
        bo_at_desk.get(reverse("takedown-detail", args=[takedown.reference]))


@pytest.mark.parametrize("listings", [2, 30])
def test_drafting(story, ana_at_desk, django_assert_max_num_queries, listings):
    case = story.draft(listings=listings).case
    with django_assert_max_num_queries(16):
        ana_at_desk.get(reverse("takedown-draft", args=[case.reference]))
