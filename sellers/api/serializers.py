"""What the API shows of the market, and takes."""

from rest_framework import serializers

from sellers.api.fields import GtinField
from sellers.flows.supplied import ListingWords, SellerWords
from sellers.models import (
    Alert,
    ContactPoint,
    Listing,
    Platform,
    Product,
    ProductIdentifier,
    Seller,
    SellerAccount,
)
from surveillance.web.api_fields import ShownSerializer, StrictSerializer


def optional(length: int) -> serializers.CharField:
    """A text that may be left out, or empty."""
    return serializers.CharField(max_length=length, required=False, default="", allow_blank=True)


class AccountSerializer(ShownSerializer[SellerAccount]):
    platform = serializers.CharField(source="platform.slug")

    class Meta:
        model = SellerAccount
        fields = ["platform", "handle", "url"]


class SellerSerializer(ShownSerializer[Seller]):
    """`tier` is a decision, with its reason and the date on which it is looked at again."""

    tier = serializers.ChoiceField(source="state", choices=Seller.Tier.choices)
    accounts = AccountSerializer(many=True)

    class Meta:
        model = Seller
        fields = [
            "reference",
            "name",
            "legal_name",
            "business_number",
            "jurisdiction",
            "website",
            "email",
            "tier",
            "tier_reason",
            "review_on",
            "reply",
            "accounts",
            "changed_at",
        ]


class ContactPointSerializer(ShownSerializer[ContactPoint]):
    class Meta:
        model = ContactPoint
        fields = ["purpose", "name", "email", "language"]


class PlatformSerializer(ShownSerializer[Platform]):
    """`order_regime` and `notice_regime`: the rules that demands to it are made under."""

    kind = serializers.ChoiceField(source="sort", choices=Platform.Sort.choices)
    contact_points = ContactPointSerializer(many=True)

    class Meta:
        model = Platform
        fields = [
            "slug",
            "name",
            "kind",
            "website",
            "jurisdiction",
            "order_regime",
            "notice_regime",
            "is_active",
            "contact_points",
        ]


class IdentifierSerializer(ShownSerializer[ProductIdentifier]):
    """`value` is what is compared (a GTIN padded to 14 digits), `raw` what the source wrote."""

    class Meta:
        model = ProductIdentifier
        fields = ["kind", "value", "raw"]


class ProductSerializer(ShownSerializer[Product]):
    identifiers = IdentifierSerializer(many=True)

    class Meta:
        model = Product
        fields = [
            "reference",
            "name",
            "brand",
            "identifiers",
            "batch",
            "category",
            "origin",
            "hazards",
            "description",
            "changed_at",
        ]


class ListingSerializer(ShownSerializer[Listing]):
    platform = serializers.CharField(source="platform.slug")
    account = serializers.CharField(source="account.handle", allow_null=True, default=None)
    seller = serializers.CharField(source="account.seller.reference", allow_null=True, default=None)
    product = serializers.CharField(source="product.reference", allow_null=True, default=None)

    class Meta:
        model = Listing
        fields = [
            "reference",
            "platform",
            "url",
            "title",
            "brand",
            "model",
            "gtins",
            "price",
            "currency",
            "account",
            "seller",
            "product",
            "state",
            "first_seen_at",
            "last_seen_at",
            "gone_at",
        ]


class AlertSerializer(ShownSerializer[Alert]):
    product = serializers.CharField(source="product.name")
    product_reference = serializers.CharField(source="product.reference")
    brand = serializers.CharField(source="product.brand")
    hazards = serializers.ListField(child=serializers.CharField(), source="product.hazards")

    class Meta:
        model = Alert
        fields = [
            "reference",
            "source",
            "number",
            "title",
            "product",
            "product_reference",
            "brand",
            "hazards",
            "hazard",
            "what_to_do",
            "measures",
            "level",
            "country",
            "url",
            "published_on",
        ]


class SellerDataSerializer(StrictSerializer):
    """Who trades under an account, as the platform has it (Regulation (EU) 2022/2065, Art. 30). It
    stands beside what the authority established, never in its place."""

    handle = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=200)
    address = optional(2_000)
    country = serializers.RegexField(
        "^[A-Z]{2}$",
        required=False,
        default="",
        allow_blank=True,
        help_text="two capital letters, ISO 3166-1",
    )
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    phone = optional(40)
    trade_register = optional(200)
    register_number = optional(100)
    self_certified = serializers.BooleanField(
        required=False,
        default=None,
        allow_null=True,
        help_text="the trader has committed to offer only what complies",
    )
    responsible_person = optional(2_000)
    changed_at = serializers.DateTimeField(read_only=True)

    def words(self) -> SellerWords:
        """Only when valid."""
        return SellerWords(**self.validated_data)


class ListingDataSerializer(StrictSerializer):
    """What is offered at a listing's address, as the platform has it (Regulation (EU) 2023/988,
    Art. 19). It stands beside what the authority captured, never in its place."""

    listing = serializers.CharField(source="listing.reference", read_only=True)
    seller_handle = optional(150)
    title = optional(500)
    brand = optional(200)
    model = optional(200)
    gtins = serializers.ListField(child=GtinField(), required=False, default=list, max_length=20)
    manufacturer = optional(2_000)
    responsible_person = optional(2_000)
    warnings = optional(5_000)
    offered_since = serializers.DateField(required=False, default=None, allow_null=True)
    units_sold = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=0, max_value=2_000_000_000
    )
    changed_at = serializers.DateTimeField(read_only=True)

    def words(self) -> ListingWords:
        """Only when valid."""
        return ListingWords(**self.validated_data)
