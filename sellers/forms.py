"""Forms of the market: what each verb of sellers, listings, products and alerts asks for.

A form's facts are the verb's keyword arguments (surveillance/web/verbs.py); a form that creates
a row gets no `row`, or the one that the new row is about.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sellers.countries import is_country_code
from sellers.feeds.identifiers import IdentifierStatus, Scheme, read_identifiers, valid_gtins
from sellers.flows import uploads
from sellers.flows.listings import ListingFacts
from sellers.flows.products import ProductFacts
from sellers.hazards import CHOICES as HAZARDS
from sellers.models import Alert, Platform, Product, Seller, SellerAccount
from surveillance.web.forms import DateInput
from surveillance.web.verbs import FactsForm

CURRENCY_LENGTH = 3
MOST_FILES = 50


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """At least one file, and no more than `MOST_FILES` at once."""

    widget = FilesInput()

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list) else [data]
        if len(files) > MOST_FILES:
            raise ValidationError(
                gettext("These are %(count)d files. Send at most %(limit)d at once.")
                % {"count": len(files), "limit": MOST_FILES}
            )
        # An empty file is refused where its size is checked, with its name.
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    feed = forms.ChoiceField(
        label=_("Feed"),
        choices=uploads.feeds,
        help_text=_("Whose records these are. A file of another feed is refused as a whole."),
    )
    file = FilesField(
        label=_("Files"),
        allow_empty_file=True,
        help_text=_(
            "As the source publishes them, compressed with gzip or not; at most %(limit)d MB each."
        )
        % {"limit": uploads.LIMIT // 2**20},
    )
    dry_run = forms.BooleanField(
        label=_("Only count what would be done, and write nothing"), required=False
    )


class GtinsField(forms.CharField):
    """Barcode numbers as people write them; gives those with a right check digit, 14 digits each.

    A number whose check digit is wrong is refused, naming it.
    """

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        found = [one for one in read_identifiers(text) if one.scheme is Scheme.GTIN]
        for one in found:
            if one.status is IdentifierStatus.INVALID:
                raise ValidationError(
                    gettext(
                        "The last digit of “%(number)s” does not fit the others. Compare it with"
                        " the digits under the bars, all of them, or leave this empty."
                    )
                    % {"number": one.raw}
                )
        if text and not found:
            raise ValidationError(
                gettext("“%(text)s” holds no barcode number: 8, 12, 13 or 14 digits.")
                % {"text": text}
            )
        return valid_gtins(tuple(found))


class CountryField(forms.CharField):
    """A country by its two letters (ISO 3166-1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=2,
            required=False,
            help_text=_("Two letters, such as CN or DE."),
            widget=forms.TextInput(attrs={"size": 4, "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).upper()
        if code and not is_country_code(code):
            raise ValidationError(
                gettext("“%(code)s” is no country code: two letters, such as CN or DE.")
                % {"code": code}
            )
        return code


class ReferenceField(forms.CharField):
    """A row named by its public reference; the form sets `rows` to what may be named."""

    rows: Any

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        row = self.rows.filter(reference=text.upper()).first()
        if row is None:
            raise ValidationError(
                gettext("Nothing has the reference “%(text)s”. Write it as its own page shows it.")
                % {"text": text}
            )
        return row


class PlatformField(forms.ModelChoiceField):
    """A platform that is active; the form sets the queryset to what the actor sees."""

    def __init__(self) -> None:
        super().__init__(
            Platform.objects.none(),
            label=_("Platform"),
            empty_label=_("Choose"),
            to_field_name="slug",
            error_messages={"required": _("Choose the platform.")},
        )


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


# --- Sellers --------------------------------------------------------------------------------


class SellerForm(FactsForm):
    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("As customers see it, in its own script.")
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    business_number = forms.CharField(
        label=_("Business number"),
        max_length=40,
        required=False,
        help_text=_("From the company register or the VAT number, as the seller discloses it."),
    )
    jurisdiction = CountryField(label=_("Country of establishment"))
    website = forms.URLField(
        label=_("Website"), required=False, max_length=200, assume_scheme="https"
    )


class TierForm(FactsForm):
    reason = forms.CharField(
        label=_("Reason"),
        widget=text_area(),
        help_text=_(
            "The seller may see it, and so may platforms that it trades on: state what was found."
        ),
    )
    review_on = forms.DateField(
        label=_("Review on"),
        widget=DateInput,
        help_text=_("By this day somebody decides again; until then the tier stands."),
    )


class ReplyForm(FactsForm):
    reply = forms.CharField(
        label=_("What the seller says"),
        widget=text_area(6),
        help_text=_("In the seller's own words; it replaces an earlier reply."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].initial = self.row.reply


class AccountForm(FactsForm):
    platform = PlatformField()
    handle = forms.CharField(
        label=_("Account"), max_length=150, help_text=_("Its name or number on the platform.")
    )
    url = forms.URLField(
        label=_("Address of the shop"), required=False, max_length=500, assume_scheme="https"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        platforms = Platform.objects.visible_to(self.actor).filter(is_active=True)
        self.fields["platform"].queryset = platforms


# --- Products and alerts --------------------------------------------------------------------


class ProductForm(FactsForm):
    name = forms.CharField(
        label=_("Name"), max_length=500, help_text=_("What it is, without the brand.")
    )
    brand = forms.CharField(label=_("Brand"), max_length=200, required=False)
    models = forms.CharField(
        label=_("Models"), required=False, widget=text_area(2), help_text=_("One a line.")
    )
    gtins = GtinsField(
        label=_("Barcode numbers (GTIN)"),
        required=False,
        help_text=_("8, 12, 13 or 14 digits; several separated by commas."),
    )
    category = forms.CharField(label=_("Category"), max_length=200, required=False)
    batch = forms.CharField(label=_("Batch or lot"), max_length=500, required=False)
    origin = CountryField(label=_("Country of origin"))
    hazards = forms.MultipleChoiceField(
        label=_("Hazards"),
        required=False,
        choices=HAZARDS,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "facts-columns"}),
    )
    description = forms.CharField(label=_("Description"), required=False, widget=text_area())

    def clean_models(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["models"].splitlines()]
        for line in lines:
            if len(line) > 200:
                raise ValidationError(
                    gettext("A model has at most 200 characters; this has %(count)d: “%(start)s…”")
                    % {"count": len(line), "start": line[:40]}
                )
        return [line for line in lines if line]

    def facts(self) -> dict[str, Any]:
        return {"facts": ProductFacts(**self.cleaned_data)}


class AlertForm(FactsForm):
    """`row` is the product that the alert is about."""

    title = forms.CharField(
        label=_("Title"),
        max_length=500,
        help_text=_("What it is and what is wrong: “Plush bear: the eyes come off”."),
    )
    hazard = forms.CharField(
        label=_("What is dangerous"),
        widget=text_area(),
        help_text=_("What can happen, and to whom. Plain words, as to a neighbour."),
    )
    what_to_do = forms.CharField(
        label=_("What to do"),
        widget=text_area(),
        help_text=_("Stop using it? Where to take it? How to get the money back?"),
    )
    level = forms.ChoiceField(
        label=_("Level"), choices=Alert.Level.choices, initial=Alert.Level.UNKNOWN
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].initial = str(self.row)


# --- Listings -------------------------------------------------------------------------------


class ListingForm(FactsForm):
    platform = PlatformField()
    url = forms.URLField(label=_("Address of the offer"), max_length=1000, assume_scheme="https")
    title = forms.CharField(
        label=_("Title"), max_length=500, help_text=_("As the offer itself says it.")
    )
    seller = ReferenceField(
        label=_("Seller"),
        required=False,
        help_text=_("Its reference, such as S-2026-000004; it needs an account on the platform."),
    )
    product = ReferenceField(
        label=_("Product"), required=False, help_text=_("Its reference, such as P-2026-000012.")
    )
    brand = forms.CharField(label=_("Brand"), max_length=200, required=False)
    model = forms.CharField(label=_("Model"), max_length=200, required=False)
    gtins = GtinsField(label=_("Barcode numbers (GTIN)"), required=False)
    price = forms.DecimalField(
        label=_("Price"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=CURRENCY_LENGTH,
        help_text=_("Three letters, such as EUR."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        platforms = Platform.objects.visible_to(self.actor).filter(is_active=True)
        self.fields["platform"].queryset = platforms
        self.fields["seller"].rows = Seller.objects.visible_to(self.actor)
        self.fields["product"].rows = Product.objects.visible_to(self.actor)

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].upper()
        if code and not (len(code) == CURRENCY_LENGTH and code.isascii() and code.isalpha()):
            raise ValidationError(
                gettext("“%(code)s” is no currency: three letters, such as EUR.") % {"code": code}
            )
        return code

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("price") is not None and not facts.get("currency"):
            self.add_error("currency", gettext("Say in which currency the price is."))
        if facts.get("seller") and facts.get("platform"):
            facts["account"] = self._account(facts["seller"], facts["platform"])
        return facts

    def _account(self, seller: Seller, platform: Platform) -> SellerAccount | None:
        account = SellerAccount.objects.filter(seller=seller, platform=platform).first()
        if account is None:
            self.add_error(
                "seller",
                gettext("%(seller)s has no account on %(platform)s. Add it to the seller first.")
                % {"seller": seller, "platform": platform},
            )
        return account

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "platform": given["platform"],
            "account": given.get("account"),
            "product": given["product"],
            "facts": ListingFacts(
                url=given["url"],
                title=given["title"],
                brand=given["brand"],
                model=given["model"],
                gtins=list(given["gtins"]),
                price=given["price"],
                currency=given["currency"],
            ),
        }
