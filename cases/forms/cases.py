"""What the verbs of a case ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import RowField, focused, is_address, text_area
from cases.models import Case, CaseListing, Evidence, Item, Report
from sellers.flows.listings import address_key
from sellers.models import Listing, Product
from surveillance.accounts.models import User
from surveillance.accounts.rights import STAFF
from surveillance.web.verbs import FactsForm, ReasonForm


class OpenCaseForm(forms.Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        widget=focused(),
        help_text=_("Brand and name of the product, so that others find the case."),
    )
    product = RowField(
        label=_("Product of the register"), required=False, help_text=_("Such as P-2026-000012.")
    )

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].rows = products


class AssignForm(FactsForm):
    assignee = forms.ModelChoiceField(
        label=_("Inspector"),
        queryset=User.objects.none(),
        help_text=_("The case moves to this person's office."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.with_role(*STAFF).filter(
            organisation_id=self.actor.organisation_id
        )
        self.fields["assignee"].queryset = colleagues.order_by("name")
        self.fields["assignee"].initial = self.row.assignee_id


class LinkProductForm(FactsForm):
    product = forms.CharField(
        label=_("Product"),
        widget=focused(),
        help_text=_("Its reference, or words of its name, brand, model or GTIN."),
    )

    def clean_product(self) -> Product:
        text = self.cleaned_data["product"]
        register = Product.objects.visible_to(self.actor)
        if exact := register.filter(reference__iexact=text.strip()).first():
            return exact
        found = list(register.matching(text).order_by("-created_at")[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                gettext("No product of the register matches “%(text)s”.") % {"text": text}
            )
        names = "; ".join(f"{product.reference} {product}" for product in found[:5])
        raise ValidationError(
            gettext("Several products match. Write the reference of one: %(names)s.")
            % {"names": names}
        )


class UnlinkProductForm(FactsForm):
    product = RowField(label=_("Product"), help_text=_("Its reference."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].rows = self.row.products.all()


class UnlinkListingForm(FactsForm):
    listing = RowField(label=_("Listing"), help_text=_("Its reference."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["listing"].rows = self.row.listings.all()


class AddListingsForm(forms.Form):
    """Addresses or references, one a line."""

    title = forms.CharField(
        label=_("Title of offers that are new to us"),
        max_length=500,
        help_text=_("What the page calls the product."),
    )
    lines = forms.CharField(
        label=_("Addresses or references"),
        widget=text_area(8, autofocus="autofocus"),
        help_text=_(
            "One a line: the address of the offer, or a reference such as L-2026-000007. An"
            " address we do not know yet is recorded under the platform it belongs to."
        ),
    )

    def clean_lines(self) -> list[str]:
        given = [line.strip() for line in self.cleaned_data["lines"].splitlines()]
        lines = list(dict.fromkeys(line for line in given if line))
        if len(lines) > 200:
            raise ValidationError(
                gettext("At most 200 lines at once; these are %(count)d.") % {"count": len(lines)}
            )
        return lines

    def known(self, listings: Any) -> dict[str, Listing]:
        """The listings that stand behind these lines already, by line."""
        lines = self.cleaned_data["lines"]
        keys = {address_key(line): line for line in lines if is_address(line)}
        references = {line.upper(): line for line in lines}
        return {
            line: listing
            for listing in [
                *listings.filter(reference__in=references),
                *listings.filter(address_key__in=keys),
            ]
            if (line := references.get(listing.reference) or keys.get(listing.address_key))
        }


class NoteForm(FactsForm):
    text = forms.CharField(label=_("Note"), widget=text_area(3))


class CaseEvidenceForm(FactsForm):
    file = forms.FileField(
        label=_("File"), help_text=_("A JPEG, PNG or WebP picture, or a PDF; at most 10 MB.")
    )
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            choice
            for choice in Evidence.Kind.choices
            if choice[0] != Evidence.Kind.PROOF_OF_REMOVAL
        ],
        initial=Evidence.Kind.SCREENSHOT,
    )
    note = forms.CharField(label=_("What it shows"), max_length=300, required=False)


class CloseCaseForm(FactsForm):
    outcome = forms.CharField(
        label=_("Outcome"),
        widget=text_area(4, autofocus="autofocus"),
        help_text=_("What was found and what became of it, for whoever reads the case later."),
    )


class MergeForm(ReasonForm):
    into = RowField(
        label=_("Case that stays"),
        widget=focused(),
        help_text=_("Its reference. Everything of this case moves there; it can be undone."),
    )
    field_order = ["into", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Case.objects.visible_to(self.actor).open()
        self.fields["into"].rows = others.exclude(pk=self.row.pk)


class SplitForm(FactsForm):
    """What leaves for the new case: a box for each report, listing and product of the case."""

    title = forms.CharField(label=_("Title of the new case"), max_length=300, widget=focused())
    reports = forms.ModelMultipleChoiceField(
        label=_("Reports"),
        queryset=Report.objects.none(),
        to_field_name="reference",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    listings = forms.ModelMultipleChoiceField(
        label=_("Listings"),
        queryset=Listing.objects.none(),
        to_field_name="reference",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    products = forms.ModelMultipleChoiceField(
        label=_("Products"),
        queryset=Product.objects.none(),
        to_field_name="reference",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reports"].queryset = self.row.reports.order_by("reference")
        in_requests = Item.objects.filter(takedown__case=self.row)
        movable = CaseListing.objects.filter(case=self.row).exclude(
            listing_id__in=in_requests.values("listing_id")
        )
        self.fields["listings"].queryset = Listing.objects.filter(
            pk__in=movable.values("listing_id")
        ).order_by("reference")
        self.fields["products"].queryset = self.row.products.order_by("reference")
        for name in ("reports", "listings", "products"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]
