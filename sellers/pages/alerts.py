"""Alerts on the desk: drafted about a product, published, withdrawn; received ones to read."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sellers.countries import country_name
from sellers.filters import DeskAlertFilter
from sellers.flows import products
from sellers.forms import AlertForm
from sellers.models import Alert
from sellers.pages.creating import Creation
from sellers.pages.history import history
from sellers.pages.lists import MarketList
from sellers.pages.products import find as find_product
from sellers.pages.tables import AlertTable
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.guards import ActorRequest, desk, guarded
from surveillance.web.templatetags import ui
from surveillance.web.verbs import ReasonForm, VerbForm, VerbPages

ALERTS = MarketList(
    heading=_("Alerts"),
    filterset=DeskAlertFilter,
    table=AlertTable,
    sorts={
        "-published_on": ["-published_on", "-id"],
        "published_on": ["published_on", "id"],
    },
    icon="megaphone",
    empty_title=_("No alert has been written or received yet"),
    empty_text=_("Draft one from a product's page, or import a feed of another authority."),
)


def find(actor: Actor, reference: str) -> Alert:
    rows = Alert.objects.visible_to(actor).for_list()
    return get_object_or_404(rows, reference=reference)


PAGES = VerbPages(
    prefix="desk-alert",
    route="desk/alerts/<str:reference>",
    guard=desk,
    find=find,
    template="desk/verb.html",
    verbs=[
        VerbForm(
            products.PUBLISH,
            products.publish,
            tone="primary",
            icon="megaphone",
            consequence=_("Everybody can read it in the public register, and its feeds carry it."),
        ),
        VerbForm(
            products.WITHDRAW,
            products.withdraw,
            ReasonForm,
            tone="danger",
            icon="arrow-uturn-left",
            consequence=_("It leaves the public register. It stays on record here."),
        ),
    ],
)


@desk
@require_GET
def alert_list(request: ActorRequest) -> HttpResponse:
    return ALERTS.show(request, Alert.objects.visible_to(request.actor).for_list())


@guarded(Right.EDIT_MARKET)
def draft(request: ActorRequest, reference: str) -> HttpResponse:
    product = find_product(request.actor, reference)
    return Creation(
        transition=products.DRAFT_ALERT,
        form=AlertForm,
        act=partial(products.draft_alert, product),
        address=PAGES.home,
        back=reverse("product-detail", args=[product.reference]),
        explanation=_("A draft is seen on the desk only, until a supervisor publishes it."),
        about=product,
    ).show(request)


@desk
@require_GET
def alert_detail(request: ActorRequest, reference: str) -> HttpResponse:
    alert = find(request.actor, reference)
    context = {
        "alert": alert,
        "facts": _facts(alert),
        "actions": PAGES.actions(alert, request.actor),
        "history": history(alert.reference),
    }
    return render(request, "desk/market/alert_detail.html", context)


def _facts(alert: Alert) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Product"),
            "value": alert.product,
            "url": reverse("product-detail", args=[alert.product.reference]),
        },
        {"label": _("Category"), "value": alert.product.category},
        {"label": _("Published by"), "value": alert.get_source_display()},
        {"label": _("Number"), "value": alert.number},
        {"label": _("Notified by"), "value": country_name(alert.country)},
        {"label": _("Published"), "value": ui.day(alert.published_on)},
        {"label": _("Units"), "value": alert.units},
        {"label": _("Sold by"), "value": alert.online_trader},
        {"label": _("Source"), "value": alert.url, "url": alert.url},
    ]
