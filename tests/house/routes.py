"""Every route of the URLconf, and an address of each that leads to a real row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from surveillance.outbox.models import OutboxMessage
from tests.house.rivals import Rivals, Side

# django-allauth's own views: signing in and out, and forgotten passwords, are for everybody.
THEIRS = "allauth."
RARE_METHODS = ("PUT", "PATCH", "DELETE")
# What a route asks for beside its row.
QUERIES = {
    "statistics-rows": "?number=missed",
    "scorecard-rows": "?number=missed",
    "saved-views": "?list=portal",
}


def routes() -> Iterator[URLPattern]:
    stack: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while stack:
        entry = stack.pop()
        if isinstance(entry, URLResolver):
            stack.extend(entry.url_patterns)
        else:
            yield entry


def methods_of(route: URLPattern) -> tuple[str, ...]:
    """GET and POST are tried everywhere; an operation of the API may answer to others."""
    view = getattr(route.callback, "cls", None)
    return ("GET", "POST", *(one for one in RARE_METHODS if hasattr(view, one.lower())))


def rule(code: str) -> dict[str, Callable[[], Any]]:
    """A calendar or a regime."""
    found = {"code": code, "version": 1, "change": "closure"}
    return {name: partial(found.get, name) for name in found}


def own_routes() -> list[URLPattern]:
    return [route for route in routes() if not route.callback.__module__.startswith(THEIRS)]


@dataclass(frozen=True)
class Rows:
    """The rows that addresses lead to: one platform's, and the authority's around them."""

    rivals: Rivals
    side: Side

    def arguments(self, route: URLPattern) -> Mapping[str, Any]:
        """What the route asks for. KeyError names a route that nobody has thought of yet."""
        wanted = route.pattern.regex.groupindex or dict.fromkeys(route.pattern.converters)
        found = {name: self._argument(str(route.name), name) for name in wanted}
        return {name: value() for name, value in found.items()}

    def address(self, route: URLPattern) -> str:
        query = QUERIES.get(str(route.name), "")
        return reverse(str(route.name), kwargs=self.arguments(route)) + query

    def _argument(self, route: str, name: str) -> Callable[[], Any]:
        if (route, name) in self._special:
            return self._special[route, name]
        kind = next((kind for kind in self._rows if route.startswith(kind)), None)
        if kind is None:
            raise KeyError(f"{route}: which row is {name}? (tests/house/routes.py)")
        return self._rows[kind][name]

    @property
    def _special(self) -> dict[tuple[str, str], Callable[[], Any]]:
        return {
            ("report-step", "step"): lambda: "product",
            ("statistics-chart", "name"): lambda: "by-month",
            ("api-product", "reference"): lambda: self.rivals.alert.product.reference,
            ("statistics-csv", "name"): lambda: "by-month",
            ("takedown-draft", "reference"): lambda: self.rivals.case.reference,
            ("takedown-review", "reference"): lambda: self.rivals.case.reference,
            ("product-detail", "reference"): lambda: self.rivals.product.reference,
            ("portal-contest", "handle"): lambda: self.side.handle,
            ("notice-open", "pk"): lambda: self._message(user=self.side.agent).pk,
            ("sent-letter", "pk"): self._letter,
            ("sent-letter-pdf", "pk"): self._letter,
            ("evidence-file", "pk"): lambda: self.side.proof.pk,
            ("evidence-picture", "pk"): lambda: self.side.proof.pk,
            ("account_confirm_email", "key"): lambda: "no-such-key",
            ("invitation", "token"): lambda: "no-such-token",
            ("account_reset_password_from_key", "uidb36"): lambda: "1",
            ("account_reset_password_from_key", "key"): lambda: default_token_generator.make_token(
                self.side.agent
            ),
        }

    @property
    def _rows(self) -> dict[str, dict[str, Callable[[], Any]]]:
        """By the beginning of a route's name; the longer beginning stands first."""
        takedown, rivals = self.side.takedown, self.rivals

        def of(row: Any) -> dict[str, Callable[[], Any]]:
            return {"reference": lambda: row.reference}

        item = {**of(takedown), "number": lambda: 1}
        slug = {"slug": lambda: self.side.platform.slug}
        market = {
            "alert": of(rivals.alert),
            "desk-alert": of(rivals.alert),
            "product": of(rivals.product),
            "seller-data": {**slug, "handle": lambda: self.side.handle},
            "seller": of(self.side.seller),
            "listing": of(self.side.listings[0]),
            "platform": slug,
        }
        work = {
            "report": of(rivals.report),
            "case": of(rivals.case),
            "assessment": of(rivals.case),
            "takedown": item,
            "item": item,
        }
        webhook = {**of(self.side.endpoint), "pk": lambda: self.side.webhook.pk}
        return {
            "desk-alert-draft": of(rivals.product),
            **{f"api-{kind}": rows for kind, rows in (market | work).items()},
            **market,
            **work,
            "sent-letter": item,
            "portal-file": {**of(self.side.answers), "extension": lambda: "csv"},
            "portal": item,
            "contest": of(self.side.contest),
            "calendar": rule("EU"),
            "regime": rule("EU-GPSR-22-12"),
            "webhook": webhook,
            "api-webhook": webhook,
            "delivery": webhook,
            "import": of(rivals.job),
            "key": {"prefix": lambda: self.side.key.row.prefix},
            "agent": of(self.side.invited.row),
            "saved-view": of(self.side.view),
            "demo-mail": {"pk": self._letter},
        }

    def _letter(self) -> Any:
        """The order itself: the one of a request's letters that has an attachment."""
        reference = self.side.takedown.reference
        return self._message(about=reference, letter="takedown_issued", channel="email").pk

    @staticmethod
    def _message(**facts: Any) -> OutboxMessage:
        message = OutboxMessage.objects.filter(**facts).order_by("created_at").first()
        assert message is not None, facts
        return message
