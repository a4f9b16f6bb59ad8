"""The delivery log: what became of every letter that left, each try, and sending again.

Administrators and supervisors see all; a platform's manager what went to the own webhooks.
"""

import json
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from surveillance.accounts.rights import Right
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import Attempt, Lane, OutboxMessage, OutboxMessageQuerySet
from surveillance.web.guards import ActorRequest, guarded
from surveillance.web.lists import list_page
from surveillance.web.templatetags import ui
from surveillance.webhooks.filters import DeliveryFilter
from surveillance.webhooks.flows import replays

SORTS = {"newest": ("-created_at", "-id"), "oldest": ("created_at", "id")}
reader = guarded(Right.REPLAY_MESSAGES)


def _seen(request: ActorRequest) -> OutboxMessageQuerySet:
    return OutboxMessage.objects.visible_to(request.actor).leaving()


@reader
@require_GET
def delivery_list(request: ActorRequest) -> HttpResponse:
    rows = _seen(request).annotate(title=KeyTextTransform("title", "document"))
    rows = rows.defer("document", "payload").select_related("endpoint")
    page = list_page(request, DeliveryFilter(request.GET, rows), sorts=SORTS)
    again = {
        "label": _("Send all of these again"),
        "url": f"{reverse('delivery-replay-many')}?{request.GET.urlencode()}",
        "verb": "replay.ask",
        "confirm": _(
            "Each letter of this list that has arrived or was given up goes out once more, with"
            " the same id. What still waits stays as it is."
        ),
    }
    context = {"page": page, "again": again if request.GET and page.total else None}
    return render(request, "webhooks/delivery_list.html", context)


@reader
@require_GET
def delivery(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One letter: where it stands, and each try with what was said."""
    message = _find(request, pk)
    tries = [_shown(one) for one in message.tries.order_by("-id")[:50]]
    again = {
        "label": replays.ASK.title,
        "url": reverse("delivery-replay", args=[message.pk]),
        "verb": f"replay.ask-{message.pk}",
        "icon": "arrow-path",
        "confirm": _("It goes out once more, with the same id."),
    }
    context = {
        "message": message,
        "title": message.document["title"],
        "facts": _facts(message),
        "tries": tries,
        "again": again if message.state != OutboxMessage.State.QUEUED else None,
    }
    return render(request, "webhooks/delivery.html", context)


@reader
@require_POST
def replay(request: ActorRequest, pk: UUID) -> HttpResponse:
    message = _find(request, pk)
    one = OutboxMessage.objects.filter(pk=message.pk)
    return _replay(request, one, {"message": str(pk)}, reverse("delivery", args=[pk]))


@reader
@require_POST
def replay_many(request: ActorRequest) -> HttpResponse:
    """All that the list shows: its filters stand in the address."""
    filterset = DeliveryFilter(request.GET, _seen(request))
    if not request.GET or not filterset.is_valid():
        raise Http404(_("Choose which letters are to be sent again."))
    criteria = {name: value for name, value in request.GET.items() if value}
    home = f"{reverse('delivery-list')}?{request.GET.urlencode()}"
    return _replay(request, filterset.qs, criteria, home)


def _replay(
    request: ActorRequest, rows: OutboxMessageQuerySet, criteria: dict[str, Any], home: str
) -> HttpResponse:
    try:
        done = replays.ask(rows, by=request.actor, criteria=criteria)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        told = ngettext(
            "%(number)d letter goes out again.", "%(number)d letters go out again.", done.messages
        )
        messages.success(request, told % {"number": done.messages})
    return redirect(home)


def _find(request: ActorRequest, pk: UUID) -> OutboxMessage:
    message: OutboxMessage = get_object_or_404(
        _seen(request).select_related("endpoint__organisation"), pk=pk
    )
    return message


def _shown(one: Attempt) -> dict[str, Any]:
    """A try, with both sides of the talk as text."""
    return {"row": one, "request": _said(one.request), "response": _said(one.response)}


def _said(part: dict[str, Any]) -> str:
    """Headers, a blank line, the body; JSON is laid out to be read."""
    headers = [f"{name}: {value}" for name, value in part.get("headers", {}).items()]
    body = str(part.get("body", ""))
    with suppress(ValueError):  # not JSON, or cut: as it was
        body = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    return "\n".join([*headers, "", body]).strip()


def _facts(message: OutboxMessage) -> list[dict[str, Any]]:
    """The parameters of components/facts.html; what is not known is left out."""
    words = {Channel.EMAIL: _("e-mail"), Channel.WEBHOOK: _("webhook")}
    found: list[dict[str, Any]] = [
        {"label": _("To"), "value": message.address},
        {"label": _("Channel"), "value": words[Channel(message.channel)]},
        {"label": _("Letter"), "value": message.letter},
        {"label": _("About"), "value": message.about},
        {"label": _("Id"), "value": message.pk},
        {"label": _("Written"), "value": ui.moment(message.created_at)},
        {"label": _("Delivered"), "value": ui.moment(message.delivered_at)},
        {"label": _("Given up"), "value": ui.moment(message.failed_at)},
        {"label": _("Next try"), "value": ui.moment(_next_try(message))},
        {"label": _("Tries"), "value": message.attempts},
        {"label": _("Last error"), "value": message.last_error},
    ]
    if message.endpoint:
        url = reverse("webhook-detail", args=[message.endpoint.reference])
        found.insert(1, {"label": _("Webhook"), "value": message.endpoint.reference, "url": url})
    return [fact for fact in found if fact["value"] not in ("", None)]


def _next_try(message: OutboxMessage) -> Any:
    """Not before its own time, and not before its destination is tried again."""
    if message.state != OutboxMessage.State.QUEUED:
        return None
    lane = Lane.objects.filter(key=message.lane).aggregate(at=Max("not_before"))["at"]
    return max(filter(None, (message.next_attempt_at, lane)))
