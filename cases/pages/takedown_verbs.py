"""What can be done with a request and its items, as pages and buttons."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from cases.flows import appeals, extensions, formal_steps, items, pausing, takedowns
from cases.forms.takedowns import (
    AddToDraftForm,
    AmendFormalLetterForm,
    ConfirmRemovalForm,
    DropFromDraftForm,
    InformationForm,
    ReviseForm,
)
from cases.models import Appeal, FormalLetter, Item, TakedownRequest
from surveillance.accounts.actor import Actor
from surveillance.web.guards import desk
from surveillance.web.verbs import ReasonForm, VerbForm, VerbPages


def find(actor: Actor, reference: str) -> TakedownRequest:
    rows = TakedownRequest.objects.visible_to(actor).select_related(
        "case__office__organisation", "platform__organisation", "regime"
    )
    rows = rows.annotate(
        has_formal_letters=FormalLetter.objects.of_request(),
        has_appeals=Appeal.objects.of_request(),
    )
    takedown: TakedownRequest = get_object_or_404(rows, reference=reference)
    return takedown


def find_item(actor: Actor, reference: str, number: int) -> Item:
    rows = Item.objects.visible_to(actor).select_related(
        "takedown__case", "takedown__platform", "takedown__regime", "listing"
    )
    item: Item = get_object_or_404(rows, takedown__reference=reference, number=number)
    return item


TAKEDOWN = VerbPages(
    prefix="takedown",
    route="desk/takedowns/<str:reference>",
    guard=desk,
    find=find,
    template="desk/verb.html",
    verbs=[
        VerbForm(
            takedowns.ISSUE,
            takedowns.issue,
            tone="primary",
            icon="paper-airplane",
            shortcut="i",
            consequence=_("The letter goes out now and the limit of every listing begins to run."),
        ),
        VerbForm(
            takedowns.SUBMIT,
            takedowns.submit,
            tone="primary",
            icon="hand-raised",
            shortcut="s",
            consequence=_("The supervisors of the office are asked to approve it."),
        ),
        VerbForm(
            takedowns.APPROVE,
            takedowns.approve,
            tone="primary",
            icon="hand-thumb-up",
            shortcut="a",
            consequence=_("It may then be issued. It does not go out by itself."),
        ),
        VerbForm(
            extensions.GRANT_EXTENSION,
            extensions.grant_extension,
            tone="primary",
            icon="clock",
            consequence=_("The time asked for is added to every listing whose clock runs."),
        ),
        VerbForm(
            extensions.REFUSE_EXTENSION, extensions.refuse_extension, ReasonForm, icon="x-mark"
        ),
        VerbForm(
            pausing.RESUME_TAKEDOWN,
            pausing.resume_takedown,
            tone="primary",
            icon="play",
            consequence=_("Every limit goes on where it stood, and the platform is told."),
        ),
        VerbForm(
            pausing.PAUSE_TAKEDOWN,
            pausing.pause_takedown,
            ReasonForm,
            icon="pause",
            consequence=_(
                "Every limit of this request stands until you let it run again. The platform is"
                " told why; it may answer meanwhile."
            ),
        ),
        VerbForm(takedowns.CLOSE, takedowns.close, tone="primary", icon="archive-box"),
        VerbForm(
            formal_steps.PREPARE,
            formal_steps.prepare_formal_letter,
            icon="scale",
            consequence=_("A draft is written about what is late. Nothing goes out."),
        ),
        VerbForm(
            formal_steps.AMEND,
            formal_steps.amend_formal_letter,
            AmendFormalLetterForm,
            icon="pencil-square",
            consequence=_(
                "The letter names the listings, their limits and how they were counted by itself,"
                " as they stand when it is sent."
            ),
        ),
        VerbForm(
            formal_steps.SEND,
            formal_steps.send_formal_letter,
            tone="primary",
            icon="paper-airplane",
            consequence=_(
                "It goes to the platform at once, to its contact for what is late and to the one"
                " for demands, and cannot be taken back."
            ),
        ),
        VerbForm(formal_steps.DROP, formal_steps.drop_formal_letter, ReasonForm, icon="x-mark"),
        VerbForm(takedowns.SEND_BACK, takedowns.send_back, ReasonForm, icon="arrow-uturn-left"),
        VerbForm(takedowns.REVISE, takedowns.revise, ReviseForm, icon="pencil"),
        VerbForm(takedowns.ADD_LISTINGS, takedowns.add_listings, AddToDraftForm, icon="plus"),
        VerbForm(takedowns.DROP_LISTINGS, takedowns.drop_listings, DropFromDraftForm, icon="minus"),
        VerbForm(takedowns.REOPEN, takedowns.reopen, ReasonForm, icon="arrow-uturn-left"),
        VerbForm(
            takedowns.WITHDRAW,
            takedowns.withdraw,
            ReasonForm,
            tone="danger",
            icon="arrow-uturn-left",
            consequence=_(
                "Everything that is still open in it is withdrawn, and the platform is told so."
            ),
        ),
    ],
)

ITEM = VerbPages(
    prefix="item",
    route="desk/takedowns/<str:reference>/items/<int:number>",
    guard=desk,
    find=find_item,
    template="desk/verb.html",
    kwargs_of=lambda item: {"reference": item.takedown.reference, "number": item.number},
    verbs=[
        VerbForm(
            appeals.UPHOLD_APPEAL,
            appeals.uphold_appeal,
            ReasonForm,
            tone="primary",
            icon="hand-thumb-up",
            consequence=_(
                "What the decision denied holds: a refusal is accepted and nothing more is asked,"
                " an answer is to be checked again. The platform is told why."
            ),
        ),
        VerbForm(
            appeals.DISMISS_APPEAL,
            appeals.dismiss_appeal,
            ReasonForm,
            icon="hand-thumb-down",
            consequence=_("The decision stands, and the platform is told why."),
        ),
        VerbForm(
            items.CONFIRM_REMOVAL,
            items.confirm_removal,
            ConfirmRemovalForm,
            tone="primary",
            icon="check-badge",
            consequence=_("The listing counts as gone, and the platform is told so."),
        ),
        VerbForm(
            items.REJECT_ANSWER,
            items.reject_answer,
            ReasonForm,
            icon="exclamation-triangle",
            consequence=_("A new limit begins to run, and the platform is told why."),
        ),
        VerbForm(
            items.ACCEPT_REFUSAL,
            items.accept_refusal,
            ReasonForm,
            icon="hand-thumb-up",
            consequence=_("The listing stays online; nothing more is asked of the platform."),
        ),
        VerbForm(
            items.SUPPLY_INFORMATION,
            items.supply_information,
            InformationForm,
            tone="primary",
            icon="chat-bubble-left-right",
        ),
        VerbForm(
            pausing.RESUME_ITEM,
            pausing.resume_item,
            tone="primary",
            icon="play",
            consequence=_("The limit goes on where it stood, and the platform is told."),
        ),
        VerbForm(
            pausing.PAUSE_ITEM,
            pausing.pause_item,
            ReasonForm,
            icon="pause",
            consequence=_(
                "The limit of this listing stands until you let it run again. The platform is told"
                " why; it may answer meanwhile."
            ),
        ),
        VerbForm(
            items.NOTE_RELISTED,
            items.note_relisted,
            icon="arrow-path",
            consequence=_(
                "The listing is demanded again under the same request, with a new limit."
            ),
        ),
        VerbForm(
            items.WITHDRAW,
            items.withdraw,
            ReasonForm,
            icon="arrow-uturn-left",
            consequence=_("This listing need not be taken down; the platform is told so."),
        ),
    ],
)
