"""Words that belong to one are followed to all others (T16): every page, fragment, file, export
and API operation that somebody from outside can reach, every letter, and the log.

Each field of a reporter, of the authority's work and of either platform holds a word of its own
(rivals.py). A crawl must also find the visitor's own words, or it has looked at nothing.
"""

import io
import json
import logging
import re
from collections import deque
from collections.abc import Iterator
from html import unescape

import pypdf
import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from sellers.models import ContactPoint
from surveillance.accounts.models import User
from surveillance.outbox.document import Document
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rendering import as_html, as_pdf, as_text
from tests.house.rivals import Rivals
from tests.house.routes import Rows, routes
from tests.house.visitors import KEYS, client_of
from tests.surveillance.operations.test_logs import formatter

LINK = re.compile(r"""(?:href|src|hx-get|action|url)=["'](/[^"'#]*)""")
MOST_PAGES = 600
# Whose words a visitor may be shown beside the public's.
OWN = {
    "public": "",
    "foreign_authority": "",
    "partner_key": "",
    "wrong_key": "",
    "agent": "harbour",
    "manager": "harbour",
    "platform_key": "harbour",
    "rival": "bazaar",
    "rival_key": "bazaar",
}
# Fields of a platform that its own people find somewhere, so that the crawl is known to look.
FOUND_BY_KEYS = ("title0", "refusal", "question", "facts", "url1")
FOUND_BY_OWNERS = (*FOUND_BY_KEYS, "handle")


def squeezed(text: str) -> str:
    """Without what a page or a line puts into a word."""
    return re.sub(r"<wbr>|[\s-]", "", unescape(text)).lower()


def text_of(response: HttpResponseBase) -> str:
    streaming = getattr(response, "streaming_content", None)
    content = b"".join(streaming) if streaming is not None else response.content
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    if response.headers.get("Content-Type") == "application/pdf":
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return headers + " ".join(page.extract_text() for page in pages)
    return headers + content.decode("utf-8", "replace")


class Crawl:
    """From every route, for both platforms' rows, along every link."""

    def __init__(self, client: Client, start: list[str]) -> None:
        self.client = client
        self.waiting = deque(dict.fromkeys(start))
        self.known = set(start)
        self.pages = 0

    def texts(self) -> Iterator[tuple[str, str]]:
        """(address, text), for pages and for the parts of them that htmx asks for."""
        while self.waiting and self.pages < MOST_PAGES:
            address = self.waiting.popleft()
            self.pages += 1
            response = self.client.get(address)
            assert response.status_code != 500, address
            text = text_of(response)
            self._follow(text)
            yield address, text
            if response.status_code == 200 and "/api/" not in address:
                part = self.client.get(address, headers={"HX-Request": "true"})
                yield f"{address} (htmx)", text_of(part)

    def _follow(self, text: str) -> None:
        for link in map(unescape, LINK.findall(text)):
            if link not in self.known and "logout" not in link and not link.startswith("/static/"):
                self.known.add(link)
                self.waiting.append(link)


def addresses(rivals: Rivals) -> list[str]:
    sides = (rivals.harbour, rivals.bazaar)
    found = [Rows(rivals, side).address(route) for side in sides for route in routes()]
    lists = [one for one in found if one.count("/") <= 4]
    return found + [f"{one}?q=zz" for one in lists if not one.startswith("/accounts/")]


@pytest.mark.parametrize("visitor", OWN)
def test_no_page_or_operation_shows_what_is_somebody_elses(visitor, rivals):
    client = client_of(visitor, rivals)
    start = addresses(rivals)
    if visitor in KEYS:
        start = [one for one in start if one.startswith("/api/")]
    hidden = rivals.hidden_from(OWN[visitor])
    crawl = Crawl(client, [one for one in start if "logout" not in one])
    leaks, everything = [], ""
    for address, text in crawl.texts():
        seen = squeezed(text)
        leaks += [f"{word} at {address}" for word in hidden if word in seen]
        everything += seen if OWN[visitor] else ""
    assert leaks == []
    assert crawl.pages >= (20 if visitor in KEYS else 60)
    if OWN[visitor]:
        fields = FOUND_BY_KEYS if visitor in KEYS else FOUND_BY_OWNERS
        own = [f"zz{OWN[visitor]}{field}zz" for field in fields]
        assert [word for word in own if word not in everything] == []


def test_no_letter_holds_what_is_somebody_elses(rivals):
    """As text, HTML, PDF and webhook: to a platform's people, contact points and endpoints."""
    for side in (rivals.harbour, rivals.bazaar):
        hidden = rivals.hidden_from(side.name)
        letters = [one for one in OutboxMessage.objects.all() if goes_to(one, side.platform.pk)]
        channels = {letter.channel for letter in letters}
        assert channels == {"email", "webhook", "in_app"}
        for letter in letters:
            told = squeezed(" ".join(renderings(letter)))
            assert [word for word in hidden if word in told] == [], letter
        written = squeezed(" ".join(str(letter.document) for letter in letters))
        assert f"zz{side.name}factszz" in written


def goes_to(message: OutboxMessage, organisation: int) -> bool:
    people = User.objects.filter(organisation=organisation, pk=message.user_id)
    contacts = ContactPoint.objects.filter(platform=organisation, email=message.address)
    endpoint = message.endpoint and message.endpoint.organisation_id == organisation
    return bool(endpoint) or people.exists() or contacts.exists()


def renderings(message: OutboxMessage) -> Iterator[str]:
    document = Document.from_json(message.document)
    yield as_text(document)
    yield as_html(document, message.language)
    yield json.dumps(message.payload)
    if message.as_pdf:
        pdf = pypdf.PdfReader(io.BytesIO(as_pdf(document, message.language)))
        yield " ".join(page.extract_text() for page in pdf.pages)


def test_the_reporter_is_named_in_no_letter_but_ones_own(rivals):
    own = "zzreportermailzz@home.example"
    for message in OutboxMessage.objects.exclude(address=own):
        told = squeezed(" ".join(renderings(message)))
        assert [word for word in rivals.words["reporter"] if word in told] == [], message


def test_the_log_names_nobody_and_repeats_nothing(cast):
    """A whole journey, and everybody's visit to what it left, in everything that is logged."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter("json"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        rivals = Rivals(cast)
        for visitor in OWN:
            client = client_of(visitor, rivals)
            for address in ("/", "/portal/?q=zzreporternamezz", "/api/v1/takedowns/?q=zzharbour"):
                client.get(address)
            client.post("/report/track/", {"reference": rivals.report.reference, "code": "x"})
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    told = squeezed(written.getvalue())
    assert told.count("request_finished") > 20
    everybodys = [word for words in rivals.words.values() for word in words]
    assert [word for word in everybodys if word in told] == []
