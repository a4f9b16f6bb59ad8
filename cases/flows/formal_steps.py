"""Verbs of the formal step: a letter to a platform that leaves listings unanswered.

The last rung of the ladder drafts it, or a supervisor by hand; a supervisor amends it, and sends or
drops it. There is one draft at a time: whatever reaches the rung later is named in it, because the
listings are looked up when it is sent.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.letters import formal, recipients
from cases.models import FormalLetter, Item, TakedownRequest
from cases.states import TakedownState
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.rights import Right
from surveillance.flow import Transition, WrongState, perform, require_text


def draft_of(takedown: TakedownRequest) -> FormalLetter | None:
    """The draft of a formal letter that the request has."""
    return next((letter for letter in takedown.formal_letters.all() if letter.is_draft), None)


def _cannot_prepare(takedown: TakedownRequest, by: Actor) -> str:
    if draft_of(takedown):
        return gettext("A formal letter has been drafted already.")
    return "" if takedown.items.missed().exists() else gettext("No missed limit is open.")


def _no_draft(takedown: TakedownRequest, by: Actor) -> str:
    return "" if draft_of(takedown) else gettext("No formal letter has been drafted.")


def _cannot_send(takedown: TakedownRequest, by: Actor) -> str:
    letter = draft_of(takedown)
    if letter is None:
        return gettext("No formal letter has been drafted.")
    if not takedown.items.missed().exists():
        return gettext(
            "Every listing that was late has been answered or has its limit open again: there is"
            " nothing to send. Drop the draft."
        )
    if letter.answer_by is None:
        return gettext("Amend the letter first: it has no last date yet.")
    return ""


PREPARE = Transition(
    "takedown.prepare_formal_letter",
    Right.PREPARE_FORMAL_LETTER,
    _("Draft a formal letter"),
    _("drafted formal letter no. %(number)s, about %(count)s listings"),
    from_={TakedownState.ISSUED},
    objection=_cannot_prepare,
)
AMEND = Transition(
    "takedown.amend_formal_letter",
    Right.SEND_FORMAL_LETTER,
    _("Amend the formal letter"),
    _("amended the draft of formal letter no. %(number)s"),
    from_={TakedownState.ISSUED},
    objection=_no_draft,
)
SEND = Transition(
    "takedown.send_formal_letter",
    Right.SEND_FORMAL_LETTER,
    _("Send the formal letter"),
    _("sent formal letter no. %(number)s, about %(count)s listings"),
    from_={TakedownState.ISSUED},
    objection=_cannot_send,
)
DROP = Transition(
    "takedown.drop_formal_letter",
    Right.PREPARE_FORMAL_LETTER,
    _("Drop the formal letter"),
    _("dropped the draft of formal letter no. %(number)s"),
    from_={TakedownState.ISSUED},
    objection=_no_draft,
)


def prepare_formal_letter(
    takedown: TakedownRequest, *, by: Actor, at: datetime | None = None
) -> TakedownRequest:
    """Draft a formal letter about what is late, in the platform's language. Nothing goes out."""
    with perform(PREPARE, takedown, by=by, at=at) as change:
        row = change.row
        late = list(row.items.missed())
        language = recipients.language_of(row.platform)
        with translation.override(language):
            letter = FormalLetter.objects.create(
                takedown=row,
                number=row.formal_letters.count() + 1,
                language=language,
                subject=formal.subject(row),
                text=formal.text(row, late),
                prepared_at=change.at,
                prepared_by_id=by.user_id,
            )
        change.note(number=letter.number, count=len(late))
    return change.row


def prepare_for(item: Item, at: datetime) -> None:
    """For the ladder, when the item has reached its last rung: a draft, unless there is one to
    join or a letter sent since its limit was missed has named it."""
    letters = item.takedown.formal_letters
    named = item.missed_at is not None and letters.sent().filter(sent_at__gte=item.missed_at)
    if not letters.drafts().exists() and not (named and named.exists()):
        prepare_formal_letter(item.takedown, by=SYSTEM, at=at)


def amend_formal_letter(
    takedown: TakedownRequest,
    *,
    by: Actor,
    subject: str,
    text: str,
    answer_by: date | None = None,
    at: datetime | None = None,
) -> TakedownRequest:
    """Write the draft anew, and fill in the last date. The trail does not say what is in a
    draft: a platform is let to the entries about its requests."""
    require_text(subject=subject, text=text)
    with perform(AMEND, takedown, by=by, at=at) as change:
        letter = _draft(change.row)
        if answer_by and _has_come(answer_by, change.row, change.at):
            raise ValidationError({"answer_by": gettext("Choose a day that is still to come.")})
        letter.subject = subject.strip()
        letter.text = "\n".join(text.strip().splitlines())
        letter.answer_by = answer_by
        letter.save(update_fields=["subject", "text", "answer_by"])
        change.note(number=letter.number)
    return change.row


def send_formal_letter(
    takedown: TakedownRequest, *, by: Actor, at: datetime | None = None
) -> TakedownRequest:
    """Send it to the platform, with all listings whose missed limit is open now."""
    with perform(SEND, takedown, by=by, at=at) as change:
        letter = _draft(change.row)
        assert letter.answer_by is not None
        if _has_come(letter.answer_by, change.row, change.at):
            raise WrongState(gettext("Amend the letter first: its last date has come already."))
        sent = formal.of_now(letter, change.at)
        with translation.override(letter.language):
            letter.document = sent.write().to_json()
        letter.state = FormalLetter.State.SENT
        letter.sent_at = change.at
        letter.sent_by_id = by.person_id
        letter.save(update_fields=["document", "state", "sent_at", "sent_by"])
        change.note(number=letter.number, count=len(sent.items))
        change.send(sent)
    return change.row


def drop_formal_letter(
    takedown: TakedownRequest, *, by: Actor, reason: str, at: datetime | None = None
) -> TakedownRequest:
    """No formal letter after all, for a reason."""
    require_text(reason=reason)
    with perform(DROP, takedown, by=by, at=at, reason=reason) as change:
        letter = _draft(change.row)
        letter.state = FormalLetter.State.DROPPED
        letter.save(update_fields=["state"])
        change.note(number=letter.number)
    return change.row


def drop_with_request(takedown: TakedownRequest, at: datetime) -> None:
    """For the verbs that end a request, before they end it: its draft does not outlive it."""
    if takedown.formal_letters.drafts().exists():
        drop_formal_letter(takedown, by=SYSTEM, reason=gettext("The request has ended."), at=at)


def _draft(takedown: TakedownRequest) -> FormalLetter:
    letter: FormalLetter = takedown.formal_letters.drafts().get()
    return letter


def _has_come(day: date, takedown: TakedownRequest, at: datetime) -> bool:
    """By the calendar of the request's own regime."""
    return day <= at.astimezone(ZoneInfo(takedown.regime_zone())).date()
