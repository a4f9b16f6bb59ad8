"""Products known to be unsafe, what identifies them, and the alerts that say so."""

from typing import Any, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.flow import FlowModel
from surveillance.searching import SearchPairs, holds, words_of

QuerySetT = TypeVar("QuerySetT", bound="models.QuerySet[Any]")


def _holding_words(rows: QuerySetT, text: str) -> QuerySetT:
    """Rows whose `search_text` or reference holds every word, in any order; eight at most."""
    for word in words_of(text):
        rows = rows.filter(holds("search_text", word) | models.Q(reference=word.upper()))
    return rows


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.is_staff or actor.is_system:
            return self
        published = Alert.objects.published().filter(product=models.OuterRef("pk"))
        return self.filter(models.Exists(published))

    def matching(self, text: str) -> Self:
        """Products whose name, brand, model, code or reference holds every word of `text`."""
        return _holding_words(self, text)


class Product(FlowModel):
    """`search_text` holds name, brand and models folded (NFKC, lower case) for searching."""

    LABEL = "product"

    reference = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=500)
    brand = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    origin = models.CharField(_("country of origin"), max_length=2, blank=True)
    hazards = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    batch = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = ProductQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="product_newest"),
            models.Index(fields=["category", "-created_at", "-id"], name="product_category"),
            GinIndex(fields=["search_text"], name="product_search", opclasses=["gin_trgm_ops"]),
            GinIndex(SearchPairs("search_text"), name="product_search_pairs"),
            GinIndex(fields=["hazards"], name="product_hazards"),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.name}".strip() if self.brand not in self.name else self.name


class ProductIdentifier(models.Model):
    """A code or model number. `value` is what is compared; `raw` is what the source wrote."""

    class Kind(models.TextChoices):
        GTIN = "gtin", _("GTIN")
        RAW_CODE = "raw_code", _("code without a valid check digit")
        MODEL = "model", _("model")

    product = models.ForeignKey(Product, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=200)
    raw = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "kind", "value"], name="identifier_unique")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="identifier_value")]

    def __str__(self) -> str:
        return self.raw


class Picture(models.Model):
    """A picture of a product, kept by address at its source; we never show what we do not hold."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="pictures")
    url = models.URLField(max_length=1000)
    file = models.FileField(upload_to="pictures/%Y/%m/", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "url"], name="picture_unique")]

    def __str__(self) -> str:
        return self.url


class AlertQuerySet(models.QuerySet["Alert"]):
    def published(self) -> Self:
        return self.filter(state=Alert.State.PUBLISHED)

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_staff or actor.is_system else self.published()

    def for_list(self) -> Self:
        return self.select_related("product").prefetch_related("product__pictures")

    def matching(self, text: str) -> Self:
        """Alerts whose words, or whose product's, hold every word of `text`."""
        return _holding_words(self, text)


class Alert(FlowModel):
    """A published entry of the register: our own, or received from a foreign feed.

    `native_id` is the source's own key, unique within the source; `number` what people quote.
    `content_hash` tells a feed's next import whether anything has changed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Source(models.TextChoices):
        OWN = "own", _("this authority")
        CPSC = "cpsc", _("US CPSC")
        SAFETY_GATE = "safety_gate", _("EU Safety Gate")
        HEALTH_CANADA = "health_canada", _("Health Canada")
        OECD = "oecd", _("OECD GlobalRecalls")
        SAFETY_KOREA = "safety_korea", _("SafetyKorea")

    class Level(models.TextChoices):
        SERIOUS = "serious", _("serious risk")
        OTHER = "other", _("other risk")
        UNKNOWN = "unknown", _("not stated")

    LABEL = "alert"

    reference = models.CharField(max_length=20, unique=True)
    product = models.ForeignKey(Product, models.PROTECT, related_name="alerts")
    source = models.CharField(max_length=20, choices=Source)
    native_id = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=500)
    hazard = models.TextField(blank=True)
    what_to_do = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    level = models.CharField(max_length=10, choices=Level, default=Level.UNKNOWN)
    country = models.CharField(_("notifying country"), max_length=2, blank=True)
    audience = models.CharField(max_length=20, default="consumer")
    units = models.CharField(max_length=300, blank=True)
    online_trader = models.TextField(blank=True)
    url = models.URLField(max_length=1000, blank=True)
    published_on = models.DateField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    raw = models.JSONField(default=dict, blank=True)
    search_text = models.TextField(blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "native_id"],
                condition=~models.Q(native_id=""),
                name="alert_native_id_unique",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_on__isnull=False),
                name="a_published_alert_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["-published_on", "-id"], name="alert_newest"),
            models.Index(fields=["source", "-published_on", "-id"], name="alert_source"),
            models.Index(fields=["level", "-published_on", "-id"], name="alert_level"),
            # Read alone, whole: whether any alert has changed (sellers/published_register.py).
            models.Index(fields=["version", "id"], name="alert_edition"),
            GinIndex(fields=["search_text"], name="alert_search", opclasses=["gin_trgm_ops"]),
            GinIndex(SearchPairs("search_text"), name="alert_search_pairs"),
        ]

    def __str__(self) -> str:
        return self.title
