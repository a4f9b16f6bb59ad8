"""Keys of an organisation's own system: a list, a form, and the one page that shows a secret."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right, Scope
from surveillance.keys import flows
from surveillance.keys.models import ROLES, SCOPES, ApiKey, usable_scopes
from surveillance.web.forms import DateInput
from surveillance.web.guards import ActorRequest, guarded
from surveillance.web.verbs import FactsForm


def _organisations(actor: Actor) -> QuerySet[Organisation]:
    """Those that the actor may issue keys for."""
    able = Organisation.objects.filter(kind__in=list(ROLES)).order_by("name")
    return able if actor.may(Right.CONFIGURE) else able.filter(pk=actor.organisation_id or 0)


class KeyForm(FactsForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Organisation"),
        empty_label=gettext_lazy("Choose"),
    )
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("For example: compliance system, test environment."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), choices=SCOPES, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Ends on"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("It works for the last time on the day before. Empty: no end."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = _organisations(self.actor)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = mine
        if not self.actor.may(Right.CONFIGURE):
            field.widget = forms.HiddenInput()
            field.initial = self.actor.organisation_id
            usable = usable_scopes(mine.get().kind)
            self.fields["scopes"].choices = [one for one in SCOPES if one[0] in usable]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        last = given.pop("expires_on")
        scopes = {Scope(scope) for scope in given.pop("scopes")}
        ends = datetime.combine(last, time(), timezone.get_current_timezone()) if last else None
        return given | {"scopes": scopes, "expires_at": ends}


@guarded(Right.MANAGE_KEYS)
@require_http_methods(["GET", "POST"])
@never_cache
def key_list(request: ActorRequest) -> HttpResponse:
    """The keys that the reader may manage; posting the form issues one and shows it once."""
    given = request.POST if request.method == "POST" else None
    form = KeyForm(given, row=None, actor=request.actor)
    if given is not None and form.is_valid():
        facts = form.facts()
        try:
            issued = flows.issue(facts.pop("organisation"), by=request.actor, **facts)
        except ValidationError as problem:
            form.refuse(problem)
        else:
            return render(request, "keys/issued.html", {"issued": issued, "shell": _shell(request)})
    keys = [_shown(key) for key in ApiKey.objects.visible_to(request.actor).for_list()]
    context = {"keys": keys, "form": form, "shell": _shell(request)}
    return render(request, "keys/list.html", context, status=422 if form.errors else 200)


@guarded(Right.MANAGE_KEYS)
@require_POST
def revoke(request: ActorRequest, prefix: str) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.visible_to(request.actor), prefix=prefix)
    flows.revoke(key, by=request.actor)
    return redirect("key-list")


def _shown(key: ApiKey) -> dict[str, Any]:
    """A key for the list; `revoke` as components/action_button.html wants it."""
    revoke = {
        "label": flows.REVOKE.title,
        "url": reverse("key-revoke", args=[key.prefix]),
        "verb": f"{flows.REVOKE.verb}-{key.prefix}",
        "tone": "danger",
        "confirm": _("“%(key)s” stops working at once, for good.") % {"key": key},
    }
    return {
        "row": key,
        "expired": key.expires_at is not None and key.expires_at <= clock.now(),
        "revoke": revoke if key.state == ApiKey.State.LIVE else None,
    }


def _shell(request: ActorRequest) -> str:
    return "portal/base.html" if request.actor.is_platform else "desk/base.html"
