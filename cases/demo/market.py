"""The demo's cast and market. The people and platforms are made up, at .example addresses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellers.flows import listings, platforms, sellers
from sellers.flows.platforms import Contact, PlatformFacts
from sellers.models import ContactPoint, Listing, Platform, Product, Seller, SellerAccount
from surveillance.accounts import enrolment
from surveillance.accounts.actor import SYSTEM
from surveillance.accounts.models import User
from surveillance.accounts.rights import Role

DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Cast:
    """Ana and Cai inspect, Bo supervises, Ada administers; Dot, Dev and Mei answer for the three
    platforms."""

    ana: User
    bo: User
    cai: User
    dot: User
    dev: User
    mei: User
    ada: User

    def accounts(self) -> list[tuple[User, str]]:
        return [
            (self.ana, "inspector"),
            (self.bo, "supervisor"),
            (self.cai, "inspector, second office"),
            (self.ada, "administrator"),
            (self.dot, "agent of Harbour Market"),
            (self.dev, "agent of Bazaar Nine"),
            (self.mei, "agent of Formosa Mall"),
        ]


PLATFORMS = (
    PlatformFacts(
        slug="harbour-market",
        name="Harbour Market",
        sort=Platform.Sort.MARKETPLACE,
        website="https://harbour-market.example/",
        jurisdiction="EU",
        order_regime="EU-GPSR-22-4",
        notice_regime="EU-GPSR-22-12",
        time_zone="Europe/Brussels",
        contacts=(
            Contact("Trust and safety", "safety@harbour-market.example"),
            Contact(
                "Head of compliance",
                "compliance@harbour-market.example",
                ContactPoint.Purpose.ESCALATION,
            ),
        ),
    ),
    PlatformFacts(
        slug="bazaar-nine",
        name="Bazaar Nine",
        sort=Platform.Sort.MARKETPLACE,
        website="https://bazaar-nine.example/",
        jurisdiction="AU",
        notice_regime="AU-PLEDGE",
        time_zone="Australia/Sydney",
        contacts=(
            Contact("Product safety", "product-safety@bazaar-nine.example"),
            Contact("Legal", "legal@bazaar-nine.example", ContactPoint.Purpose.ESCALATION),
        ),
    ),
    PlatformFacts(
        slug="formosa-mall",
        name="福爾摩沙購物 Formosa Mall",
        sort=Platform.Sort.MALL,
        website="https://formosa-mall.example/",
        jurisdiction="TW",
        notice_regime="TW-COOPERATION",
        language="zh-hant",
        time_zone="Asia/Taipei",
        contacts=(
            Contact("商品安全窗口", "safety@formosa-mall.example", language="zh-hant"),
            Contact(
                "法務",
                "legal@formosa-mall.example",
                ContactPoint.Purpose.ESCALATION,
                language="zh-hant",
            ),
        ),
    ),
)

SELLERS = (
    ("Little Harbour Toys", "CN", ("harbour-market", "bazaar-nine")),
    ("Bright Spark Trading", "CN", ("harbour-market", "formosa-mall")),
    ("Happy Panda Gifts", "HK", ("bazaar-nine", "formosa-mall")),
    ("Nordic Nursery", "SE", ("harbour-market",)),
    ("小星星玩具", "TW", ("formosa-mall",)),
    ("Outback Kids", "AU", ("bazaar-nine",)),
)


def raise_cast(at: datetime, password: str) -> Cast:
    """The authority with two offices, the three platforms, and somebody in each."""
    authority = enrolment.establish_authority(
        "Product Safety Authority (demo)",
        jurisdiction="EU",
        language="en",
        time_zone="Europe/Brussels",
        contact_email=f"surveillance@{DOMAIN}",
    )
    north = enrolment.open_office(authority, "Online market surveillance")
    south = enrolment.open_office(authority, "Border and imports")
    harbour, bazaar, formosa = (platforms.register(facts, by=SYSTEM, at=at) for facts in PLATFORMS)

    def person(name: str, role: Role, **where: Any) -> User:
        first = name.split()[0].lower()
        return enrolment.enrol(
            f"{first}@{DOMAIN}", name=name, role=role, at=at, password=password, **where
        )

    return Cast(
        ana=person("Ana Reyes", Role.INSPECTOR, organisation=authority, office=north),
        bo=person("Bo Lindqvist", Role.SUPERVISOR, organisation=authority, office=north),
        cai=person("Cai Wen", Role.INSPECTOR, organisation=authority, office=south),
        dot=person("Dot Baker", Role.PLATFORM_MANAGER, organisation=harbour.organisation),
        dev=person("Dev Shah", Role.AGENT, organisation=bazaar.organisation),
        mei=person("Mei 林", Role.AGENT, organisation=formosa.organisation),
        ada=person("Ada Olsen", Role.ADMINISTRATOR, organisation=authority),
    )


def raise_sellers(at: datetime) -> list[Seller]:
    found = []
    for name, jurisdiction, slugs in SELLERS:
        seller = sellers.register(name, by=SYSTEM, jurisdiction=jurisdiction, at=at)
        handle = "".join(letter for letter in name.lower() if letter.isalnum())
        for slug in slugs:
            platform = Platform.objects.get(slug=slug)
            sellers.add_account(
                seller,
                by=SYSTEM,
                platform=platform,
                handle=handle,
                url=f"{platform.website}shops/{handle}",
                at=at,
            )
        found.append(seller)
    return found


def offer(product: Product, account: SellerAccount, number: int, at: datetime) -> Listing:
    """A made-up offer of a real recalled product on one of the made-up platforms."""
    facts = listings.ListingFacts(
        url=f"{account.platform.website}item/{product.reference.lower()}-{number}",
        title=str(product)[:200],
        brand=product.brand,
        gtins=[i.value for i in product.identifiers.all() if i.kind == "gtin"],
        currency="EUR",
    )
    return listings.record(
        account.platform, facts, by=SYSTEM, account=account, product=product, at=at
    )
