"""The sealer's beat."""

from celery import shared_task

from surveillance import clock
from surveillance.audit.sealing import seal


@shared_task(name="audit.seal")
def seal_entries() -> int:
    return seal(clock.now())
