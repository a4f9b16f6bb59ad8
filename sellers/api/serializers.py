"""What the API shows of the market."""

from rest_framework import serializers

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


class AccountSerializer(serializers.ModelSerializer[SellerAccount]):
    platform = serializers.CharField(source="platform.slug")

    class Meta:
        model = SellerAccount
        fields = ["platform", "handle", "url"]


class SellerSerializer(serializers.ModelSerializer[Seller]):
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


class ContactPointSerializer(serializers.ModelSerializer[ContactPoint]):
    class Meta:
        model = ContactPoint
        fields = ["purpose", "name", "email", "language"]


class PlatformSerializer(serializers.ModelSerializer[Platform]):
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


class IdentifierSerializer(serializers.ModelSerializer[ProductIdentifier]):
    """`value` is what is compared (a GTIN padded to 14 digits), `raw` what the source wrote."""

    class Meta:
        model = ProductIdentifier
        fields = ["kind", "value", "raw"]


class ProductSerializer(serializers.ModelSerializer[Product]):
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


class ListingSerializer(serializers.ModelSerializer[Listing]):
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


class AlertSerializer(serializers.ModelSerializer[Alert]):
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
