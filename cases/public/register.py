"""The public register of unsafe products: published alerts, to everybody the same."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sellers.countries import country_name
from sellers.filters import AlertFilter
from sellers.hazards import hazard_names
from sellers.models import Alert, ProductIdentifier
from sellers.models.product import AlertQuerySet
from surveillance.accounts.actor import PUBLIC
from surveillance.web.guards import ActorRequest, public
from surveillance.web.lists import list_page
from surveillance.web.looks import hazard_picture
from surveillance.web.templatetags import ui

CARDS = 24
SORTS = {"newest": ["-published_on", "-id"]}

# What each source asks to be said beside its texts.
ATTRIBUTIONS: dict[str, Promise] = {
    Alert.Source.CPSC: _(
        "Text by the US Consumer Product Safety Commission, a work of the US federal government in"
        " the public domain. CPSC does not guarantee the accuracy, completeness or adequacy of"
        " what is shown here, and does not endorse this site."
    ),
    Alert.Source.SAFETY_GATE: _(
        "Text from Safety Gate, the EU rapid alert system for dangerous non-food products."
        " © European Union, reused under CC BY 4.0 and Commission Decision 2011/833/EU. The"
        " notifying authority answers for its content."
    ),
    Alert.Source.HEALTH_CANADA: _(
        "Text by the Government of Canada. Contains information licensed under the Open Government"
        " Licence – Canada."
    ),
    Alert.Source.OECD: _(
        "Text from the Global Portal on Product Recalls, © OECD; the authority that notified"
        " the recall answers for its content."
    ),
    Alert.Source.SAFETY_KOREA: _(
        "Text by the Korean Agency for Technology and Standards (SafetyKorea), in Korean."
    ),
}


def published_alerts() -> AlertQuerySet:
    """What the register shows, also to people of the authority: no draft, nothing withdrawn."""
    return Alert.objects.visible_to(PUBLIC)


@public
@require_safe
def alert_list(request: ActorRequest) -> HttpResponse:
    alerts = published_alerts().for_list().defer("raw", "product__description")
    page = list_page(request, AlertFilter(request.GET, alerts), sorts=SORTS, size=CARDS)
    context = {"page": page, "cards": [card(alert) for alert in page.rows]}
    return render(request, "public/alert_list.html", context)


@public
@require_safe
def alert_detail(request: ActorRequest, reference: str) -> HttpResponse:
    alert = get_object_or_404(published_alerts().for_list(), reference=reference)
    address = settings.BASE_URL + reverse("alert-detail", args=[alert.reference])
    context = {
        "alert": alert,
        "card": card(alert),
        "hazards": hazard_names(alert.product.hazards),
        "identification": _identification(alert),
        "attribution": ATTRIBUTIONS.get(alert.source, ""),
        "address": address,
        "mail": _mail(alert, address),
    }
    return render(request, "public/alert_detail.html", context)


def card(alert: Alert) -> dict[str, Any]:
    """For components/alert_card.html. The picture is ours: no foreign host is ever asked."""
    product = alert.product
    in_english = " ".join(product.hazards).replace("_", " ") or alert.hazard
    return {
        "title": alert.title,
        "product": str(product) if str(product) not in alert.title else "",
        "hazard": ", ".join(hazard_names(product.hazards)),
        "url": reverse("alert-detail", args=[alert.reference]),
        "picture": ui.hazard_illustration(hazard_picture(in_english)),
        "published_on": alert.published_on,
    }


def _identification(alert: Alert) -> list[dict[str, Any]]:
    """By what people can tell whether theirs is meant; what is not known is left out."""
    product = alert.product
    codes = list(product.identifiers.order_by("kind", "value"))

    def joined(kind: str) -> str:
        return ", ".join(code.raw for code in codes if code.kind == kind)

    kinds = ProductIdentifier.Kind
    facts = [
        {"label": _("Product"), "value": product.name},
        {"label": _("Brand"), "value": product.brand},
        {"label": _("Models"), "value": joined(kinds.MODEL)},
        {"label": _("Barcode (GTIN)"), "value": joined(kinds.GTIN)},
        {"label": _("Batch or lot"), "value": product.batch},
        {"label": _("Category"), "value": product.category},
        {"label": _("Made in"), "value": country_name(product.origin)},
        {"label": _("Sold by"), "value": alert.online_trader},
        {"label": _("Number sold"), "value": alert.units},
    ]
    return [fact for fact in facts if fact["value"]]


def _mail(alert: Alert, address: str) -> str:
    """An address that opens a letter to a friend."""
    subject = gettext("Unsafe product: %(title)s") % {"title": alert.title}
    return f"mailto:?subject={quote(subject)}&body={quote(address)}"
