"""What a platform has set up, and what is still to be done before the first request."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sellers.models import ContactPoint, Platform
from surveillance import clock
from surveillance.accounts import second_factor
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.agents.models import Agent
from surveillance.keys.models import ApiKey
from surveillance.web.templatetags import ui
from surveillance.webhooks.models import Endpoint


@dataclass(frozen=True, slots=True)
class Step:
    """`url` leads to where it is done, for those who may; what is `optional` never misses."""

    label: str
    done: bool
    said: str
    url: str = ""
    optional: bool = False


def steps(platform: Platform, actor: Actor) -> list[Step]:
    """In the order in which they are best done."""
    return [
        _second_factor(platform, actor),
        _people(platform, actor),
        *_contacts(platform),
        _hours(platform),
        *_regimes(platform),
        *_systems(platform, actor),
    ]


def _second_factor(platform: Platform, actor: Actor) -> Step:
    people = Agent.objects.present().filter(organisation=platform.pk)
    present = list(people.values_list("user", flat=True))
    having = second_factor.having_one(present)
    return Step(
        _("Your second factor"),
        actor.user_id in having,
        ngettext(
            "%(having)d of %(all)d person has set up an authenticator app.",
            "%(having)d of %(all)d people have set up an authenticator app.",
            len(present),
        )
        % {"having": len(having), "all": len(present)},
        reverse("mfa_index"),
    )


def _people(platform: Platform, actor: Actor) -> Step:
    people = Agent.objects.filter(organisation=platform.pk)
    present, invited = people.present().count(), people.invited().count()
    return Step(
        _("Somebody beside you"),
        present > 1,
        _("%(present)d with an account, %(invited)d invited.")
        % {"present": present, "invited": invited},
        reverse("agent-list") if actor.may(Right.MANAGE_AGENTS) else "",
    )


def _contacts(platform: Platform) -> Iterator[Step]:
    for purpose, label in (
        (ContactPoint.Purpose.DEMANDS, _("A contact point for requests")),
        (ContactPoint.Purpose.ESCALATION, _("A contact point for what is late")),
    ):
        points = platform.contact_points.filter(purpose=purpose).order_by("email")
        told = ", ".join(f"{point.email} ({_language(point.language)})" for point in points)
        yield Step(label, bool(told), told or _("Nobody yet."), "#contacts")


def _hours(platform: Platform) -> Step:
    organisation = platform.organisation
    calendar = platform.calendar()
    told = {
        "zone": organisation.time_zone,
        "language": _language(organisation.language),
        "calendar": calendar.code if calendar else _("Monday to Friday"),
    }
    if platform.hours_set_at is None:
        said = _("The authority assumes %(zone)s, %(calendar)s, and writes in %(language)s.") % told
    else:
        said = _("%(zone)s, %(calendar)s, written to in %(language)s.") % told
    return Step(_("Your language and working hours"), bool(platform.hours_set_at), said, "#hours")


def _regimes(platform: Platform) -> Iterator[Step]:
    accepted = {
        one.regime_id: one for one in platform.acceptances.select_related("accepted_by").all()
    }
    for regime in platform.regimes():
        known = accepted.get(regime.pk)
        told = _("Not accepted yet.")
        if known:
            on = ui.day(localtime(known.accepted_at).date())
            told = format_html(_("Accepted on {} by {}."), on, known.accepted_by)
        label = _("The rule “%(name)s”") % {"name": regime.name}
        yield Step(label, bool(known), told, "#rules")


def _systems(platform: Platform, actor: Actor) -> Iterator[Step]:
    """Their tables show a row to managers alone."""
    if not actor.may(Right.MANAGE_KEYS):
        return
    keys = ApiKey.objects.visible_to(actor).live(clock.now()).count()
    hooks = Endpoint.objects.visible_to(actor).on().count()
    yield Step(
        _("A key for your own system"),
        keys > 0,
        ngettext("%(count)d live key.", "%(count)d live keys.", keys) % {"count": keys},
        reverse("key-list"),
        optional=True,
    )
    yield Step(
        _("A webhook"),
        hooks > 0,
        ngettext("%(count)d is on.", "%(count)d are on.", hooks) % {"count": hooks},
        reverse("webhook-list"),
        optional=True,
    )


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))
