"""The mail server, greeted and left again without sending anything; and what waits for it."""

import smtplib
from collections.abc import Iterator

from django.core.mail import get_connection

from surveillance import clock
from surveillance.operations.doctor.findings import Fault
from surveillance.web.health import MESSAGE_LIMIT, health


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


def letters_leave() -> Iterator[Fault]:
    """Nothing that is due waits longer than health allows."""
    found = health(clock.now())
    age = found.oldest_undelivered_age or 0.0
    if age > MESSAGE_LIMIT.total_seconds():
        yield Fault(
            f"{found.undelivered} letters wait, the oldest for {age / 60:.0f} minutes.",
            "See that a worker runs and that the mail server takes mail; the desk's page Health"
            " says which destinations take nothing.",
        )
