"""Alerts of foreign feeds: each becomes a product and a published alert about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sellers.feeds.base import AlertRecord, Measure, Notice
from sellers.feeds.identifiers import Identifier, IdentifierStatus, Scheme
from sellers.flows.feed_imports import Edition, Intake, fitted
from sellers.models import Alert, Picture, Product, ProductIdentifier
from surveillance.accounts.actor import SYSTEM
from surveillance.accounts.rights import Right
from surveillance.audit.trail import Deed, record_many
from surveillance.copying import copy_in
from surveillance.flow import NEW, FlowModel, Transition, perform
from surveillance.references import Kind, next_references
from surveillance.search_text import folded

RECEIVE = Transition(
    "alert.receive",
    Right.IMPORT_FEED,
    gettext_lazy("Receive"),
    gettext_lazy("received the alert from %(source)s"),
    from_={NEW},
    to={Alert.State.PUBLISHED},
)
REVISE = Transition(
    "alert.revise",
    Right.IMPORT_FEED,
    gettext_lazy("Take in a new edition"),
    gettext_lazy("took in a new edition of the alert from %(source)s"),
)
REVISE_PRODUCT = Transition(
    "product.revise",
    Right.IMPORT_FEED,
    gettext_lazy("Take in a new edition"),
    gettext_lazy("changed the product to what %(source)s says now"),
)
RowT = TypeVar("RowT", bound=FlowModel)


class AlertIntake(Intake[AlertRecord]):
    """Rows are written in the name of the system; who imported stands with the job."""

    def day(self, record: AlertRecord) -> date:
        return record.published_on

    def held(self, native_ids: Iterable[str]) -> dict[str, str]:
        numbered = Alert.objects.visible_to(SYSTEM).exclude(native_id="")  # as its index is
        kept = numbered.filter(source=self.feed.name, native_id__in=list(native_ids))
        return dict(kept.values_list("native_id", "content_hash"))

    def receive(self, editions: Sequence[Edition[AlertRecord]], at: datetime) -> None:
        drafts = [_draft(edition, at) for edition in editions]
        products = next_references(Kind.PRODUCT, at, len(drafts))
        alerts = next_references(Kind.ALERT, at, len(drafts))
        for draft, product, alert in zip(drafts, products, alerts, strict=True):
            draft.product.reference = product
            draft.alert.reference = alert
        copy_in([draft.product for draft in drafts])
        for draft in drafts:
            draft.point_to(draft.product)
        copy_in([draft.alert for draft in drafts])
        copy_in([row for draft in drafts for row in draft.identifiers])
        copy_in([row for draft in drafts for row in draft.pictures])
        record_many(RECEIVE, map(self._received, drafts), by=SYSTEM, at=at)

    def revise(self, edition: Edition[AlertRecord], at: datetime) -> None:
        draft = _draft(edition, at)
        kept = (
            Alert.objects.visible_to(SYSTEM)
            .select_related("product")
            .get(source=self.feed.name, native_id=edition.record.native_id)
        )
        with perform(REVISE, kept, by=SYSTEM, at=at) as change:
            change.note(**self._source(edition.record))
            with perform(REVISE_PRODUCT, kept.product, by=SYSTEM, at=at) as product_change:
                product_change.note(**self._source(edition.record))
                draft.point_to(product_change.row)
                _take_over(product_change.row, draft.product, PRODUCT_FACTS)
                _replace_identifiers(product_change.row, draft.identifiers)
                _replace_pictures(product_change.row, draft.pictures)
            _take_over(change.row, draft.alert, ALERT_FACTS)

    def _source(self, record: AlertRecord) -> dict[str, Any]:
        return {"source": self.feed.title, "number": record.number, "native_id": record.native_id}

    def _received(self, draft: "_Draft") -> Deed:
        return Deed(draft.alert, self._source(draft.record), within=[draft.product.reference])


PRODUCT_FACTS = (
    "name",
    "brand",
    "category",
    "description",
    "origin",
    "hazards",
    "batch",
    "search_text",
)
ALERT_FACTS = (
    "number",
    "title",
    "hazard",
    "what_to_do",
    "measures",
    "level",
    "country",
    "audience",
    "units",
    "online_trader",
    "url",
    "published_on",
    "content_hash",
    "raw",
    "search_text",
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """The rows of one record, not saved yet."""

    record: AlertRecord
    product: Product
    alert: Alert
    identifiers: list[ProductIdentifier]
    pictures: list[Picture]

    def point_to(self, product: Product) -> None:
        """Once the product has its key."""
        self.alert.product = product
        for identifier in self.identifiers:
            identifier.product_id = product.pk
        for picture in self.pictures:
            picture.product_id = product.pk


def _draft(edition: Edition[AlertRecord], at: datetime) -> _Draft:
    record = edition.record
    product = _product(record, edition.notices, at)
    return _Draft(
        record=record,
        product=product,
        alert=_alert(record, product, edition.digest, edition.notices, at),
        identifiers=_identifiers(record, edition.notices),
        pictures=[Picture(url=url) for url in dict.fromkeys(record.pictures)],
    )


def _product(record: AlertRecord, notices: list[Notice], at: datetime) -> Product:
    return Product(
        name=fitted(Product, "name", record.product_name, notices),
        brand=fitted(Product, "brand", record.brand, notices),
        category=fitted(Product, "category", record.category, notices),
        description=record.description,
        origin=record.country_of_origin,
        hazards=[str(hazard) for hazard in record.hazards],
        batch=record.batch,
        search_text=folded(record.product_name, record.brand, *record.models, *record.gtins),
        created_at=at,
        changed_at=at,
    )


def _alert(
    record: AlertRecord, product: Product, digest: str, notices: list[Notice], at: datetime
) -> Alert:
    return Alert(
        product=product,
        source=record.source,
        native_id=record.native_id,
        number=fitted(Alert, "number", record.number, notices),
        state=Alert.State.PUBLISHED,
        title=fitted(Alert, "title", record.title, notices),
        hazard=record.hazard_text,
        what_to_do=record.what_to_do,
        measures="\n".join(map(_measure, record.measures)),
        level=record.level.value,
        country=record.notifying_country,
        audience=record.kind.value,
        units=fitted(Alert, "units", record.units, notices),
        online_trader=record.online_trader,
        url=record.url,
        published_on=record.published_on,
        content_hash=digest,
        raw=dict(record.raw),
        search_text=folded(record.number, record.title, record.hazard_text, product.search_text),
        changed_at=at,
    )


def _measure(measure: Measure) -> str:
    """ "Recall of the product from end users (Importer, ordered by the authority, 2022-05-09)"."""
    ordered = ""
    if measure.ordered is not None:
        ordered = _("ordered by the authority") if measure.ordered else _("voluntary")
    in_force_on = measure.in_force_on.isoformat() if measure.in_force_on else ""
    details = ", ".join(filter(None, (measure.operator, ordered, in_force_on)))
    return f"{measure.action} ({details})" if details else measure.action


def _identifiers(record: AlertRecord, notices: list[Notice]) -> list[ProductIdentifier]:
    """What the product is found again by, each once; `raw` as the source wrote it."""
    kinds = ProductIdentifier.Kind
    found = [
        *((_kind(one), one.value or folded(one.raw), one.raw) for one in record.identifiers),
        *((kinds.MODEL, folded(model), model) for model in record.models),
    ]
    unique = {(kind, value): raw for kind, value, raw in reversed(found) if value}
    return [
        ProductIdentifier(
            kind=kind,
            value=fitted(ProductIdentifier, "value", value, notices),
            raw=fitted(ProductIdentifier, "raw", raw, notices),
        )
        for (kind, value), raw in reversed(unique.items())
    ]


def _kind(identifier: Identifier) -> ProductIdentifier.Kind:
    """Only a whole GTIN is one; a shop's own number has no check digit."""
    is_gtin = identifier.scheme is Scheme.GTIN
    if is_gtin and identifier.status is not IdentifierStatus.INVALID:
        return ProductIdentifier.Kind.GTIN
    return ProductIdentifier.Kind.RAW_CODE


def _take_over(row: RowT, draft: RowT, names: Iterable[str]) -> None:
    for name in names:
        setattr(row, name, getattr(draft, name))


def _replace_identifiers(product: Product, drafts: Iterable[ProductIdentifier]) -> None:
    product.identifiers.all().delete()
    ProductIdentifier.objects.bulk_create(drafts)


def _replace_pictures(product: Product, drafts: Sequence[Picture]) -> None:
    """Those that the source still shows stay as they are, with the file that we hold of them."""
    shown = {draft.url for draft in drafts}
    product.pictures.exclude(url__in=shown).delete()
    kept = set(product.pictures.values_list("url", flat=True))
    Picture.objects.bulk_create(draft for draft in drafts if draft.url not in kept)
