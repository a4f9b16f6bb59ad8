"""What a platform can do with a demand and its listings, as pages and buttons."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from cases.flows import corrections, evidence, extensions, items, takedowns
from cases.flows.items import Answer
from cases.models import FormalLetter, Item, TakedownRequest
from cases.portal.forms import AnswerForm, CorrectionForm, ExtensionForm, ProofForm
from surveillance.accounts.actor import Actor
from surveillance.web.guards import portal
from surveillance.web.verbs import VerbForm, VerbPages


def find(actor: Actor, reference: str) -> TakedownRequest:
    rows = TakedownRequest.objects.visible_to(actor).select_related(
        "platform__organisation", "regime", "case__office__organisation"
    )
    rows = rows.annotate(has_formal_letters=FormalLetter.objects.sent().of_request())
    takedown: TakedownRequest = get_object_or_404(rows, reference=reference)
    return takedown


def find_item(actor: Actor, reference: str, number: int) -> Item:
    rows = Item.objects.visible_to(actor).select_related(
        "takedown__case", "takedown__platform", "takedown__regime", "listing__account"
    )
    item: Item = get_object_or_404(rows, takedown__reference=reference, number=number)
    return item


def answer(item: Item, *, by: Actor, reply: Answer, file: UploadedFile | None) -> Item:
    """Say what became of this listing, with a file that proves it: both, or neither."""
    with transaction.atomic():
        if file:
            evidence.add_proof(item, by=by, file=file)
        return items.answer(item, reply, by=by)


def correct(item: Item, *, by: Actor, reply: Answer) -> Item:
    """Say something else of this listing, as long as nobody has decided about it."""
    return corrections.correct_answer(item, reply, by=by)


TAKEDOWN = VerbPages(
    prefix="portal-takedown",
    route="portal/<str:reference>",
    guard=portal,
    find=find,
    template="portal/verb.html",
    detail="portal-takedown",
    verbs=[
        VerbForm(
            takedowns.ACKNOWLEDGE,
            takedowns.acknowledge,
            tone="primary",
            icon="check",
            shortcut="a",
        ),
        VerbForm(
            extensions.REQUEST_EXTENSION,
            extensions.request_extension,
            ExtensionForm,
            icon="clock",
            consequence=_(
                "The authority decides. Until it has decided, the limit runs on as it stands."
            ),
        ),
    ],
)

ITEM = VerbPages(
    prefix="portal-item",
    route="portal/<str:reference>/items/<int:number>",
    guard=portal,
    find=find_item,
    template="portal/verb.html",
    detail="portal-item",
    kwargs_of=lambda item: {"reference": item.takedown.reference, "number": item.number},
    verbs=[
        VerbForm(
            items.ANSWER,
            answer,
            AnswerForm,
            icon="pencil-square",
            consequence=_("The clock of this listing stops and the authority checks your answer."),
        ),
        VerbForm(
            corrections.CORRECT_ANSWER,
            correct,
            CorrectionForm,
            icon="pencil-square",
            consequence=_(
                "What you answered first, and when, stays on record; the authority checks what"
                " stands last."
            ),
        ),
        VerbForm(evidence.ADD_TO_ITEM, evidence.add_proof, ProofForm, icon="paper-clip", adds=True),
    ],
)
