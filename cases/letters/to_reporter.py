"""Letters to the person who reported: by e-mail, when an address was left."""

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from cases.models import Report
from surveillance.outbox import document
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Letter


@dataclass(frozen=True)
class ReporterLetter(Letter):
    report: Report = field(kw_only=True)

    def write(self) -> Document:
        return Document(
            title=self.title(),
            blocks=(
                document.paragraph(self.text()),
                document.link(_("Follow your report"), settings.BASE_URL + self.link),
            ),
            reference=self.report.reference,
        )

    @abstractmethod
    def title(self) -> str: ...

    @abstractmethod
    def text(self) -> str: ...


@dataclass(frozen=True)
class ReportReceived(ReporterLetter):
    NAME: ClassVar[str] = "report_received"

    def title(self) -> str:
        return _("We have your report %(reference)s") % {"reference": self.report.reference}

    def text(self) -> str:
        return _(
            "Thank you. An inspector reads it within two working days. If the product is unsafe we"
            " ask the platforms to remove it, and we publish an alert. Keep the reference, and the"
            " code shown when you sent the report, to follow it."
        )


@dataclass(frozen=True)
class ReporterAsked(ReporterLetter):
    NAME: ClassVar[str] = "reporter_asked"

    question: str = field(kw_only=True)

    def title(self) -> str:
        return _("A question about your report %(reference)s") % {
            "reference": self.report.reference
        }

    def text(self) -> str:
        return self.question


@dataclass(frozen=True)
class ReportDecided(ReporterLetter):
    """What became of the report, in words that name no case and nobody."""

    NAME: ClassVar[str] = "report_decided"

    outcome: str = field(kw_only=True)

    def title(self) -> str:
        return _("Your report %(reference)s has been read") % {"reference": self.report.reference}

    def text(self) -> str:
        return {
            "accepted": _("We are looking into this product. Thank you for telling us."),
            "duplicate": _("We were told of this product before and are looking into it already."),
            "dismissed": _(
                "We have looked at it and take no further step for now. If you learn more, tell us."
            ),
        }[self.outcome]
