"""The newest alerts for readers and programs: Atom (RFC 4287) and JSON Feed 1.1."""

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import JsonResponse
from django.urls import reverse, reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.public.register import ATTRIBUTIONS, published_alerts
from sellers.hazards import hazard_names
from sellers.models import Alert
from surveillance.web.guards import ActorRequest, public

NEWEST = 50
TITLE = gettext_lazy("Unsafe products: the newest alerts")


def newest_alerts() -> list[Alert]:
    rows = published_alerts().select_related("product").defer("raw")
    return list(rows.order_by("-published_on", "-id")[:NEWEST])


def in_words(alert: Alert) -> str:
    """What is dangerous, what to do, and whose words they are."""
    parts = [alert.hazard, alert.what_to_do, str(ATTRIBUTIONS.get(alert.source, ""))]
    return "\n\n".join(part for part in parts if part)


class NewestAlerts(Feed):
    feed_type = Atom1Feed
    title = TITLE
    subtitle = gettext_lazy("Products that the authority found unsafe, or was told of by others.")
    link = reverse_lazy("alert-list")

    def items(self) -> list[Alert]:
        return newest_alerts()

    def item_title(self, item: Alert) -> str:
        return item.title

    def item_description(self, item: Alert) -> str:
        return in_words(item)

    def item_link(self, item: Alert) -> str:
        return settings.BASE_URL + reverse("alert-detail", args=[item.reference])

    def item_pubdate(self, item: Alert) -> datetime:
        return _instant(item)

    def item_updateddate(self, item: Alert) -> datetime:
        return item.changed_at

    def item_categories(self, item: Alert) -> list[str]:
        return hazard_names(item.product.hazards)


@public
@require_safe
def json_feed(request: ActorRequest) -> JsonResponse:
    """JSON Feed 1.1 (jsonfeed.org)."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": str(TITLE),
        "home_page_url": settings.BASE_URL + reverse("alert-list"),
        "feed_url": settings.BASE_URL + reverse("alert-feed-json"),
        "language": request.LANGUAGE_CODE,
        "items": [_item(alert) for alert in newest_alerts()],
    }
    return JsonResponse(document, content_type="application/feed+json")


def _item(alert: Alert) -> dict[str, Any]:
    address = settings.BASE_URL + reverse("alert-detail", args=[alert.reference])
    return {
        "id": address,
        "url": address,
        "title": alert.title,
        "content_text": in_words(alert),
        "date_published": _instant(alert).isoformat(),
        "date_modified": alert.changed_at.isoformat(),
        "tags": hazard_names(alert.product.hazards),
        **({"external_url": alert.url} if alert.url else {}),
    }


def _instant(alert: Alert) -> datetime:
    """A feed wants an instant where the register has a day: its first, in UTC."""
    if alert.published_on is None:
        return alert.changed_at
    return datetime.combine(alert.published_on, time(), tzinfo=UTC)
