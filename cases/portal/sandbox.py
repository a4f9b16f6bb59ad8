"""A platform asks for a sandbox demand, from its set-up page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.flows import sandbox
from sellers.portal.setup import own_platform
from surveillance.flow import WrongState, told_by
from surveillance.web.guards import ActorRequest, portal


@portal
@require_POST
def ask_sandbox(request: ActorRequest) -> HttpResponse:
    platform = own_platform(request.actor)
    try:
        asked = sandbox.ask(platform, by=request.actor, kind=request.POST.get("kind", ""))
    except (ValidationError, WrongState) as problem:
        messages.error(request, told_by(problem))
        return redirect("setup")
    messages.success(request, _("Done: %(verb)s.") % {"verb": sandbox.ASK.title})
    return redirect("portal-takedown", asked.reference)


urlpatterns = [path("portal/sandbox/", ask_sandbox, name="setup-ask_sandbox")]
