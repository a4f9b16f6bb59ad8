"""The views of a list: links above it, which htmx fetches there, and a page of their own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from surveillance.accounts.actor import Actor
from surveillance.flow import NotVisible
from surveillance.saved_views import flows
from surveillance.saved_views.answering import COUNT_ONLY
from surveillance.saved_views.models import SavedView
from surveillance.web.guards import ActorRequest, signed_in
from surveillance.web.verbs import FactsForm


class ViewForm(FactsForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=SavedView.NAME_LENGTH)
    is_shared = forms.BooleanField(label=gettext_lazy("Shared with the office"), required=False)

    def __init__(self, *args: Any, row: SavedView | None, actor: Actor, **kwargs: Any) -> None:
        now = {"name": row.name, "is_shared": row.is_shared} if row else {}
        super().__init__(*args, row=row, actor=actor, initial=now, **kwargs)
        if actor.is_platform:
            self.fields["is_shared"].label = _("Shared with your platform")
        elif actor.office_id is None:
            self.fields["is_shared"].label = _("Shared with your colleagues")


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def saved_views(request: ActorRequest) -> HttpResponse:
    """Of the list that is named; posting the form saves what its address shows."""
    given = request.POST if request.method == "POST" else request.GET
    list_name, query = given.get("list", ""), flows.normal(given.get("query", ""))
    back = f"{_address(list_name)}?{query}"
    form = ViewForm(given if request.method == "POST" else None, row=None, actor=request.actor)
    if form.is_bound and form.is_valid():
        try:
            view = flows.keep(
                by=request.actor, list_name=list_name, query=query, **form.cleaned_data
            )
        except ValidationError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": view})
            return redirect(view.address)
    views = [
        _shown(view, query, request)
        for view in SavedView.objects.visible_to(request.actor).of_list(list_name)
    ]
    context = {
        "views": views,
        "form": form,
        "list_name": list_name,
        "list_address": _address(list_name),
        "query": query,
        "back": back,
        "is_new": bool(query) and not any(view["current"] for view in views),
    }
    is_part = request.headers.get("HX-Request") and not form.is_bound
    template = "components/saved_views.html" if is_part else "saved_views.html"
    return render(request, template, context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def saved_view(request: ActorRequest, reference: str) -> HttpResponse:
    """One view: another name, shared or not, the first to be seen, gone. Its POST says which."""
    views = SavedView.objects.visible_to(request.actor).select_related("owner")
    view = get_object_or_404(views, reference=reference)
    act = request.POST.get("act", "")
    form = ViewForm(request.POST if act == "change" else None, row=view, actor=request.actor)
    if act in ("prefer", "forget"):
        flows.prefer(view, by=request.actor, is_default=act == "prefer")
        return redirect(view.address)
    if act == "delete":
        flows.drop(view, by=request.actor)
        messages.success(request, _("Deleted: %(name)s.") % {"name": view})
        return redirect(f"{reverse(view.list_name)}?{view.query}")
    if form.is_bound and form.is_valid():
        try:
            flows.change(view, by=request.actor, **form.cleaned_data)
        except ValidationError as problem:
            form.refuse(problem)
        else:
            return redirect(view.address)
    context = {
        "view": view,
        "form": form,
        "back": view.address,
        "may_change": view.may_be_changed_by(request.actor),
        "is_default": _is_default(view, request),
    }
    return render(request, "saved_views.html", context, status=422 if form.errors else 200)


def _address(list_name: str) -> str:
    try:
        return reverse(list_name)
    except NoReverseMatch as problem:
        raise NotVisible(_("This list is not here.")) from problem


def _shown(view: SavedView, query: str, request: ActorRequest) -> dict[str, Any]:
    counted = QueryDict(view.query, mutable=True)
    counted[COUNT_ONLY] = "1"
    return {
        "row": view,
        "url": view.address,
        "count_url": f"{reverse(view.list_name)}?{counted.urlencode()}",
        "current": flows.normal(view.query) == query,
        "is_default": _is_default(view, request),
    }


def _is_default(view: SavedView, request: ActorRequest) -> bool:
    chosen = getattr(request.user, "default_views", {}).get(view.list_name)
    return bool(chosen == view.reference)
