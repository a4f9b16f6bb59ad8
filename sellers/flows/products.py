"""Verbs of products and alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sellers.models import Alert, Product, ProductIdentifier
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, perform, require_text
from surveillance.references import Kind, next_reference
from surveillance.search_text import folded

RECORD = Transition(
    "product.record",
    Right.EDIT_MARKET,
    _("Record a product"),
    _("recorded the product"),
    from_={NEW},
)
DRAFT_ALERT = Transition(
    "alert.draft",
    Right.EDIT_MARKET,
    _("Draft an alert"),
    _("drafted the alert"),
    from_={NEW},
    to={Alert.State.DRAFT},
)
PUBLISH = Transition(
    "alert.publish",
    Right.PUBLISH_ALERT,
    _("Publish"),
    _("published the alert"),
    from_={Alert.State.DRAFT},
    to={Alert.State.PUBLISHED},
)
WITHDRAW = Transition(
    "alert.withdraw",
    Right.PUBLISH_ALERT,
    _("Withdraw"),
    _("withdrew the alert"),
    from_={Alert.State.PUBLISHED},
    to={Alert.State.WITHDRAWN},
)


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """`gtins`: 14 digits with a valid check digit each; `raw_codes`: codes without one."""

    name: str
    brand: str = ""
    models: Sequence[str] = ()
    gtins: Sequence[str] = ()
    raw_codes: Sequence[str] = ()
    category: str = ""
    description: str = ""
    origin: str = ""
    hazards: Sequence[str] = ()
    batch: str = ""


def record(facts: ProductFacts, *, by: Actor, at: datetime | None = None) -> Product:
    """Take an unsafe product into the register."""
    at = at or clock.now()
    product = Product(
        name=facts.name,
        brand=facts.brand,
        category=facts.category,
        description=facts.description,
        origin=facts.origin,
        hazards=list(facts.hazards),
        batch=facts.batch,
        search_text=folded(facts.name, facts.brand, *facts.models, *facts.gtins),
        created_at=at,
    )
    with perform(RECORD, product, by=by, at=at) as change:
        product.reference = next_reference(Kind.PRODUCT, at)
        change.afterwards(lambda: _keep_identifiers(product, facts))
    return product


def _keep_identifiers(product: Product, facts: ProductFacts) -> None:
    ProductIdentifier.objects.bulk_create(identifiers(product, facts))


def identifiers(product: Product, facts: ProductFacts) -> list[ProductIdentifier]:
    """The rows by which the product is found again: codes and models, each once."""
    kinds = ProductIdentifier.Kind
    found = [
        *((kinds.GTIN, value) for value in facts.gtins),
        *((kinds.RAW_CODE, value) for value in facts.raw_codes),
        *((kinds.MODEL, value) for value in facts.models),
    ]
    unique = {(kind, folded(value)): value for kind, value in found if value.strip()}
    return [
        ProductIdentifier(product=product, kind=kind, value=value[:200], raw=raw[:200])
        for (kind, value), raw in unique.items()
    ]


def draft_alert(
    product: Product,
    *,
    by: Actor,
    title: str,
    hazard: str,
    what_to_do: str,
    level: str = Alert.Level.UNKNOWN,
    at: datetime | None = None,
) -> Alert:
    """Write an alert of our own about a product."""
    at = at or clock.now()
    alert = Alert(
        product=product,
        source=Alert.Source.OWN,
        title=title,
        hazard=hazard,
        what_to_do=what_to_do,
        level=level,
        search_text=folded(title, hazard, product.search_text),
    )
    with perform(DRAFT_ALERT, alert, by=by, at=at):
        alert.reference = next_reference(Kind.ALERT, at)
    return alert


def publish(
    alert: Alert, *, by: Actor, published_on: date | None = None, at: datetime | None = None
) -> Alert:
    """Put the alert into the public register."""
    with perform(PUBLISH, alert, by=by, at=at) as change:
        if not change.row.what_to_do.strip():
            raise ValidationError(
                {"what_to_do": gettext("Say what people should do before you publish it.")}
            )
        change.row.published_on = published_on or change.at.date()
    return change.row


def withdraw(alert: Alert, *, by: Actor, reason: str, at: datetime | None = None) -> Alert:
    """Take the alert out of the public register; it stays on record."""
    require_text(reason=reason)
    with perform(WITHDRAW, alert, by=by, at=at, reason=reason) as change:
        pass
    return change.row
