"""Organisations, offices and people are taken in here: the only place that writes these rows."""

from datetime import datetime
from typing import Any

from surveillance.accounts.models import Office, Organisation, User
from surveillance.accounts.rights import STAFF, Role


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
    """Make an account. Without a password nobody can sign in until they have set one by e-mail.

    Raises ValueError when staff have no office.
    """
    if role in STAFF and office is None:
        raise ValueError(f"office: {role} {name} works in an office; name it.")
    facts: dict[str, Any] = {
        "name": name,
        "role": role,
        "organisation": organisation,
        "office": office,
        "language": language or organisation.language,
        "time_zone": time_zone or organisation.time_zone,
        "joined_at": at,
    }
    user = User(email=email.lower(), **facts)
    user.set_password(password or None)
    user.save(force_insert=True)
    return user
