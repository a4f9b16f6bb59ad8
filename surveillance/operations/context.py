"""The banner of the desk: what waits, for those who may look further."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.operations.watching import watch


def waiting(request: HttpRequest) -> dict[str, Any]:
    """A context processor. It costs no query: what was seen last stands in memory."""
    user = getattr(request, "user", AnonymousUser())
    actor: Actor = getattr(request, "actor", None) or Actor.of(user)
    if not actor.may(Right.SEE_HEALTH):
        return {}
    seen = watch.last()
    return {"waits": seen.sentences if seen else [], "sees_health": True}
