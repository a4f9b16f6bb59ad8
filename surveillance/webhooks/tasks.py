"""The beat of webhooks."""

from celery import shared_task

from surveillance import clock
from surveillance.webhooks.flows import endpoints


@shared_task(name="webhooks.give_up_failing")
def give_up_failing() -> int:
    return endpoints.give_up_failing(clock.now())
