"""A list that is answered by something else than its page: the reader's default view, or a count.

Both are raised through the list's own page, so that what is counted is what that page would show.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from surveillance.accounts.actor import Actor
from surveillance.saved_views.models import SavedView

COUNT_ONLY = "count_only"  # in the address: how many rows there are, and nothing else


class AnsweredInstead(Exception):
    """By this response (surveillance/web/middleware.py)."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response)
        self.response = response


def go_to_default(request: HttpRequest) -> None:
    """Whoever comes to the bare address of a list, and has a view of it that comes first."""
    if request.GET or request.method != "GET":
        return
    if reference := _default_of(request):
        views = SavedView.objects.visible_to(Actor.of(request.user))
        if view := views.filter(reference=reference).first():
            raise AnsweredInstead(HttpResponseRedirect(view.address))


def all_rows(request: HttpRequest) -> str:
    """The address of the list without a filter, past the reader's default view."""
    return f"{request.path}?saved=" if _default_of(request) else request.path


def _default_of(request: HttpRequest) -> str:
    """The reference of the reader's default view of this list; empty where there is none."""
    chosen = getattr(getattr(request, "user", None), "default_views", {})
    list_name = request.resolver_match.url_name if request.resolver_match else ""
    return str(chosen.get(list_name, ""))


def answer_count(request: HttpRequest, words: str) -> None:
    if COUNT_ONLY in request.GET:
        raise AnsweredInstead(HttpResponse(words, content_type="text/plain"))
