"""What every feed reader hands back: records, notices and rejections.

A reader gives exactly one record or one ``Rejection`` for each row of its file, in the
order of the file. A row is rejected only when it cannot be used at all; a field that had
to be mended or is in doubt is told by a ``Notice`` on an accepted record.
"""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import BinaryIO, Generic, TypeVar

from sellers.feeds.identifiers import Identifier, valid_gtins
from sellers.feeds.reasons import Reason, reason_sentence, remedy_sentence

# Fields that tell where a row stood and how it was read, not what the source says.
_NOT_CONTENT = frozenset({"row", "notices"})


class Hazard(StrEnum):
    """Our words for what a product can do to people, animals or the environment."""

    ASPHYXIATION = "asphyxiation"
    BURNS = "burns"
    CHEMICAL = "chemical"
    CHOKING = "choking"
    CUTS = "cuts"
    DROWNING = "drowning"
    ELECTRIC_SHOCK = "electric_shock"
    ELECTROMAGNETIC = "electromagnetic"
    ENTRAPMENT = "entrapment"
    ENVIRONMENT = "environment"
    EXPLOSION = "explosion"
    FALL = "fall"
    FIRE = "fire"
    HEARING = "damage_to_hearing"
    INGESTION = "ingestion"
    INJURIES = "injuries"
    MICROBIOLOGICAL = "microbiological"
    OTHER = "other"
    POISONING = "poisoning"
    RADIATION = "radiation"
    SECURITY = "security"
    SIGHT = "damage_to_sight"
    STRANGULATION = "strangulation"
    SUFFOCATION = "suffocation"


class InjurySeverity(StrEnum):
    """How badly somebody was hurt, by the care that was needed.

    ``MINOR`` needed none, ``FIRST_AID`` first aid or a physician, ``UNKNOWN`` is not stated.
    """

    NONE = "none"
    MINOR = "minor"
    FIRST_AID = "first_aid"
    EMERGENCY = "emergency"
    HOSPITAL = "hospital"
    DEATH = "death"
    UNKNOWN = "unknown"


class AlertLevel(StrEnum):
    """Risk level that the source itself states; ``UNKNOWN`` when it states none."""

    SERIOUS = "serious"
    OTHER = "other"
    UNKNOWN = "unknown"


class ProductKind(StrEnum):
    """Whom the product is made for."""

    CONSUMER = "consumer"
    PROFESSIONAL = "professional"


@dataclass(frozen=True, slots=True)
class Notice:
    """A field of an accepted row that was mended or is in doubt.

    ``value`` is the text as it stood in the file, empty where it is personal.
    """

    field: str
    code: Reason
    value: str = ""

    @property
    def reason(self) -> str:
        return reason_sentence(self.code, field=self.field, value=self.value)

    @property
    def remedy(self) -> str:
        return remedy_sentence(self.code, field=self.field, value=self.value)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that cannot be used: which one, which field, why, and how to mend it.

    ``row`` counts the records of the file from 1; ``native_id`` is empty when the row
    has none.
    """

    row: int
    native_id: str
    field: str
    code: Reason
    value: str = ""

    @property
    def reason(self) -> str:
        return reason_sentence(self.code, field=self.field, value=self.value)

    @property
    def remedy(self) -> str:
        return remedy_sentence(self.code, field=self.field, value=self.value)


@dataclass(frozen=True, slots=True)
class PersonalFacts:
    """Facts about the reporter and the victim. Kept apart: never shown, never matched.

    ``age`` in years, None when not told; ``sex`` is "female", "male" or "".
    """

    town: str = ""
    state: str = ""
    zip_code: str = ""
    age: int | None = None
    sex: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRecord:
    """One incident report by a consumer, a physician or an agency, as published.

    ``further_answers`` holds the remaining columns of the source by their own names.
    Personal facts are left out of ``repr`` so that they do not reach logs.
    """

    source: str
    native_id: str
    reported_on: date
    published_on: date | None
    product_description: str
    brand: str
    model: str
    serial_number: str
    identifiers: tuple[Identifier, ...]
    raw_upc: str
    manufacturer: str
    retailer: str
    retailer_state: str
    purchased_on: date | None
    purchase_date_is_estimate: bool
    manufactured_on: date | None
    date_code: str
    category: str
    incident_description: str
    injury_severity: InjurySeverity
    raw_severity: str
    location: str
    submitter_category: str
    company_comments: str
    associated_reports: tuple[str, ...]
    further_answers: Mapping[str, str]
    row: int
    personal: PersonalFacts = field(repr=False)
    notices: tuple[Notice, ...] = ()

    @property
    def gtins(self) -> tuple[str, ...]:
        """Valid GTINs, each as 14 digits."""
        return valid_gtins(self.identifiers)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure taken against a product.

    ``ordered`` is True when an authority ordered it, False when the operator took it by
    itself, None when the source does not say.
    """

    action: str
    operator: str = ""
    ordered: bool | None = None
    in_force_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """One published alert or recall of an unsafe product.

    ``native_id`` is unique within ``source``; ``number`` is what people quote. Countries
    are ISO 3166-1 alpha-2 codes or "". ``raw`` holds the source's fields unchanged.
    """

    source: str
    native_id: str
    number: str
    url: str
    title: str
    product_name: str
    brand: str
    models: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    batch: str = ""
    category: str
    hazards: tuple[Hazard, ...]
    hazard_text: str
    description: str
    measures: tuple[Measure, ...]
    remedies: tuple[str, ...] = ()
    what_to_do: str = ""
    incidents: str = ""
    level: AlertLevel = AlertLevel.UNKNOWN
    kind: ProductKind = ProductKind.CONSUMER
    country_of_origin: str
    notifying_country: str
    published_on: date
    pictures: tuple[str, ...]
    recall_url: str = ""
    online_trader: str
    units: str = ""
    raw: Mapping[str, object]
    row: int
    notices: tuple[Notice, ...] = ()

    @property
    def gtins(self) -> tuple[str, ...]:
        """Valid GTINs, each as 14 digits."""
        return valid_gtins(self.identifiers)


Record = TypeVar("Record", IncidentRecord, AlertRecord)


@dataclass(frozen=True, slots=True)
class Feed(Generic[Record]):
    """A feed by name: how to read it, and what must stand beside its records.

    ``read`` raises ``FeedError`` when the file as a whole cannot be read, which may be
    after some records were given already.
    """

    name: str
    title: str
    read: Callable[[BinaryIO], Iterator[Record | Rejection]]
    licence: str
    disclaimer: str = ""


def content_hash(record: IncidentRecord | AlertRecord) -> str:
    """SHA-256 (64 hex digits) of what the source says in this record.

    Two readings of the same record give the same hash wherever it stood in its file, so
    an equal hash means "unchanged".
    """
    content = {
        each.name: getattr(record, each.name)
        for each in dataclasses.fields(record)
        if each.name not in _NOT_CONTENT
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, default=_as_json)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _as_json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be hashed as content")
