"""The formal step on the page of a request: the draft with what can be done, and what was sent."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from cases.flows import formal_steps
from cases.letters import formal
from cases.models import FormalLetter, TakedownRequest
from cases.pages import takedown_verbs
from cases.pages.letters import letter_file, letter_page
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.outbox.document import Document
from surveillance.web.guards import ActorRequest, desk

_VERBS = frozenset(
    transition.verb
    for transition in (
        formal_steps.PREPARE,
        formal_steps.AMEND,
        formal_steps.SEND,
        formal_steps.DROP,
    )
)


@dataclass(frozen=True, slots=True)
class FormalStep:
    """What desk/formal_step.html shows; `hint` says why the draft cannot be sent now."""

    draft: FormalLetter | None
    sent: list[FormalLetter]
    actions: list[dict[str, Any]]
    hint: str

    def __bool__(self) -> bool:
        return bool(self.draft or self.sent or self.actions)


def with_formal_letters(takedown: TakedownRequest) -> TakedownRequest:
    """The letters read once, for the panel and for the buttons; not at all where there are none."""
    letters = FormalLetter.objects.select_related("prepared_by", "sent_by").defer("document")
    found = letters if takedown.has_formal_letters else letters.none()
    prefetch_related_objects([takedown], Prefetch("formal_letters", found))
    return takedown


def formal_step(
    takedown: TakedownRequest, actions: list[dict[str, Any]], actor: Actor
) -> FormalStep:
    """`actions`: all buttons of the request; those of the formal step stand in its panel."""
    draft = formal_steps.draft_of(takedown)
    return FormalStep(
        draft=draft,
        sent=[letter for letter in takedown.formal_letters.all() if letter.is_sent],
        actions=[action for action in actions if is_formal(action)],
        hint=_hint(takedown, actor) if draft else "",
    )


def is_formal(action: dict[str, Any]) -> bool:
    verb: str = action["verb"].rpartition("-")[0]
    return verb in _VERBS


def _hint(takedown: TakedownRequest, actor: Actor) -> str:
    if not actor.may(formal_steps.SEND.right):
        return gettext("A supervisor decides whether it goes out.")
    return formal_steps.SEND.objection(takedown, actor)


@desk
@require_GET
def formal_letter(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    """As it was sent; a draft as it would go out now."""
    return letter_page(*_written(request, reference, number))


@desk
@require_GET
def formal_letter_pdf(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    return letter_file(f"{reference}-formal-{number}", *_written(request, reference, number))


def _written(request: ActorRequest, reference: str, number: int) -> tuple[Document, str]:
    takedown = takedown_verbs.find(request.actor, reference)
    letter = get_object_or_404(takedown.formal_letters, number=number)
    return formal.document_of(letter, clock.now()), letter.language


urlpatterns = [
    path(
        "desk/takedowns/<str:reference>/formal-letters/<int:number>/",
        formal_letter,
        name="takedown-formal-letter",
    ),
    path(
        "desk/takedowns/<str:reference>/formal-letters/<int:number>.pdf",
        formal_letter_pdf,
        name="takedown-formal-letter-pdf",
    ),
]
