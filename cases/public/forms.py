"""The questions of the public report form, one form a page, and those of tracking.

Step forms keep what was typed as text (`answers`), so that a page can be shown again as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from cases.models import Report
from sellers.forms import GtinsField
from surveillance import clock
from surveillance.web.forms import DateInput

PHOTOS = 5
OLDEST = date(1950, 1, 1)

CATEGORIES: list[tuple[str, str | Promise]] = [
    ("", _("I am not sure")),
    ("Toys and games", _("Toys and games")),
    ("Baby and children's products", _("Baby and children's products")),
    ("Electrical appliances and chargers", _("Electrical appliances and chargers")),
    ("Clothing and jewellery", _("Clothing and jewellery")),
    ("Cosmetics", _("Cosmetics")),
    ("Furniture and household goods", _("Furniture and household goods")),
    ("Sports, bicycles and scooters", _("Sports, bicycles and scooters")),
    ("Tools and garden", _("Tools and garden")),
    ("Vehicles and parts", _("Vehicles and parts")),
    ("Something else", _("Something else")),
]
SENDERS = [
    (Report.Source.CONSUMER, _("Somebody who bought, used or saw it")),
    (Report.Source.BUSINESS, _("A business")),
    (Report.Source.AUTHORITY, _("Another authority")),
]
INJURIES = [
    (Report.Severity.NONE, _("No, nobody was hurt")),
    (Report.Severity.MINOR, _("Yes, a little; no treatment was needed")),
    (Report.Severity.FIRST_AID, _("Yes, with first aid or a doctor's visit")),
    (Report.Severity.EMERGENCY, _("Yes, treated in an emergency department")),
    (Report.Severity.HOSPITAL, _("Yes, admitted to hospital")),
    (Report.Severity.DEATH, _("Somebody died")),
    (Report.Severity.UNKNOWN, _("I do not know, or would rather not say")),
]


class MustStayEmptyField(forms.CharField):
    """Hidden from people; programs that fill in everything fill in this too."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Leave this empty"),
            required=False,
            widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
        )

    def clean(self, value: Any) -> str:
        if super().clean(value):
            raise ValidationError(
                gettext("This field tells people from programs. Empty it and send once more.")
            )
        return ""


class StepForm(forms.Form):
    """One page of the report. `question` is its heading, `short` what the summary calls it."""

    question: str | Promise
    hint: str | Promise = ""
    short: str | Promise

    def answers(self) -> dict[str, str]:
        """What was typed, to be kept in the session."""
        return {name: str(self.data.get(name, "")).strip() for name in self.base_fields}

    def summary(self) -> list[tuple[str | Promise, str]]:
        """(label, what was answered) of a valid form, without what was left empty."""
        return [
            (self.fields[name].label or "", words)
            for name in self.base_fields
            if (words := self.in_words(name))
        ]

    def in_words(self, name: str) -> str:
        value = self.cleaned_data.get(name)
        choices = dict(getattr(self.fields[name], "choices", ()))
        if value in choices:
            return str(choices[value]) if value else ""
        if isinstance(value, date):
            # Translators: how a date is written, in Django's date format letters.
            return date_format(value, pgettext("date format", "j M Y"))
        if isinstance(value, tuple):  # codes are shown as they were typed
            return str(self.data.get(name, ""))
        return "" if value in (None, False) else str(value)


class ProductStep(StepForm):
    question = _("What is the product?")
    hint = _("Look on the product itself, its box or the offer. The name alone is enough.")
    short = _("Product")

    product_name = forms.CharField(
        label=_("What it is"),
        max_length=300,
        help_text=_("For example: plush bear, phone charger, folding chair."),
    )
    brand = forms.CharField(label=_("Brand"), max_length=200, required=False)
    model = forms.CharField(label=_("Model or type"), max_length=200, required=False)
    gtins = GtinsField(
        label=_("Number under the barcode"),
        required=False,
        max_length=200,
        help_text=_("8, 12 or 13 digits. It tells us exactly which product it is."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    category = forms.ChoiceField(label=_("Kind of product"), choices=CATEGORIES, required=False)


class PlaceStep(StepForm):
    question = _("Where did you see or buy it?")
    hint = _("One of the two is enough. With the address of the offer we find it fastest.")
    short = _("Where")

    listing_url = forms.URLField(
        label=_("Address of the offer"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=_("Copy it from the address line of your browser."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={
            "invalid": _("This is no web address. It looks like https://shop.example/item/123.")
        },
    )
    retailer = forms.CharField(
        label=_("Shop or seller"),
        max_length=300,
        required=False,
        help_text=_("The name of the shop, and of the seller on a marketplace."),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.errors and not facts["listing_url"] and not facts["retailer"]:
            self.add_error(
                "retailer", gettext("Name the shop or the seller, or give the address above.")
            )
        return facts


class IncidentStep(StepForm):
    question = _("What happened?")
    hint = _("Or what could happen: you need not wait for an accident.")
    short = _("What happened")

    incident = forms.CharField(
        label=_("In your own words"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What went wrong, and how the product was being used. Please no names."),
        error_messages={"required": _("Tell us what happened, in a sentence or two.")},
    )
    happened_on = forms.DateField(
        label=_("When"),
        required=False,
        widget=DateInput,
        help_text=_("As near as you remember."),
        error_messages={"invalid": _("This is no date. Write it as year-month-day: 2026-09-30.")},
    )

    def clean_happened_on(self) -> date | None:
        day: date | None = self.cleaned_data["happened_on"]
        if day and day > clock.now().date():
            raise ValidationError(gettext("This day is still to come. Look at the year."))
        if day and day < OLDEST:
            raise ValidationError(gettext("This is too long ago. Look at the year."))
        return day


class InjuryStep(StepForm):
    question = _("Was anybody hurt?")
    short = _("Injury")

    severity = forms.ChoiceField(
        label=_("Was anybody hurt?"),
        choices=INJURIES,
        widget=forms.RadioSelect,
        help_text=_("Choose the gravest, if several people were hurt."),
        error_messages={"required": _("Choose one; the last one if you do not know.")},
    )


class ContactStep(StepForm):
    question = _("May we write to you?")
    hint = _(
        "You need not say who you are. What you write here is seen by our inspectors only: never"
        " by the shop or the platform, and it is never published."
    )
    short = _("About you")

    source = forms.ChoiceField(
        label=_("You are"),
        choices=SENDERS,
        initial=Report.Source.CONSUMER,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You get a receipt there."),
        error_messages={
            "invalid": _("This is no e-mail address. It looks like name@mail.example.")
        },
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    may_contact = forms.BooleanField(
        label=_("You may ask me if something is unclear"), required=False
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        reachable = facts.get("email") or facts.get("phone")
        if not self.errors and facts["may_contact"] and not reachable:
            self.add_error(
                "email", gettext("Give an e-mail address or a telephone number, or untick the box.")
            )
        return facts

    def answers(self) -> dict[str, str]:
        kept = super().answers()
        return kept | {"may_contact": "on" if self.data.get("may_contact") else ""}

    def in_words(self, name: str) -> str:
        if name == "may_contact":
            return gettext("yes") if self.cleaned_data[name] else gettext("no")
        return super().in_words(name)


STEPS: Mapping[str, type[StepForm]] = {
    "product": ProductStep,
    "place": PlaceStep,
    "incident": IncidentStep,
    "injury": InjuryStep,
    "contact": ContactStep,
}


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to five pictures. What is in them is checked by evidence.add_to_report."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files: Sequence[Any] = data if isinstance(data, list) else [data] if data else []
        if len(files) > PHOTOS:
            raise ValidationError(
                gettext("These are %(count)d photos. Choose the %(limit)d that show it best.")
                % {"count": len(files), "limit": PHOTOS}
            )
        return [super(PhotosField, self).clean(file, initial) for file in files]


class SendForm(forms.Form):
    """The last page: photos and the sending itself, so that no file has to wait anywhere."""

    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_(
            "Up to five, JPEG, PNG or WebP, 10 MB each: the product, its label, the damage. The"
            " place and the camera that a photo remembers are removed."
        ),
    )
    website = MustStayEmptyField()


class TrackForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference"), max_length=20, help_text=_("Such as R-2026-000123.")
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("The eight letters and digits shown when you sent the report."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
