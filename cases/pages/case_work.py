"""Bringing things into a case: opening one, and adding listings by their addresses."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from cases.flows import cases
from cases.forms.cases import AddListingsForm, OpenCaseForm
from cases.forms.fields import is_address
from cases.models import Case
from cases.pages import case_verbs
from sellers.flows import listings
from sellers.flows.listings import ListingFacts, address_key
from sellers.models import Listing, Platform, Product
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowError, available, told_by
from surveillance.web.guards import ActorRequest, desk


@desk
def open_case(request: ActorRequest) -> HttpResponse:
    """A case from scratch, or for a product of the register (?product=P-…)."""
    products = Product.objects.visible_to(request.actor)
    named = products.filter(reference=request.GET.get("product", "")).first()
    start = {"product": named.reference, "title": str(named)} if named else {}
    form = OpenCaseForm(request.POST or None, initial=start, products=products)
    if request.method == "POST" and form.is_valid():
        product = form.cleaned_data["product"]
        case = cases.open(
            form.cleaned_data["title"], by=request.actor, products=[product] if product else []
        )
        return redirect("case-detail", case.reference)
    return render(
        request, "desk/case_open.html", {"form": form}, status=422 if form.errors else 200
    )


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line: the listing, or why there is none."""

    line: str
    listing: Listing | None = None
    problem: str = ""


@desk
def add_listings(request: ActorRequest, reference: str) -> HttpResponse:
    """Many listings at once, by address or reference; a result for each line."""
    case = case_verbs.find(request.actor, reference)
    product = case.products.first()
    start = {"title": product or case.title, "lines": "\n".join(_reported_addresses(case))}
    form = AddListingsForm(request.POST or None, initial=start)
    context = {"case": case, "form": form, "may": _may_add(case, request.actor)}
    if request.method == "POST" and form.is_valid():
        context["results"] = _link_all(case, form, product, request.actor)
    return render(request, "desk/add_listings.html", context, status=422 if form.errors else 200)


def _reported_addresses(case: Case) -> list[str]:
    """Where the reporters saw the product, as far as the case does not hold it yet."""
    known = set(case.listings.values_list("address_key", flat=True))
    told = case.reports.exclude(listing_url="").order_by("received_at")
    addresses = dict.fromkeys(told.values_list("listing_url", flat=True)[:50])
    return [address for address in addresses if address_key(address) not in known]


def _may_add(case: Case, actor: Actor) -> bool:
    return cases.LINK_LISTING in available(case, by=actor)


def _link_all(
    case: Case, form: AddListingsForm, product: Product | None, actor: Actor
) -> list[LineResult]:
    known = form.known(Listing.objects.visible_to(actor).select_related("platform"))
    hosts = {_host(platform.website): platform for platform in Platform.objects.visible_to(actor)}
    results = []
    for line in form.cleaned_data["lines"]:
        try:
            listing = known.get(line) or _record(
                line, form.cleaned_data["title"], product, hosts, actor
            )
            cases.link_listing(case, by=actor, listing=listing)
        except (FlowError, ValidationError) as problem:
            results.append(LineResult(line, problem=told_by(problem)))
        else:
            results.append(LineResult(line, listing))
    return results


def _record(
    line: str, title: str, product: Product | None, hosts: dict[str, Platform], actor: Actor
) -> Listing:
    """An offer that is new to us. Raises ValidationError where no platform of ours has it."""
    if not is_address(line):
        raise ValidationError(
            _("Neither a reference of ours nor an address that begins with https://.")
        )
    platform = hosts.get(_host(line))
    if platform is None:
        raise ValidationError(
            _("No platform of ours has its pages at “%(host)s”. Register it first.")
            % {"host": _host(line)}
        )
    return listings.record(platform, ListingFacts(url=line, title=title), by=actor, product=product)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


urlpatterns = [
    path("desk/cases/new/", open_case, name="case-open"),
    path("desk/cases/<str:reference>/add-listings/", add_listings, name="case-add-listings"),
]
