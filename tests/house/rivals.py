"""Two rival platforms in one case, with a word of its own in every field that is somebody's.

A word says whose it is: `rivals.words["bazaar"]` must reach nobody but Bazaar Nine and the
authority, `words["reporter"]` and `words["authority"]` nobody but the authority.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.flows import (
    answer_files,
    assessments,
    cases,
    chasing,
    evidence,
    extensions,
    formal_steps,
    items,
    reports,
    takedowns,
)
from cases.flows.items import Answer
from cases.flows.takedowns import StatementOfReasons
from cases.models import AnswerFile, Case, Contest, Evidence, Item, Report, TakedownRequest
from cases.risk import Scenario
from cases.states import ItemState
from sellers.flows import listings, platform_setup, products, sellers, supplied
from sellers.models import Alert, ContactPoint, Listing, Platform, Product, Seller
from surveillance.accounts import enrolment
from surveillance.accounts.actor import PUBLIC, SYSTEM, Actor
from surveillance.accounts.models import Organisation, User
from surveillance.accounts.rights import Role, Scope
from surveillance.agents import flows as agents
from surveillance.agents.flows import Invited
from surveillance.calendars.models import Kind
from surveillance.jobs.models import Job
from surveillance.keys.flows import IssuedKey
from surveillance.outbox.models import Attempt, Lane, OutboxMessage
from surveillance.references import Kind as ReferenceKind
from surveillance.references import next_reference
from surveillance.saved_views import flows as saved_views
from surveillance.saved_views.models import SavedView
from surveillance.webhooks.flows import endpoints
from surveillance.webhooks.models import Endpoint, Replay
from tests.cast import LAST_DATE, MONDAY, SCENARIOS, Cast, answers_csv, photo
from tests.house import replies
from tests.story import Story

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@dataclass
class Side:
    """What one platform has."""

    name: str
    platform: Platform
    agent: User
    manager: User
    key: IssuedKey
    seller: Seller
    handle: str
    listings: list[Listing]
    takedown: TakedownRequest
    draft: TakedownRequest
    proof: Evidence
    endpoint: Endpoint
    webhook: OutboxMessage
    answers: AnswerFile
    invited: Invited
    contest: Contest
    view: SavedView

    @property
    def items(self) -> list[Item]:
        return list(self.takedown.items.order_by("number"))


class Rivals:
    """Both sides, and the authority's work around them."""

    logged = ""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.story = Story(cast)
        self.words: defaultdict[str, list[str]] = defaultdict(list)
        self.product: Product = products.record(
            products.ProductFacts(name="Magnetic cubes", brand="Cubo"), by=self.story.ana
        )
        self.case: Case = cases.open(
            "Cubo magnetic cubes", by=self.story.ana, products=[self.product]
        )
        self.report: Report = self._report()
        self.alert: Alert = self.story.alert()
        self.draft_alert: Alert = self.story.draft_alert()
        self.photo: Evidence = evidence.add_to_report(
            self.report, by=SYSTEM, files=[photo(f"{self.word('reporter', 'photo')}.png")]
        )[0]
        self._work()
        self.partner: Organisation = self.story.partner()
        self.partner_key = self.story.issued_key(
            self.partner,
            name=self.word("partner", "key"),
            scopes={Scope.READ, Scope.REPORT, Scope.SCREEN},
        )
        self.foreign: User = self._foreign_authority()
        self.harbour = self._side("harbour", cast.harbour, cast.dot)
        self.bazaar = self._side("bazaar", cast.bazaar, cast.dev)
        self.job: Job = self._job()

    def word(self, owner: str, what: str) -> str:
        found = f"zz{owner}{what}zz"
        self.words[owner].append(found)
        return found

    def hidden_from(self, side: str) -> list[str]:
        """Words that must not reach this platform; "" is everybody outside who is none."""
        return [word for owner, words in self.words.items() if owner != side for word in words]

    def _report(self) -> Report:
        def word(what: str) -> str:
            return self.word("reporter", what)

        receipt = reports.submit(
            reports.ReportFacts(
                product_name=f"Cubes {word('product')}",
                brand="Cubo",
                serial=word("serial"),
                incident=f"They broke. {word('incident')}",
                retailer=word("retailer"),
            ),
            reports.Reporter(
                name=word("name"),
                email=f"{word('mail')}@home.example",
                phone=word("phone"),
                town=word("town"),
                person_hurt=word("hurt"),
                may_contact=True,
            ),
            by=PUBLIC,
        )
        self.code = receipt.code
        question = self.word("authority", "question")
        asked = reports.ask_reporter(receipt.report, by=self.story.ana, question=question)
        answered = reports.supply_information(asked, by=SYSTEM, answer=word("answer"))
        return reports.accept(answered, by=self.story.ana, case=self.case)

    def _work(self) -> None:
        def word(what: str) -> str:
            return self.word("authority", what)

        ana = self.story.ana
        cases.add_note(self.case, by=ana, text=word("note"))
        evidence.add_to_case(
            self.case,
            by=ana,
            file=SimpleUploadedFile(f"{word('file')}.pdf", PAPER),
            note=word("filenote"),
        )
        scenario = Scenario(word("scenario"), SCENARIOS[0].severity, SCENARIOS[0].steps)
        assessments.assess_risk(self.case, by=ana, scenarios=(scenario,))

    def _foreign_authority(self) -> User:
        organisation = enrolment.admit_organisation(
            "Produktsikkerhed", kind=Organisation.Kind.FOREIGN_AUTHORITY, jurisdiction="DK"
        )
        return enrolment.enrol(
            "fie@cast.example",
            name="Fie Holm",
            role=Role.FOREIGN_AUTHORITY,
            organisation=organisation,
            at=MONDAY,
        )

    def _job(self) -> Job:
        return Job.objects.create(
            reference=next_reference(ReferenceKind.JOB, MONDAY),
            kind="feed.import",
            label=self.word("authority", "job"),
            state=Job.State.RUNNING,
            started_by=self.cast.bo,
            started_at=MONDAY,
            progressed_at=MONDAY,
            changed_at=MONDAY,
        )

    def _side(self, name: str, platform: Platform, agent: User) -> Side:
        def word(what: str) -> str:
            return self.word(name, what)

        ana = self.story.ana
        manager = enrolment.enrol(
            f"{word('managermail')}@cast.example",
            name=word("manager"),
            role=Role.PLATFORM_MANAGER,
            organisation=platform.organisation,
            at=MONDAY,
        )
        ContactPoint.objects.create(
            platform=platform, name=word("contact"), email=f"{word('contactmail')}@cast.example"
        )
        endpoint = self._endpoint(name, platform)
        seller = sellers.register(word("seller"), by=ana)
        handle = word("handle")
        account = sellers.add_account(seller, by=ana, platform=platform, handle=handle)
        offers = [
            listings.record(
                platform,
                listings.ListingFacts(
                    url=f"{platform.website}{word(f'url{number}')}", title=word(f"title{number}")
                ),
                by=ana,
                account=account,
                product=self.product,
            )
            for number in range(4)
        ]
        takedown = self._issued(name, platform, offers[:3])
        self._formal_letters(name, takedown)
        contest = replies.contest(self, name, account, Actor.of(agent))
        answers = self._answers(name, takedown, Actor.of(agent))
        proof = self._answered(name, takedown, Actor.of(agent))
        self._supplied(name, platform, handle, offers[0], Actor.of(agent))
        draft = self._draft(name, platform, offers[3:], "authority")
        return Side(
            name=name,
            platform=platform,
            agent=agent,
            manager=manager,
            key=self.story.issued_key(
                platform.organisation,
                name=word("key"),
                scopes={Scope.READ, Scope.ANSWER, Scope.SCREEN, Scope.MANAGE},
            ),
            seller=seller,
            handle=handle,
            listings=offers,
            takedown=takedown,
            draft=draft,
            proof=proof,
            endpoint=endpoint,
            webhook=self._sent(name, endpoint),
            answers=answers,
            invited=self._invited(name, platform, manager),
            contest=contest,
            view=self._views(name, agent, manager),
        )

    def _views(self, name: str, agent: User, manager: User) -> SavedView:
        """Each has one of its own; the agent shares one."""

        def save(person: User, what: str, is_shared: bool = False) -> SavedView:
            return saved_views.keep(
                by=Actor.of(person),
                list_name="portal",
                name=self.word(name, what),
                query=f"q={self.word(name, f'{what}query')}",
                is_shared=is_shared,
            )

        save(agent, "agentview")
        save(manager, "managerview")
        return save(agent, "sharedview", is_shared=True)

    def _invited(self, name: str, platform: Platform, manager: User) -> Invited:
        """Somebody who has not come yet; a rule that the manager has accepted, and a remark."""
        by, rule = Actor.of(manager), platform.regimes()[0]
        platform_setup.accept_regime(platform, rule, by=by)
        platform_setup.remark(platform, by=by, text=self.word(name, "remark"))
        return agents.invite(
            platform.organisation,
            by=by,
            name=self.word(name, "invited"),
            email=f"{self.word(name, 'invitedmail')}@cast.example",
        )

    def _endpoint(self, name: str, platform: Platform) -> Endpoint:
        """It has failed lately, and letters to it were ordered again."""
        endpoint = endpoints.add(
            platform.organisation,
            by=SYSTEM,
            url=f"https://{self.word(name, 'endpoint')}.example/hook",
            name=self.word(name, "hook"),
        ).row
        Lane.objects.create(key=endpoint.lane, failures=1, failing_since=MONDAY)
        Replay.objects.create(
            organisation=platform.organisation,
            messages=1,
            criteria={"q": self.word(name, "criterion")},
            changed_at=MONDAY,
        )
        return endpoint

    def _sent(self, name: str, endpoint: Endpoint) -> OutboxMessage:
        message = OutboxMessage.objects.filter(endpoint=endpoint).earliest("created_at", "id")
        Attempt.objects.create(
            message=message,
            number=1,
            started_at=MONDAY,
            milliseconds=20,
            outcome=Attempt.Outcome.LATER,
            status=503,
            reply=self.word(name, "reply"),
        )
        return message

    def _answers(self, name: str, takedown: TakedownRequest, by: Actor) -> AnswerFile:
        """Handed in; no worker has come to it."""
        text = self.word(name, "filetext")
        file = answers_csv(
            (takedown.reference, 2, ItemState.REMOVED, "", text),
            name=f"{self.word(name, 'answers')}.csv",
        )
        return answer_files.hand_in(answer_files.upload(by=by, file=file), by=by)

    def _supplied(
        self, name: str, platform: Platform, handle: str, listing: Listing, by: Actor
    ) -> None:
        trader = supplied.SellerWords(
            name=self.word(name, "trader"), email=f"{self.word(name, 'tradermail')}@home.example"
        )
        supplied.supply_seller(platform, handle, trader, by=by)
        offer = supplied.ListingWords(title=self.word(name, "saidtitle"))
        supplied.supply_listing(listing, offer, by=by)

    def _draft(
        self, name: str, platform: Platform, offers: Iterable[Listing], owner: str
    ) -> TakedownRequest:
        offers = list(offers)
        for offer in offers:
            self.case = cases.link_listing(self.case, by=self.story.ana, listing=offer)
        return takedowns.draft(
            self.case,
            by=self.story.ana,
            platform=platform,
            kind=Kind.NOTICE,
            listings=offers,
            reasons=StatementOfReasons(
                **{
                    field: self.word(owner, field if owner == name else f"{name}{field}")
                    for field in ("facts", "hazard", "territory", "action", "redress")
                }
            ),
        )

    def _issued(self, name: str, platform: Platform, offers: list[Listing]) -> TakedownRequest:
        draft = self._draft(name, platform, offers, name)
        return takedowns.issue(draft, by=self.story.ana)

    def _formal_letters(self, name: str, takedown: TakedownRequest) -> None:
        """Both limits are missed. One letter was sent, another is drafted."""
        late = list(takedown.items.all())
        chasing.note_missed_deadlines(late, by=SYSTEM, at=max(item.due_at for item in late))
        for owner, place in ((name, "formal"), ("authority", f"{name}draftletter")):
            formal_steps.prepare_formal_letter(takedown, by=self.story.bo)
            formal_steps.amend_formal_letter(
                takedown,
                by=self.story.bo,
                subject=self.word(owner, f"{place}subject"),
                text=self.word(owner, f"{place}text"),
                answer_by=LAST_DATE,
            )
            if owner == name:
                formal_steps.send_formal_letter(takedown, by=self.story.bo)

    def _answered(self, name: str, takedown: TakedownRequest, by: Actor) -> Evidence:
        """One listing refused with a proof, a question asked for another, an appeal lost about the
        third, more time wanted."""
        first, second, third = takedown.items.order_by("number")
        proof = evidence.add_proof(
            first,
            by=by,
            file=photo(f"{self.word(name, 'proof')}.png"),
            note=self.word(name, "proofnote"),
        )
        refusal = Answer(
            ItemState.REFUSED,
            answer_id=self.word(name, "answerid"),
            ground=Item.Ground.COMPLIANT,
            text=self.word(name, "refusal"),
        )
        items.answer(first, refusal, by=by)
        question = self.word(name, "question")
        items.answer(second, Answer(ItemState.NEEDS_INFORMATION, text=question), by=by)
        replies.appeal(self, name, third, by)
        extensions.request_extension(
            takedown, by=by, working_days=2, reason=self.word(name, "moretime")
        )
        takedown.refresh_from_db()
        return proof
