"""Letters about contests: supervisors are asked to review a tier, a platform reads the outcome."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.letters import recipients
from cases.letters.to_staff import StaffLetter
from cases.models import Contest
from surveillance.accounts.models import User
from surveillance.accounts.rights import Right, roles_with
from surveillance.outbox import document
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Letter


@dataclass(frozen=True)
class ContestFiled(StaffLetter):
    NAME: ClassVar[str] = "contest_filed"

    contest: Contest = field(kw_only=True)

    def title(self) -> str:
        return _("%(platform)s contests the tier of %(seller)s: review it") % {
            "platform": self.contest.platform.name,
            "seller": self.contest.seller.name,
        }

    def text(self) -> str:
        return self.contest.reason


@dataclass(frozen=True)
class ContestDecided(Letter):
    """It names the account, by which the platform knows the seller."""

    NAME: ClassVar[str] = "contest_decided"

    contest: Contest = field(kw_only=True)
    at: datetime = field(kw_only=True)

    def write(self) -> Document:
        contest = self.contest
        upheld = contest.state == Contest.State.UPHELD
        title = _("Contest upheld: %(handle)s") if upheld else _("Contest dismissed: %(handle)s")
        return Document(
            title=title % {"handle": contest.handle},
            blocks=(
                document.paragraph(
                    _("The seller is back in the standard tier.")
                    if upheld
                    else _("The tier stands.")
                ),
                document.facts(
                    (_("Account"), contest.handle),
                    (_("Tier"), str(contest.get_tier_display())),
                    (_("Your reason"), contest.reason),
                    (_("Decision"), contest.decision),
                ),
                document.link(_("Open it in the portal"), settings.BASE_URL + self.link),
            ),
            dated=date_format(self.at.date(), "DATE_FORMAT"),
        )


def filed(contest: Contest) -> ContestFiled:
    """To all who may decide about tiers: a seller belongs to no office."""
    deciders = User.objects.with_role(*roles_with(Right.DESIGNATE_SELLER))
    return ContestFiled(
        about=contest.seller.reference,
        recipients=recipients.of_staff(deciders),
        link=f"{reverse('seller-detail', args=[contest.seller.reference])}#contests",
        contest=contest,
    )


def decided(contest: Contest, at: datetime) -> ContestDecided:
    return ContestDecided(
        about=contest.reference,
        recipients=recipients.of_platform(contest.platform),
        link=reverse("own-sellers"),
        payload={"contest": contest.reference, "account": contest.handle, "outcome": contest.state},
        contest=contest,
        at=at,
    )
