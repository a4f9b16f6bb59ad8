"""The authority's people while the clock plays: they triage, look for offers, order, approve and
check, in office hours, through the same verbs as the pages."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cases import deadlines
from cases.demo import market, triage
from cases.demo.dice import Dice
from cases.demo.habits import HABITS, round_of
from cases.demo.injuries import injury_told_of
from cases.flows import appeals, assessments, cases, formal_steps, items, takedowns
from cases.flows.takedowns import StatementOfReasons
from cases.models import (
    Appeal,
    Case,
    FormalLetter,
    Item,
    RiskAssessment,
    TakedownRequest,
)
from cases.states import AssessmentState, CaseState, ItemState, TakedownState
from sellers.models import Platform, SellerAccount
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Role
from surveillance.calendars.models import Calendar, Kind
from surveillance.clock import WorkingCalendar, next_working_instant
from surveillance.flow import available

CHECKS_AN_HOUR = 4
TRIAGE = 0.35  # of a report, in an hour, by one inspector
CHECKED_AFTER = timedelta(hours=3)
DECIDED_AFTER = timedelta(hours=20)
LAST_DATE_IN = timedelta(days=5)
SUBMITTED_ONCE = 2  # version of a request that was drafted, then submitted
INFORMATION = "Model and batch as on the photograph of the case; sold since spring."


class Authority:
    """Ana and Cai inspect, Bo supervises: whoever is enrolled in the demo's offices."""

    def __init__(self, dice: Dice) -> None:
        staff = User.objects.filter(email__endswith=f"@{market.DOMAIN}").order_by("id")
        self.inspectors = [Actor.of(user) for user in staff.filter(role=Role.INSPECTOR)]
        self.supervisors = [Actor.of(user) for user in staff.filter(role=Role.SUPERVISOR)]
        self.dice = dice
        self.calendar = _office_calendar()

    def work(self, at: datetime) -> None:
        """What they do in this hour; nothing when the office is closed."""
        if next_working_instant(at, self.calendar, deadlines.OPENS, deadlines.CLOSES) > at:
            return
        for supervisor in self.supervisors:
            self._approve(supervisor, at)
            self._decide_appeals(supervisor, at)
            self._send_formal_letters(supervisor, at)
        for inspector in self.inspectors:
            self._issue(inspector)
            self._check_answers(inspector, at)
            self._go_on_with_cases(inspector)
            if self.dice.happens(TRIAGE, "triage", inspector.user_id, at):
                triage.take_next(inspector, self.dice)

    # The supervisor

    def _approve(self, supervisor: Actor, at: datetime) -> None:
        """Validates what was assessed, approves most drafts within the hour."""
        proposed = RiskAssessment.objects.visible_to(supervisor)
        for assessment in proposed.filter(state=AssessmentState.PROPOSED).order_by("id"):
            if assessment.assessed_by_id != supervisor.user_id:
                assessments.validate_risk(assessment, by=supervisor)
        waiting = TakedownRequest.objects.visible_to(supervisor)
        for takedown in waiting.filter(state=TakedownState.AWAITING_APPROVAL).order_by("id"):
            if takedown.version == SUBMITTED_ONCE and self.dice.happens(
                0.1, "send back", takedown.reference
            ):
                reason = "Name the hazard in the words of the standard, please."
                takedowns.send_back(takedown, by=supervisor, reason=reason)
            elif self.dice.happens(0.6, "approves now", takedown.reference, at):
                takedowns.approve(takedown, by=supervisor)

    def _decide_appeals(self, supervisor: Actor, at: datetime) -> None:
        waiting = Appeal.objects.visible_to(supervisor).open()
        for lodged in waiting.filter(lodged_at__lte=at - DECIDED_AFTER).order_by("id"):
            item = Item.objects.for_list().prefetch_related("appeals").get(pk=lodged.item_id)
            if appeals.DISMISS_APPEAL not in available(item, by=supervisor):
                continue
            if self.dice.happens(0.4, "the appeal holds", item.audit_reference):
                reason = "The table of models shows that it is another product."
                appeals.uphold_appeal(item, by=supervisor, reason=reason)
            else:
                reason = "The table of models does not name the batch of the case."
                appeals.dismiss_appeal(item, by=supervisor, reason=reason)

    def _send_formal_letters(self, supervisor: Actor, at: datetime) -> None:
        """What the ladder has drafted gets a last date and goes out, or is dropped when all that
        was late has been answered meanwhile."""
        drafts = FormalLetter.objects.visible_to(supervisor).drafts().select_related("takedown")
        for letter in drafts.order_by("id"):
            takedown = letter.takedown
            if not takedown.items.missed().exists():
                formal_steps.drop_formal_letter(takedown, by=supervisor, reason="Answered late.")
                continue
            formal_steps.amend_formal_letter(
                takedown,
                by=supervisor,
                subject=letter.subject,
                text=letter.text,
                answer_by=at.date() + LAST_DATE_IN,
            )
            formal_steps.send_formal_letter(takedown, by=supervisor)

    # The inspectors

    def _issue(self, inspector: Actor) -> None:
        mine = TakedownRequest.objects.visible_to(inspector).filter(drafted_by=inspector.user_id)
        for takedown in mine.filter(state=TakedownState.APPROVED).order_by("id"):
            takedowns.issue(takedown, by=inspector)
        for takedown in mine.filter(state=TakedownState.DRAFT).order_by("id"):
            if takedown.needs_approval:
                takedowns.submit(takedown, by=inspector)
            else:
                takedowns.issue(takedown, by=inspector)

    def _check_answers(self, inspector: Actor, at: datetime) -> None:
        answered = Item.objects.visible_to(inspector).awaiting_authority().for_list()
        mine = answered.filter(takedown__case__assignee=inspector.user_id)
        ripe = mine.filter(answered_at__lte=at - CHECKED_AFTER).order_by("answered_at", "id")
        for item in ripe[:CHECKS_AN_HOUR]:
            self._check(item, inspector)
        settled = TakedownRequest.objects.visible_to(inspector).open()
        for takedown in settled.filter(case__assignee=inspector.user_id).order_by("id"):
            if not takedown.items.open().exists():
                takedowns.close(takedown, by=inspector)

    def _check(self, item: Item, inspector: Actor) -> None:
        if item.state == ItemState.NEEDS_INFORMATION:
            items.supply_information(item, by=inspector, information=INFORMATION)
        elif item.state == ItemState.REFUSED:
            if self.dice.happens(0.5, "the refusal holds", item.audit_reference):
                items.accept_refusal(item, by=inspector, reason="The label shows another model.")
            else:
                items.reject_answer(item, by=inspector, reason="The label shows the same model.")
        elif self._is_still_online(item):
            items.reject_answer(item, by=inspector, reason="The offer can still be bought.")
        else:
            items.confirm_removal(item, by=inspector, note="Looked at the address: it is gone.")

    def _is_still_online(self, item: Item) -> bool:
        habit = HABITS.get(item.takedown.platform.slug)
        if habit is None or item.started_at is None:
            return False
        demand = round_of(item.takedown.reference, item.number, item.started_at)
        return habit(self.dice).is_lying(demand)

    def _go_on_with_cases(self, inspector: Actor) -> None:
        """The oldest case of theirs that waits for its next step gets it."""
        begun = Case.objects.visible_to(inspector).assigned_to(inspector)
        for case in begun.filter(state=CaseState.INVESTIGATING).order_by("id"):
            if step := self._next_step(case):
                step(case, inspector)
                return

    def _next_step(self, case: Case) -> Callable[[Case, Actor], None] | None:
        if not case.products.exists():
            return None
        if not case.listings.exists():
            return self._look_for_offers
        if not case.assessments.exists():
            return self._assess
        validated = case.assessments.filter(state=AssessmentState.VALIDATED).exists()
        if validated and not case.takedowns.exists():
            return self._draft
        return None

    def _look_for_offers(self, case: Case, inspector: Actor) -> None:
        dice = self.dice.about("offers", case.reference)
        product = case.products.order_by("id")[0]
        slugs = dice.sample(sorted(HABITS), k=dice.choice((1, 1, 2, 3)))
        accounts = SellerAccount.objects.filter(platform__slug__in=slugs).order_by("id")
        shops = dice.choices(list(accounts), k=len(slugs) * dice.randint(2, 4))
        for copy, account in enumerate(shops, start=1):
            listing = market.offer(product, account, copy, case.changed_at)
            cases.link_listing(case, by=inspector, listing=listing)

    def _assess(self, case: Case, inspector: Actor) -> None:
        scenario = injury_told_of(_told_of(case)).scenario()
        product = case.products.order_by("id")[0]
        assessments.assess_risk(case, by=inspector, product=product, scenarios=[scenario])

    def _draft(self, case: Case, inspector: Actor) -> None:
        injury = injury_told_of(_told_of(case)).text
        reasons = StatementOfReasons(
            facts=f"{case.title}: consumers report an accident. The listings below offer it.",
            hazard=injury,
            territory="The territory of the European Union and what is offered to it",
            action="Remove the listings below, and say for each what you did.",
            redress="You may ask for a review in writing; asking does not suspend the request.",
        )
        offers = list(case.listings.select_related("platform").order_by("id"))
        for platform in Platform.objects.filter(listings__in=offers).distinct().order_by("slug"):
            takedowns.draft(
                case,
                by=inspector,
                platform=platform,
                kind=Kind.ORDER if platform.order_regime else Kind.NOTICE,
                listings=[offer for offer in offers if offer.platform_id == platform.pk],
                reasons=reasons,
            )


def _told_of(case: Case) -> str:
    """All that reports and alerts say of the case, for finding the injury."""
    told = case.reports.order_by("id").values_list("incident", flat=True)
    warned = case.products.order_by("id").values_list("alerts__hazard", flat=True)
    return " ".join([case.title, *told, *(text for text in warned if text)])


def _office_calendar() -> WorkingCalendar:
    calendar: Calendar = Calendar.objects.current().get(code="EU")
    return calendar.working()
