"""Rows in the states that tests begin from: walked to through the real verbs, never written."""

from typing import TypeVar

from cases.flows import (
    answer_files,
    appeals,
    assessments,
    cases,
    chasing,
    contests,
    extensions,
    formal_steps,
    items,
    merging,
    pausing,
    reports,
    takedowns,
)
from cases.models import AnswerFile, Case, Contest, Item, Report, RiskAssessment, TakedownRequest
from cases.states import ItemState
from sellers.flows import listings, products, sellers, supplied
from sellers.models import (
    Alert,
    Listing,
    ListingData,
    Platform,
    Product,
    Seller,
    SellerAccount,
    SellerData,
)
from surveillance.accounts import enrolment
from surveillance.accounts.actor import PUBLIC, SYSTEM, Actor
from surveillance.accounts.models import Organisation, User
from surveillance.accounts.rights import Role, Scope
from surveillance.agents import flows as agents
from surveillance.agents.flows import Invited
from surveillance.agents.models import Agent
from surveillance.calendars.models import Kind
from surveillance.flow import FlowModel
from surveillance.keys import flows as keys
from surveillance.keys.flows import IssuedKey
from surveillance.keys.models import ApiKey
from surveillance.outbox.models import OutboxMessage
from surveillance.webhooks.flows import endpoints as webhooks
from surveillance.webhooks.flows import replays
from surveillance.webhooks.models import Endpoint, Replay
from tests.cast import LAST_DATE, MONDAY, REASONS, REVIEW, SCENARIOS, Cast, answer_with, answers_csv
from tests.scenes import Past, remembered

RowT = TypeVar("RowT", bound=FlowModel)


@remembered
class Story:
    """Rows in the states that tests begin from. Acts as Ana unless told otherwise."""

    def __init__(self, cast: Cast, past: Past | None = None) -> None:
        self.cast = cast
        self.past = past
        self.ana = Actor.of(cast.ana)
        self.bo = Actor.of(cast.bo)
        self.system = SYSTEM
        self.dot = Actor.of(cast.dot)
        self._offers = 0

    # keys
    def issued_key(self, organisation: Organisation | None = None, **facts: object) -> IssuedKey:
        """Of Harbour Market, for everything a platform may do, unless told otherwise."""
        told = {"name": "Compliance system", "scopes": {Scope.READ, Scope.ANSWER}}
        harbour = self.cast.harbour.organisation
        return keys.issue(organisation or harbour, by=SYSTEM, **(told | facts))

    def key(self) -> ApiKey:
        return self.issued_key().row

    def revoked_key(self) -> ApiKey:
        return keys.revoke(self.key(), by=SYSTEM)

    def endpoint(self, organisation: Organisation | None = None) -> Endpoint:
        """Of Harbour Market, unless told otherwise; nobody listens there."""
        harbour = self.cast.harbour.organisation
        url = "https://hooks.market.example/in"
        return webhooks.add(organisation or harbour, by=SYSTEM, url=url).row

    def endpoint_off(self) -> Endpoint:
        return webhooks.switch_off(self.endpoint(), by=SYSTEM)

    def endpoint_deleted(self) -> Endpoint:
        return webhooks.remove(self.endpoint(), by=SYSTEM)

    def sent_webhook(self, endpoint: Endpoint) -> OutboxMessage:
        """A ping that has arrived."""
        webhooks.ping(endpoint, by=SYSTEM)
        message = OutboxMessage.objects.filter(endpoint=endpoint).latest("created_at")
        at = message.created_at
        OutboxMessage.objects.filter(pk=message.pk).update(state="delivered", delivered_at=at)
        message.refresh_from_db()
        return message

    def replay(self) -> Replay:
        message = self.sent_webhook(self.endpoint())
        return replays.ask(OutboxMessage.objects.filter(pk=message.pk), by=SYSTEM)

    # people of platforms
    def invitation(self, **facts: object) -> Invited:
        """To Harbour Market, unless told otherwise."""
        told = {"name": "Gus Moor", "email": "gus@harbour.example"}
        harbour = self.cast.harbour.organisation
        return agents.invite(harbour, by=SYSTEM, **(told | facts))

    def invited_agent(self) -> Agent:
        return self.invitation().row

    def withdrawn_agent(self) -> Agent:
        return agents.withdraw(self.invited_agent(), by=SYSTEM)

    def joined_agent(self) -> Agent:
        """Dot's seat."""
        return Agent.objects.get(user=self.cast.dot)

    def removed_agent(self) -> Agent:
        return agents.remove(self.joined_agent(), by=SYSTEM)

    def manager(self) -> User:
        """Fay, who manages Harbour Market's people and keys."""
        known = User.objects.filter(name="Fay Mills").first()
        return known or enrolment.enrol(
            "fay@cast.example",
            name="Fay Mills",
            role=Role.PLATFORM_MANAGER,
            organisation=self.cast.harbour.organisation,
            at=MONDAY,
        )

    def platform(self) -> Platform:
        return self.cast.harbour

    def partner(self) -> Organisation:
        return enrolment.admit_organisation(
            "Consumers United", kind=Organisation.Kind.PARTNER, jurisdiction="EU"
        )

    # reports
    def report(self, **facts: object) -> Report:
        return self.receipt(**facts).report

    def receipt(self, *, email: str = "", may_contact: bool = False, **facts: object):
        told = {"product_name": "Magnetic cubes", "brand": "Cubo", "incident": "They broke."}
        return reports.submit(
            reports.ReportFacts(**(told | facts)),
            reports.Reporter(name="Eve Ng", email=email, may_contact=may_contact),
            by=PUBLIC,
        )

    def accepted_report(self, **facts: object) -> Report:
        return reports.accept(self.report(**facts), by=self.ana)

    def answerable_report(self) -> Report:
        """Its reporter left an address and may be written to."""
        return self.receipt(email="eve@home.example", may_contact=True).report

    def serial_report(self) -> Report:
        return self.report(serial="SN-1")

    def asked_report(self) -> Report:
        return reports.ask_reporter(self.answerable_report(), by=self.ana, question="Where?")

    def duplicate_report(self) -> Report:
        return reports.mark_duplicate(self.report(), by=self.ana, original=self.report())

    def dismissed_report(self) -> Report:
        return reports.dismiss(self.report(), by=self.ana, reason="It is a toothbrush.")

    # the market
    def product(self, **facts: object) -> Product:
        told = {"name": "Magnetic cubes", "brand": "Cubo", "models": ["MC-216"]}
        return products.record(products.ProductFacts(**(told | facts)), by=self.ana)

    def alert(self, *, published: bool = True, **facts: object) -> Alert:
        told = {
            "title": "Magnetic cubes recalled",
            "hazard": "Swallowed magnets perforate the bowel.",
            "what_to_do": "Stop using them.",
        }
        alert = products.draft_alert(self.product(), by=self.ana, **(told | facts))
        return products.publish(alert, by=self.bo) if published else alert

    def draft_alert(self) -> Alert:
        return self.alert(published=False)

    def withdrawn_alert(self) -> Alert:
        return products.withdraw(self.alert(), by=self.bo, reason="It was another batch.")

    def seller(self, name: str = "Little Harbour Toys") -> Seller:
        return sellers.register(name, by=self.ana)

    def watched_seller(self) -> Seller:
        return sellers.watch(self.seller(), by=self.ana, reason="Two alerts.", review_on=REVIEW)

    def high_risk_seller(self) -> Seller:
        return sellers.designate_high_risk(
            self.seller(), by=self.bo, reason="Nine alerts.", review_on=REVIEW
        )

    def account_in_a_tier(self) -> SellerAccount:
        """Of a watched seller, on Harbour Market."""
        account = self.account()
        account.seller = sellers.watch(
            account.seller, by=self.ana, reason="Two alerts.", review_on=REVIEW
        )
        return account

    def contest(self) -> Contest:
        account = self.account_in_a_tier()
        return contests.file(account, by=self.dot, reason="It has a new importer.")

    def upheld_contest(self) -> Contest:
        return contests.uphold(self.contest(), by=self.bo, reason="It has.")

    def dismissed_contest(self) -> Contest:
        return contests.dismiss(self.contest(), by=self.bo, reason="It sells the same.")

    def account(self, platform: Platform | None = None) -> SellerAccount:
        platform = platform or self.cast.harbour
        known = SellerAccount.objects.filter(platform=platform).first()
        return known or sellers.add_account(
            self.seller(), by=self.ana, platform=platform, handle="littleharbour"
        )

    def listing(self, platform: Platform | None = None, **facts: object) -> Listing:
        platform = platform or self.cast.harbour
        self._offers += 1
        told = {"url": f"{platform.website}item/{self._offers}", "title": "Magnetic cubes 216"}
        return listings.record(
            platform,
            listings.ListingFacts(**(told | facts)),
            by=self.ana,
            account=self.account(platform),
        )

    def gone_listing(self) -> Listing:
        return listings.mark_gone(self.listing(), by=self.ana)

    def seller_data(self) -> SellerData:
        words = supplied.SellerWords(name="Little Harbour Toys Ltd")
        return supplied.supply_seller(self.cast.harbour, "littleharbour", words, by=self.dot)

    def listing_data(self) -> ListingData:
        words = supplied.ListingWords(title="Cubes", units_sold=12)
        return supplied.supply_listing(self.listing(), words, by=self.dot)

    # cases
    def case(self, by: Actor | None = None) -> Case:
        return cases.open("Cubo magnetic cubes", by=by or self.ana, products=[self.product()])

    def restricted_case(self) -> Case:
        return cases.restrict(self.case(), by=self.ana, reason="A court case is pending.")

    def closed_case(self) -> Case:
        return cases.close(self.case(), by=self.ana, outcome="Nothing on sale any more.")

    def enforcing_case(self) -> Case:
        return self._fresh(self.issued().case)

    def monitoring_case(self) -> Case:
        return self._fresh(self.settled().case)

    def merged_case(self) -> Case:
        return merging.merge(self.case(), by=self.ana, into=self.case(), reason="One product.")

    def case_with_listing(self) -> Case:
        return cases.link_listing(self.case(), by=self.ana, listing=self.listing())

    def assessment(self, case: Case | None = None) -> RiskAssessment:
        return assessments.assess_risk(case or self.case(), by=self.ana, scenarios=SCENARIOS)

    def validated_assessment(self) -> RiskAssessment:
        return assessments.validate_risk(self.assessment(), by=self.bo)

    def superseded_assessment(self) -> RiskAssessment:
        first = self.assessment()
        self.assessment(first.case)
        return self._fresh(first)

    # takedown requests: to Harbour Market under the order regime (two persons), or a notice
    def draft(
        self,
        *,
        kind: str = Kind.ORDER,
        listings: int = 2,
        case: Case | None = None,
        platform: Platform | None = None,
    ) -> TakedownRequest:
        case = case or self.case()
        platform = platform or self.cast.harbour
        offers = [self.listing(platform) for _ in range(listings)]
        for offer in offers:
            cases.link_listing(case, by=self.ana, listing=offer)
        case.refresh_from_db()
        return takedowns.draft(
            case, by=self.ana, platform=platform, kind=kind, listings=offers, reasons=REASONS
        )

    def submitted(self, **facts: object) -> TakedownRequest:
        return takedowns.submit(self.draft(**facts), by=self.ana)

    def approved(self, **facts: object) -> TakedownRequest:
        return takedowns.approve(self.submitted(**facts), by=self.bo)

    def issued(self, **facts: object) -> TakedownRequest:
        return takedowns.issue(self.approved(**facts), by=self.ana)

    def issued_notice(self, **facts: object) -> TakedownRequest:
        return takedowns.issue(self.draft(kind=Kind.NOTICE, **facts), by=self.ana)

    def with_extension_requested(self) -> TakedownRequest:
        return extensions.request_extension(
            self.issued_notice(), by=self.dot, working_days=2, reason="Our clerk is ill."
        )

    def settled(self) -> TakedownRequest:
        takedown = self.issued()
        for item in takedown.items.all():
            self._confirmed(item)
        takedown.refresh_from_db()
        return takedown

    def closed(self) -> TakedownRequest:
        return takedowns.close(self.settled(), by=self.ana)

    def withdrawn(self) -> TakedownRequest:
        return takedowns.withdraw(self.issued(), by=self.ana, reason="It was another product.")

    def paused(self) -> TakedownRequest:
        return pausing.pause_takedown(
            self.issued(), by=self.ana, reason="The laboratory is at work."
        )

    def late(self, **facts: object) -> TakedownRequest:
        """All its limits have passed and were noted at that instant."""
        takedown = self.issued(**facts)
        listings = list(takedown.items.all())
        chasing.note_missed_deadlines(listings, by=SYSTEM, at=listings[0].due_at)
        return self._fresh(takedown)

    def with_formal_letter(self, **facts: object) -> TakedownRequest:
        return formal_steps.prepare_formal_letter(self.late(**facts), by=SYSTEM)

    def with_dated_formal_letter(self, **facts: object) -> TakedownRequest:
        """Nothing is missing in the draft."""
        return formal_steps.amend_formal_letter(
            self.with_formal_letter(**facts),
            by=self.bo,
            subject="Formal letter",
            text="You have not answered.\n\nAnswer now.",
            answer_by=LAST_DATE,
        )

    # items
    def item(self) -> Item:
        return self.issued().items.get(number=1)

    def answered(self, outcome: str = ItemState.REMOVED) -> Item:
        return items.answer(self.item(), answer_with(outcome), by=self.dot)

    def confirmed(self) -> Item:
        return self._confirmed(self.item())

    def rejected(self) -> Item:
        return items.reject_answer(self.answered(), by=self.ana, reason="It is still on sale.")

    def rejected_refusal(self) -> Item:
        return items.reject_answer(self.refused(), by=self.ana, reason="It is the product.")

    def appealed(self) -> Item:
        """Against the rejection of a refusal."""
        return appeals.appeal(self.rejected_refusal(), by=self.dot, reason="Look at the label.")

    def appealed_removal(self) -> Item:
        return appeals.appeal(self.rejected(), by=self.dot, reason="It was gone that day.")

    def asked(self) -> Item:
        return self.answered(ItemState.NEEDS_INFORMATION)

    def not_found(self) -> Item:
        return self.answered(ItemState.NOT_FOUND)

    def refused(self) -> Item:
        return self.answered(ItemState.REFUSED)

    def refusal_accepted(self) -> Item:
        return items.accept_refusal(self.refused(), by=self.ana, reason="It is another model.")

    def withdrawn_item(self) -> Item:
        return items.withdraw(self.item(), by=self.ana, reason="It is another model.")

    def paused_item(self) -> Item:
        return pausing.pause_item(self.item(), by=self.ana, reason="The laboratory is at work.")

    # answers by file
    def answer_file(self, *rows: tuple[object, ...]) -> AnswerFile:
        """Of Harbour Market, checked. Rows of request, number, outcome, ground, text; else one
        that says a new item is removed."""
        if not rows:
            item = self.item()
            rows = ((item.takedown.reference, item.number, ItemState.REMOVED, "", ""),)
        return answer_files.upload(by=self.dot, file=answers_csv(*rows))

    def handed_in_file(self) -> AnswerFile:
        return answer_files.hand_in(self.answer_file(), by=self.dot)

    def missed(self) -> Item:
        """Its deadline has passed and was noted at that instant."""
        item = self.item()
        return chasing.note_missed_deadline(item, by=SYSTEM, at=item.due_at)

    @staticmethod
    def _fresh(row: RowT) -> RowT:
        row.refresh_from_db()
        return row

    def _confirmed(self, item: Item) -> Item:
        answered = items.answer(item, answer_with(ItemState.REMOVED), by=self.dot)
        return items.confirm_removal(answered, by=self.ana)
