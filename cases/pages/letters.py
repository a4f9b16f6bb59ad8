"""The letter of a request: as it would go out now, and as it did go out; as a page and as PDF."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from cases.flows import clocks
from cases.letters import recipients
from cases.letters.to_platform import TakedownIssued, addressed
from cases.models import TakedownRequest
from cases.pages import takedown_verbs
from surveillance import clock
from surveillance.outbox.document import Document
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rendering import as_html, as_pdf
from surveillance.web.guards import ActorRequest, desk


def letter_as_if_issued(takedown: TakedownRequest, at: datetime) -> TakedownIssued:
    """The very letter that `takedowns.issue` sends, with the limit as it would run from `at`.

    Nothing is saved; `takedown` and its items are changed in memory only.
    """
    takedown.regime = takedown.platform.regime(takedown.kind) or takedown.regime
    items = clocks.start_request(takedown, at)
    return TakedownIssued(**addressed(takedown), at=at, items=tuple(items))


def document_of(takedown: TakedownRequest, at: datetime) -> tuple[Document, str]:
    """The letter and its language: what was sent once it is issued, a preview before."""
    language = recipients.language_of(takedown.platform)
    if takedown.issued_at:
        sent = OutboxMessage.objects.filter(
            about=takedown.reference, letter=TakedownIssued.NAME
        ).order_by("created_at")
        message = sent.filter(language=language).first() or sent.first()
        if message:
            return Document.from_json(message.document), message.language
    with translation.override(language):
        return letter_as_if_issued(takedown, takedown.issued_at or at).write(), language


@desk
@require_GET
def takedown_letter(request: ActorRequest, reference: str) -> HttpResponse:
    takedown = takedown_verbs.find(request.actor, reference)
    return letter_page(*document_of(takedown, clock.now()))


@desk
@require_GET
def takedown_letter_pdf(request: ActorRequest, reference: str) -> HttpResponse:
    takedown = takedown_verbs.find(request.actor, reference)
    return letter_file(reference, *document_of(takedown, clock.now()))


@desk
@require_GET
def sent_letter(request: ActorRequest, reference: str, pk: UUID) -> HttpResponse:
    """A letter about this request, as it went out."""
    message = _sent(request, reference, pk)
    return letter_page(Document.from_json(message.document), message.language)


@desk
@require_GET
def sent_letter_pdf(request: ActorRequest, reference: str, pk: UUID) -> HttpResponse:
    message = _sent(request, reference, pk)
    return letter_file(reference, Document.from_json(message.document), message.language)


def _sent(request: ActorRequest, reference: str, pk: UUID) -> OutboxMessage:
    takedown = takedown_verbs.find(request.actor, reference)
    message: OutboxMessage = get_object_or_404(
        OutboxMessage.objects.filter(about=takedown.reference), pk=pk
    )
    return message


def letter_page(document: Document, language: str) -> HttpResponse:
    return HttpResponse(as_html(document, language), headers={"Content-Language": language})


def letter_file(reference: str, document: Document, language: str) -> HttpResponse:
    return HttpResponse(
        as_pdf(document, language),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{reference}.pdf"'},
    )


def preview_of(takedown: TakedownRequest) -> dict[str, str]:
    """The parameters of components/letter.html."""
    arguments = [takedown.reference]
    return {
        "src": reverse("takedown-letter", args=arguments),
        "pdf_url": reverse("takedown-letter-pdf", args=arguments),
        "to": takedown.platform.name,
    }


urlpatterns = [
    path("desk/takedowns/<str:reference>/letter/", takedown_letter, name="takedown-letter"),
    path(
        "desk/takedowns/<str:reference>/letter.pdf", takedown_letter_pdf, name="takedown-letter-pdf"
    ),
    path("desk/takedowns/<str:reference>/letters/<uuid:pk>/", sent_letter, name="sent-letter"),
    path(
        "desk/takedowns/<str:reference>/letters/<uuid:pk>.pdf",
        sent_letter_pdf,
        name="sent-letter-pdf",
    ),
]
