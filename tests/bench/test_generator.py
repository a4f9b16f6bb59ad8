"""Generated data: as much as asked for, with history, and pages that show it."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from cases.generator import work
from cases.models import Case, Item, Report, ReporterContact, TakedownRequest
from cases.states import ItemState, ReportState
from surveillance.accounts.models import User
from surveillance.audit.models import AuditEntry

UNTIL = datetime(2026, 9, 28, tzinfo=UTC)
SMALL = {"reports": 600, "items": 300, "platforms": 4, "sellers": 40, "until": UNTIL.date()}


@pytest.fixture(scope="module")
def data(django_db_setup, django_db_blocker):
    """Made once, and undone after the last of these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("generate", **SMALL)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def generated(data, db, time):
    """Each test has it as it was made."""


def test_there_is_as_much_as_was_asked_for(generated):
    assert Report.objects.count() == SMALL["reports"]
    assert Item.objects.filter(predecessor=None).count() == SMALL["items"]
    connection.check_constraints()


def test_what_is_old_is_mostly_done(generated):
    states = Counter(Item.objects.values_list("state", flat=True))
    assert states[ItemState.CONFIRMED] > sum(states.values()) / 2
    year_old = Report.objects.filter(received_at__year__lt=UNTIL.year)
    assert not year_old.filter(state=ReportState.ACCEPTED, case=None).exists()
    assert year_old.awaiting_triage().count() < year_old.count() / 20


def test_one_person_reports_again_and_again(generated):
    eager = ReporterContact.objects.filter(email="mabel.okafor@mail.example").count()
    assert eager == work.REPEATED


def test_every_row_has_its_history(generated):
    heard = set(AuditEntry.objects.values_list("subject", flat=True))
    assert set(Report.objects.values_list("reference", flat=True)) <= heard
    assert set(Case.objects.values_list("reference", flat=True)) <= heard
    assert set(TakedownRequest.objects.values_list("reference", flat=True)) <= heard


def test_nothing_that_runs_by_itself_has_been_left_out(generated):
    """A sweep finds nothing to do in what is past."""
    assert not Item.objects.overdue(UNTIL).not_yet_noted().exists()
    assert not TakedownRequest.objects.open().to_remind(UNTIL).exists()


@pytest.mark.parametrize("name", ["desk", "report-list", "takedown-list", "statistics"])
def test_lists_show_it(generated, client_of, name):
    supervisor = User.objects.get(email="supervisor-1-1@generated.example")
    assert client_of(supervisor).get(reverse(name)).status_code == 200


def test_details_show_it(generated, client_of):
    inspector = client_of(User.objects.get(email="inspector-1-1@generated.example"))
    case = Case.objects.filter(is_restricted=False, takedowns__items__state="confirmed").first()
    takedown = case.takedowns.exclude(issued_at=None).first()
    addresses = [
        reverse("case-detail", args=[case.reference]),
        reverse("takedown-detail", args=[takedown.reference]),
        *(
            reverse("report-detail", args=[report.reference])
            for report in Report.objects.filter(case=None)[:3]
        ),
    ]
    assert [inspector.get(address).status_code for address in addresses] == [200] * 5
    agent = User.objects.get(pk=takedown.platform.organisation.users.first().pk)
    page = client_of(agent).get(reverse("portal-takedown", args=[takedown.reference]))
    assert page.status_code == 200
