"""Staff ask for a sandbox demand on a platform's behalf, from its page on the desk. They do not see
it: the platform does."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.flows import sandbox
from sellers.models import Platform
from surveillance.flow import WrongState, told_by
from surveillance.web.guards import ActorRequest, desk


@desk
@require_POST
def ask_sandbox(request: ActorRequest, slug: str) -> HttpResponse:
    platform = get_object_or_404(Platform.objects.visible_to(request.actor), slug=slug)
    try:
        asked = sandbox.ask(platform, by=request.actor, kind=request.POST.get("kind", ""))
    except (ValidationError, WrongState) as problem:
        messages.error(request, told_by(problem))
    else:
        told = {"reference": asked.reference, "platform": platform.name}
        messages.success(
            request, _("%(platform)s has the sandbox demand %(reference)s in its portal.") % told
        )
    return redirect("platform-detail", slug)


urlpatterns = [
    path("desk/platforms/<slug:slug>/sandbox/", ask_sandbox, name="platform-ask_sandbox"),
]
