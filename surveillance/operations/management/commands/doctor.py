"""manage.py doctor: what is wrong with this installation, and how to mend it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveillance.operations.doctor import examine
from surveillance.operations.doctor.findings import Finding


class Command(BaseCommand):
    help = "Examine this installation. The exit code is 1 when something is wrong with it."
    requires_system_checks = ()  # they are the first thing that it looks at

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for finding in examine():
            faults += len(finding.faults)
            self._tell(finding)
        if faults:
            raise CommandError(f"{faults} to mend." if faults > 1 else "One thing to mend.")
        self.stdout.write(self.style.SUCCESS("Nothing is wrong."))

    def _tell(self, finding: Finding) -> None:
        if finding.skipped_for:
            told = f"not looked at: first mend “{finding.skipped_for}”"
            self.stdout.write(f"  -    {finding.name}: {told}")
        elif not finding.faults:
            self.stdout.write(f"  ok   {finding.name}")
        for fault in finding.faults:
            self.stdout.write(self.style.ERROR(f"WRONG  {finding.name}: {fault.what}"))
            self.stdout.write(f"       mend: {fault.mend}")
