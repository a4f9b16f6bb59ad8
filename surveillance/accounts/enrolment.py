"""Organisations, offices and people are taken in here: the only place that writes these rows."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from surveillance.accounts.models import Office, Organisation, User
from surveillance.accounts.rights import PLATFORM_SIDE, STAFF, Role
from surveillance.agents.models import Agent


def establish_authority(
    name: str, *, jurisdiction: str, language: str, time_zone: str, contact_email: str = ""
) -> Organisation:
    organisation, _created = Organisation.objects.get_or_create(
        name=name,
        defaults={
            "kind": Organisation.Kind.AUTHORITY,
            "jurisdiction": jurisdiction,
            "language": language,
            "time_zone": time_zone,
            "contact_email": contact_email,
        },
    )
    return organisation


def admit_organisation(name: str, *, kind: Organisation.Kind, jurisdiction: str) -> Organisation:
    """A partner or another authority, with no people of its own here: it gets keys."""
    organisation, _created = Organisation.objects.get_or_create(
        name=name, defaults={"kind": kind, "jurisdiction": jurisdiction}
    )
    return organisation


def open_office(organisation: Organisation, name: str) -> Office:
    office, _created = Office.objects.get_or_create(organisation=organisation, name=name)
    return office


def enrol(
    email: str,
    *,
    name: str,
    role: Role,
    organisation: Organisation,
    at: datetime,
    password: str = "",
    office: Office | None = None,
    language: str = "",
    time_zone: str = "",
) -> User:
    """Make an account; somebody of a platform gets a seat there. Without a password nobody can
    sign in until they have set one by e-mail.

    Raises ValueError when staff have no office.
    """
    if role in STAFF and office is None:
        raise ValueError(f"office: {role} {name} works in an office; name it.")
    user = _made(
        email,
        password,
        name=name,
        role=role,
        organisation=organisation,
        office=office,
        language=language or organisation.language,
        time_zone=time_zone or organisation.time_zone,
        joined_at=at,
    )
    if role in PLATFORM_SIDE:
        Agent.objects.create(
            organisation=organisation,
            reference=f"ag_{user.pk}",
            user=user,
            email=user.email,
            name=name,
            role=role,
            language=user.language,
            state=Agent.State.JOINED,
            joined_at=at,
            changed_at=at,
        )
    return user


def seat(agent: Agent, *, password: str, at: datetime) -> User:
    """The account of somebody who was invited: a new one, or the own of before, taken back without
    its second factor.

    Raises ValidationError where the address has an account already.
    """
    organisation = agent.organisation
    facts: dict[str, Any] = {
        "name": agent.name,
        "role": agent.role,
        "language": agent.language,
        "joined_at": at,
    }
    known = User.objects.filter(email=agent.email).first()
    if known is None:
        own = {"organisation": organisation, "time_zone": organisation.time_zone}
        return _made(agent.email, password, **facts, **own)
    if known.is_active or known.organisation_id != organisation.pk:
        told = gettext("This address has an account already. Ask to be invited with another one.")
        raise ValidationError(told)
    for name, value in facts.items():
        setattr(known, name, value)
    known.is_active = True
    known.set_password(password)
    known.save()
    forget_second_factor(known)
    return known


def forget_second_factor(user: User) -> int:
    """For somebody who has lost it: they sign in with the password alone and set up another.
    Returns how many ways to sign in were forgotten; recovery codes count as one."""
    return int(Authenticator.objects.filter(user=user).delete()[0])


def dismiss(user: User) -> None:
    """The account is dead, and signed out everywhere."""
    user.is_active = False
    user.save(update_fields=["is_active"])


def settle(organisation: Organisation, *, language: str, time_zone: str) -> None:
    """In which language it is written to, and when its day is."""
    organisation.language, organisation.time_zone = language, time_zone
    organisation.save(update_fields=["language", "time_zone"])


def prefer(user: User, list_name: str, reference: str) -> None:
    """Which saved view of a list comes first for this person; empty: all rows do."""
    others = {name: kept for name, kept in user.default_views.items() if name != list_name}
    user.default_views = others | ({list_name: reference} if reference else {})
    user.save(update_fields=["default_views"])


def _made(email: str, password: str, **facts: Any) -> User:
    user = User(email=email.lower(), **facts)
    user.set_password(password or None)
    user.save(force_insert=True)
    return user
