"""The authority's people, sixty platforms with their agents, and the sellers on them.

People and platforms are made through their own verbs; sellers and accounts are copied in.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from cases.generator import distributions, words
from sellers.flows import platforms, sellers
from sellers.flows.platforms import Contact, PlatformFacts
from sellers.models import ContactPoint, Platform, Seller, SellerAccount
from surveillance.accounts import enrolment
from surveillance.accounts.actor import SYSTEM
from surveillance.accounts.models import Organisation, User
from surveillance.accounts.rights import Role
from surveillance.audit.trail import Deed, record_many
from surveillance.calendars.models import Calendar, Kind, Regime
from surveillance.clock import WorkingCalendar
from surveillance.copying import copy_in
from surveillance.references import Kind as Reference
from surveillance.references import next_references

DOMAIN = "generated.example"
OFFICES = ("Online market surveillance", "Border and imports", "Toys and childcare", "Electrical")
INSPECTORS = 10  # an office
SUPERVISORS = 2  # an office
AGENTS = 2  # a platform
_BATCH = 5000
# Jurisdiction: order regime, notice regime, language, time zone, share of the platforms.
_WORLDS = {
    "EU": ("EU-GPSR-22-4", "EU-GPSR-22-12", "en", "Europe/Brussels", 26),
    "TW": ("", "TW-COOPERATION", "zh-hant", "Asia/Taipei", 12),
    "JP": ("", "JP-PLEDGE", "ja", "Asia/Tokyo", 9),
    "AU": ("", "AU-PLEDGE", "en", "Australia/Sydney", 8),
    "CA": ("", "CA-PLEDGE", "en", "America/Toronto", 5),
}
_TIERS = {
    Seller.Tier.STANDARD: 92,
    Seller.Tier.WATCHED: 6,
    Seller.Tier.HIGH_RISK: 2,
}


class NoReferenceData(Exception):
    """Calendars and regimes have not been loaded."""


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    role: str
    office_id: int

    @property
    def label(self) -> str:
        return f"{self.role}:{self.pk}"


@dataclass(frozen=True, slots=True)
class Shop:
    """A platform as the generator needs it."""

    platform: Platform
    agent: int
    contact: str
    language: str
    regimes: dict[str, Regime]  # by kind
    accounts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Market:
    authority: Organisation
    inspectors: list[Person]
    supervisors: dict[int, Person]  # by office
    shops: list[Shop]  # the largest first
    calendars: dict[str, WorkingCalendar]
    brands: list[str]


def raise_market(
    random: Random,
    *,
    platform_count: int,
    seller_count: int,
    at: datetime,
    password: str = "",
) -> Market:
    """Into a database without people. `password` lets the first of each role sign in."""
    authority = enrolment.establish_authority(
        "Product Safety Authority (generated)",
        jurisdiction="EU",
        language="en",
        time_zone="Europe/Brussels",
        contact_email=f"surveillance@{DOMAIN}",
    )
    staff = _staff(random, authority, at, password)
    brands = words.brands(random, 400)
    shops = _shops(random, brands, platform_count, at)
    _sellers(random, brands, shops, seller_count, at)
    return Market(
        authority,
        [person for person in staff if person.role == Role.INSPECTOR],
        {person.office_id: person for person in staff if person.role == Role.SUPERVISOR},
        shops,
        {calendar.code: calendar.working() for calendar in Calendar.objects.current()},
        brands,
    )


def _staff(random: Random, authority: Organisation, at: datetime, password: str) -> list[Person]:
    found = []
    for place, name in enumerate(OFFICES, start=1):
        office = enrolment.open_office(authority, name)
        for role, count in ((Role.SUPERVISOR, SUPERVISORS), (Role.INSPECTOR, INSPECTORS)):
            for number in range(1, count + 1):
                user = enrolment.enrol(
                    f"{role}-{place}-{number}@{DOMAIN}",
                    name=words.person(random),
                    role=role,
                    organisation=authority,
                    office=office,
                    at=at,
                    password=password if (place, number) == (1, 1) else "",
                )
                found.append(Person(user.pk, role, office.pk))
    return found


def _shops(random: Random, brands: list[str], count: int, at: datetime) -> list[Shop]:
    current = {(regime.code, regime.kind): regime for regime in Regime.objects.current()}
    if not current:
        raise NoReferenceData("run manage.py load_reference_data first")
    shares = [world[-1] for world in _WORLDS.values()]
    found = []
    for number, name in enumerate(random.sample(brands, count), start=1):
        jurisdiction = random.choices(list(_WORLDS), shares)[0]
        facts = _platform(random, number, name, jurisdiction)
        platform = platforms.register(facts, by=SYSTEM, at=at)
        agents = [_agent(random, platform, facts, n, at) for n in range(1, AGENTS + 1)]
        regimes = {
            Kind.ORDER: current.get((facts.order_regime, Kind.ORDER)),
            Kind.NOTICE: current.get((facts.notice_regime, Kind.NOTICE)),
        }
        found.append(
            Shop(
                platform,
                agents[0].pk,
                facts.contacts[0].email,
                facts.language,
                {kind: regime for kind, regime in regimes.items() if regime},
            )
        )
    return found


def _platform(random: Random, number: int, name: str, jurisdiction: str) -> PlatformFacts:
    order, notice, language, zone, _share = _WORLDS[jurisdiction]
    slug = f"{name.lower()}-{number}"
    purposes = (ContactPoint.Purpose.DEMANDS, ContactPoint.Purpose.ESCALATION)
    return PlatformFacts(
        slug=slug,
        name=f"{name} {random.choice(('Market', 'Mall', 'Bazaar', 'Shop', 'Store'))} {number}",
        sort=random.choice(Platform.Sort.values),
        website=f"https://{slug}.example/",
        jurisdiction=jurisdiction,
        order_regime=order,
        notice_regime=notice,
        language=language,
        time_zone=zone,
        contacts=[
            Contact(str(purpose.label), f"{purpose}@{slug}.example", purpose, language)
            for purpose in purposes
        ],
    )


def _agent(
    random: Random, platform: Platform, facts: PlatformFacts, number: int, at: datetime
) -> User:
    return enrolment.enrol(
        f"agent-{number}@{facts.slug}.{DOMAIN}",
        name=words.person(random),
        role=Role.AGENT,
        organisation=platform.organisation,
        at=at,
    )


def _sellers(
    random: Random, brands: list[str], shops: list[Shop], count: int, at: datetime
) -> None:
    """Most have one account, some several; large platforms have most of them."""
    for begin in range(0, count, _BATCH):
        size = min(_BATCH, count - begin)
        rows = [_seller(random, brands, at) for _ in range(size)]
        references = next_references(Reference.SELLER, at, size)
        for row, reference in zip(rows, references, strict=True):
            row.reference = reference
        copy_in(rows)
        record_many(sellers.REGISTER, (Deed(row) for row in rows), by=SYSTEM, at=at)
        _open_accounts(random, shops, rows)


def _seller(random: Random, brands: list[str], at: datetime) -> Seller:
    name = words.trader(random, brands)
    tier = random.choices(list(_TIERS), list(_TIERS.values()))[0]
    raised = tier != Seller.Tier.STANDARD
    return Seller(
        name=name,
        legal_name=f"{name} Ltd",
        business_number=str(random.randrange(10**8, 10**9)),
        jurisdiction=random.choice(("CN", "CN", "HK", "TW", "JP", "KR", "DE", "SE", "AU", "CA")),
        state=tier,
        tier_reason="Repeated offers of products under an alert." if raised else "",
        review_on=_review_on(random, at.date()) if raised else None,
        changed_at=at,
    )


def _review_on(random: Random, day: date) -> date:
    return day + timedelta(days=random.randint(2000, 2400))


def _open_accounts(random: Random, shops: list[Shop], rows: list[Seller]) -> None:
    accounts: dict[int, list[SellerAccount]] = defaultdict(list)
    for seller in rows:
        places = {
            distributions.rank(random, len(shops)) for _ in range(random.choice((1, 1, 1, 2, 2, 3)))
        }
        for place in sorted(places):
            platform = shops[place].platform
            handle = f"shop{seller.pk}"
            accounts[place].append(
                SellerAccount(
                    platform_id=platform.pk,
                    seller_id=seller.pk,
                    handle=handle,
                    url=f"{platform.website}shops/{handle}",
                )
            )
    copy_in([account for place in sorted(accounts) for account in accounts[place]])
    for place, opened in accounts.items():
        shops[place].accounts.extend(account.pk for account in opened)
