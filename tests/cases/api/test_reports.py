"""Reports through the API: partners and authorities write, staff read, nobody sees who told."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Report
from surveillance.accounts import enrolment
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Scope
from surveillance.search_text import folded

TOLD = {
    "product_name": "Kettle 3000",
    "incident": "It sparked when it was filled.",
    "brand": "Boilo",
    "gtins": ["4006381333931"],
    "happened_on": "2026-09-20",
    "severity": "first_aid",
    "reporter": {"name": "Canary Consumer", "email": "canary@home.example", "may_contact": True},
}
LIST = "api-report-list"


@pytest.fixture
def partner(story):
    secret = story.issued_key(story.partner(), scopes={Scope.REPORT}).secret
    return Client(headers={"authorization": f"Bearer {secret}"})


def send(client, **told):
    return client.post(reverse(LIST), TOLD | told, content_type="application/json")


def test_a_partner_sends_a_report_and_can_follow_it(partner):
    response = send(partner)
    assert response.status_code == 201
    receipt = response.json()
    report = Report.objects.get(reference=receipt["reference"])
    assert (report.source, report.gtins) == ("business", ["04006381333931"])
    assert folded("kettle 3000") in report.search_text
    followed = Client().post(
        reverse("track"), {"reference": receipt["reference"], "code": receipt["code"]}, follow=True
    )
    assert receipt["reference"] in followed.content.decode()


def test_what_a_consumer_told_the_partner_counts_as_a_consumers(partner):
    send(partner, on_behalf_of_consumer=True)
    assert Report.objects.get().source == "consumer"


def test_another_authority_sends_as_authority(story):
    other = enrolment.admit_organisation(
        "Authority of Elsewhere",
        kind=Organisation.Kind.FOREIGN_AUTHORITY,
        jurisdiction="NZ",
    )
    secret = story.issued_key(other, scopes={Scope.REPORT}).secret
    assert send(Client(headers={"authorization": f"Bearer {secret}"})).status_code == 201
    assert Report.objects.get().source == "authority"


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"product_name": " "}, "/product_name"),
        ({"incident": None}, "/incident"),
        ({"gtins": ["4006381333931", "4006381333932"]}, "/gtins/1"),
        ({"severity": "bad"}, "/severity"),
        ({"happened_on": "yesterday"}, "/happened_on"),
        ({"listing_url": "shop"}, "/listing_url"),
        ({"colour": "red"}, "/colour"),
        ({"reporter": {"mail": "a@b.example"}}, "/reporter/mail"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(partner, told, pointer):
    response = send(partner, **told)
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert not Report.objects.exists()


def test_everything_that_is_wrong_is_named_at_once(partner):
    response = send(partner, product_name="", severity="bad", happened_on="soon")
    assert len(response.json()["errors"]) == 3


def test_staff_read_and_nobody_else(story, cast, client_of, partner):
    report = story.receipt(email="canary@home.example").report
    page = client_of(cast.ana).get(reverse(LIST)).json()
    assert [row["reference"] for row in page["results"]] == [report.reference]
    detail = client_of(cast.ana).get(reverse("api-report", args=[report.reference]))
    assert detail.json()["incident"] == report.incident
    for client in (client_of(cast.dot), client_of(cast.ada), partner):
        assert client.get(reverse(LIST)).status_code == 403


def test_who_reported_is_nowhere_in_the_api(story, cast, client_of, partner):
    reference = send(partner).json()["reference"]
    client = client_of(cast.bo)
    for address in (reverse(LIST), reverse("api-report", args=[reference])):
        told = client.get(address).content.decode()
        assert "canary" not in told.lower()


def test_platforms_do_not_send_reports(story, client_of, cast):
    assert send(client_of(cast.dot)).status_code == 403
