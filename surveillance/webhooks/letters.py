"""Letters about webhooks themselves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from surveillance.accounts.models import User
from surveillance.accounts.rights import Right, roles_with
from surveillance.outbox import document
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Channel, Letter, Recipient
from surveillance.webhooks.models import Endpoint


@dataclass(frozen=True)
class Ping(Letter):
    """Goes to one endpoint, whatever it has chosen, to see whether it hears us."""

    NAME: ClassVar[str] = "ping"

    def write(self) -> Document:
        return Document(_("Ping"), (document.paragraph(_("Your endpoint can be reached.")),))


@dataclass(frozen=True)
class SwitchedOff(Letter):
    """Another channel's word that the webhooks of an organisation no longer arrive."""

    NAME: ClassVar[str] = "webhook_switched_off"

    endpoint: Endpoint = field(kw_only=True)
    because: str = field(kw_only=True)

    def write(self) -> Document:
        return Document(
            title=_("Your webhook has been switched off: %(url)s") % {"url": self.endpoint.url},
            blocks=(
                document.paragraph(self.because),
                document.paragraph(
                    _(
                        "Letters still reach you by e-mail and in the portal. Mend the endpoint,"
                        " switch it on again, and have what it missed sent again from its log."
                    )
                ),
                document.link(_("Open it"), settings.BASE_URL + self.link),
            ),
        )


def ping(endpoint: Endpoint) -> Ping:
    to = Recipient(Channel.WEBHOOK, endpoint.url, endpoint_id=endpoint.pk)
    return Ping(endpoint.reference, (to,), payload={"endpoint": endpoint.reference})


def switched_off(endpoint: Endpoint, because: str) -> SwitchedOff:
    return SwitchedOff(
        about=endpoint.reference,
        recipients=tuple(_people(endpoint)),
        link=reverse("webhook-detail", args=[endpoint.reference]),
        endpoint=endpoint,
        because=because,
    )


def _people(endpoint: Endpoint) -> Iterable[Recipient]:
    """The organisation's contact by e-mail, its managers in the app and by e-mail."""
    organisation = endpoint.organisation
    if organisation.contact_email:
        yield Recipient(Channel.EMAIL, organisation.contact_email, organisation.language)
    managers = User.objects.members_of(organisation.pk).with_role(
        *roles_with(Right.MANAGE_WEBHOOKS)
    )
    for user in managers:
        yield Recipient(Channel.IN_APP, f"user:{user.pk}", user.language, user_id=user.pk)
        if user.email != organisation.contact_email:
            yield Recipient(Channel.EMAIL, user.email, user.language, user_id=user.pk)
