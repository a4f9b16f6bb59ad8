"""manage.py enrol: the first account, and those after it, without a shell."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from surveillance.accounts.models import Office, Organisation, User

pytestmark = pytest.mark.django_db
PASSWORD = "a long password of my own"
AUTHORITY = {"organisation": "Product Safety Authority", "jurisdiction": "eu"}
ADA = {"name": "Ada Olsen", "role": "administrator", **AUTHORITY}
BEA = {"name": "Bea Ionescu", "role": "supervisor", "office": "North", **AUTHORITY}


def enrol(email: str, **options: object) -> str:
    out = StringIO()
    call_command("enrol", email, stdout=out, **options)
    return out.getvalue()


def set_password(text: str, settings) -> Client:
    """Follow the link in the text as its reader would, and set a password."""
    link = re.search(re.escape(settings.BASE_URL) + r"(/accounts/\S+)", text)
    assert link
    client = Client()
    page = client.get(link.group(1), follow=True)
    assert page.status_code == 200
    client.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    return client


def sign_in(email: str) -> str:
    """Where signing in leads to, in the end."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert answer.status_code == 302
    return client.get(answer["Location"])["Location"]


def test_the_first_administrator_sets_a_password_by_the_printed_link(settings):
    set_password(enrol("Ada@authority.example", **ADA), settings)
    user = User.objects.get()
    assert (user.email, user.name, user.role) == (
        "ada@authority.example",
        "Ada Olsen",
        "administrator",
    )
    assert (user.organisation.kind, user.organisation.jurisdiction) == ("authority", "EU")
    assert sign_in("ada@authority.example") == reverse("key-list")


def test_staff_get_the_link_by_mail_in_their_language(settings):
    told = enrol("bea@authority.example", **BEA, send=True, language="ja", time_zone="Asia/Tokyo")
    (letter,) = mail.outbox
    assert letter.to == ["bea@authority.example"]
    assert "/accounts/" not in told, "the link is the reader's alone"
    set_password(letter.body, settings)
    user = User.objects.get()
    assert (user.office.name, user.language, user.time_zone) == ("North", "ja", "Asia/Tokyo")
    assert sign_in("bea@authority.example") == reverse("desk")


def test_the_second_of_an_office_finds_it():
    enrol("bea@authority.example", **BEA)
    told = {"name": "Cem", "role": "inspector", "office": "North"}
    enrol("cem@authority.example", **told, organisation=AUTHORITY["organisation"])
    assert Organisation.objects.count() == Office.objects.count() == 1
    assert User.objects.filter(office=Office.objects.get()).count() == 2


def test_an_agent_of_a_registered_platform(cast):
    enrol("gus@harbour.example", name="Gus", role="agent", organisation="Harbour Market")
    assert User.objects.get(name="Gus").organisation == cast.harbour.organisation


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"email": "ada"}, "email: ada is not"),
        ({"email": "BO@cast.example"}, "email: BO@cast.example has an account"),
        ({"office": ""}, "office: "),
        ({"language": "tlh"}, "--language tlh: choose one of en"),
        ({"time_zone": "Mars/Olympus"}, "--time-zone Mars/Olympus"),
        ({"organisation": "A new one", "jurisdiction": ""}, "--jurisdiction: A new one is new"),
        ({"organisation": "A new one", "jurisdiction": "EUR"}, "--jurisdiction"),
        ({"organisation": "Harbour Market"}, "--organisation Harbour Market: it is a platform"),
        ({"role": "agent", "organisation": "Nobody's"}, "there is no platform of this name"),
        ({"role": "agent", "organisation": "Harbour Market"}, "--office: Harbour Market has none"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(cast, changed, told):
    before = (User.objects.count(), Organisation.objects.count(), Office.objects.count())
    arguments = {"email": "new@authority.example"} | BEA | changed
    with pytest.raises(CommandError) as refused:
        enrol(**arguments)
    assert told in str(refused.value)
    after = (User.objects.count(), Organisation.objects.count(), Office.objects.count())
    assert after == before


def test_a_mail_server_that_is_away_is_told(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match="could not be sent"):
        enrol("bea@authority.example", **BEA, send=True)
    assert User.objects.filter(email="bea@authority.example").exists()
