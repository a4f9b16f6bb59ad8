"""Letters about appeals: supervisors are told that one waits or is late, a platform what became of
its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from cases.letters import recipients, to_platform, to_staff
from cases.letters.to_platform import TakedownLetter
from cases.letters.to_staff import StaffLetter
from cases.models import Appeal
from surveillance.accounts.models import User
from surveillance.clock import local_due_label
from surveillance.outbox import document
from surveillance.outbox.document import Block
from surveillance.outbox.letter import Pace


@dataclass(frozen=True)
class AppealNotice(StaffLetter):
    """The base of what supervisors are told."""

    appeal: Appeal = field(kw_only=True)

    def facts(self) -> dict[str, str]:
        item = self.appeal.item
        return {
            "platform": item.takedown.platform.name,
            "item": item.audit_reference,
            "due": local_due_label(self.appeal.due_at, item.takedown.regime_zone()),
        }


@dataclass(frozen=True)
class AppealLodged(AppealNotice):
    NAME: ClassVar[str] = "appeal_lodged"

    def title(self) -> str:
        return _("%(platform)s appeals: decide about %(item)s by %(due)s") % self.facts()

    def text(self) -> str:
        return self.appeal.reason


@dataclass(frozen=True)
class AppealLate(AppealNotice):
    """The authority's own limit has passed."""

    NAME: ClassVar[str] = "appeal_late"
    PACE: ClassVar[Pace] = Pace.IN_HOURS
    OVERVIEW: ClassVar[tuple[str, str]] = ("takedown-list", "?waiting=appeal")

    def title(self) -> str:
        return (
            _("Appeal of %(platform)s is late: %(item)s was to be decided %(due)s") % self.facts()
        )


@dataclass(frozen=True)
class AppealDecided(TakedownLetter):
    """What became of an appeal."""

    NAME: ClassVar[str] = "appeal_decided"

    appeal: Appeal = field(kw_only=True)

    def title(self) -> str:
        upheld = self.appeal.state == Appeal.State.UPHELD
        text = _("Appeal upheld: %(item)s") if upheld else _("Appeal dismissed: %(item)s")
        return text % {"item": self.appeal.item.audit_reference}

    def body(self) -> Iterable[Block]:
        appeal, item = self.appeal, self.appeal.item
        zone = self.takedown.regime_zone()
        due = local_due_label(item.due_at, zone) if item.clock_runs and item.due_at else ""
        yield document.facts(
            (_("Listing"), item.listing.title),
            (_("Address"), item.listing.url),
            (_("Your appeal"), appeal.reason),
            (_("Decision"), appeal.decision),
            (_("The listing is now"), str(item.get_state_display())),
            (_("Answer due"), due),
        )


def to_supervisors(appeal: Appeal, users: Iterable[User]) -> dict[str, Any]:
    takedown = appeal.item.takedown
    found = recipients.of_staff(users)
    jurisdiction = takedown.case.office.organisation.jurisdiction
    return {
        "about": takedown.reference,
        "recipients": recipients.at_work(found, recipients.working_days_in(jurisdiction)),
        "link": f"{to_staff.desk_link(takedown)}items/{appeal.item.number}/",
        "appeal": appeal,
    }


def to_the_platform(appeal: Appeal) -> dict[str, Any]:
    common = to_platform.addressed(appeal.item.takedown)
    payload = {"item": appeal.item.number, "appeal": appeal.state}
    return common | {"appeal": appeal, "payload": common["payload"] | payload}
