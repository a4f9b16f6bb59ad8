"""E-mail: text and HTML in the recipient's language, formal letters as PDF too."""

import smtplib
import time
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from surveillance.outbox.document import Document
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rendering import as_html, as_pdf, as_text
from surveillance.outbox.transports.base import (
    Exchange,
    NotTaken,
    Part,
    Permanent,
    Temporary,
    Unavailable,
)

FRESH = 5.0  # seconds that a connection may have been silent before we greet anew
LETTERS_A_CONNECTION = 50  # mail servers have limits, and do not say which
CLOSING = 421  # "service not available, closing transmission channel": nothing was taken


class Email:
    """One connection to our mail server for as long as letters follow each other."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._sent = 0
        self._used = 0.0  # by the wall

    def send(self, message: OutboxMessage, at: datetime) -> Exchange:
        mail = mail_of(message)
        request = {"headers": {"To": message.address, "Subject": mail.subject} | mail.extra_headers}
        while True:
            is_new = self._connect(request)
            try:
                self._hand_over(mail)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
                code, said = _reply(refusal)
                if code == CLOSING:
                    self.close()
                    if not is_new:
                        continue  # it was tired of this connection, not of us
                raise _judged(code, said, request) from refusal
            except (OSError, smtplib.SMTPException) as problem:
                # Silence in the middle of a letter: whether it was taken is not known.
                self.close()
                said = f"{type(problem).__name__}: {problem}"
                raise Unavailable(said, Exchange(request=request)) from problem
            return Exchange(250, request)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connect(self, request: Part) -> bool:
        """Is the connection new? Raises Unavailable for everywhere when there is none to be had."""
        is_stale = time.monotonic() - self._used > FRESH
        if self._connection is not None and (is_stale or self._sent >= LETTERS_A_CONNECTION):
            self.close()
        if self._connection is not None:
            return False
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as problem:
            said = f"{type(problem).__name__}: {problem}"
            raise Unavailable(said, Exchange(request=request), everywhere=True) from problem
        self._connection, self._sent = connection, 0
        return True

    def _hand_over(self, mail: EmailMultiAlternatives) -> None:
        assert self._connection is not None
        self._connection.send_messages([mail])
        self._sent += 1
        self._used = time.monotonic()


def message_id(message: OutboxMessage) -> str:
    """The same on every try: a mailbox that got it already can tell, and so can a bounce."""
    host = parseaddr(settings.EMAIL_FROM)[1].rpartition("@")[2]
    return f"<{message.pk}@{host}>"


def mail_of(message: OutboxMessage) -> EmailMultiAlternatives:
    document = Document.from_json(message.document)
    mail = EmailMultiAlternatives(
        subject=document.title,
        body=as_text(document),
        from_email=settings.EMAIL_FROM,
        to=[message.address],
        headers={"Message-ID": message_id(message), "Content-Language": message.language},
    )
    mail.attach_alternative(as_html(document, message.language), "text/html")
    if message.as_pdf:
        mail.attach(f"{message.about}.pdf", as_pdf(document, message.language), "application/pdf")
    return mail


def _reply(refusal: smtplib.SMTPException) -> tuple[int, str]:
    """What the server said: its code and its words."""
    text: bytes | str
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(refusal.recipients.values()))
    else:
        assert isinstance(refusal, smtplib.SMTPResponseException)
        code, text = refusal.smtp_code, refusal.smtp_error
    return code, text.decode(errors="replace") if isinstance(text, bytes) else str(text)


def _judged(code: int, said: str, request: Part) -> NotTaken:
    exchange = Exchange(code, request, {"headers": {}, "body": said})
    if code == CLOSING:
        return Unavailable(f"{code} {said}", exchange, everywhere=True)
    kind = Permanent if 500 <= code < 600 else Temporary
    return kind(f"{code} {said}", exchange)
