"""Verbs of endpoints: made, changed, rotated, tried, switched off and on, deleted.

A secret is shown once. After a rotation the one before signs beside it for a while, so that the
receiver can change over without a gap.
"""

import base64
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveillance import clock
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, NotVisible, Transition, WrongState, perform
from surveillance.keys.models import ROLES
from surveillance.outbox import vault
from surveillance.outbox.lanes import channel_of
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.outbox.transports.base import Permanent
from surveillance.outbox.transports.dialling import destination_of
from surveillance.webhooks import events, letters
from surveillance.webhooks.models import Endpoint

MOST_ENDPOINTS = 10  # that are not deleted, of one organisation
OLD_SECRET_SIGNS_FOR = timedelta(hours=24)
FAILING_FOR = timedelta(days=5)  # then an endpoint is switched off
PING_EVERY = timedelta(seconds=10)
_LETTERS = string.ascii_lowercase + string.digits
_ON, _OFF = Endpoint.State.ON, Endpoint.State.OFF

ADD = Transition(
    "endpoint.add",
    Right.MANAGE_WEBHOOKS,
    _("Add a webhook"),
    _("added the webhook to %(url)s"),
    from_={NEW},
    to={_ON},
)
CHANGE = Transition(
    "endpoint.change",
    Right.MANAGE_WEBHOOKS,
    _("Change"),
    _("changed the webhook"),
    from_={_ON, _OFF},
)
ROTATE_SECRET = Transition(
    "endpoint.rotate_secret",
    Right.MANAGE_WEBHOOKS,
    _("Rotate the secret"),
    _("rotated the webhook's secret"),
    from_={_ON, _OFF},
)
PING = Transition(
    "endpoint.ping",
    Right.MANAGE_WEBHOOKS,
    _("Send a ping"),
    _("sent a ping"),
    from_={_ON},
)
SWITCH_OFF = Transition(
    "endpoint.switch_off",
    Right.MANAGE_WEBHOOKS,
    _("Switch off"),
    _("switched the webhook off"),
    from_={_ON},
    to={_OFF},
)
SWITCH_ON = Transition(
    "endpoint.switch_on",
    Right.MANAGE_WEBHOOKS,
    _("Switch on"),
    _("switched the webhook on"),
    from_={_OFF},
    to={_ON},
)
GIVE_UP = Transition(
    "endpoint.give_up",
    Right.RUN_SWEEP,
    _("Switch off, as it takes nothing"),
    _("the webhook was switched off, as it took nothing"),
    from_={_ON},
    to={_OFF},
)
REMOVE = Transition(
    "endpoint.remove",
    Right.MANAGE_WEBHOOKS,
    _("Delete"),
    _("deleted the webhook"),
    from_={_ON, _OFF},
    to={Endpoint.State.DELETED},
)


@dataclass(frozen=True, slots=True)
class WithSecret:
    """`secret` (whsec_…) verifies what we sign; it is shown once."""

    row: Endpoint
    secret: str


def add(
    organisation: Organisation,
    *,
    by: Actor,
    url: str,
    name: str = "",
    chosen: Collection[str] = (),
    at: datetime | None = None,
) -> WithSecret:
    """Raises ValidationError for an address that is never called, or one endpoint too many."""
    at = at or clock.now()
    if not (by.is_system or by.may(Right.CONFIGURE) or by.organisation_id == organisation.pk):
        raise NotVisible(gettext("This organisation is not here."))
    if organisation.kind not in ROLES:
        raise ValidationError({"organisation": gettext("The authority itself has no webhooks.")})
    _check(url, chosen)
    kept = Endpoint.objects.filter(organisation=organisation).kept()
    if kept.count() >= MOST_ENDPOINTS:
        told = gettext("An organisation has at most %(most)d webhooks. Delete one first.")
        raise ValidationError({"url": told % {"most": MOST_ENDPOINTS}})
    secret = _new_secret()
    endpoint = Endpoint(
        organisation=organisation,
        reference="wh_" + "".join(secrets.choice(_LETTERS) for _place in range(10)),
        name=name.strip(),
        url=url,
        events=sorted(chosen),
        secret=vault.seal(secret),
        created_at=at,
    )
    with perform(ADD, endpoint, by=by, at=at) as change:
        change.note(url=url, events=endpoint.events)
    return WithSecret(endpoint, secret)


def change(
    endpoint: Endpoint,
    *,
    by: Actor,
    url: str,
    name: str = "",
    chosen: Collection[str] = (),
    at: datetime | None = None,
) -> Endpoint:
    """`chosen`: the names of events; none is all of them. Letters that wait go to the new
    address."""
    _check(url, chosen)
    with perform(CHANGE, endpoint, by=by, at=at) as changing:
        row = changing.row
        if row.url != url:
            Lane.objects.filter(key=row.lane, claim=None).delete()  # another server, another chance
        row.url, row.name, row.events = url, name.strip(), sorted(chosen)
    return changing.row


def rotate_secret(endpoint: Endpoint, *, by: Actor, at: datetime | None = None) -> WithSecret:
    """Two secrets live at a time: a rotation within the day ends the one before the last."""
    secret = _new_secret()
    with perform(ROTATE_SECRET, endpoint, by=by, at=at) as change:
        row = change.row
        row.old_secret, row.secret = row.secret, vault.seal(secret)
        row.old_secret_until = change.at + OLD_SECRET_SIGNS_FOR
    return WithSecret(change.row, secret)


def ping(endpoint: Endpoint, *, by: Actor, at: datetime | None = None) -> Endpoint:
    """A letter of type `ping`, signed like any other. Raises WrongState for pings too close."""
    at = at or clock.now()
    with perform(PING, endpoint, by=by, at=at) as change:
        sent = OutboxMessage.objects.filter(endpoint=change.row, letter=letters.Ping.NAME)
        if sent.filter(created_at__gt=at - PING_EVERY).exists():
            raise WrongState(gettext("A ping has just been sent: wait for ten seconds."))
        change.send(letters.ping(change.row))
    return change.row


def switch_off(endpoint: Endpoint, *, by: Actor, at: datetime | None = None) -> Endpoint:
    """What waits for it fails, and can be sent again later."""
    with perform(SWITCH_OFF, endpoint, by=by, at=at) as change:
        change.row.off_because = ""
    return change.row


def switch_on(endpoint: Endpoint, *, by: Actor, at: datetime | None = None) -> Endpoint:
    """From now on. What it missed can be sent again from its log."""
    with perform(SWITCH_ON, endpoint, by=by, at=at) as change:
        change.row.off_because = ""
        Lane.objects.filter(key=change.row.lane, claim=None).delete()
    return change.row


def give_up(
    endpoint: Endpoint, *, because: str, by: Actor = SYSTEM, at: datetime | None = None
) -> Endpoint:
    """Switched off by itself, and its organisation is told by other channels."""
    with perform(GIVE_UP, endpoint, by=by, at=at, reason=because) as change:
        change.row.off_because = because
        change.send(letters.switched_off(change.row, because))
    return change.row


def remove(endpoint: Endpoint, *, by: Actor, at: datetime | None = None) -> Endpoint:
    """Its secrets are forgotten at once; its log goes when its 30 days are over."""
    with perform(REMOVE, endpoint, by=by, at=at) as change:
        change.row.secret = change.row.old_secret = ""
        change.row.old_secret_until = None
    return change.row


def note_gone(endpoint_id: int, said: str, at: datetime) -> None:
    """For the outbox: the endpoint answered 410."""
    if endpoint := Endpoint.objects.on().filter(pk=endpoint_id).first():
        because = gettext("It answered “%(said)s”: never again.") % {"said": said[:200]}
        give_up(endpoint, because=because, at=at)


def give_up_failing(at: datetime) -> int:
    """The sweep: switch off what has taken nothing for days. Returns how many."""
    failing = Lane.objects.filter(key__startswith=f"{Channel.WEBHOOK}:")
    keys = failing.filter(failing_since__lte=at - FAILING_FOR).values_list("key", flat=True)
    numbers = [int(key.removeprefix(f"{channel_of(key)}:")) for key in keys]
    given_up = 0
    for endpoint in Endpoint.objects.on().filter(pk__in=numbers):
        because = gettext("It has taken nothing for %(days)d days.") % {"days": FAILING_FOR.days}
        give_up(endpoint, because=because, at=at)
        given_up += 1
    return given_up


def _new_secret() -> str:
    """24 to 64 bytes, says Standard Webhooks; 32 here."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _check(url: str, chosen: Collection[str]) -> None:
    try:
        destination_of(url)
    except Permanent as problem:
        raise ValidationError({"url": str(problem)}) from problem
    if unknown := sorted(set(chosen) - events.names()):
        told = gettext("There is no event “%(unknown)s”. There are: %(known)s.") % {
            "unknown": ", ".join(unknown),
            "known": ", ".join(sorted(events.names())),
        }
        raise ValidationError({"events": told})
