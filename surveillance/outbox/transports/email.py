"""E-mail: text and HTML in the recipient's language, formal letters as PDF too."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from surveillance.outbox.document import Document
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rendering import as_html, as_pdf, as_text
from surveillance.outbox.transports.base import Permanent, Temporary


class Email:
    def send(self, message: OutboxMessage) -> None:
        try:
            self._mail(message).send()
        except smtplib.SMTPRecipientsRefused as refusal:
            code, text = next(iter(refusal.recipients.values()))
            raise _judged(code, text) from refusal
        except smtplib.SMTPResponseException as refusal:
            raise _judged(refusal.smtp_code, refusal.smtp_error) from refusal
        except (OSError, smtplib.SMTPException) as problem:
            raise Temporary(f"{type(problem).__name__}: {problem}") from problem

    def _mail(self, message: OutboxMessage) -> EmailMultiAlternatives:
        document = Document.from_json(message.document)
        host = parseaddr(settings.EMAIL_FROM)[1].rpartition("@")[2]
        mail = EmailMultiAlternatives(
            subject=document.title,
            body=as_text(document),
            from_email=settings.EMAIL_FROM,
            to=[message.address],
            # The same id on every try: a mailbox that got it already can tell.
            headers={"Message-ID": f"<{message.pk}@{host}>", "Content-Language": message.language},
        )
        mail.attach_alternative(as_html(document, message.language), "text/html")
        if message.as_pdf:
            mail.attach(
                f"{message.about}.pdf", as_pdf(document, message.language), "application/pdf"
            )
        return mail


def _judged(code: int, text: bytes | str) -> Temporary | Permanent:
    said = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    return Permanent(said) if 500 <= code < 600 else Temporary(said)
