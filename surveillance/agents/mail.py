"""The mail with the link, at once and not through the outbox: the link must be kept nowhere."""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveillance.agents.flows import Invited


def link(invited: Invited) -> str:
    return settings.BASE_URL + reverse("invitation", args=[invited.token])


def send(invited: Invited) -> None:
    """Raises OSError or SMTPException when the mail server does not take it."""
    agent = invited.row
    with translation.override(agent.language):
        told = _(
            "%(name)s, you are invited to work for %(organisation)s at %(address)s, where the"
            " authority's requests about unsafe products are received and answered.\n\n"
            "Make your account until %(until)s: %(link)s\n\n"
            "The link works once, and for you alone. If it is too old, ask whoever invited you for"
            " a new one."
        ) % {
            "name": agent.name,
            "organisation": agent.organisation.name,
            "address": settings.BASE_URL,
            "until": date_format(localtime(agent.expires_at), pgettext("date format", "j M Y")),
            "link": link(invited),
        }
        title = _("Invitation: %(organisation)s") % {"organisation": agent.organisation.name}
        send_mail(title, told, settings.DEFAULT_FROM_EMAIL, [agent.email])
