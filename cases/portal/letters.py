"""The letters that put demands to a platform, and the formal ones that follow where they are not
answered, as they were sent: as a page and as PDF."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from cases.letters.to_platform import TakedownIssued, addressed
from cases.models import FormalLetter, TakedownRequest
from cases.portal import verbs
from surveillance.accounts.actor import Actor
from surveillance.outbox.document import Document
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rendering import as_html, as_pdf
from surveillance.web.guards import ActorRequest, portal


@dataclass(frozen=True, slots=True)
class PortalLetter:
    """The first letter is the demand; `remark` says what a further one is."""

    at: datetime
    language: str
    document: Document
    remark: str = ""
    number: int = 1


def sent(takedown: TakedownRequest, actor: Actor) -> list[PortalLetter]:
    """The demand and what followed it, oldest first."""
    found = [*_demands(takedown), *_formal(takedown, actor)]
    found.sort(key=lambda letter: letter.at)
    return [replace(letter, number=number) for number, letter in enumerate(found, start=1)]


def _formal(takedown: TakedownRequest, actor: Actor) -> Iterator[PortalLetter]:
    if not takedown.has_formal_letters:
        return
    for letter in FormalLetter.objects.visible_to(actor).sent().filter(takedown=takedown):
        assert letter.sent_at is not None, "a sent formal letter is whole"
        assert letter.document is not None, "a sent formal letter is whole"
        yield PortalLetter(
            letter.sent_at,
            letter.language,
            Document.from_json(letter.document),
            gettext("a formal letter"),
        )


def _demands(takedown: TakedownRequest) -> Iterator[PortalLetter]:
    """The demand and one letter for each listing that came back; each once, in the reader's
    language where it went out in that language. A demand that nobody could be written to is
    written now."""
    messages = OutboxMessage.objects.filter(about=takedown.reference, letter=TakedownIssued.NAME)
    by_cause: dict[int | None, OutboxMessage] = {}
    for message in messages.order_by("created_at", "cause_id", "address", "pk"):
        known = by_cause.get(message.cause_id)
        if known is None or _suits(message) > _suits(known):
            by_cause[message.cause_id] = message
    found = sorted(by_cause.values(), key=lambda message: message.created_at)
    if not found:
        yield _written(takedown)
    for place, message in enumerate(found):
        yield PortalLetter(
            message.created_at,
            message.language,
            Document.from_json(message.document),
            gettext("a listing that came back") if place else "",
        )


def _suits(message: OutboxMessage) -> bool:
    return message.language == translation.get_language()


def _written(takedown: TakedownRequest) -> PortalLetter:
    items = takedown.items.filter(predecessor=None).select_related("listing__account")
    numbered = tuple(items.order_by("number"))
    for item in numbered:
        item.takedown = takedown
    at = takedown.issued_at
    assert at is not None, "a platform sees a demand from the moment it is issued"
    demand = TakedownIssued(**addressed(takedown), at=at, items=numbered)
    return PortalLetter(at, translation.get_language(), demand.write())


@portal
@require_GET
def letter(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    takedown, found = _find(request, reference, number)
    return render(request, "portal/letter.html", {"takedown": takedown, "letter": found})


@portal
@require_GET
def letter_paper(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    """The letter alone, as it was mailed; the page above frames it."""
    _takedown, found = _find(request, reference, number)
    return HttpResponse(
        as_html(found.document, found.language), headers={"Content-Language": found.language}
    )


@portal
@require_GET
def letter_pdf(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    takedown, found = _find(request, reference, number)
    name = f"{takedown.reference}-{number}.pdf" if number > 1 else f"{takedown.reference}.pdf"
    return HttpResponse(
        as_pdf(found.document, found.language),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _find(
    request: ActorRequest, reference: str, number: int
) -> tuple[TakedownRequest, PortalLetter]:
    takedown = verbs.find(request.actor, reference)
    letters = sent(takedown, request.actor)
    if not 1 <= number <= len(letters):
        raise Http404
    return takedown, letters[number - 1]
