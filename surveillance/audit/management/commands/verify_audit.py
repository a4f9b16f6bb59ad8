"""manage.py verify_audit: walk the chain, name the first bad row."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveillance.audit.sealing import verify


class Command(BaseCommand):
    help = "Verify the hash chain of the audit trail and its signed checkpoints."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify()
        self.stdout.write(
            f"{verdict.sealed} sealed, {verdict.unsealed} waiting for the sealer,"
            f" {verdict.checkpoints} checkpoints"
        )
        if verdict.fault:
            raise CommandError(f"The trail has been altered: {verdict.fault}")
        self.stdout.write(self.style.SUCCESS("The chain is whole."))
