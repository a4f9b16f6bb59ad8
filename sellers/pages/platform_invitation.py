"""The authority takes a platform in: its organisation, and an invitation for its first manager."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sellers.countries import is_country_code
from sellers.flows import platforms
from sellers.flows.platforms import PlatformFacts
from sellers.models import Platform
from sellers.pages.creating import Creation
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right, Role
from surveillance.agents import flows as agents
from surveillance.agents.pages import mail_after_commit
from surveillance.calendars.models import Kind, Regime
from surveillance.web.guards import ActorRequest, guarded
from surveillance.web.verbs import FactsForm


def _rules(kind: str) -> list[tuple[str, str]]:
    current = Regime.objects.current().filter(kind=kind).order_by("name")
    return [("", gettext("none")), *((regime.code, regime.name) for regime in current)]


class PlatformForm(FactsForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    sort = forms.ChoiceField(label=_("Kind of platform"), choices=Platform.Sort.choices)
    website = forms.URLField(label=_("Website"), max_length=200, assume_scheme="https")
    jurisdiction = forms.CharField(
        label=_("Jurisdiction"),
        max_length=2,
        help_text=_("Two letters, ISO 3166-1; EU for the Union."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone) for zone in sorted(zoneinfo.available_timezones())],
        initial=settings.AUTHORITY_TIME_ZONE,
        help_text=_("The platform sets it right itself when it gets ready."),
    )
    order_regime = forms.ChoiceField(
        label=_("Rule for orders"), choices=lambda: _rules(Kind.ORDER), required=False
    )
    notice_regime = forms.ChoiceField(
        label=_("Rule for notices"), choices=lambda: _rules(Kind.NOTICE), required=False
    )
    manager_name = forms.CharField(label=_("Name of its first manager"), max_length=150)
    manager_email = forms.EmailField(label=_("E-mail address of its first manager"), max_length=254)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Organisation.objects.filter(name=name).exists():
            raise ValidationError(gettext("There is an organisation of this name already."))
        if not slugify(name) or Platform.objects.filter(slug=slugify(name)).exists():
            raise ValidationError(gettext("Write a name in Latin letters that no platform has."))
        return name

    def clean_jurisdiction(self) -> str:
        code: str = self.cleaned_data["jurisdiction"].upper()
        if code != "EU" and not is_country_code(code):
            raise ValidationError(gettext("Write two letters, for example DE, or EU."))
        return code


@guarded(Right.MANAGE_PLATFORM)
@require_http_methods(["GET", "POST"])
def invite_platform(request: ActorRequest) -> HttpResponse:
    def take_in(*, by: Actor, manager_name: str, manager_email: str, **facts: Any) -> Platform:
        platform = platforms.register(PlatformFacts(slug=slugify(facts["name"]), **facts), by=by)
        invited = agents.invite(
            platform.organisation,
            by=by,
            name=manager_name,
            email=manager_email,
            role=Role.PLATFORM_MANAGER,
        )
        mail_after_commit(request, invited)
        return platform

    sees_desk = request.actor.may(Right.SEE_DESK)
    people = reverse("agent-list")
    return Creation(
        platforms.REGISTER,
        PlatformForm,
        take_in,
        address=lambda row: (
            reverse("platform-detail", args=[row.audit_reference]) if sees_desk else people
        ),
        back=reverse("platform-list") if sees_desk else people,
        explanation=_(
            "A link is mailed to its first manager. They make an account, invite others, and say"
            " where requests shall go."
        ),
    ).show(request)
