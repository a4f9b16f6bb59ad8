"""Pages that belong to no floor above: start, notices, health, style book."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from surveillance import clock
from surveillance.accounts import second_factor
from surveillance.accounts.rights import Right
from surveillance.accounts.wall import beyond_the_wall
from surveillance.outbox import reading
from surveillance.outbox.models import OutboxMessage
from surveillance.web import stylebook
from surveillance.web.guards import ActorRequest, public, signed_in
from surveillance.web.health import health


@public
@require_GET
def start(request: ActorRequest) -> HttpResponse:
    """Where signing in leads: where somebody was held up, else the desk, the portal, or the
    front page."""
    actor = request.actor
    if wanted := request.session.pop(second_factor.WANTED, ""):
        return redirect(wanted)
    if actor.is_staff:
        return redirect("desk")
    if actor.may(Right.CONFIGURE):
        return redirect("key-list")
    return redirect("portal" if actor.is_platform else "public-home")


@signed_in
@require_GET
def notices(request: ActorRequest) -> HttpResponse:
    """What the clockwork and other people have told the reader, newest first."""
    messages = OutboxMessage.objects.notices_for(request.actor.user_id or 0)[:100]
    shell = "portal/base.html" if request.actor.is_platform else "desk/base.html"
    return render(request, "notices.html", {"notices": messages, "shell": shell})


@signed_in
@require_POST
def open_notice(request: ActorRequest, pk: str) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    mine = OutboxMessage.objects.notices_for(request.actor.user_id or 0)
    notice = get_object_or_404(mine, pk=pk)
    reading.mark_read([notice], clock.now())
    return HttpResponseRedirect(notice.link or reverse("notices"))


@signed_in
@require_POST
def read_all_notices(request: ActorRequest) -> HttpResponse:
    mine = OutboxMessage.objects.notices_for(request.actor.user_id or 0)
    reading.mark_read(mine.unread(), clock.now())
    return redirect("notices")


@public
@require_GET
def health_report(request: HttpRequest) -> HttpResponse:
    """200 when jobs finish and letters leave, 503 when they do not, with the figures."""
    with beyond_the_wall():  # it counts everybody's messages and names none
        found = health(clock.now())
    return JsonResponse(
        {
            "status": "failing" if found.faults else "ok",
            "faults": found.faults,
            "canary_age_seconds": found.canary_age,
            "oldest_undelivered_age_seconds": found.oldest_undelivered_age,
            "undelivered": found.undelivered,
        },
        status=503 if found.faults else 200,
        headers={"Cache-Control": "no-store"},
    )


@public
@require_GET
def style_book(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "stylebook.html", stylebook.context())
