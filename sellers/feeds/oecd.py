"""Recalls of the OECD GlobalRecalls portal, as JSONL or as its RSS feed: the content tells which.

The portal (https://globalrecalls.oecd.org) re-publishes what national authorities sent in: often
the title is all there is, and old recalls are still being filled in, so a record that is new here
may be of the year 2000. It is in no place to crawl; its daily RSS feed is made to be read.

A recall published in two languages stands twice, under one number: the key of a record is its
language, country and number ("EN/CA/82318"). No hazards are stated; what the title or the address
of the authority's own page names is taken. When and how a record was collected is no content, so
that the same recall in tomorrow's file counts as unchanged. The two formats word some recalls
differently (line breaks, a picture): each then counts as a new edition of the other's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _

from sellers.feeds.base import AlertRecord, Feed, Hazard, Notice, Rejection
from sellers.feeds.countries import country_code
from sellers.feeds.hazards import hazards_of_prose
from sellers.feeds.json_records import entries_of_lines, text_of
from sellers.feeds.model_numbers import models_in_prose
from sellers.feeds.reasons import Reason
from sellers.feeds.sources import Source
from sellers.feeds.web_addresses import web_address
from sellers.feeds.wording import plain_line, plain_text, shortened, storable
from sellers.feeds.xml_elements import elements

_KEYS = ("guid", "title", "date_submitted")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GUID = re.compile(r"/Recall/(?P<language>[A-Z]{2})/(?P<country>[A-Z]{2})/(?P<number>\S+)$")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DUBLIN_CORE = "{http://purl.org/dc/terms/}"
# What a record says. The rest is said by its address, or tells of its collection.
_FACTS = (
    "guid",
    "title",
    "description",
    "date_submitted",
    "ext_url",
    "image_url",
    "tags",
    "made_in",
)
# The RSS feed's elements by the names that the JSONL gives the same facts.
_ELEMENTS = {
    "guid": "guid",
    "title": "title",
    "description": "description",
    f"{_DUBLIN_CORE}dateSubmitted": "date_submitted",
}
_CAUSE = re.compile(r"\bdue to\b.*", re.IGNORECASE)
_NAME_WIDTH = 500
_LONGEST_ID = 120


def read(stream: BinaryIO) -> Iterator[AlertRecord | Rejection]:
    """Recalls in the order of the file, one at a time in memory.

    Raises ``FeedError`` when the file is neither format or breaks off.
    """
    source = Source(stream, expected=_("a list of OECD GlobalRecalls (JSONL or RSS)"))
    with source.opened() as content:
        is_rss = content.peek(1).removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")
        entries = _items(source, content) if is_rss else entries_of_lines(source, content, _KEYS)
        for row, entry in enumerate(entries, start=1):
            if entry is None:
                yield Rejection(row, "", "guid", Reason.NOT_AN_OBJECT)
            else:
                yield _alert(row, entry)


def _items(source: Source, content: BinaryIO) -> Iterator[dict[str, object]]:
    for element in elements(source, content, root="rss", depth=2):
        if element.tag == "item":
            yield _entry(element)


def _entry(item: Element) -> dict[str, object]:
    return {
        _ELEMENTS[child.tag]: storable("".join(child.itertext()))
        for child in item
        if child.tag in _ELEMENTS
    }


@dataclass(frozen=True, slots=True)
class _Key:
    """What a record's address says of it."""

    guid: str
    language: str
    country: str
    number: str

    @property
    def native_id(self) -> str:
        return f"{self.language}/{self.country}/{self.number}"

    @property
    def page(self) -> str:
        """The record's page on the portal; JSONL and RSS write its address differently."""
        return f"https://globalrecalls.oecd.org/#/recalls/{quote(self.guid, safe='')}"


def _alert(row: int, entry: dict[str, object]) -> AlertRecord | Rejection:
    key = _key(plain_line(text_of(entry, "guid")))
    if key is None:
        value = shortened(plain_line(text_of(entry, "guid")), 200)
        return Rejection(row, "", "guid", Reason.NO_ID, value)
    written = plain_line(text_of(entry, "date_submitted"))
    submitted_on = _date(written)
    if submitted_on is None:
        code = Reason.NO_DATE if written else Reason.DATE_MISSING
        value = shortened(written, 200)
        return Rejection(row, key.native_id, "date_submitted", code, value)
    title = plain_line(text_of(entry, "title"))
    if not title:
        return Rejection(row, key.native_id, "title", Reason.NO_PRODUCT)
    return _record(row, key, submitted_on, title, entry)


def _record(
    row: int, key: _Key, submitted_on: date, title: str, entry: dict[str, object]
) -> AlertRecord:
    notices: list[Notice] = []
    description = plain_text(text_of(entry, "description"))
    recall_url = web_address("ext_url", text_of(entry, "ext_url"), notices)
    picture = web_address("image_url", text_of(entry, "image_url"), notices)
    return AlertRecord(
        source=FEED.name,
        native_id=key.native_id,
        number=key.number,
        url=key.page,
        title=shortened(title, _NAME_WIDTH),
        product_name=shortened(title, _NAME_WIDTH),
        brand="",
        models=models_in_prose(f"{title}. {description}"),
        identifiers=(),
        category="",
        hazards=_hazards(title, recall_url),
        hazard_text="",
        description=description,
        measures=(),
        country_of_origin=_origin(entry.get("made_in"), notices),
        notifying_country=key.country,
        published_on=submitted_on,
        pictures=(picture,) if picture else (),
        recall_url=recall_url,
        online_trader="",
        raw={name: entry[name] for name in _FACTS if entry.get(name)},
        row=row,
        notices=tuple(notices),
    )


def _key(guid: str) -> _Key | None:
    match = _GUID.search(guid)
    if match is None:
        return None
    number = plain_line(unquote(match["number"]))
    key = _Key(guid, match["language"], match["country"], number)
    return key if number and len(key.native_id) <= _LONGEST_ID else None


def _hazards(title: str, recall_url: str) -> tuple[Hazard, ...]:
    """ "…/Window-Blinds-Recalled-Due-to-Strangulation-Hazard": the authority's own headline."""
    headline = unquote(urlsplit(recall_url).path.rpartition("/")[2]).replace("-", " ")
    cause = _CAUSE.search(headline)
    return (
        hazards_of_prose(cause[0] if cause else headline)
        or hazards_of_prose(title)
        or (Hazard.OTHER,)
    )


def _origin(made_in: object, notices: list[Notice]) -> str:
    """The first of a list of codes or names; several or unknown ones are told."""
    names = [name for name in made_in if isinstance(name, str)] if isinstance(made_in, list) else []
    written = shortened(", ".join(map(plain_line, names)), 200)
    codes = [name if _COUNTRY.fullmatch(name) else country_code(name) for name in names]
    if not all(codes):
        notices.append(Notice("made_in", Reason.COUNTRY_UNKNOWN, written))
        return ""
    if len(codes) > 1:
        notices.append(Notice("made_in", Reason.SEVERAL_COUNTRIES, written))
    return codes[0] if codes else ""


def _date(text: str) -> date | None:
    """The day of "2026-08-19"."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-08-19") else None
    except ValueError:
        return None


FEED = Feed(
    name="oecd",
    title="OECD GlobalRecalls",
    read=read,
    licence="© OECD, under the terms of the GlobalRecalls portal; each recall is its authority's.",
)
