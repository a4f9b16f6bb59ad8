"""Letters handed over: the outbox against a bare loop of the same client."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from uuid import uuid4

from django.core.mail import EmailMultiAlternatives, get_connection
from django.test.utils import override_settings

from cases.bench import timing
from cases.bench.receivers import receiving
from cases.bench.table import Measured
from surveillance import clock
from surveillance.accounts.models import Organisation
from surveillance.copying import copy_in
from surveillance.outbox import document, queue, vault
from surveillance.outbox.delivery import deliver
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Channel, Letter, Recipient
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rendering import as_html, as_text
from surveillance.outbox.transports.dialling import Dialler
from surveillance.outbox.transports.webhook import body_of, signed_headers
from surveillance.webhooks.models import Endpoint

LETTERS = 1_000
ROUNDS = 5  # ours and the bare loop by turns: a machine is not as fast at every moment
WARM_UP = 50  # letters that do not count: templates, plans, connections
_SECRET = "whsec_YmVuY2hiZW5jaGJlbmNoYmVuY2hiZW5jaA=="
_SENDER = "bench@bench.example"


@dataclass(frozen=True)
class BenchLetter(Letter):
    NAME: ClassVar[str] = "bench"

    def write(self) -> Document:
        return Document("Bench", (document.paragraph("Made by the bench."),))


def delivery() -> list[Measured]:
    with receiving() as (mail_port, web_port):
        address = f"http://127.0.0.1:{web_port}/"
        endpoint = _endpoint(address)
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=mail_port,
            EMAIL_USE_TLS=False,
            WEBHOOKS_MAY_CALL_PRIVATE=True,
        ):
            while deliver():
                pass  # what other parts of the bench have queued
            mail = Recipient(Channel.EMAIL, "reader@bench.example")
            hook = Recipient(Channel.WEBHOOK, address, endpoint_id=endpoint.pk)
            others = [Recipient(Channel.EMAIL, f"{n}@bench.example") for n in range(LETTERS)]
            return [
                _compared("delivery by e-mail to one", [mail] * LETTERS, _bare_mail),
                _compared("delivery by e-mail to many", others, _bare_mail),
                _compared("delivery by webhook", [hook] * LETTERS, lambda: _bare_call(address)),
            ]


def _compared(work: str, recipients: list[Recipient], bare: Callable[[], None]) -> Measured:
    letters = [BenchLetter(f"B-{number}", (one,)) for number, one in enumerate(recipients)]
    queue.enqueue(letters[:WARM_UP], cause=None, at=clock.now())
    _deliver_all()
    rounds = []
    for _round in range(ROUNDS):
        queue.enqueue(letters, cause=None, at=clock.now())
        rounds.append((timing.once(_deliver_all), timing.once(bare)))
    seconds, bare_seconds = (sum(times) for times in zip(*rounds, strict=True))
    ours, floor = (ROUNDS * LETTERS / one for one in (seconds, bare_seconds))
    worst = min(floor_took / took for took, floor_took in rounds)
    return Measured(
        work,
        "≥ 60 % of a bare loop over one kept connection",
        note=f"{ours:,.0f}/s of {floor:,.0f}/s: {ours / floor:.0%} ({worst:.0%} at worst)",
    )


def _deliver_all() -> None:
    while deliver():
        pass


def _endpoint(address: str) -> Endpoint:
    at = clock.now()
    row = Endpoint(
        organisation=Organisation.objects.earliest("pk"),
        reference=f"wh_bench_{at:%H%M%S%f}"[:20],
        url=address,
        secret=vault.seal(_SECRET),
        created_at=at,
        changed_at=at,
    )
    copy_in([row])
    return row


def _bare_mail() -> None:
    """The same mails, each written anew, through the same client over one connection."""
    with get_connection() as connection:
        for number in range(LETTERS):
            letter = BenchLetter(f"B-{number}", ()).write()
            mail = EmailMultiAlternatives(
                letter.title, as_text(letter), _SENDER, ["reader@bench.example"]
            )
            mail.attach_alternative(as_html(letter, "en"), "text/html")
            connection.send_messages([mail])


def _bare_call(address: str) -> None:
    """The same webhooks, each written and signed anew, through the same client over one
    connection."""
    dialler = Dialler()
    for number in range(LETTERS):
        at, name = clock.now(), str(uuid4())
        message = OutboxMessage(letter=BenchLetter.NAME, about=f"B-{number}", created_at=at)
        body = body_of(message)
        headers = {"Content-Type": "application/json", **signed_headers(name, at, body, [_SECRET])}
        dialler.post(address, body.encode(), headers)
    dialler.close()
