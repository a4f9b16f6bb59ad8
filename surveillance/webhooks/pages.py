"""Webhooks of an organisation: a list, a form, one endpoint, and the page that shows a secret."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right
from surveillance.keys.models import ROLES
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.web.guards import ActorRequest, guarded
from surveillance.web.templatetags import ui
from surveillance.web.verbs import FactsForm, VerbForm, VerbPages
from surveillance.webhooks import events
from surveillance.webhooks.flows import endpoints
from surveillance.webhooks.models import Endpoint

LATEST = 10
manager = guarded(Right.MANAGE_WEBHOOKS)


def _organisations(actor: Actor) -> QuerySet[Organisation]:
    """Those that the actor may add webhooks for."""
    able = Organisation.objects.filter(kind__in=list(ROLES)).order_by("name")
    return able if actor.may(Right.CONFIGURE) else able.filter(pk=actor.organisation_id or 0)


class EndpointForm(FactsForm):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.URLInput,
        help_text=gettext_lazy("Begins with https:// and can be reached from the internet."),
    )
    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=100, required=False)
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose none, and it gets all of them, new kinds too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(event.name, event.title) for event in events.registered()]
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]

    def refuse(self, problem: ValidationError) -> None:
        if hasattr(problem, "error_dict") and "events" in problem.error_dict:
            problem.error_dict["chosen"] = problem.error_dict.pop("events")
        super().refuse(problem)


class NewEndpointForm(EndpointForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Organisation"),
        empty_label=gettext_lazy("Choose"),
    )
    field_order = ["organisation", "url", "name", "chosen"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = _organisations(self.actor)
        if not self.actor.may(Right.CONFIGURE):
            field.widget = forms.HiddenInput()
            field.initial = self.actor.organisation_id


class ChangeForm(EndpointForm):
    """As it stands, to be changed."""

    def __init__(self, *args: Any, row: Endpoint, **kwargs: Any) -> None:
        now = {"url": row.url, "name": row.name, "chosen": row.events}
        kwargs["initial"] = now | (kwargs.get("initial") or {})
        super().__init__(*args, row=row, **kwargs)


def find(actor: Actor, reference: str) -> Endpoint:
    rows = Endpoint.objects.visible_to(actor).kept().select_related("organisation")
    endpoint: Endpoint = get_object_or_404(rows, reference=reference)
    return endpoint


ENDPOINT = VerbPages(
    prefix="webhook",
    route="webhooks/<str:reference>",
    guard=manager,
    find=find,
    template="webhooks/verb.html",
    verbs=[
        VerbForm(endpoints.PING, endpoints.ping, tone="primary", icon="signal"),
        VerbForm(endpoints.CHANGE, endpoints.change, ChangeForm, icon="pencil"),
        VerbForm(
            endpoints.SWITCH_OFF,
            endpoints.switch_off,
            icon="bolt-slash",
            consequence=gettext_lazy(
                "Nothing is sent here any more. What waits fails, and can be sent again later."
            ),
        ),
        VerbForm(endpoints.SWITCH_ON, endpoints.switch_on, tone="primary", icon="bolt"),
        VerbForm(
            endpoints.REMOVE,
            endpoints.remove,
            tone="danger",
            icon="trash",
            consequence=gettext_lazy("Its secrets stop signing at once, for good."),
            then=lambda row, result: reverse("webhook-list"),
        ),
    ],
)


@manager
@require_http_methods(["GET", "POST"])
@never_cache
def webhook_list(request: ActorRequest) -> HttpResponse:
    """The webhooks that the reader may manage; posting the form adds one."""
    given = request.POST if request.method == "POST" else None
    form = NewEndpointForm(given, row=None, actor=request.actor)
    if given is not None and form.is_valid():
        facts = form.facts()
        try:
            made = endpoints.add(facts.pop("organisation"), by=request.actor, **facts)
        except ValidationError as problem:
            form.refuse(problem)
        else:
            return render(request, "webhooks/secret.html", {"made": made})
    kept = list(Endpoint.objects.visible_to(request.actor).kept().for_list())
    failing = set(
        Lane.objects.filter(key__in=[one.lane for one in kept], failures__gt=0).values_list(
            "key", flat=True
        )
    )
    rows = [{"row": one, "failing": one.is_on and one.lane in failing} for one in kept]
    context = {"rows": rows, "form": form}
    return render(request, "webhooks/list.html", context, status=422 if form.errors else 200)


@manager
@require_GET
def webhook_detail(request: ActorRequest, reference: str) -> HttpResponse:
    """One endpoint: how it does, what can be done with it, and what it got last."""
    endpoint = find(request.actor, reference)
    sent = OutboxMessage.objects.visible_to(request.actor).filter(endpoint=endpoint)
    titled = sent.annotate(title=KeyTextTransform("title", "document"))
    context = {
        "endpoint": endpoint,
        "actions": [*ENDPOINT.actions(endpoint, request.actor)],
        "rotate": {
            "label": endpoints.ROTATE_SECRET.title,
            "url": reverse("webhook-rotate_secret", args=[endpoint.reference]),
            "verb": f"{endpoints.ROTATE_SECRET.verb}-{endpoint.pk}",
            "icon": "arrow-path",
            "confirm": _("A new secret is shown once. The one before signs too, for 24 hours."),
        },
        "facts": _facts(endpoint),
        "latest": titled.defer("document", "payload").order_by("-created_at", "-id")[:LATEST],
    }
    return render(request, "webhooks/detail.html", context)


@manager
@require_POST
@never_cache
def rotate_secret(request: ActorRequest, reference: str) -> HttpResponse:
    endpoint = find(request.actor, reference)
    made = endpoints.rotate_secret(endpoint, by=request.actor)
    return render(request, "webhooks/secret.html", {"made": made})


def _facts(endpoint: Endpoint) -> list[dict[str, Any]]:
    """The parameters of components/facts.html; what is not known is left out."""
    titles = {event.name: str(event.title) for event in events.registered()}
    chosen = ", ".join(titles.get(name, name) for name in endpoint.events)
    lane = Lane.objects.filter(key=endpoint.lane).first()
    ends = endpoint.old_secret_until
    found: list[dict[str, Any]] = [
        {"label": _("Organisation"), "value": endpoint.organisation.name},
        {"label": _("Events"), "value": chosen or _("all")},
        {"label": _("Added"), "value": ui.moment(endpoint.created_at)},
        {"label": _("Switched off because"), "value": endpoint.off_because},
        {
            "label": _("The old secret signs until"),
            "value": ui.moment(ends) if ends and ends > clock.now() else "",
        },
    ]
    if lane is not None and lane.failing_since:
        found += [
            {"label": _("Takes nothing since"), "value": ui.moment(lane.failing_since)},
            {"label": _("Next try"), "value": ui.moment(lane.not_before)},
        ]
    return [fact for fact in found if fact["value"] not in ("", None)]
