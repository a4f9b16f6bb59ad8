"""The components say the right words, and forms tie label, hint and error together."""

from datetime import UTC, date, datetime, time

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from cases.states import LABELS
from surveillance.clock import Limit, StartRule, Unit, WorkingCalendar, due
from surveillance.web import stylebook
from surveillance.web.forms import FormRenderer
from surveillance.web.looks import STATES, hazard_picture
from surveillance.web.templatetags import ui

CALENDAR = WorkingCalendar(
    code="TW",
    version=1,
    time_zone="Asia/Taipei",
    weekend=frozenset({5, 6}),
    holidays={date(2026, 9, 28): "Teachers' Day"},
    extra_working_days={},
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
)
FRIDAY = datetime(2026, 9, 25, 2, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_every_state_has_a_look() -> None:
    assert set(LABELS) <= set(STATES)


def test_every_look_names_an_icon_that_exists() -> None:
    for state in STATES:
        assert "<svg" in render("{% chip state %}", state=state)


@pytest.mark.parametrize(
    ("state", "days", "words"),
    [
        ("running", 2, "2 working days left"),
        ("running", 1, "1 working day left"),
        ("soon", 0, "last working day"),
        ("overdue", -1, "1 working day overdue"),
        ("overdue", -3, "3 working days overdue"),
        ("overdue", None, "overdue"),
        ("paused", 2, "paused"),
        ("met", None, "answered in time"),
        ("missed", None, "answered late"),
    ],
)
def test_a_deadline_in_words(state: str, days: int | None, words: str) -> None:
    assert ui.deadline_words(state, days) == words


def test_a_deadline_tells_why() -> None:
    limit = Limit(2, Unit.WORKING_DAYS, StartRule.RECEIPT, time(16), time(17))
    derivation = due(FRIDAY, limit, CALENDAR)
    page = render(
        '{% deadline d.due_at "running" 2 d uid="why" %}{% deadline d.due_at "running" 2 %}',
        d=derivation,
    )
    assert "due Wed 30 Sep 17:00" in page
    assert page.count('popovertarget="why"') == 1
    assert page.count("Teachers&#x27; Day") == 1


def test_a_day_that_ends_at_midnight_is_shown_as_its_own() -> None:
    limit = Limit(1, Unit.WORKING_DAYS, StartRule.RECEIPT)
    derivation = due(FRIDAY, limit, CALENDAR)
    assert "due Tue 29 Sep 24:00" in ui.deadline(derivation.due_at, derivation=derivation)


def test_a_time_that_is_not_the_readers_says_whose_it_is() -> None:
    at = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    with timezone.override("Europe/Brussels"):
        assert "due Mon 23 Nov 24:00 Sydney" in ui.deadline(at, time_zone="Australia/Sydney")
        assert "due Mon 23 Nov 14:00<" in ui.deadline(at, time_zone="Europe/Paris")
        assert "due Mon 23 Nov 14:00<" in ui.deadline(at)


def test_what_many_have_in_common_is_told_once() -> None:
    derivation = due(FRIDAY, Limit(1, Unit.WORKING_DAYS, StartRule.RECEIPT), CALENDAR)
    first = ui.deadline(derivation.due_at, derivation=derivation, uid="why-1")
    second = ui.deadline(derivation.due_at, derivation=derivation, uid="why-1", told=True)
    assert [page.count('popovertarget="why-1"') for page in (first, second)] == [1, 1]
    assert [page.count('id="why-1"') for page in (first, second)] == [1, 0]


@pytest.mark.parametrize(
    ("words", "picture"),
    [
        ("Choking, Injuries", "choking"),
        ("Burns, Electric shock, Fire", "electric"),
        ("The cord poses an entanglement hazard", "strangulation"),
        ("Fire", "fire"),
        ("", "other"),
        ("Multiple parts break, which may lead to serious injury", "injury"),
        ("The paint contains excess lead", "chemical"),
        ("Multiple displays show wrong values", "other"),
    ],
)
def test_a_hazard_has_its_picture(words: str, picture: str) -> None:
    assert hazard_picture(words) == picture


def test_a_removed_filter_keeps_the_rest_and_goes_to_the_first_page() -> None:
    request = RequestFactory().get("/x/?q=bear&state=pending&sort=-due&cursor=abc")
    form = stylebook.SampleFilter(request.GET)
    bar = ui.filter_bar(Context({"request": request}), form)
    assert [(chip["label"], chip["words"]) for chip in bar["active"]] == [
        ("Search", "bear"),
        ("State", "Pending"),
    ]
    assert bar["active"][1]["url"] == "?q=bear&sort=-due"
    assert bar["kept"] == [("sort", "-due")]


class AddressForm(forms.Form):
    default_renderer = FormRenderer()
    mail = forms.EmailField(label="Address", help_text="As in the letter.")
    kind = forms.ChoiceField(
        label="Kind", widget=forms.RadioSelect, choices=[("order", "order"), ("notice", "notice")]
    )


def test_a_field_is_described_by_its_hint_and_its_error() -> None:
    page = str(AddressForm({"mail": "nonsense"}))
    assert 'aria-describedby="id_mail_helptext id_mail_error"' in page
    assert 'id="id_mail_helptext"' in page
    assert 'id="id_mail_error"' in page
    assert 'aria-invalid="true"' in page


def test_the_error_summary_leads_to_controls_that_exist() -> None:
    page = str(AddressForm({}))
    for target in ("id_mail", "id_kind_0"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page


def test_an_empty_panel_says_what_will_appear() -> None:
    empty = render('{% panel "Notes" empty="No note yet." %}  {% endpanel %}')
    filled = render('{% panel "Notes" empty="No note yet." %}<p>One</p>{% endpanel %}')
    assert "No note yet." in empty
    assert "No note yet." not in filled


def test_a_component_escapes_what_people_wrote() -> None:
    page = render('{% chip "pending" label %}{% panel label %}x{% endpanel %}', label="<script>")
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("source", "in_utc", "in_taipei"),
    [
        ("{% moment at %}", "25 Sep 2026 02:00", "25 Sep 2026 10:00"),
        ("{% deadline at %}", "due Fri 25 Sep 02:00", "due Fri 25 Sep 10:00"),
    ],
)
def test_the_same_instant_is_written_in_each_readers_zone(source, in_utc, in_taipei) -> None:
    for zone, words in (("UTC", in_utc), ("Asia/Taipei", in_taipei), ("UTC", in_utc)):
        with timezone.override(zone):
            assert words in render(source, at=FRIDAY)
