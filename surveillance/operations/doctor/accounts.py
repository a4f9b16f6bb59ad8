"""Accounts: without one nobody can use the installation."""

from collections.abc import Iterator

from surveillance.accounts.models import User
from surveillance.operations.doctor.findings import Fault


def somebody_can_sign_in() -> Iterator[Fault]:
    if not User.objects.active().exists():
        yield Fault(
            "There is no account that can sign in.",
            "Make the first: manage.py enrol ada@authority.example --name 'Ada Olsen' --role"
            " administrator --organisation 'Product Safety Authority' --jurisdiction EU",
        )
