"""Platforms on the desk: whom we write to, under which rule, and who answers for them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sellers.countries import country_name
from sellers.filters import PlatformFilter
from sellers.flows.platforms import REGISTER
from sellers.models import Listing, Platform, PlatformRemark
from sellers.pages.creating import creation_actions
from sellers.pages.lists import MarketList, both_ways
from sellers.pages.tables import ListingTable, PlatformTable
from surveillance.accounts.models import User
from surveillance.accounts.rights import PLATFORM_SIDE, Right
from surveillance.web.guards import ActorRequest, desk

LATEST = 10

PLATFORMS = MarketList(
    heading=_("Platforms"),
    filterset=PlatformFilter,
    table=PlatformTable,
    sorts=both_ways(name=["name", "pk"]),
    icon="building-storefront",
    empty_title=_("No platform has been registered yet"),
    empty_text=_("Marketplaces, malls and apps that takedown requests are sent to stand here."),
)


@desk
@require_GET
def platform_list(request: ActorRequest) -> HttpResponse:
    actions = creation_actions(REGISTER, reverse("platform-register"), request.actor)
    rows = Platform.objects.visible_to(request.actor).for_list()
    return PLATFORMS.show(request, rows, actions=actions)


@desk
@require_GET
def platform_detail(request: ActorRequest, slug: str) -> HttpResponse:
    platforms = Platform.objects.visible_to(request.actor).for_list()
    platform = get_object_or_404(platforms, slug=slug)
    offers = Listing.objects.visible_to(request.actor).for_list()
    offers = offers.filter(platform=platform).order_by("-last_seen_at", "-id")[:LATEST]
    people = User.objects.members_of(platform.pk).with_role(*PLATFORM_SIDE)
    context = {
        "platform": platform,
        "facts": _facts(platform),
        "contacts": platform.contact_points.order_by("purpose", "name"),
        "regimes": platform.regimes(),
        "people": people.order_by("name"),
        "may_ask_sandbox": request.actor.may(Right.ASK_SANDBOX),
        "may_invite": request.actor.may(Right.MANAGE_AGENTS),
        "accepted": platform.acceptances.select_related("regime", "accepted_by").order_by("pk"),
        "remark": PlatformRemark.objects.filter(platform=platform).first(),
        "listings": ListingTable(list(offers), orderable=False, exclude=["platform"]),
    }
    return render(request, "desk/market/platform_detail.html", context)


def _facts(platform: Platform) -> list[dict[str, Any]]:
    organisation = platform.organisation
    return [
        {"label": _("Kind"), "value": platform.get_sort_display()},
        {"label": _("Jurisdiction"), "value": country_name(platform.jurisdiction)},
        {"label": _("Website"), "value": platform.website, "url": platform.website},
        {"label": _("Language"), "value": organisation.language},
        {"label": _("Time zone"), "value": organisation.time_zone},
        {"label": _("Working calendar"), "value": _working_calendar(platform)},
    ]


def _working_calendar(platform: Platform) -> str:
    """When its people are reminded, and who says so; no limit is counted by it."""
    calendar = platform.calendar()
    if calendar is None:
        return gettext("Monday to Friday")
    chosen = platform.working_calendar
    whose = gettext("chosen by the platform") if chosen else gettext("by its jurisdiction")
    return f"{calendar.code} · {calendar.name} ({whose})"
