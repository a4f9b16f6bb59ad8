"""Verbs of a platform's people: invited, invited again, there, removed.

An invitation is a link that is signed, works for a week and once, and goes to the invited alone.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveillance import clock
from surveillance.accounts import enrolment
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation, User
from surveillance.accounts.rights import PLATFORM_SIDE, Right, Role
from surveillance.agents.models import Agent
from surveillance.flow import NEW, NotVisible, Transition, WrongState, perform, require_text

GOOD_FOR = timedelta(days=7)
_SALT = "surveillance.agents.invitation"
_State = Agent.State


def _may_not_go(agent: Agent, by: Actor) -> str:
    if agent.user_id == by.user_id:
        return gettext("Somebody else has to remove you.")
    others = Agent.objects.managing().filter(organisation=agent.organisation_id)
    is_last = agent.role == Role.PLATFORM_MANAGER and not others.exclude(pk=agent.pk).exists()
    if by.is_platform and is_last:
        return gettext("Nobody would be left to manage the others: invite a second manager first.")
    return ""


INVITE = Transition(
    "agent.invite",
    Right.MANAGE_AGENTS,
    _("Invite"),
    _("invited somebody as %(role)s"),
    from_={NEW},
    to={_State.INVITED},
)
INVITE_AGAIN = Transition(
    "agent.invite_again",
    Right.MANAGE_AGENTS,
    _("Invite again"),
    _("sent a new invitation"),
    from_={_State.INVITED},
)
WITHDRAW = Transition(
    "agent.withdraw",
    Right.MANAGE_AGENTS,
    _("Withdraw the invitation"),
    _("withdrew the invitation"),
    from_={_State.INVITED},
    to={_State.WITHDRAWN},
)
ACCEPT_INVITATION = Transition(
    "agent.accept_invitation",
    Right.ACCEPT_INVITATION,
    _("Accept the invitation"),
    _("accepted the invitation as %(role)s"),
    from_={_State.INVITED},
    to={_State.JOINED},
)
REMOVE = Transition(
    "agent.remove",
    Right.MANAGE_AGENTS,
    _("Remove"),
    _("removed the account"),
    from_={_State.JOINED},
    to={_State.REMOVED},
    objection=_may_not_go,
)


@dataclass(frozen=True, slots=True)
class Invited:
    """`token` makes the link; it is sent once and kept nowhere."""

    row: Agent
    token: str


def invite(
    organisation: Organisation,
    *,
    by: Actor,
    name: str,
    email: str,
    role: Role = Role.AGENT,
    language: str = "",
    at: datetime | None = None,
) -> Invited:
    """Raises ValidationError for an address that has a seat here already, and for whoever is no
    platform's."""
    at = at or clock.now()
    if not (by.is_system or by.may(Right.MANAGE_PLATFORM) or by.organisation_id == organisation.pk):
        raise NotVisible(gettext("This organisation is not here."))
    email = email.strip().lower()
    _check(organisation, name, email, role)
    agent = Agent(
        organisation=organisation,
        reference=f"ag_{secrets.token_hex(5)}",
        name=name.strip(),
        email=email,
        role=role,
        language=language or organisation.language,
        invited_at=at,
    )
    token = _new_link(agent, at)
    with perform(INVITE, agent, by=by, at=at) as change:
        change.note(role=agent.role)
    return Invited(agent, token)


def invite_again(agent: Agent, *, by: Actor, at: datetime | None = None) -> Invited:
    """The link before works no longer."""
    with perform(INVITE_AGAIN, agent, by=by, at=at) as change:
        token = _new_link(change.row, change.at)
    return Invited(change.row, token)


def withdraw(agent: Agent, *, by: Actor, at: datetime | None = None) -> Agent:
    """The link works no longer."""
    with perform(WITHDRAW, agent, by=by, at=at) as change:
        change.row.link_digest = ""
    return change.row


def opened(token: str, at: datetime) -> Agent | None:
    """Whose invitation this link is; None where it works no longer, or never did."""
    try:
        reference, secret = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    invited = Agent.objects.invited().select_related("organisation")
    agent = invited.filter(reference=reference).first()
    if agent is None or agent.has_expired(at):
        return None
    return agent if hmac.compare_digest(agent.link_digest, _digest(secret)) else None


def accept_invitation(
    agent: Agent, *, by: Actor, name: str, password: str, at: datetime | None = None
) -> Agent:
    """The invited makes an account. `by` is the holder of the link (`agent.holder`)."""
    require_text(name=name)
    _check_password(agent, name, password)
    with perform(ACCEPT_INVITATION, agent, by=by, at=at) as change:
        row = change.row
        if row.has_expired(change.at):
            raise WrongState(gettext("This invitation is too old."))
        row.name = name.strip()
        row.user = enrolment.seat(row, password=password, at=change.at)
        row.link_digest, row.joined_at = "", change.at
        change.note(role=row.role)
    return change.row


def remove(agent: Agent, *, by: Actor, at: datetime | None = None) -> Agent:
    """The account is dead at once; what its owner has answered stays. Keys belong to the platform
    and go on: revoke those that only this person knew."""
    with perform(REMOVE, agent, by=by, at=at) as change:
        assert change.row.user is not None  # the table's own constraint
        enrolment.dismiss(change.row.user)
    return change.row


def _check(organisation: Organisation, name: str, email: str, role: Role) -> None:
    require_text(name=name)
    if organisation.kind != Organisation.Kind.PLATFORM:
        raise ValidationError({"organisation": gettext("Only people of platforms are invited.")})
    if role not in PLATFORM_SIDE:
        raise ValidationError({"role": gettext("Choose agent or manager.")})
    try:
        validate_email(email)
    except ValidationError as problem:
        raise ValidationError({"email": problem.messages}) from problem
    seats = Agent.objects.filter(organisation=organisation, email=email)
    if seats.filter(state__in=[_State.INVITED, _State.JOINED]).exists():
        told = gettext("This person is invited already, or has an account.")
        raise ValidationError({"email": told})


def _check_password(agent: Agent, name: str, password: str) -> None:
    try:
        validate_password(password, User(email=agent.email, name=name))
    except ValidationError as problem:
        raise ValidationError({"password": problem.messages}) from problem


def _new_link(agent: Agent, at: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    agent.link_digest = _digest(secret)
    agent.expires_at = at + GOOD_FOR
    return signing.dumps([agent.reference, secret], salt=_SALT)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
