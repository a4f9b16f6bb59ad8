"""Calendars on the desk: read by those who work by them, changed by administrators in two steps."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.flows import clock_sweep
from surveillance.accounts.actor import SYSTEM
from surveillance.calendars.content import CalendarContent, CalendarDay
from surveillance.calendars.models import Calendar

LIST = reverse("calendar-list")
EU = reverse("calendar-detail", args=["EU"])
CONFIRM = reverse("calendar-confirm", args=["EU"])
STORM = {"day": "2026-09-29", "name": "Storm, offices closed"}


@pytest.fixture
def ada_at_desk(cast, client_of):
    return client_of(cast.ada)


def change(name: str) -> str:
    return reverse("calendar-change", args=["EU", name])


def current() -> Calendar:
    return Calendar.objects.current().get(code="EU")


def text_of(reply) -> str:
    return " ".join(reply.content.decode().split())


def test_who_may_read_and_who_may_change(cast, client_of):
    seen = {
        name: (
            client_of(getattr(cast, name)).get(LIST).status_code,
            client_of(getattr(cast, name)).get(EU).status_code,
            client_of(getattr(cast, name)).get(change("closure")).status_code,
        )
        for name in ("ana", "bo", "ada", "dot")
    }
    assert seen == {
        "ana": (200, 200, 403),
        "bo": (200, 200, 403),
        "ada": (200, 200, 200),
        "dot": (403, 403, 403),
    }
    assert client_of(None).get(LIST).status_code == 302
    assert "Declare a closure" not in text_of(client_of(cast.bo).get(EU))


def test_administrators_find_them_in_the_navigation(ada_at_desk):
    page = text_of(ada_at_desk.get(reverse("key-list")))
    assert f'href="{LIST}"' in page
    assert f'href="{reverse("deadline-simulator")}"' in page


def test_a_year_shows_its_days_and_another_calendar_or_year_is_not_there(ada_at_desk):
    assert "End-of-year day" in text_of(ada_at_desk.get(EU, {"year": "2027"}))
    for address in (f"{EU}?year=2099", f"{EU}?year=x", reverse("calendar-detail", args=["XX"])):
        assert ada_at_desk.get(address).status_code == 404


def test_a_closure_from_preview_to_letter(story, ada_at_desk):
    takedown = story.issued()
    preview = ada_at_desk.post(change("closure"), STORM)
    assert preview.context["headline"] == "2 deadlines move"
    page = text_of(preview)
    for told in (
        f"{takedown.reference}/1",
        "Harbour Market",
        "Wed 30 Sep 2026, 24:00",
        "Thu 1 Oct",
    ):
        assert told in page
    assert current().version == 1
    reply = ada_at_desk.post(CONFIRM, {"change": preview.context["token"]}, follow=True)
    assert "Version 2 is current" in text_of(reply)
    assert current().note == "Closed on Tue 29 Sep 2026: Storm, offices closed"
    assert "Ada Olsen" in text_of(reply)
    takedown.refresh_from_db()
    assert takedown.due_at.day == 1


def test_an_administrator_sees_no_case_content_in_it(story, ada_at_desk):
    story.issued()
    preview = ada_at_desk.post(change("closure"), STORM)
    assert "Magnetic cubes" not in text_of(preview)
    assert {move["listing"] for move in preview.context["moves"]} == {""}


def test_a_preview_that_was_overtaken_is_refused(story, ada_at_desk):
    token = ada_at_desk.post(change("closure"), STORM).context["token"]
    content = CalendarContent.of(current()).with_days([CalendarDay(date(2026, 10, 9), "Fair")])
    clock_sweep.change_calendar(current(), by=SYSTEM, content=content, reason="A fair.")
    reply = ada_at_desk.post(CONFIRM, {"change": token})
    assert reply.status_code == 412
    assert "newer version" in text_of(reply)
    assert (current().version, "2026-09-29" in current().holidays) == (2, False)


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
def test_a_confirmation_that_we_did_not_sign_is_refused(ada_at_desk, token):
    reply = ada_at_desk.post(CONFIRM, {"change": token}, follow=True)
    assert "Make the change again" in text_of(reply)
    assert current().version == 1


def test_the_preview_of_one_calendar_is_not_saved_in_another(ada_at_desk):
    token = ada_at_desk.post(change("closure"), STORM).context["token"]
    other = reverse("calendar-confirm", args=["TW"])
    assert ada_at_desk.post(other, {"change": token}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("closure", {"day": "", "name": "Storm"}, "day"),
        ("closure", {"day": "2050-01-01", "name": "Storm"}, "day"),
        ("holiday", {"day": "2026-10-08", "name": "Fair", "reason": ""}, "reason"),
        ("working-day", {"day": "2026-10-08", "name": "Fair", "reason": "R"}, "day"),
        ("remove", {"day": "2026-10-08", "reason": "R"}, "day"),
        ("week", {"weekend": ["5", "6"], "time_zone": "Mars", "reason": "R"}, "time_zone"),
        ("week", {"weekend": list("0123456"), "time_zone": "UTC", "reason": "R"}, "weekend"),
        ("package", {"country": "XX", "first_year": 2029, "last_year": 2029}, "country"),
        (
            "package",
            {"country": "DE", "subdivision": "??", "first_year": 2029, "last_year": 2029}
            | {"reason": "R"},
            "__all__",
        ),
        (
            "package",
            {"country": "DE", "first_year": 2031, "last_year": 2031, "reason": "R"},
            "last_year",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_field(ada_at_desk, kind, given, field):
    reply = ada_at_desk.post(change(kind), given)
    assert reply.status_code == 422
    assert field in reply.context["form"].errors


def test_days_of_the_week_and_single_days(ada_at_desk):
    """A Saturday worked, a holiday removed, a weekend of one day: each as the preview says it."""
    steps = {
        "working-day": {"day": "2026-10-03", "name": "Make-up day", "reason": "Decree."},
        "remove": {"day": "2026-12-24", "reason": "Decree."},
        "week": {"weekend": ["6"], "time_zone": "Asia/Taipei", "reason": "Decree."},
    }
    for kind, given in steps.items():
        token = ada_at_desk.post(change(kind), given).context["token"]
        ada_at_desk.post(CONFIRM, {"change": token})
    made = current()
    assert (made.version, made.weekend, made.time_zone) == (4, [6], "Asia/Taipei")
    assert made.extra_working_days == {"2026-10-03": "Make-up day"}
    assert "2026-12-24" not in made.holidays


def test_a_file_is_taken_over_and_its_year_is_covered(ada_at_desk):
    days = "2029-01-01,New Year,holiday\n2029-01-06,Work,working\n2031-01-01,X,holiday\n"
    file = SimpleUploadedFile("official.csv", f"date,name,kind\n{days}".encode("utf-8-sig"))
    given = {"file": file, "first_year": 2029, "last_year": 2029, "reason": "Published."}
    preview = ada_at_desk.post(change("file"), given)
    assert "1 day of the source lies outside the years chosen" in text_of(preview)
    ada_at_desk.post(CONFIRM, {"change": preview.context["token"]})
    assert current().last_day == date(2029, 12, 31)
    assert current().holidays["2029-01-01"] == "New Year"
    assert current().extra_working_days["2029-01-06"] == "Work"
    assert "2031-01-01" not in current().holidays


def test_a_bad_file_names_every_line_and_takes_nothing(ada_at_desk):
    lines = "date,name,kind\n2027-13-01,Bad,holiday\n2027-01-01,,weird\nx\n"
    file = SimpleUploadedFile("bad.csv", lines.encode())
    given = {"file": file, "first_year": 2027, "last_year": 2027, "reason": "Published."}
    reply = ada_at_desk.post(change("file"), given)
    assert reply.status_code == 422
    places = [problem.place for problem in reply.context["problems"]]
    assert places == ["line 2", "line 3", "line 3", "line 4"]


def test_replacing_a_year_drops_what_it_had(ada_at_desk):
    given = {"country": "DE", "first_year": 2028, "last_year": 2028, "replace": "on"}
    preview = ada_at_desk.post(change("package"), given | {"reason": "We count by Germany."})
    ada_at_desk.post(CONFIRM, {"change": preview.context["token"]})
    days = {day for day in current().holidays if day.startswith("2028")}
    assert "2028-10-03" in days
    assert "2028-12-28" not in days
    assert any(day.startswith("2027") for day in current().holidays)


def test_an_old_version_can_be_read_and_not_changed(story, ada_at_desk):
    token = ada_at_desk.post(change("closure"), STORM).context["token"]
    ada_at_desk.post(CONFIRM, {"change": token})
    page = text_of(ada_at_desk.get(reverse("calendar-version", args=["EU", 1])))
    assert "This is an earlier version" in page
    assert "Declare a closure" not in page
    assert "Tue 29 Sep 2026 is off: Storm, offices closed" in page
    assert ada_at_desk.get(reverse("calendar-version", args=["EU", 9])).status_code == 404
