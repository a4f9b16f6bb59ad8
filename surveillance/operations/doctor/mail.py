"""The mail server: greeted, and left again without sending anything."""

import smtplib
from collections.abc import Iterator

from django.core.mail import get_connection

from surveillance.operations.doctor.findings import Fault


def server_answers() -> Iterator[Fault]:
    """Connects, says EHLO, starts TLS and signs in, as far as EMAIL_URL asks for it."""
    connection = get_connection()
    try:
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as problem:
        yield Fault(
            f"The mail server does not take us: {type(problem).__name__}: {problem}",
            "See that EMAIL_URL names its host, port, user and password, and that the firewall"
            " lets us through.",
        )
