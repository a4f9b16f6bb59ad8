"""What the verbs of a takedown request and its items ask for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.flows.formal_steps import draft_of
from cases.flows.takedowns import StatementOfReasons
from cases.forms.fields import text_area
from sellers.models import Listing
from surveillance.web.forms import DateInput
from surveillance.web.verbs import FactsForm


class ReasonsForm(forms.Form):
    """The statement of reasons."""

    facts = forms.CharField(
        label=_("Facts"),
        widget=text_area(4),
        help_text=_("What was found, so that the platform can follow it."),
    )
    hazard = forms.CharField(label=_("Hazard"), widget=text_area(2))
    territory = forms.CharField(
        label=_("Territory"),
        max_length=200,
        help_text=_("Where the offers must no longer be available."),
    )
    action = forms.CharField(label=_("What to do"), widget=text_area(3))
    redress = forms.CharField(label=_("Redress"), required=False, widget=text_area(2))

    def reasons(self) -> StatementOfReasons:
        """Only for a valid form."""
        return StatementOfReasons(**{name: self.cleaned_data[name] for name in self.base_fields})


class ReviseForm(ReasonsForm, FactsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.initial = getattr(self.row, name)

    def facts(self) -> dict[str, Any]:  # type: ignore[override]
        return {"reasons": self.reasons()}


class ListingsForm(FactsForm):
    """Boxes for the listings that a subclass offers."""

    listings = forms.ModelMultipleChoiceField(
        label=_("Listings"),
        queryset=Listing.objects.none(),
        to_field_name="reference",
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, listings: QuerySet[Listing]) -> None:
        self.fields["listings"].queryset = listings.order_by("reference")
        self.fields["listings"].label_from_instance = lambda row: f"{row.reference} {row.title}"


class AddToDraftForm(ListingsForm):
    """The case's listings on the request's platform that are not in the request yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Listing.objects.filter(
            case_listings__case=self.row.case_id, platform=self.row.platform_id
        )
        self.offer(found.exclude(items__takedown=self.row))


class DropFromDraftForm(ListingsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(Listing.objects.filter(items__takedown=self.row))


class InformationForm(FactsForm):
    information = forms.CharField(
        label=_("Information"),
        widget=text_area(5, autofocus="autofocus"),
        help_text=_("It is sent to the platform; its clock goes on where it stood."),
    )


class ConfirmRemovalForm(FactsForm):
    note = forms.CharField(
        label=_("What you saw"),
        required=False,
        widget=text_area(3, autofocus="autofocus"),
        help_text=_("For example: page gone, searched the shop for the model, nothing found."),
    )


class AmendFormalLetterForm(FactsForm):
    """The draft; what it says of the listings it says by itself."""

    answer_by = forms.DateField(
        label=_("Last date"),
        required=False,
        widget=DateInput,
        help_text=_("By when the platform shall answer. The letter is not sent without it."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Text"),
        widget=text_area(18),
        help_text=_("An empty line begins a new paragraph."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if letter := draft_of(self.row):
            for name, field in self.fields.items():
                field.initial = getattr(letter, name)
