"""The formal letter: what it says when it is drafted, and the letter that goes out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from cases.letters import recipients, to_platform
from cases.letters.to_platform import TakedownLetter
from cases.models import FormalLetter, Item, TakedownRequest
from sellers.models import ContactPoint
from surveillance.calendars.models import Kind
from surveillance.clock import Due, day_label, local_due_label
from surveillance.outbox import document
from surveillance.outbox.document import Block, Document

_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+")


@dataclass(frozen=True)
class FormalLetterSent(TakedownLetter):
    """The paragraphs that a supervisor stands behind, then the listings that they are about."""

    NAME: ClassVar[str] = "formal_letter_sent"
    AS_PDF: ClassVar[bool] = True

    letter: FormalLetter = field(kw_only=True)
    items: tuple[Item, ...] = field(kw_only=True)

    def title(self) -> str:
        return self.letter.subject

    def body(self) -> Iterable[Block]:
        takedown, answer_by = self.takedown, self.letter.answer_by
        zone = takedown.regime_zone()
        for paragraph in _EMPTY_LINES.split(self.letter.text.strip()):
            yield document.paragraph(paragraph)
        yield document.facts(
            (_("Request"), takedown.reference),
            (_("Legal basis"), takedown.regime.legal_basis),
            (_("Issued"), _issued_on(takedown, zone)),
            (_("Last date"), day_label(answer_by) if answer_by else _("not filled in yet")),
        )
        yield document.heading(_("Listings that are not answered"))
        yield document.table(
            [_("No."), _("Listing"), _("Address"), _("Was due")],
            [
                [
                    str(item.number),
                    item.listing.title,
                    item.listing.url,
                    local_due_label(item.due_at, zone) if item.due_at else "",
                ]
                for item in self.items
            ],
        )
        yield from _derivations(self.items)


def subject(takedown: TakedownRequest) -> str:
    """Of a new draft, in the active language."""
    return _("Formal letter: listings of %(reference)s are not answered") % {
        "reference": takedown.reference
    }


def text(takedown: TakedownRequest, items: Iterable[Item]) -> str:
    """Of a new draft about these items, in the active language: which request, what was missed,
    what is asked now, what may follow."""
    zone = takedown.regime_zone()
    facts = {
        "reference": takedown.reference,
        "platform": takedown.platform.name,
        "issued": _issued_on(takedown, zone),
        "basis": takedown.regime.legal_basis,
        "due": local_due_label(min(item.due_at for item in items if item.due_at), zone),
    }
    return "\n\n".join(part % facts for part in _paragraphs(takedown.kind))


def of_now(letter: FormalLetter, at: datetime) -> FormalLetterSent:
    """The letter as it would go out at this instant: to the platform's contact for what is late
    and to the one for demands, all in the language that it was drafted in."""
    takedown = letter.takedown
    late = takedown.items.missed().select_related("listing").order_by("number")
    return FormalLetterSent(
        **_addressed(takedown, letter.language), at=at, letter=letter, items=tuple(late)
    )


def document_of(letter: FormalLetter, at: datetime) -> Document:
    """As it was sent; before that, as it would go out at this instant."""
    if letter.document is not None:
        return Document.from_json(letter.document)
    with translation.override(letter.language):
        return of_now(letter, at).write()


def _addressed(takedown: TakedownRequest, language: str) -> dict[str, Any]:
    common = to_platform.addressed(takedown, purpose=ContactPoint.Purpose.ESCALATION)
    both = (*common["recipients"], *recipients.of_platform(takedown.platform))
    return common | {"recipients": tuple(replace(one, language=language) for one in both)}


def _paragraphs(kind: str) -> tuple[str, str, str, str]:
    if kind == Kind.ORDER:
        return (
            _(
                "With order %(reference)s of %(issued)s the authority told %(platform)s to remove"
                " listings of unsafe products. The order rests on: %(basis)s."
            ),
            _(
                "The limit of that order ended on %(due)s. The listings that stand below have not"
                " been answered."
            ),
            _(
                "The authority now formally calls on %(platform)s to do what the order says for"
                " each of these listings, and to answer for it in the portal, at the latest on the"
                " last date that stands below."
            ),
            _(
                "If that does not happen, the authority decides on further steps without another"
                " reminder; where the law provides for penalties, these are among them."
            ),
        )
    return (
        _(
            "With notice %(reference)s of %(issued)s the authority told %(platform)s of listings of"
            " unsafe products. The notice rests on: %(basis)s."
        ),
        _(
            "The limit of that notice ended on %(due)s. The listings that stand below have not been"
            " answered."
        ),
        _(
            "The authority now formally asks %(platform)s to do what the notice says for each of"
            " these listings, and to answer for it in the portal, at the latest on the last date"
            " that stands below."
        ),
        _(
            "If that does not happen, the authority may issue a binding order where the law allows"
            " it, and decides on further steps without another reminder."
        ),
    )


def _issued_on(takedown: TakedownRequest, zone: str) -> str:
    assert takedown.issued_at is not None, "what was not issued cannot be late"
    return day_label(takedown.issued_at.astimezone(ZoneInfo(zone)).date())


def _derivations(items: Iterable[Item]) -> Iterator[Block]:
    """How each limit was counted, once for all listings that share it."""
    shared: dict[Due, list[Item]] = defaultdict(list)
    for item in items:
        if item.derivation:
            shared[Due.from_json(item.derivation)].append(item)
    if shared:
        yield document.heading(_("How the limit was counted"))
    for due, together in sorted(shared.items(), key=lambda pair: pair[0].due_at):
        if len(shared) > 1:
            numbers = ", ".join(str(item.number) for item in together)
            yield document.paragraph(_("No. %(numbers)s") % {"numbers": numbers})
        yield document.steps([*due.sentences(), due.summary()])
