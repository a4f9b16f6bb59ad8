"""Verbs as pages: every declared transition that has a form becomes a route and a button.

    TAKEDOWN = VerbPages(
        prefix="takedown", route="desk/takedowns/<str:reference>", guard=desk,
        find=lambda actor, reference: TakedownRequest.objects.visible_to(actor).get(...),
        verbs=[VerbForm(takedowns.ISSUE, takedowns.issue, tone="primary", consequence=_("…"))],
    )
    urlpatterns = TAKEDOWN.urls()          # takedown-issue, …
    TAKEDOWN.actions(takedown, actor)      # the buttons for what is possible now

A form's cleaned data are the verb's own keyword arguments, so that page and verb cannot drift
apart. A page works without JavaScript: GET shows the form, with the fields filled in that the
address names, POST performs and goes back. Forms and buttons carry the row's version: where it has
changed meanwhile nothing is done, and both are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.flow import FlowModel, Transition, available, require_right
from surveillance.web.conflicts import Conflict, conflict_of, is_overtaken
from surveillance.web.guards import ActorRequest, View


class FactsForm(forms.Form):
    """The facts a verb asks for. `row` and `actor` let a form offer only what fits them."""

    def __init__(self, *args: Any, row: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.actor = actor

    def facts(self) -> dict[str, Any]:
        """The verb's keyword arguments; override where a field is not one to one."""
        return self.cleaned_data

    def refuse(self, problem: ValidationError) -> None:
        """Show what the verb itself found wrong, at the field it named."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class ReasonForm(FactsForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}))


@dataclass(frozen=True)
class VerbForm:
    """How a verb is offered. `then` gives the address to go to, from the row and the result.
    `adds`: it puts something beside what stands, so that nobody minds what has changed meanwhile.
    """

    transition: Transition
    act: Callable[..., Any]
    form: type[FactsForm] = FactsForm
    tone: str = ""
    icon: str = ""
    consequence: str | Promise = ""
    shortcut: str = ""
    adds: bool = False
    then: Callable[[Any, Any], str] | None = None

    @property
    def asks(self) -> bool:
        return bool(self.form.base_fields) or self.form is not FactsForm


@dataclass(frozen=True)
class VerbPages:
    prefix: str
    route: str
    guard: Callable[[View], View]
    find: Callable[..., Any]
    verbs: Sequence[VerbForm]
    template: str
    detail: str = ""
    kwargs_of: Callable[[Any], Mapping[str, Any]] = field(
        default=lambda row: {"reference": row.reference}
    )

    def urls(self) -> list[URLPattern]:
        return [
            path(f"{self.route}/{verb.transition.name}/", self.view(verb), name=self.name(verb))
            for verb in self.verbs
        ]

    def name(self, verb: VerbForm) -> str:
        return f"{self.prefix}-{verb.transition.name}"

    def home(self, row: Any) -> str:
        return reverse(self.detail or f"{self.prefix}-detail", kwargs=dict(self.kwargs_of(row)))

    def actions(self, row: FlowModel, actor: Actor) -> list[dict[str, Any]]:
        """For components/action_bar.html: what this actor can do with this row now."""
        possible = {transition.verb for transition in available(row, by=actor)}
        root = self._root(row)
        return [
            {
                "label": verb.transition.title,
                "url": f"{root}{verb.transition.name}/",
                "method": "get" if verb.asks else "post",
                "icon": verb.icon,
                "verb": f"{verb.transition.verb}-{row.pk}",
                "tone": verb.tone,
                "shortcut": verb.shortcut,
                "confirm": verb.consequence if not verb.asks else "",
                "fields": [] if verb.adds else [("version", row.version)],
            }
            for verb in self.verbs
            if verb.transition.verb in possible
        ]

    def _root(self, row: Any) -> str:
        """What the addresses of all its verbs begin with (see `urls`): looked up once for a row, of
        which a page may hold fifty."""
        verb, *_others = self.verbs
        address = reverse(self.name(verb), kwargs=dict(self.kwargs_of(row)))
        return address.removesuffix(f"{verb.transition.name}/")

    def view(self, verb: VerbForm) -> View:
        def page(request: ActorRequest, **kwargs: Any) -> HttpResponse:
            row = self.find(request.actor, **kwargs)
            require_right(verb.transition, request.actor)  # before the form complains
            if request.method != "POST":
                form = verb.form(row=row, actor=request.actor, initial=request.GET.dict())
                return self._ask(request, verb, row, form)
            read = "" if verb.adds else request.POST.get("version", "")
            if is_overtaken(row, read, request.actor):
                row = self.find(request.actor, **kwargs)
                form = verb.form(request.POST, request.FILES, row=row, actor=request.actor)
                conflict = conflict_of(row, form, read=read, by=request.actor)
                return self._ask(request, verb, row, form, conflict)
            form = verb.form(request.POST, request.FILES, row=row, actor=request.actor)
            if form.is_valid():
                try:
                    result = verb.act(row, by=request.actor, **form.facts())
                except ValidationError as problem:
                    form.refuse(problem)
                else:
                    return self._done(request, verb, row, result)
            return self._ask(request, verb, row, form)

        page.__name__ = self.name(verb).replace("-", "_")
        page.__doc__ = verb.act.__doc__
        return self.guard(page)

    def _done(self, request: HttpRequest, verb: VerbForm, row: Any, result: Any) -> HttpResponse:
        messages.success(
            request,
            _("Done: %(verb)s, %(row)s.")
            % {"verb": verb.transition.title, "row": row.audit_reference},
        )
        home = verb.then(row, result) if verb.then else self.home(row)
        return HttpResponseRedirect(home)

    def _ask(
        self,
        request: ActorRequest,
        verb: VerbForm,
        row: Any,
        form: FactsForm,
        conflict: Conflict | None = None,
    ) -> HttpResponse:
        status = 409 if conflict else 422 if form.errors else 200
        return render(
            request,
            self.template,
            {
                "verb": verb,
                "row": row,
                "form": form,
                "home": self.home(row),
                "is_multipart": form.is_multipart(),
                "conflict": conflict,
            },
            status=status,
        )
