"""The cast of every test.

Ana inspects and Bo supervises in one office, Cai inspects in another; Dot answers for Harbour
Market and Dev for its rival Bazaar Nine; Ada administers; Eve is signed out. What they have
lived through is in tests/story.py.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.flows.items import Answer
from cases.flows.takedowns import StatementOfReasons
from cases.models import Item
from cases.risk import Scenario, Step
from cases.states import ItemState
from sellers.flows import platforms
from sellers.flows.platforms import Contact, PlatformFacts
from sellers.models import (
    ContactPoint,
    Platform,
)
from surveillance.accounts import enrolment
from surveillance.accounts.actor import PUBLIC, SYSTEM, Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Role
from surveillance.spreadsheets.writing import csv_lines

MONDAY = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)
REVIEW = date(2027, 3, 1)
LAST_DATE = date(2026, 10, 14)
REASONS = StatementOfReasons(
    facts="The magnets come loose.",
    hazard="Swallowed magnets perforate the bowel.",
    territory="European Union",
    action="Remove the listings.",
    redress="You may ask for a review in writing.",
)
SCENARIOS = (
    Scenario(
        "Perforated bowel",
        4,
        (Step("a child finds a magnet", Fraction(1, 10)), Step("swallows it", Fraction(1, 20))),
    ),
)


@dataclass(frozen=True)
class Cast:
    ana: User
    bo: User
    cai: User
    dot: User
    dev: User
    ada: User
    harbour: Platform
    bazaar: Platform

    def actor(self, name: str) -> Actor:
        """By the cast's name; "eve" is the public, "system" the clockwork."""
        if name in {"eve", "system"}:
            return PUBLIC if name == "eve" else SYSTEM
        return Actor.of(getattr(self, name))


def raise_cast(at: datetime) -> Cast:
    authority = enrolment.establish_authority(
        "Product Safety Authority", jurisdiction="EU", language="en", time_zone="Europe/Brussels"
    )
    north = enrolment.open_office(authority, "North")
    south = enrolment.open_office(authority, "South")
    harbour = platforms.register(
        PlatformFacts(
            slug="harbour-market",
            name="Harbour Market",
            sort=Platform.Sort.MARKETPLACE,
            website="https://harbour-market.example/",
            jurisdiction="EU",
            order_regime="EU-GPSR-22-4",
            notice_regime="EU-GPSR-22-12",
            contacts=(
                Contact("Safety", "safety@harbour-market.example"),
                Contact("Legal", "legal@harbour-market.example", ContactPoint.Purpose.ESCALATION),
            ),
        ),
        by=SYSTEM,
        at=at,
    )
    bazaar = platforms.register(
        PlatformFacts(
            slug="bazaar-nine",
            name="Bazaar Nine",
            sort=Platform.Sort.MALL,
            website="https://bazaar-nine.example/",
            jurisdiction="AU",
            notice_regime="AU-PLEDGE",
            contacts=(Contact("Safety", "safety@bazaar-nine.example"),),
        ),
        by=SYSTEM,
        at=at,
    )

    def person(name: str, role: Role, **where: object) -> User:
        email = f"{name.split()[0].lower()}@cast.example"
        return enrolment.enrol(email, name=name, role=role, at=at, **where)

    return Cast(
        ana=person("Ana Reyes", Role.INSPECTOR, organisation=authority, office=north),
        bo=person("Bo Lindqvist", Role.SUPERVISOR, organisation=authority, office=north),
        cai=person("Cai Wen", Role.INSPECTOR, organisation=authority, office=south),
        dot=person("Dot Baker", Role.AGENT, organisation=harbour.organisation),
        dev=person("Dev Shah", Role.AGENT, organisation=bazaar.organisation),
        ada=person("Ada Olsen", Role.ADMINISTRATOR, organisation=authority),
        harbour=harbour,
        bazaar=bazaar,
    )


def find_cast() -> Cast:
    """The cast that stands in the database already."""
    people = {
        user.name.split()[0].lower(): user
        for user in User.objects.select_related("organisation", "office")
    }
    platforms = {
        platform.slug: platform for platform in Platform.objects.select_related("organisation")
    }
    return Cast(**people, harbour=platforms["harbour-market"], bazaar=platforms["bazaar-nine"])


def answer_with(outcome: str, answer_id: str = "") -> Answer:
    refusal = {"ground": Item.Ground.COMPLIANT} if outcome == ItemState.REFUSED else {}
    return Answer(outcome, answer_id=answer_id, text="As follows.", **refusal)


def answers_csv(
    *rows: tuple[object, ...],
    columns: tuple[str, ...] = ("request", "number", "outcome", "ground", "text"),
    name: str = "answers.csv",
) -> SimpleUploadedFile:
    """A file of answers, as Excel saves it."""
    text = "".join(csv_lines(columns, rows))
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def photo(name: str = "cubes.png") -> SimpleUploadedFile:
    """A picture of one colour, as a browser sends it."""
    content = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")
