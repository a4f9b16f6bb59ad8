"""Changes of a calendar. Each form turns what the calendar says into what it shall say."""

from abc import abstractmethod
from collections.abc import Collection
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import text_area
from surveillance.calendars import importing
from surveillance.calendars.content import CalendarContent, CalendarDay, DayKind
from surveillance.calendars.differences import weekday_names
from surveillance.calendars.models import NOTE_LENGTH
from surveillance.clock.instants import day_label
from surveillance.web.forms import AbstractForm, DateInput

MOST_YEARS = 10


class ChangeForm(AbstractForm):
    """The base. After `is_valid`, `proposed` is the new content and `note` says why."""

    proposed: CalendarContent

    def __init__(self, *args: Any, content: CalendarContent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        self.problems: list[importing.Problem] = []
        if "reason" in self.fields and not self.field_order:
            self.order_fields([name for name in self.fields if name != "reason"])

    @abstractmethod
    def propose(self, given: dict[str, Any]) -> CalendarContent:
        """Raises ValidationError naming a field."""

    @property
    @abstractmethod
    def note(self) -> str:
        """Why, as history and letters say it."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            self.proposed = self.propose(given)
            self.proposed.check()
            if self.proposed == self.content:
                raise ValidationError(
                    gettext("This changes nothing: the calendar says so already.")
                )
        except ValidationError as problem:
            self._refuse(problem)
        return given

    def _refuse(self, problem: ValidationError) -> None:
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            field = "last_year" if name == "years" else name
            self.add_error(field if field in self.fields else None, errors)


class ReasonedForm(ChangeForm):
    reason = forms.CharField(
        label=_("Why"),
        max_length=NOTE_LENGTH,
        widget=text_area(2),
        help_text=_("It stands in the history of every deadline that moves, and in the letter."),
    )

    @property
    def note(self) -> str:
        return str(self.cleaned_data["reason"])


class DayForm(ChangeForm):
    day = forms.DateField(label=_("Day"), widget=DateInput)
    name = forms.CharField(label=_("Name"), max_length=importing.NAME_LENGTH)
    kind = DayKind.HOLIDAY

    def propose(self, given: dict[str, Any]) -> CalendarContent:
        return self.content.with_days([CalendarDay(given["day"], given["name"], self.kind)])


class ClosureForm(DayForm):
    """At short notice: what has happened is the reason."""

    kind = DayKind.CLOSURE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What has happened")
        self.fields["name"].help_text = _(
            "For example: typhoon, offices closed. It is told to every platform whose limit moves."
        )

    @property
    def note(self) -> str:
        told = {"day": day_label(self.cleaned_data["day"]), "name": self.cleaned_data["name"]}
        return (gettext("Closed on %(day)s: %(name)s") % told)[:NOTE_LENGTH]


class HolidayForm(DayForm, ReasonedForm):
    """A public holiday."""


class WorkingDayForm(DayForm, ReasonedForm):
    kind = DayKind.WORKING

    def propose(self, given: dict[str, Any]) -> CalendarContent:
        if given["day"].weekday() not in self.content.weekend:
            raise ValidationError(
                {"day": gettext("This is no day of the weekend: it is worked anyhow.")}
            )
        if given["day"] in self.content.holidays:
            raise ValidationError(
                {
                    "day": gettext(
                        "It is a day off in this calendar, which outweighs. Remove it first."
                    )
                }
            )
        return super().propose(given)


class RemoveDayForm(ReasonedForm):
    day = forms.DateField(label=_("Day"), widget=DateInput)

    def propose(self, given: dict[str, Any]) -> CalendarContent:
        day: date = given["day"]
        if day not in self.content.holidays and day not in self.content.extra_working_days:
            raise ValidationError({"day": gettext("The calendar says nothing of this day.")})
        return self.content.without({day})


class WeekForm(ReasonedForm):
    """Weekend and time zone."""

    weekend = forms.TypedMultipleChoiceField(
        label=_("Weekend"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: list(enumerate(weekday_names(frozenset(range(7))))),
    )
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=40, help_text=_("For example: Asia/Taipei.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekend"].initial = sorted(self.content.weekend)
        self.fields["time_zone"].initial = self.content.time_zone

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        if name not in available_timezones():
            raise ValidationError(gettext("Write a time zone like Asia/Taipei."))
        return name

    def propose(self, given: dict[str, Any]) -> CalendarContent:
        values = self.content.to_json()
        return CalendarContent.from_json(
            values | {"weekend": given["weekend"], "time_zone": given["time_zone"]}
        )


class ImportForm(ReasonedForm):
    """Many days at once. `left_out`: days of the source outside the years asked for."""

    first_year = forms.IntegerField(label=_("From year"), min_value=2000, max_value=2100)
    last_year = forms.IntegerField(
        label=_("To year"),
        min_value=2000,
        max_value=2100,
        help_text=_("The calendar then covers these years in full. Other days are left out."),
    )
    replace = forms.BooleanField(
        label=_("Replace what the calendar says of these years"),
        required=False,
        help_text=_("Otherwise the days are added to those it has."),
    )
    left_out: list[CalendarDay]

    @abstractmethod
    def read(self, given: dict[str, Any], years: Collection[int]) -> importing.Reading:
        """The days that the source knows."""

    def propose(self, given: dict[str, Any]) -> CalendarContent:
        years = range(given["first_year"], given["last_year"] + 1)
        if not 1 <= len(years) <= MOST_YEARS:
            raise ValidationError(
                {"last_year": gettext("Choose 1 to %(most)d years.") % {"most": MOST_YEARS}}
            )
        reading = self.read(given, years)
        self.problems = reading.problems
        if reading.problems:
            raise ValidationError(gettext("Nothing was taken over. The table says what is wrong."))
        days, self.left_out = reading.within(years)
        base = self.content.reaching(years)
        if given["replace"]:
            base = base.without_years(years, {one.kind for one in days} | {DayKind.HOLIDAY})
        return base.with_days(days)


class FileForm(ImportForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("iCalendar (.ics), or CSV with the columns date,name,kind."),
    )
    field_order = ("file", "first_year", "last_year", "replace", "reason")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > importing.LIMIT:
            raise ValidationError(gettext("It is larger than 1 MB. A calendar is not."))
        return file

    def read(self, given: dict[str, Any], years: Collection[int]) -> importing.Reading:
        return importing.read(given["file"].name, given["file"].read())


class PackageForm(ImportForm):
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [(code, code) for code in importing.countries()],
        help_text=_("As the open-source package “holidays” computes them. Compare with the law."),
    )
    subdivision = forms.CharField(
        label=_("Subdivision"),
        required=False,
        max_length=20,
        help_text=_("State, province or canton, for example NSW. Empty: the whole country."),
    )
    field_order = ("country", "subdivision", "first_year", "last_year", "replace", "reason")

    def read(self, given: dict[str, Any], years: Collection[int]) -> importing.Reading:
        return importing.computed(given["country"], given["subdivision"].strip(), years)
