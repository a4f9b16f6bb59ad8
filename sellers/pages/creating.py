"""Verbs that create a row, as pages of their own: a form, then the new row's page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from surveillance.accounts.actor import Actor
from surveillance.flow import FlowModel, Transition
from surveillance.web.guards import ActorRequest
from surveillance.web.verbs import FactsForm


@dataclass(frozen=True, slots=True)
class Creation:
    """`act` is called with the form's facts. `address` gives the page of what was created."""

    transition: Transition
    form: type[FactsForm]
    act: Callable[..., FlowModel]
    address: Callable[[FlowModel], str]
    back: str
    explanation: str | Promise = ""
    about: Any = None
    initial: Mapping[str, Any] = field(default_factory=dict)

    def show(self, request: ActorRequest) -> HttpResponse:
        """GET shows the form, POST creates and goes to the new row; 422 with what is wrong."""
        given = (request.POST,) if request.method == "POST" else ()
        form = self.form(*given, row=self.about, actor=request.actor, initial=dict(self.initial))
        if request.method == "POST" and form.is_valid():
            try:
                row = self.act(by=request.actor, **form.facts())
            except ValidationError as problem:
                form.refuse(problem)
            else:
                messages.success(
                    request,
                    _("Done: %(verb)s, %(row)s.")
                    % {"verb": self.transition.title, "row": row.audit_reference},
                )
                return HttpResponseRedirect(self.address(row))
        context = {"creation": self, "form": form}
        status = 422 if form.errors else 200
        return render(request, "desk/market/create.html", context, status=status)


def creation_actions(transition: Transition, address: str, actor: Actor) -> list[dict[str, Any]]:
    """The button that leads to the form, for those who may; for components/action_bar.html."""
    if not actor.may(transition.right):
        return []
    return [{"label": transition.title, "url": address, "method": "get", "icon": "plus"}]
