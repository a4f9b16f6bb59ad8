"""People of a platform: a list, an invitation, and the page that an invitation leads to."""

import logging
import smtplib
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right, Role
from surveillance.accounts.wall import beyond_the_wall
from surveillance.agents import flows, mail
from surveillance.agents.models import ROLES, Agent
from surveillance.web.guards import ActorRequest, guarded, public
from surveillance.web.verbs import FactsForm, VerbForm, VerbPages

logger = logging.getLogger(__name__)
manager = guarded(Right.MANAGE_AGENTS)


def _organisations(actor: Actor) -> QuerySet[Organisation]:
    """Those that the actor may invite people to."""
    able = Organisation.objects.filter(kind=Organisation.Kind.PLATFORM).order_by("name")
    if actor.may(Right.MANAGE_PLATFORM):
        return able
    return able.filter(pk=actor.organisation_id or 0)


class InvitationForm(FactsForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Platform"),
        empty_label=gettext_lazy("Choose"),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=ROLES,
        help_text=gettext_lazy(
            "Agents read and answer requests. Managers also invite, remove, and manage keys,"
            " webhooks and contact points."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = _organisations(self.actor)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = mine
        if not self.actor.may(Right.MANAGE_PLATFORM):
            field.widget = forms.HiddenInput()
            field.initial = self.actor.organisation_id
            self.fields["language"].initial = mine.get().language

    def facts(self) -> dict[str, Any]:
        return self.cleaned_data | {"role": Role(self.cleaned_data["role"])}


def find(actor: Actor, reference: str) -> Agent:
    rows = Agent.objects.visible_to(actor).select_related("organisation", "user")
    agent: Agent = get_object_or_404(rows, reference=reference)
    return agent


AGENT = VerbPages(
    prefix="agent",
    route="agents/<str:reference>",
    guard=manager,
    find=find,
    template="agents/verb.html",
    verbs=[
        VerbForm(
            flows.WITHDRAW,
            flows.withdraw,
            icon="x-mark",
            consequence=gettext_lazy("The link that was mailed stops working at once."),
            then=lambda row, result: reverse("agent-list"),
        ),
        VerbForm(
            flows.REMOVE,
            flows.remove,
            tone="danger",
            icon="user-minus",
            consequence=gettext_lazy(
                "The account is dead at once and signed out everywhere. What was answered stays."
                " API keys go on: revoke those that this person knew."
            ),
            then=lambda row, result: reverse("agent-list"),
        ),
    ],
)


@manager
@require_http_methods(["GET", "POST"])
@never_cache
def agent_list(request: ActorRequest) -> HttpResponse:
    """The people whom the reader manages; posting the form invites one."""
    given = request.POST if request.method == "POST" else None
    initial = {name: request.GET[name] for name in ("organisation", "role") if name in request.GET}
    form = InvitationForm(given, row=None, actor=request.actor, initial=initial)
    if given is not None and form.is_valid():
        facts = form.facts()
        try:
            invited = flows.invite(facts.pop("organisation"), by=request.actor, **facts)
        except ValidationError as problem:
            form.refuse(problem)
        else:
            mail_after_commit(request, invited)
            return redirect("agent-list")
    own = Agent.objects.filter(organisation__in=_organisations(request.actor))
    agents = own.visible_to(request.actor).for_list()
    context = {
        "agents": [_shown(agent, request.actor) for agent in agents],
        "form": form,
        "shell": _shell(request),
        "many": request.actor.may(Right.MANAGE_PLATFORM),
    }
    return render(request, "agents/list.html", context, status=422 if form.errors else 200)


@manager
@require_GET
def agent_detail(request: ActorRequest, reference: str) -> HttpResponse:
    """The permanent address of one person: the place in the list."""
    return redirect(f"{reverse('agent-list')}#{find(request.actor, reference).reference}")


@manager
@require_POST
def invite_again(request: ActorRequest, reference: str) -> HttpResponse:
    invited = flows.invite_again(find(request.actor, reference), by=request.actor)
    mail_after_commit(request, invited)
    return redirect("agent-list")


def mail_after_commit(request: HttpRequest, invited: flows.Invited) -> None:
    """The reader is told whether the mail server has taken it."""
    email = invited.row.email

    def send() -> None:
        try:
            mail.send(invited)
        except (OSError, smtplib.SMTPException) as problem:
            logger.warning("an invitation could not be mailed: %s", type(problem).__name__)
            told = _("The invitation could not be mailed to %(email)s. Invite again in a while.")
            messages.error(request, told % {"email": email})
        else:
            told = _("The invitation has been mailed to %(email)s.")
            messages.success(request, told % {"email": email})

    transaction.on_commit(send)


def _shown(agent: Agent, actor: Actor) -> dict[str, Any]:
    """A person for the list; `actions` as components/action_button.html wants them."""
    actions = AGENT.actions(agent, actor)
    if agent.state == Agent.State.INVITED:
        again = {
            "label": flows.INVITE_AGAIN.title,
            "url": reverse("agent-invite_again", args=[agent.reference]),
            "verb": f"{flows.INVITE_AGAIN.verb}-{agent.pk}",
            "icon": "envelope",
        }
        actions.insert(0, again)
    return {"row": agent, "expired": agent.has_expired(clock.now()), "actions": actions}


def _shell(request: ActorRequest) -> str:
    return "portal/base.html" if request.actor.is_platform else "desk/base.html"


class AcceptanceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "again" in given and given.get("password") != given.pop("again"):
            self.add_error("again", _("This is not the same password."))
        return given


@public
@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: ActorRequest, token: str) -> HttpResponse:
    """Whoever holds the link makes an account. What it leads to nobody outside sees: the page
    steps beyond the wall for this one seat."""
    with beyond_the_wall():
        agent = flows.opened(token, clock.now())
        if agent is None:
            return render(request, "agents/dead_link.html", status=404)
        given = request.POST if request.method == "POST" else None
        form = AcceptanceForm(given, initial={"name": agent.name})
        if given is not None and form.is_valid() and _accepted(agent, form):
            messages.success(request, _("Your account is made. Sign in with your e-mail address."))
            return redirect("account_login")
    context = {"agent": agent, "form": form}
    return render(request, "agents/accept.html", context, status=422 if form.errors else 200)


def _accepted(agent: Agent, form: AcceptanceForm) -> bool:
    try:
        flows.accept_invitation(agent, by=agent.holder, **form.cleaned_data)
    except ValidationError as problem:
        form.add_error(None, problem)
        return False
    return True
