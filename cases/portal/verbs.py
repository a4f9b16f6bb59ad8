"""What a platform can do with a demand and its listings, as pages and buttons."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from cases.flows import appeals, corrections, evidence, extensions, items, takedowns
from cases.flows.items import Answer
from cases.models import Appeal, FormalLetter, Item, TakedownRequest
from cases.portal.forms import AnswerForm, AppealForm, CorrectionForm, ExtensionForm, ProofForm
from surveillance.accounts.actor import Actor
from surveillance.web.guards import portal
from surveillance.web.verbs import VerbForm, VerbPages


def find(actor: Actor, reference: str) -> TakedownRequest:
    rows = TakedownRequest.objects.visible_to(actor).select_related(
        "platform__organisation", "regime", "case__office__organisation"
    )
    rows = rows.annotate(
        has_formal_letters=FormalLetter.objects.sent().of_request(),
        has_appeals=Appeal.objects.of_request(),
    )
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


def appeal(item: Item, *, by: Actor, reason: str, file: UploadedFile | None) -> Item:
    """Say why the decision is wrong, with a file that proves it: both, or neither."""
    with transaction.atomic():
        if file:
            evidence.add_proof(item, by=by, file=file)
        return appeals.appeal(item, by=by, reason=reason)


def correct(item: Item, *, by: Actor, reply: Answer) -> Item:
    """Say something else of this listing, as long as nobody has decided about it."""
    return corrections.correct_answer(item, reply, by=by)


def is_appeal(action: dict[str, Any]) -> bool:
    verb: str = action["verb"]
    return verb.startswith(f"{appeals.APPEAL.verb}-")


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
            appeals.APPEAL,
            appeal,
            AppealForm,
            icon="scale",
            consequence=_(
                "Another person of the authority decides within 5 working days. Until then the"
                " limit of this listing runs on as it stands: an appeal does not take the place of"
                " an answer, and an answer does not take back an appeal."
            ),
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
