"""Verbs of platforms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sellers.models import ContactPoint, Platform
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, perform

REGISTER = Transition(
    "platform.register",
    Right.MANAGE_PLATFORM,
    _("Register a platform"),
    _("registered the platform"),
    from_={NEW},
)


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str
    purpose: str = ContactPoint.Purpose.DEMANDS
    language: str = "en"


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    slug: str
    name: str
    sort: str
    website: str
    jurisdiction: str
    order_regime: str = ""
    notice_regime: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    contacts: Sequence[Contact] = ()


def register(facts: PlatformFacts, *, by: Actor, at: datetime | None = None) -> Platform:
    """Take a platform into the register, with its organisation and contact points."""
    at = at or clock.now()
    platform = Platform(
        slug=facts.slug,
        name=facts.name,
        sort=facts.sort,
        website=facts.website,
        jurisdiction=facts.jurisdiction,
        order_regime=facts.order_regime,
        notice_regime=facts.notice_regime,
    )
    with perform(REGISTER, platform, by=by, at=at) as change:
        platform.organisation = Organisation.objects.create(
            kind=Organisation.Kind.PLATFORM,
            name=facts.name,
            jurisdiction=facts.jurisdiction,
            language=facts.language,
            time_zone=facts.time_zone,
            contact_email=facts.contacts[0].email if facts.contacts else "",
        )
        change.note(regimes=[facts.order_regime, facts.notice_regime])
        change.afterwards(lambda: _keep_contacts(platform, facts.contacts))
    return platform


def _keep_contacts(platform: Platform, contacts: Sequence[Contact]) -> None:
    ContactPoint.objects.bulk_create(
        ContactPoint(
            platform=platform,
            purpose=contact.purpose,
            name=contact.name,
            email=contact.email,
            language=contact.language,
        )
        for contact in contacts
    )
