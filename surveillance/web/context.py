"""What every page needs: who is looking, what waits for them, which navigation they have."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.outbox.models import OutboxMessage
from surveillance.web import navigation


def page(request: HttpRequest) -> dict[str, Any]:
    """Made once for all the templates of a page."""
    # A request that was refused at the door (a foreign Host) has nobody signed in.
    user = getattr(request, "user", AnonymousUser())
    actor: Actor = getattr(request, "actor", None) or Actor.of(user)
    made: dict[Actor, dict[str, Any]] = request.__dict__.setdefault("_page_context", {})
    if actor not in made:
        made[actor] = _page(request, actor)
    return made[actor]


def _page(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Navigation and the bell cost queries, so they are looked up only by pages that show them."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    context: dict[str, Any] = {
        "actor": actor,
        "demo": settings.DEMO,
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
    if actor.user_id is not None:
        frame: Any = SimpleLazyObject(lambda: navigation.frame(actor, here or "", _unread))
        context |= {
            "nav": SimpleLazyObject(lambda: frame.entries),
            "unread": SimpleLazyObject(lambda: frame.unread),
            "notifications_url": reverse("notices"),
        }
    if actor.may(Right.MANAGE_AGENTS) and not actor.is_platform:  # who have it in their navigation
        context["agents_url"] = reverse("agent-list")
    if actor.may(Right.MANAGE_KEYS):
        context["keys_url"] = reverse("key-list")
    if actor.may(Right.MANAGE_WEBHOOKS):
        context["webhooks_url"] = reverse("webhook-list")
    if actor.may(Right.REPLAY_MESSAGES):
        context["deliveries_url"] = reverse("delivery-list")
    if actor.is_staff:
        context["search_url"] = reverse("search")
    return context


def _unread(actor: Actor) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.notices_for(actor.person_id).unread()
