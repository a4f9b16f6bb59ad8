"""Words that belong to one are followed to all others (T16): every page, fragment, file, export
and API operation that somebody from outside can reach, every letter, and the log.

Each field of a reporter, of the authority's work and of either platform holds a word of its own
(rivals.py). A crawl must also find the visitor's own words, or it has looked at nothing. It begins
where routes.csv says that the visitor is let in.

`./check tests/house/test_canaries.py -m long` crawls as those too who see no more than another.
"""

import io
import json
import re
from collections import deque
from collections.abc import Iterator
from html import unescape

import pypdf
import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client

from sellers.models import ContactPoint
from surveillance.accounts.models import User
from surveillance.outbox.document import Document
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rendering import as_html, as_pdf, as_text
from tests.house.on_stage import everything_logged, with_rivals
from tests.house.rivals import Rivals
from tests.house.routes import Rows, routes
from tests.house.test_authorisation_matrix import declared
from tests.house.visitors import KEYS, client_of

stage, db, time, cast, rivals, _files_of_their_own = with_rivals()
LINK = re.compile(r"""(?:href|src|hx-get|action|url)=["'](/[^"'#]*)""")
MOST_PAGES = 600
# Whose words a visitor may be shown beside the public's.
OWN = {
    "public": "",
    "foreign_authority": "",
    "partner_key": "",
    "manager": "harbour",
    "platform_key": "harbour",
    "agent": "harbour",
    "rival": "bazaar",
    "rival_key": "bazaar",
}
# routes.csv speaks of Harbour Market's rows: rivals are let in to their own as these are to those.
LET_IN_AS = {"rival": "agent", "rival_key": "platform_key"}
SEE_NO_MORE_THAN_ANOTHER = {"foreign_authority", "agent", "rival", "rival_key"}
# Fields of a platform that its own people find somewhere, so that the crawl is known to look.
FOUND_BY_KEYS = ("title0", "refusal", "question", "facts", "url1", "trader", "saidtitle")
FOUND_BY_PEOPLE = (*FOUND_BY_KEYS, "handle", "filetext", "formalsubject", "formaltext")
FOUND_BY_MANAGERS = (*FOUND_BY_PEOPLE, "hook", "reply", "key")


def squeezed(text: str) -> str:
    """Without what a page or a line puts into a word."""
    return re.sub(r"<wbr>|[\s-]", "", unescape(text)).lower()


def nothing_more(execute: object, statement: str, *_rest: object) -> None:
    raise AssertionError(f"asked after the view has ended, when no wall stands: {statement}")


def text_of(response: HttpResponseBase) -> str:
    with connection.execute_wrapper(nothing_more):
        content = response.getvalue()
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
        self.pages = self.streams = 0

    def texts(self) -> Iterator[tuple[str, str]]:
        """(address, text), for pages and for the parts of them that htmx asks for."""
        while self.waiting and self.pages < MOST_PAGES:
            address = self.waiting.popleft()
            self.pages += 1
            response = self.client.get(address)
            assert response.status_code != 500, address
            self.streams += response.streaming
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


def addresses(visitor: str, rivals: Rivals) -> list[str]:
    """Where the visitor is let in, for either side's rows; lists also with words to look for."""
    known_as = {visitor, LET_IN_AS.get(visitor, visitor)}
    open_to = {
        line.route
        for line in declared()
        if line.method == "GET"
        and "ok" in {line.cells[one] for one in known_as}
        and "logout" not in line.route
    }
    found = [
        Rows(rivals, side).address(route)
        for side in (rivals.harbour, rivals.bazaar)
        for route in routes()
        if route.name in open_to
    ]
    lists = [one for one in found if one.count("/") <= 4]
    return found + [f"{one}?q=zz" for one in lists if not one.startswith("/accounts/")]


@pytest.mark.parametrize(
    "visitor",
    [
        pytest.param(one, marks=pytest.mark.long) if one in SEE_NO_MORE_THAN_ANOTHER else one
        for one in OWN
    ],
)
def test_no_page_or_operation_shows_what_is_somebody_elses(visitor, rivals):
    hidden = rivals.hidden_from(OWN[visitor])
    crawl = Crawl(client_of(visitor, rivals), addresses(visitor, rivals))
    leaks, everything = [], ""
    for address, text in crawl.texts():
        seen = squeezed(text)
        leaks += [f"{word} at {address}" for word in hidden if word in seen]
        everything += seen if OWN[visitor] else ""
    assert leaks == []
    assert crawl.pages >= (10 if visitor in KEYS else 30)
    if OWN[visitor]:
        assert crawl.streams or visitor in KEYS
        managers = FOUND_BY_MANAGERS if visitor == "manager" else FOUND_BY_PEOPLE
        fields = FOUND_BY_KEYS if visitor in KEYS else managers
        own = [f"zz{OWN[visitor]}{field}zz" for field in fields]
        assert [word for word in own if word not in everything] == []


def test_no_letter_holds_what_is_somebody_elses(rivals):
    """As text, HTML, PDF and webhook: to a platform's people, contact points and endpoints. The
    reporter is named in none but their own."""
    written = {one: squeezed(" ".join(renderings(one))) for one in OutboxMessage.objects.all()}
    for side in (rivals.harbour, rivals.bazaar):
        hidden = rivals.hidden_from(side.name)
        letters = [one for one in written if goes_to(one, side.platform.pk)]
        assert {letter.channel for letter in letters} == {"email", "webhook", "in_app"}
        for letter in letters:
            assert [word for word in hidden if word in written[letter]] == [], letter
        documents = squeezed(" ".join(str(letter.document) for letter in letters))
        assert f"zz{side.name}factszz" in documents
    for letter, told in written.items():
        named = [word for word in rivals.words["reporter"] if word in told]
        assert named == [] or letter.address == "zzreportermailzz@home.example", letter


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


def test_the_log_names_nobody_and_repeats_nothing(rivals):
    """A whole journey, and visits to what it left, in everything that is logged."""
    with everything_logged() as written:
        for visitor in ("public", "manager", "platform_key", "rival_key"):
            client = client_of(visitor, rivals)
            for address in ("/", "/portal/?q=zzreporternamezz", "/api/v1/takedowns/?q=zzharbour"):
                client.get(address)
            client.post("/report/track/", {"reference": rivals.report.reference, "code": "x"})
    visits = squeezed(written.getvalue())
    assert visits.count("request_finished") == 16
    told = squeezed(rivals.logged) + visits
    everybodys = [word for words in rivals.words.values() for word in words]
    assert [word for word in everybodys if word in told] == []
