"""Verbs of keys: issued once in full, then known by their prefix; two live at once for rotation."""

import hashlib
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right, Scope
from surveillance.flow import NEW, NotVisible, Transition, perform, require_text
from surveillance.keys.models import ROLES, ApiKey, usable_scopes

LIVE_AT_ONCE = 2
NOTED_EVERY = timedelta(minutes=1)
_LETTERS = string.ascii_lowercase + string.digits

ISSUE = Transition(
    "key.issue",
    Right.MANAGE_KEYS,
    _("Issue a key"),
    _("issued the key %(name)s"),
    from_={NEW},
    to={ApiKey.State.LIVE},
)
REVOKE = Transition(
    "key.revoke",
    Right.MANAGE_KEYS,
    _("Revoke"),
    _("revoked the key"),
    from_={ApiKey.State.LIVE},
    to={ApiKey.State.REVOKED},
)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """`secret` is what the caller sends; it is shown once and kept nowhere."""

    row: ApiKey
    secret: str


def issue(
    organisation: Organisation,
    *,
    by: Actor,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None = None,
    at: datetime | None = None,
) -> IssuedKey:
    """Raises ValidationError where `name` has two live keys, or the organisation can have none."""
    at = at or clock.now()
    require_text(name=name)
    if not (by.is_system or by.may(Right.CONFIGURE) or by.organisation_id == organisation.pk):
        raise NotVisible(gettext("This organisation is not here."))
    _check(organisation, name, scopes, expires_at, at)
    prefix = "".join(secrets.choice(_LETTERS) for _i in range(8))
    secret = f"psk_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        organisation=organisation,
        name=name.strip(),
        prefix=prefix,
        digest=digest_of(secret),
        scopes=sorted(scopes),
        created_at=at,
        expires_at=expires_at,
    )
    with perform(ISSUE, key, by=by, at=at) as change:
        change.note(name=key.name, scopes=key.scopes)
    return IssuedKey(key, secret)


def revoke(key: ApiKey, *, by: Actor, at: datetime | None = None) -> ApiKey:
    """Dead from now on."""
    with perform(REVOKE, key, by=by, at=at) as change:
        pass
    return change.row


def note_use(key: ApiKey, at: datetime) -> None:
    """When it was used last, to the minute: no verb, and no lock for every call."""
    if key.last_used_at is None or at - key.last_used_at >= NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _check(
    organisation: Organisation,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    at: datetime,
) -> None:
    if organisation.kind not in ROLES:
        raise ValidationError(
            {"organisation": gettext("Staff sign in; only other organisations have keys.")}
        )
    if not scopes:
        raise ValidationError({"scopes": gettext("Choose what the key is for.")})
    if beyond := sorted(set(scopes) - set(usable_scopes(organisation.kind))):
        told = gettext("%(organisation)s cannot use “%(scopes)s”; leave it out.")
        names = {"organisation": organisation, "scopes": ", ".join(beyond)}
        raise ValidationError({"scopes": told % names})
    if expires_at is not None and expires_at <= at:
        raise ValidationError({"expires_at": gettext("Choose an instant that is still to come.")})
    rivals = ApiKey.objects.live(at).filter(organisation=organisation, name=name.strip())
    if rivals.count() >= LIVE_AT_ONCE:
        raise ValidationError(
            {
                "name": gettext(
                    "Two live keys have this name: one in use, one to change over to. Revoke one "
                    "of them, or choose another name."
                )
            }
        )
