"""Letters to people of the authority: something needs them."""

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case, Item, TakedownRequest
from surveillance.outbox import document
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Letter, Pace
from surveillance.references import is_of_sandbox


@dataclass(frozen=True)
class StaffLetter(Letter):
    """The base: a title, one paragraph, and the page to open. Nobody is woken by one, and nobody
    is written to about a sandbox demand."""

    PACE: ClassVar[Pace] = Pace.BY_DAY

    @property
    def is_silent(self) -> bool:
        return is_of_sandbox(self.about)

    def write(self) -> Document:
        text = self.text()
        return Document(
            title=self.title(),
            blocks=(
                *((document.paragraph(text),) if text else ()),
                document.link(_("Open it"), settings.BASE_URL + self.link),
            ),
        )

    @abstractmethod
    def title(self) -> str: ...

    def text(self) -> str:
        return ""


@dataclass(frozen=True)
class CaseAssigned(StaffLetter):
    NAME: ClassVar[str] = "case_assigned"

    case: Case = field(kw_only=True)

    def title(self) -> str:
        return _("%(case)s is yours: %(title)s") % {
            "case": self.case.reference,
            "title": self.case.title,
        }


@dataclass(frozen=True)
class RiskToValidate(StaffLetter):
    NAME: ClassVar[str] = "risk_to_validate"

    case: Case = field(kw_only=True)
    level: str = field(kw_only=True)

    def title(self) -> str:
        return _("Validate the risk of %(case)s: %(level)s") % {
            "case": self.case.reference,
            "level": self.level,
        }


@dataclass(frozen=True)
class ApprovalRequested(StaffLetter):
    NAME: ClassVar[str] = "approval_requested"

    takedown: TakedownRequest = field(kw_only=True)

    def title(self) -> str:
        return _("Approve %(takedown)s to %(platform)s") % {
            "takedown": self.takedown.reference,
            "platform": self.takedown.platform.name,
        }


@dataclass(frozen=True)
class ApprovalDecided(StaffLetter):
    NAME: ClassVar[str] = "approval_decided"

    takedown: TakedownRequest = field(kw_only=True)
    approved: bool = field(kw_only=True)
    reason: str = field(kw_only=True, default="")

    def title(self) -> str:
        text = _("Approved: %(takedown)s") if self.approved else _("Sent back: %(takedown)s")
        return text % {"takedown": self.takedown.reference}

    def text(self) -> str:
        return self.reason


@dataclass(frozen=True)
class AnswersArrived(StaffLetter):
    """The answer to a demand, so it waits for nothing."""

    NAME: ClassVar[str] = "answers_arrived"
    PACE: ClassVar[Pace] = Pace.AT_ONCE

    takedown: TakedownRequest = field(kw_only=True)

    def title(self) -> str:
        return _("%(platform)s has answered %(takedown)s") % {
            "platform": self.takedown.platform.name,
            "takedown": self.takedown.reference,
        }


@dataclass(frozen=True)
class ExtensionRequested(StaffLetter):
    NAME: ClassVar[str] = "extension_requested"

    takedown: TakedownRequest = field(kw_only=True)
    working_days: int = field(kw_only=True)
    reason: str = field(kw_only=True)

    def title(self) -> str:
        return _("%(platform)s asks for %(days)d more working days: %(takedown)s") % {
            "platform": self.takedown.platform.name,
            "days": self.working_days,
            "takedown": self.takedown.reference,
        }

    def text(self) -> str:
        return self.reason


@dataclass(frozen=True)
class DeadlineMissedNotice(StaffLetter):
    """The ladder: `to` says which rung the reader stands on."""

    NAME: ClassVar[str] = "deadline_missed_notice"
    PACE: ClassVar[Pace] = Pace.IN_HOURS
    OVERVIEW: ClassVar[tuple[str, str]] = ("takedown-list", "?due=overdue")

    takedown: TakedownRequest = field(kw_only=True)
    items: tuple[Item, ...] = field(kw_only=True)
    to: str = field(kw_only=True)

    def title(self) -> str:
        return {
            "inspector": _("Deadline missed by %(platform)s: %(takedown)s"),
            "supervisor": _("Still unanswered by %(platform)s: %(takedown)s"),
            "formal_step": _("Formal step due against %(platform)s: %(takedown)s"),
        }[self.to] % {
            "platform": self.takedown.platform.name,
            "takedown": self.takedown.reference,
        }

    def text(self) -> str:
        lines = [f"{item.audit_reference}  {item.listing.title}" for item in self.items]
        if self.to == "formal_step":
            lines.append(_("The formal letter stands on the page of the request."))
        return "\n".join(lines)


@dataclass(frozen=True)
class LetterNotArrived(StaffLetter):
    """To whom the recipient would otherwise seem to be silent."""

    NAME: ClassVar[str] = "letter_not_arrived"

    title_of_letter: str = field(kw_only=True)
    address: str = field(kw_only=True)
    error: str = field(kw_only=True)

    def title(self) -> str:
        return _("A letter did not arrive: %(title)s") % {"title": self.title_of_letter}

    def text(self) -> str:
        return _("To %(address)s: %(error)s") % {"address": self.address, "error": self.error}


@dataclass(frozen=True)
class LettersNotArrived(StaffLetter):
    """To administrators, once a day: the delivery log has the rest."""

    NAME: ClassVar[str] = "letters_not_arrived"

    def title(self) -> str:
        return _("Letters did not arrive today: look at the delivery log")


def desk_link(row: Case | TakedownRequest) -> str:
    return reverse(f"{row.LABEL}-detail", args=[row.reference])
