"""Settings: what `manage.py check --deploy` says, in the doctor's words."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import WARNING, run_checks

from surveillance.operations.doctor.findings import Fault


def settings_are_sound() -> Iterator[Fault]:
    """Every system check (surveillance/checks.py and Django's own). A demo is not held to what a
    public installation must have."""
    for message in run_checks(include_deployment_checks=not settings.DEMO):
        if message.level >= WARNING and not message.is_silenced():
            yield Fault(f"{message.msg} ({message.id})", message.hint or "The message says how.")
