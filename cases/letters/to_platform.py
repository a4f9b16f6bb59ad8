"""Letters to a platform: about a takedown request and the listings in it."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.letters import recipients
from cases.models import Extension, Item, TakedownRequest
from sellers.models import ContactPoint
from surveillance.calendars.models import Kind
from surveillance.clock import Due, local_due_label
from surveillance.outbox import document
from surveillance.outbox.document import Block, Document
from surveillance.outbox.letter import Letter, Pace


@dataclass(frozen=True)
class TakedownLetter(Letter):
    """The base: addressed to the request's platform, with its reference and link."""

    takedown: TakedownRequest = field(kw_only=True)
    at: datetime = field(kw_only=True)

    def write(self) -> Document:
        title, is_test = self.title(), self.takedown.is_sandbox
        return Document(
            title=_("TEST: %(title)s") % {"title": title} if is_test else title,
            blocks=(
                *((_test_mark(),) if is_test else ()),
                *self.body(),
                document.link(_("Open the request in the portal"), settings.BASE_URL + self.link),
            ),
            sender=self.takedown.case.office.organisation.name,
            reference=self.takedown.reference,
            dated=date_format(self.at.date(), "DATE_FORMAT"),
        )

    @abstractmethod
    def title(self) -> str: ...

    @abstractmethod
    def body(self) -> Iterable[Block]: ...


@dataclass(frozen=True)
class TakedownIssued(TakedownLetter):
    """The order or notice itself: the statement of reasons, the listings, the limit and how it
    was counted."""

    NAME: ClassVar[str] = "takedown_issued"
    AS_PDF: ClassVar[bool] = True

    items: tuple[Item, ...] = field(kw_only=True)

    def title(self) -> str:
        reference = self.takedown.reference
        if self.takedown.kind == Kind.ORDER:
            return _("Order %(reference)s: remove unsafe products") % {"reference": reference}
        return _("Notice %(reference)s: unsafe products on your platform") % {
            "reference": reference
        }

    def body(self) -> Iterable[Block]:
        takedown, regime = self.takedown, self.takedown.regime
        yield document.paragraph(
            _("To %(platform)s. This concerns %(count)d listings on your platform.")
            % {"platform": takedown.platform.name, "count": len(self.items)}
        )
        yield document.facts(
            (_("Legal basis"), regime.legal_basis),
            (_("Facts"), takedown.facts),
            (_("Hazard"), takedown.hazard),
            (_("Territory"), takedown.territory),
            (_("What to do"), takedown.action),
            (_("Answer due"), _due_text(self.items)),
            (_("Redress"), takedown.redress),
        )
        yield document.heading(_("Listings"))
        yield document.table(
            [_("No."), _("Listing"), _("Address"), _("Seller")],
            [
                [
                    str(item.number),
                    item.listing.title,
                    item.listing.url,
                    item.listing.account.handle if item.listing.account else "",
                ]
                for item in self.items
            ],
        )
        yield from _counted(self.items)


@dataclass(frozen=True)
class TakedownReminder(TakedownLetter):
    NAME: ClassVar[str] = "takedown_reminder"
    PACE: ClassVar[Pace] = Pace.IN_HOURS
    OVERVIEW: ClassVar[tuple[str, str]] = ("portal", "")

    items: tuple[Item, ...] = field(kw_only=True)

    def title(self) -> str:
        return _("Reminder: %(reference)s is due %(due)s") % {
            "reference": self.takedown.reference,
            "due": _due_text(self.items),
        }

    def body(self) -> Iterable[Block]:
        yield document.paragraph(
            _("%(count)d listings still wait for your answer.") % {"count": len(self.items)}
        )
        yield _listings(self.items)


@dataclass(frozen=True)
class DeadlineMissed(TakedownLetter):
    """The limit has passed without an answer. Also sent to the second contact."""

    NAME: ClassVar[str] = "deadline_missed"
    PACE: ClassVar[Pace] = Pace.IN_HOURS
    OVERVIEW: ClassVar[tuple[str, str]] = ("portal", "?due=overdue")

    items: tuple[Item, ...] = field(kw_only=True)

    def title(self) -> str:
        return _("Deadline missed: %(reference)s") % {"reference": self.takedown.reference}

    def body(self) -> Iterable[Block]:
        yield document.paragraph(
            _(
                "The limit of this request has passed. These listings have not been answered;"
                " please answer now. The authority has noted the missed deadline."
            )
        )
        yield document.facts((_("Was due"), _due_text(self.items)))
        yield _listings(self.items)


@dataclass(frozen=True)
class ItemDecided(TakedownLetter):
    """What the authority decided about the answer to one listing."""

    NAME: ClassVar[str] = "item_decided"

    item: Item = field(kw_only=True)
    decision: str = field(kw_only=True)

    def title(self) -> str:
        return {
            "confirm_removal": _("Removal verified: %(item)s"),
            "reject_answer": _("Still online: %(item)s"),
            "accept_refusal": _("Refusal accepted: %(item)s"),
            "supply_information": _("Information for %(item)s"),
            "withdraw": _("Withdrawn: %(item)s"),
        }[self.decision] % {"item": self.item.audit_reference}

    def body(self) -> Iterable[Block]:
        item = self.item
        yield document.facts(
            (_("Listing"), item.listing.title),
            (_("Address"), item.listing.url),
            (_("Decision"), item.decision),
            (_("Your question"), item.question if self.decision == "supply_information" else ""),
            (
                _("Information"),
                item.information if self.decision == "supply_information" else "",
            ),
            (_("Answer due"), _due_text([item]) if item.clock_runs else ""),
            (
                _("You may appeal until"),
                _appeal_text(item) if self.decision == "reject_answer" else "",
            ),
        )
        if item.clock_runs:
            yield from _counted([item])


@dataclass(frozen=True)
class ClockPaused(TakedownLetter):
    """The platform is waited for, but its limit does not run: the authority has to do something
    first."""

    NAME: ClassVar[str] = "clock_paused"

    items: tuple[Item, ...] = field(kw_only=True)
    reason: str = field(kw_only=True)

    def title(self) -> str:
        return _("The limit stands: %(reference)s") % {"reference": self.takedown.reference}

    def body(self) -> Iterable[Block]:
        yield document.paragraph(
            _(
                "The limit of these listings does not run until the authority sets it going again."
                " You may answer at any time."
            )
        )
        yield document.facts((_("Reason"), self.reason))
        yield _listings(self.items)


@dataclass(frozen=True)
class ClockResumed(TakedownLetter):
    NAME: ClassVar[str] = "clock_resumed"

    items: tuple[Item, ...] = field(kw_only=True)

    def title(self) -> str:
        return _("The limit runs again: %(reference)s") % {"reference": self.takedown.reference}

    def body(self) -> Iterable[Block]:
        yield document.facts((_("Answer due"), _due_text(self.items)))
        yield _listings(self.items)
        yield from _counted(self.items)


@dataclass(frozen=True)
class MovedItem:
    """A listing with its limit before and after the calendar changed."""

    item: Item
    before: datetime
    after: datetime


@dataclass(frozen=True)
class DeadlineMoved(TakedownLetter):
    """The calendar has changed. One letter for all listings of the request that move with it."""

    NAME: ClassVar[str] = "deadline_moved"
    AS_PDF: ClassVar[bool] = True

    moved: tuple[MovedItem, ...] = field(kw_only=True)
    reason: str = field(kw_only=True)

    def title(self) -> str:
        return _("You have more time: %(reference)s") % {"reference": self.takedown.reference}

    def body(self) -> Iterable[Block]:
        zone = self.takedown.regime_zone()
        yield document.paragraph(
            _("The calendar that your limit is counted by has changed. These limits end later now.")
        )
        yield document.facts((_("Reason"), self.reason))
        yield document.table(
            [_("No."), _("Listing"), _("Was due"), _("Answer due")],
            [
                [
                    str(one.item.number),
                    one.item.listing.title,
                    local_due_label(one.before, zone),
                    local_due_label(one.after, zone),
                ]
                for one in self.moved
            ],
        )
        yield from _counted(one.item for one in self.moved)


@dataclass(frozen=True)
class ExtensionDecided(TakedownLetter):
    NAME: ClassVar[str] = "extension_decided"

    extension: Extension = field(kw_only=True)

    def title(self) -> str:
        granted = self.extension.state == Extension.State.GRANTED
        text = (
            _("Extension granted: %(reference)s")
            if granted
            else _("Extension refused: %(reference)s")
        )
        return text % {"reference": self.takedown.reference}

    def body(self) -> Iterable[Block]:
        due = self.takedown.due_at
        zone = self.takedown.regime_zone()
        yield document.facts(
            (_("Asked for"), _("%(days)d working days") % {"days": self.extension.working_days}),
            (_("Your reason"), self.extension.reason),
            (_("Decision"), self.extension.decision),
            (_("Answer due"), local_due_label(due, zone) if due else ""),
        )
        if due and self.extension.state == Extension.State.GRANTED:
            yield from _counted(self.takedown.items.running().filter(due_at=due)[:1])


@dataclass(frozen=True)
class TakedownWithdrawn(TakedownLetter):
    NAME: ClassVar[str] = "takedown_withdrawn"

    reason: str = field(kw_only=True)

    def title(self) -> str:
        return _("Withdrawn: %(reference)s") % {"reference": self.takedown.reference}

    def body(self) -> Iterable[Block]:
        yield document.paragraph(
            _("The authority has withdrawn this request. You need not answer it any more.")
        )
        yield document.facts((_("Reason"), self.reason))


def addressed(
    takedown: TakedownRequest, *, purpose: str = ContactPoint.Purpose.DEMANDS
) -> dict[str, Any]:
    """What every letter about a request has: about, recipients, link, and the webhook's data."""
    return {
        "about": takedown.reference,
        "recipients": recipients.of_platform(takedown.platform, purpose),
        "link": reverse("portal-takedown", args=[takedown.reference]),
        "payload": {
            "takedown": takedown.reference,
            "kind": takedown.kind,
            "is_sandbox": takedown.is_sandbox,
        },
        "takedown": takedown,
    }


def chasing(
    takedown: TakedownRequest, *, purpose: str = ContactPoint.Purpose.DEMANDS
) -> dict[str, Any]:
    """The same for a letter that waits until somebody at the platform is at work."""
    common = addressed(takedown, purpose=purpose)
    working_days = recipients.working_days_at(takedown.platform)
    return common | {"recipients": recipients.at_work(common["recipients"], working_days)}


def _test_mark() -> Block:
    return document.paragraph(
        _(
            "This is a TEST. It belongs to a sandbox demand, which somebody asked for to try a"
            " system out: its listings are made up, nothing has to be removed, and it counts"
            " nowhere."
        )
    )


def _due_text(items: Iterable[Item]) -> str:
    dues = [(item.due_at, item.takedown) for item in items if item.due_at]
    if not dues:
        return ""
    due_at, takedown = min(dues, key=lambda pair: pair[0])
    return local_due_label(due_at, takedown.regime_zone())


def _appeal_text(item: Item) -> str:
    until = item.appeal_until
    return local_due_label(until, item.takedown.regime_zone()) if until else ""


def _counted(items: Iterable[Item]) -> Iterator[Block]:
    """How the earliest limit among these was counted."""
    derived = [Due.from_json(item.derivation) for item in items if item.derivation]
    if derived:
        yield document.heading(_("How the limit was counted"))
        yield document.steps(min(derived, key=lambda due: due.due_at).sentences())


def _listings(items: Iterable[Item]) -> Block:
    return document.table(
        [_("No."), _("Listing"), _("Address")],
        [[str(item.number), item.listing.title, item.listing.url] for item in items],
    )
