"""One search box: a reference goes to its page, anything else is looked for everywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cases.models import Case, Report, TakedownRequest
from cases.pages import references
from sellers.flows.listings import address_key
from sellers.models import Alert, Listing, Product, Seller
from surveillance.accounts.actor import Actor
from surveillance.references import Kind
from surveillance.searching import holds, words_of
from surveillance.web.guards import ActorRequest, desk

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Hit:
    reference: str
    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Hits:
    """The first hits of one kind; `all_url` is the list of this kind with the same words."""

    label: str | Promise
    rows: list[Hit]
    has_more: bool
    all_url: str


@desk
@require_GET
def search(request: ActorRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    if _exists(text, request.actor):
        return HttpResponseRedirect(references.address(text))
    found = _hits(text, request.actor) if text else []
    return render(request, "desk/search.html", {"search_text": text, "found": found})


_ROWS: dict[Kind, Any] = {
    Kind.REPORT: Report,
    Kind.CASE: Case,
    Kind.TAKEDOWN: TakedownRequest,
    Kind.PRODUCT: Product,
    Kind.ALERT: Alert,
    Kind.SELLER: Seller,
    Kind.LISTING: Listing,
}


def _exists(text: str, actor: Actor) -> bool:
    named = references.parse(text)
    if named is None:
        return False
    kind, reference, _item = named
    return bool(_ROWS[kind].objects.visible_to(actor).filter(reference=reference).exists())


def _hits(text: str, actor: Actor) -> list[Hits]:
    """Kinds with at least one hit, the work before the market."""
    words = words_of(text)
    demands = TakedownRequest.objects.visible_to(actor).select_related("case", "platform")
    sellers = Seller.objects.visible_to(actor)
    kinds: tuple[tuple[str | Promise, str, QuerySet[Any], Callable[[Any], str]], ...] = (
        (gettext_lazy("Cases"), "case-list", _holding(Case, words, actor), _state),
        (gettext_lazy("Takedown requests"), "takedown-list", demands.matching(text), _state),
        (gettext_lazy("Reports"), "report-list", _holding(Report, words, actor), _state),
        (gettext_lazy("Products"), "product-list", _holding(Product, words, actor), _nothing),
        (gettext_lazy("Alerts"), "desk-alert-list", _holding(Alert, words, actor), _state),
        (gettext_lazy("Sellers"), "seller-list", sellers.matching(text), _state),
        (gettext_lazy("Listings"), "listing-list", _listings(text, actor), _address),
    )
    found = []
    for label, url_name, rows, note in kinds:
        first = list(rows.order_by("-pk")[: SHOWN + 1])
        if first:
            hits = [_hit(row, note(row)) for row in first[:SHOWN]]
            all_url = f"{reverse(url_name)}?{urlencode({'q': text})}"
            found.append(Hits(label, hits, len(first) > SHOWN, all_url))
    return found


def _hit(row: Any, note: str) -> Hit:
    title = row.case.title if isinstance(row, TakedownRequest) else str(row)
    return Hit(row.reference, title, note, references.address(row.reference))


def _holding(model: Any, words: list[str], actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.visible_to(actor)
    for word in words:
        rows = rows.filter(holds("search_text", word))
    return rows


def _listings(text: str, actor: Actor) -> QuerySet[Listing]:
    """By address, however it is written, or by the words of the title."""
    rows = Listing.objects.visible_to(actor)
    if "://" in text:
        return rows.filter(address_key__startswith=address_key(text))
    return rows.matching(text)


def _state(row: Any) -> str:
    note = str(row.get_state_display())
    if isinstance(row, TakedownRequest):
        return _("%(platform)s, %(state)s") % {"platform": row.platform.name, "state": note}
    return note


def _address(row: Listing) -> str:
    return row.url


def _nothing(row: Any) -> str:
    return ""


urlpatterns = [path("desk/search/", search, name="search")]
