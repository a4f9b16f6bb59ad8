"""Letters that come back or are refused are marked, and people are told."""

import imaplib
import socketserver
from contextlib import contextmanager
from random import Random
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from surveillance.outbox import delivery, tasks
from surveillance.outbox.bounces import mailbox, marking, notices, reading
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage
from tests.surveillance.outbox.bounce_samples import FAILURES, OTHERS, POSTFIX
from tests.surveillance.outbox.receivers import mail_server, serving

ID = UUID("3f2504e0-4f89-41d3-9a0c-0305e82c3301")
STATE = OutboxMessage.State


def sample(text: str, message_id: object = ID) -> bytes:
    return text.replace("{id}", str(message_id)).encode()


class TestNotices:
    @pytest.mark.parametrize("text", FAILURES.values(), ids=FAILURES)
    def test_a_failure_names_our_letter(self, text):
        bounce = notices.read(sample(text))
        assert bounce is not None
        assert bounce.message_id == ID
        assert bounce.status.startswith("5.")

    def test_what_it_says(self):
        assert notices.read(sample(POSTFIX)) == notices.Bounce(
            ID,
            "safety@harbour-market.example",
            "5.1.1",
            "550 5.1.1 <safety@harbour-market.example>: Recipient address rejected: User unknown",
        )

    @pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
    def test_anything_else_is_no_bounce(self, text):
        assert notices.read(sample(text)) is None

    @pytest.mark.parametrize("text", [*FAILURES.values(), *OTHERS.values()])
    def test_with_line_ends_of_the_wire_it_reads_the_same(self, text):
        raw = sample(text)
        assert notices.read(raw.replace(b"\n", b"\r\n")) == notices.read(raw)

    def test_damage_of_any_kind_never_raises(self):
        die = Random(7)
        for _turn in range(2_000):
            raw = bytearray(sample(die.choice([*FAILURES.values()])))
            for _hit in range(die.randint(1, 8)):
                raw[die.randrange(len(raw))] = die.randrange(256)
            notices.read(bytes(raw[: die.randrange(len(raw))]))


@pytest.fixture
def delivered(story) -> OutboxMessage:
    story.issued_notice()
    message = OutboxMessage.objects.get(letter="takedown_issued", channel=Channel.EMAIL)
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=STATE.DELIVERED, delivered_at=message.created_at
    )
    return message


def told(user, letter: str) -> int:
    return OutboxMessage.objects.notices_for(user.pk).filter(letter=letter).count()


class TestMarking:
    def test_the_letter_came_back_and_says_why(self, delivered, time):
        bounce = notices.read(sample(POSTFIX, delivered.pk))
        assert bounce is not None
        assert marking.mark([bounce], time.now) == 1
        delivered.refresh_from_db()
        assert (delivered.state, delivered.failed_at) == (STATE.BOUNCED, time.now)
        assert "User unknown" in delivered.last_error
        assert delivered in OutboxMessage.objects.not_arrived()

    def test_inspector_and_administrator_are_told_once(self, delivered, time, cast):
        bounce = notices.read(sample(POSTFIX, delivered.pk))
        assert bounce is not None
        for _reading in range(3):
            marking.mark([bounce], time.now)
        assert told(cast.ana, "letter_not_arrived") == 1
        assert told(cast.ada, "letters_not_arrived") == 1
        assert told(cast.cai, "letter_not_arrived") == 0

    @pytest.mark.parametrize("state", [STATE.QUEUED, STATE.FAILED, STATE.BOUNCED])
    def test_a_letter_that_has_not_arrived_is_left_as_it_is(self, delivered, time, state):
        OutboxMessage.objects.filter(pk=delivered.pk).update(state=state)
        bounce = notices.read(sample(POSTFIX, delivered.pk))
        assert bounce is not None
        assert marking.mark([bounce], time.now) == 0

    def test_an_unknown_letter_is_nobodys(self, db, time):
        bounce = notices.read(sample(POSTFIX, uuid4()))
        assert bounce is not None
        assert marking.mark([bounce], time.now) == 0


class TestRefusedAtOnce:
    def test_the_inspector_is_told_in_the_servers_words(self, story, cast, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        with mail_server() as mails:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mails.port
            mails.reply = "550 no such mailbox"
            story.issued_notice()
            delivery.deliver()
        notice = OutboxMessage.objects.notices_for(cast.ana.pk).get(letter="letter_not_arrived")
        assert "no such mailbox" in str(notice.document)
        assert told(cast.ada, "letters_not_arrived") == 1

    def test_letters_to_staff_tell_administrators_alone(self, story, cast, time):
        report = story.report()
        message = OutboxMessage.objects.create(
            letter="case_assigned",
            about=report.reference,
            created_at=time.now,
            channel=Channel.EMAIL,
            address=cast.ana.email,
            user=cast.ana,
            language="en",
            document={"title": "x", "blocks": []},
            next_attempt_at=time.now,
            state=STATE.DELIVERED,
            delivered_at=time.now,
        )
        marking.mark([notices.Bounce(message.pk, "", "5.1.1", "")], time.now)
        assert told(cast.ana, "letter_not_arrived") == 0
        assert told(cast.ada, "letters_not_arrived") == 1


class Imap(socketserver.StreamRequestHandler):
    """IMAP as far as our reader speaks it (RFC 9051)."""

    mails: dict[int, bytes]
    read: set[int]

    def handle(self) -> None:
        self._say("* OK IMAP4rev1 here")
        while line := self.rfile.readline().decode().strip():
            tag, word, *rest = line.split()
            if word == "LOGIN" and rest != ["bounces", '"se cret"'] and rest[-1] != '"secret"':
                self._say(f"{tag} NO who are you")
                continue
            getattr(self, f"do_{word.lower()}", self._nothing)(rest)
            self._say(f"{tag} OK done")

    def do_capability(self, rest: list[str]) -> None:
        self._say("* CAPABILITY IMAP4rev1")

    def do_select(self, rest: list[str]) -> None:
        self._say(f"* {len(self.mails)} EXISTS")

    def do_search(self, rest: list[str]) -> None:
        unread = sorted(set(self.mails) - self.read)
        self._say(f"* SEARCH {' '.join(map(str, unread))}")

    def do_fetch(self, rest: list[str]) -> None:
        content = self.mails[int(rest[0])]
        self.wfile.write(f"* {rest[0]} FETCH (BODY[] {{{len(content)}}}\r\n".encode())
        self.wfile.write(content + b")\r\n")

    def do_store(self, rest: list[str]) -> None:
        self.read.add(int(rest[0]))

    def _nothing(self, rest: list[str]) -> None:
        """Said yes to."""

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def imap_server(*contents: bytes):
    handler = type("Served", (Imap,), {"mails": dict(enumerate(contents, 1)), "read": set()})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    with serving(server):
        yield f"imap://bounces:secret@127.0.0.1:{server.server_address[1]}/Bounces", handler


class TestMailbox:
    def test_unread_mail_is_read_and_marked(self, delivered, time, settings):
        others = [sample(text) for text in OTHERS.values()]
        with imap_server(sample(POSTFIX, delivered.pk), *others) as (url, served):
            settings.BOUNCE_MAILBOX_URL = url
            assert tasks.read_bounces() == 1
            assert served.read == set(served.mails)
            assert reading.read_mailbox(url, time.now) == reading.Read(0, 0, 0)
        delivered.refresh_from_db()
        assert delivered.state == STATE.BOUNCED

    def test_a_mailbox_that_cannot_be_read_is_said_and_loses_nothing(self, db, settings, caplog):
        settings.BOUNCE_MAILBOX_URL = "imap://bounces:wrong@127.0.0.1:1/"
        assert tasks.read_bounces() == 0
        assert "cannot be read" in caplog.text
        with pytest.raises(CommandError, match="127.0.0.1"):
            call_command("read_bounces")

    def test_a_wrong_password_is_said(self):
        with imap_server() as (url, _served):
            with pytest.raises(mailbox.NoMailbox, match="who are you"):
                with mailbox.opened(url.replace("secret", "guess")):
                    pass

    @pytest.mark.parametrize("url", ["pop3://a:b@x.example/", "imaps:///INBOX", "nonsense"])
    def test_an_address_that_is_none_is_said(self, url):
        with pytest.raises(mailbox.NoMailbox, match="imaps://"):
            with mailbox.opened(url):
                pass

    def test_without_a_mailbox_the_beat_does_nothing(self, settings):
        settings.BOUNCE_MAILBOX_URL = ""
        assert tasks.read_bounces() == 0
        with pytest.raises(CommandError, match="BOUNCE_MAILBOX_URL"):
            call_command("read_bounces")


def test_the_command_reads_files(delivered, tmp_path, capsys):
    (tmp_path / "one.eml").write_bytes(sample(POSTFIX, delivered.pk))
    (tmp_path / "two.eml").write_bytes(sample(OTHERS["delayed"], delivered.pk))
    call_command("read_bounces", str(tmp_path / "one.eml"), str(tmp_path / "two.eml"))
    assert "2 mails read, 1 tell of a letter of ours, 1 letters marked" in capsys.readouterr().out
    with pytest.raises(CommandError, match="three.eml"):
        call_command("read_bounces", str(tmp_path / "three.eml"))


def test_imaplib_speaks_what_the_double_does():
    """The double is no better than the library thinks it is."""
    with imap_server(b"x") as (url, _served):
        port = int(url.rpartition(":")[2].partition("/")[0])
        client = imaplib.IMAP4("127.0.0.1", port)
        assert client.login("bounces", "secret")[0] == "OK"
        client.logout()
