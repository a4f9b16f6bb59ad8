"""manage.py enrol: make an account, the first of an installation too."""

import smtplib
import zoneinfo
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from surveillance import clock
from surveillance.accounts import enrolment
from surveillance.accounts.invitation import password_link, send_invitation
from surveillance.accounts.models import Office, Organisation, User
from surveillance.accounts.rights import PLATFORM_SIDE, Role

ROLES = [str(value) for value, _label in User._meta.get_field("role").choices or ()]


class Command(BaseCommand):
    help = (
        "Make an account and print a link by which its owner sets a password. The authority and"
        " its offices are made on the way; a platform must have been registered before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="as colleagues and letters name them")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--organisation", required=True, help="its name")
        parser.add_argument("--office", default="", help="its name; inspectors need one")
        parser.add_argument(
            "--jurisdiction", default="", help="two letters, for an organisation that is new"
        )
        parser.add_argument("--language", default="", help="default: the organisation's")
        parser.add_argument("--time-zone", default="", help="default: the organisation's")
        parser.add_argument("--send", action="store_true", help="send the link, do not print it")

    def handle(self, *args: Any, **options: Any) -> None:
        _require_sound(options)
        with transaction.atomic():
            organisation = _organisation(options)
            try:
                user = enrolment.enrol(
                    options["email"],
                    name=options["name"],
                    role=Role(options["role"]),
                    organisation=organisation,
                    office=_office(options, organisation),
                    language=options["language"],
                    time_zone=options["time_zone"],
                    at=clock.now(),
                )
            except ValueError as problem:
                raise CommandError(str(problem)) from problem
        self.stdout.write(f"{user.name} is {user.role} at {organisation}.")
        if options["send"]:
            self._send(user)
        else:
            self.stdout.write(f"A password is set here, within three days: {password_link(user)}")

    def _send(self, user: User) -> None:
        try:
            send_invitation(user)
        except (OSError, smtplib.SMTPException) as problem:
            raise CommandError(
                f"The account is made, but its link could not be sent: {problem}. Mend EMAIL_URL"
                " (manage.py doctor), then ask for a link under “Forgotten password”."
            ) from problem
        self.stdout.write(f"The link to set a password went to {user.email}.")


def _require_sound(options: dict[str, Any]) -> None:
    """Raises CommandError naming the argument and how to mend it."""
    try:
        validate_email(options["email"])
    except ValidationError as problem:
        raise CommandError(f"email: {options['email']} is not an e-mail address.") from problem
    if User.objects.filter(email=options["email"].lower()).exists():
        raise CommandError(
            f"email: {options['email']} has an account already; a new password is set under"
            " “Forgotten password”."
        )
    if options["language"] and options["language"] not in dict(settings.LANGUAGES):
        known = ", ".join(dict(settings.LANGUAGES))
        raise CommandError(f"--language {options['language']}: choose one of {known}.")
    if options["time_zone"] and options["time_zone"] not in zoneinfo.available_timezones():
        raise CommandError(f"--time-zone {options['time_zone']}: write it like Europe/Brussels.")


def _organisation(options: dict[str, Any]) -> Organisation:
    """The one with this name and of the kind that the role works in; made when it is new."""
    name, kind = options["organisation"], _kind_of(Role(options["role"]))
    known = Organisation.objects.filter(name=name).first()
    if known and known.kind != kind:
        raise CommandError(
            f"--organisation {name}: it is a {known.get_kind_display()}; {options['role']} is a"
            f" role of a {kind.label}."
        )
    if known:
        return known
    if kind == Organisation.Kind.PLATFORM:
        raise CommandError(
            f"--organisation {name}: there is no platform of this name; a supervisor or an"
            " administrator registers it first."
        )
    jurisdiction = options["jurisdiction"].upper()
    if len(jurisdiction) != 2 or not (jurisdiction.isascii() and jurisdiction.isalpha()):
        raise CommandError(
            f"--jurisdiction: {name} is new, so say where it is responsible, in two letters of"
            " ISO 3166-1 (EU for the Union)."
        )
    if kind == Organisation.Kind.FOREIGN_AUTHORITY:
        return enrolment.admit_organisation(name, kind=kind, jurisdiction=jurisdiction)
    return enrolment.establish_authority(
        name,
        jurisdiction=jurisdiction,
        language=options["language"] or settings.LANGUAGE_CODE,
        time_zone=options["time_zone"] or settings.AUTHORITY_TIME_ZONE,
    )


def _kind_of(role: Role) -> Organisation.Kind:
    if role in PLATFORM_SIDE:
        return Organisation.Kind.PLATFORM
    if role is Role.FOREIGN_AUTHORITY:
        return Organisation.Kind.FOREIGN_AUTHORITY
    return Organisation.Kind.AUTHORITY


def _office(options: dict[str, Any], organisation: Organisation) -> Office | None:
    if not options["office"]:
        return None
    if organisation.kind != Organisation.Kind.AUTHORITY:
        raise CommandError(f"--office: {organisation} has none; leave it out.")
    return enrolment.open_office(organisation, options["office"])
