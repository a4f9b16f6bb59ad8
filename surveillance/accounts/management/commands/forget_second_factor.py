"""manage.py forget_second_factor: for somebody whose phone and recovery codes are lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveillance.accounts import enrolment
from surveillance.accounts.models import User


class Command(BaseCommand):
    help = (
        "Forget the authenticator app and the recovery codes of an account: its owner signs in with"
        " the password alone, and sets up another. Be sure who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError(f"email: {options['email']} has no account.")
        if not enrolment.forget_second_factor(user):
            raise CommandError(f"{user.name} has no second factor.")
        self.stdout.write(f"{user.name} signs in with the password alone now.")
