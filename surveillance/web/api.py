"""What every API view has: an acting actor, one transaction, a call that is carried out once, a
limit of calls, problem+json, cursor pages.

Errors are RFC 9457 documents (`application/problem+json`): `status`, `title`, `detail`, and for
invalid input `errors`, each with a JSON pointer to the field and a sentence on how to mend it.
"""

from contextlib import ExitStack
from http import HTTPStatus
from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, renderers, serializers, status
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from structlog.contextvars import bind_contextvars

from surveillance import clock
from surveillance.accounts.actor import PUBLIC, Actor
from surveillance.accounts.rights import Right
from surveillance.accounts.wall import acting
from surveillance.flow import FlowError
from surveillance.idempotency import calls
from surveillance.keys import flows as keys
from surveillance.keys.authentication import KeyHolder
from surveillance.keys.models import ApiKey
from surveillance.web.api_limits import CallLimit, Quota

PROBLEM = "application/problem+json"
SAFE_METHODS = frozenset({"GET", "HEAD"})
PAGE_PARAMETERS = frozenset({"cursor", "page_size"})


class ProblemRenderer(renderers.JSONRenderer):
    media_type = PROBLEM


class FieldProblem(serializers.Serializer[Any]):
    """`pointer`: which field, as a JSON pointer (RFC 6901). `detail`: how to mend it."""

    pointer = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """An error, as the schema describes it."""

    type = serializers.CharField(help_text="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]


class ActorView(APIView):
    """Runs inside a transaction in which the database knows who is acting.

    `guard` is the right that the view asks for, or "public"; a house test reads it. A POST that
    only asks `changes_nothing`: there is nothing to keep under an Idempotency-Key.
    """

    guard: ClassVar[Right | str] = "signed_in"
    changes_nothing: ClassVar[bool] = False
    throttle_classes = (CallLimit,)
    actor: Actor = PUBLIC
    call: calls.Call | None = None
    quota: Quota | None = None

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self.guard == "public" else [IsAuthenticated()]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            with ExitStack() as self.stage:  # `initial` finds out who is acting
                response = cast(Response, super().dispatch(request, *args, **kwargs))
            if self.call and status.is_success(response.status_code):
                response.render()
                self.call.keep(response.status_code, dict(response.items()), response.content)
        if isinstance(self.request.auth, ApiKey):
            keys.note_use(self.request.auth, clock.now())
        if self.quota:
            for name, value in self.quota.headers().items():
                response[name] = value
        return response

    def handle_exception(self, exc: Exception) -> Response:
        """What a refused request has done so far is undone."""
        transaction.set_rollback(True)
        if isinstance(exc, calls.AnsweredBefore):
            return _replay(exc)
        return super().handle_exception(exc)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        bind_contextvars(actor=self.actor.label)
        if isinstance(self.guard, Right) and not self.actor.may(self.guard):
            self.permission_denied(request)
        if self.guard != "public" and request.method in SAFE_METHODS and not self.actor.may_read:
            raise exceptions.PermissionDenied(_("This key may not read: it lacks the scope."))
        if request.method not in SAFE_METHODS and not self.changes_nothing:
            self.call = self._begin(request)  # what is kept for a holder stands beyond the wall
        self.stage.enter_context(acting(self.actor))

    def perform_authentication(self, request: Request) -> None:
        """Every call counts, whether it is then allowed or not; so does one with a wrong key."""
        try:
            holder: Any = request.user
            self.actor = holder.actor if isinstance(holder, KeyHolder) else Actor.of(holder)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Done already, before anything was decided."""

    def _begin(self, request: Request) -> calls.Call | None:
        body = request.body  # read in full: no more than DATA_UPLOAD_MAX_MEMORY_SIZE
        header = request.headers.get("Idempotency-Key")
        if header is None:
            return None
        return calls.begin(
            header,
            self.actor,
            method=str(request.method),
            path=request.get_full_path(),
            body=body,
            at=clock.now(),
        )


def _replay(answered: calls.AnsweredBefore) -> Response:
    """The answer of a call that was carried out before, byte by byte."""
    headers = answered.headers | {"Idempotent-Replayed": "true"}
    response = Response(status=answered.status, headers=headers)
    response.content = answered.body
    return response


class Filters(DjangoFilterBackend):
    """A parameter that the list does not know, or that is empty, is refused: ignoring it would
    return everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        known = {*(filterset.filters if filterset else ()), *PAGE_PARAMETERS}
        if unknown := sorted(set(request.query_params) - known):
            told = _("There is no such filter. There are: %(known)s.") % {
                "known": ", ".join(sorted(known))
            }
            raise exceptions.ValidationError({name: [told] for name in unknown})
        if empty := sorted(name for name, value in request.query_params.items() if not value):
            missing = _("Write a value, or leave it out.")
            raise exceptions.ValidationError({name: [missing] for name in empty})
        return super().filter_queryset(request, queryset, view)

    def get_filterset_kwargs(self, request: Request, queryset: Any, view: Any) -> dict[str, Any]:
        """Filters of the desk's lists also ask who looks and when."""
        options: dict[str, Any] = super().get_filterset_kwargs(request, queryset, view)
        if getattr(view.filterset_class, "KNOWS_WHO_LOOKS", False):
            options = {
                "data": options["data"],
                "queryset": queryset,
                "actor": view.actor,
                "at": clock.now(),
            }
        return options


class Pages(CursorPagination):
    """Pages by cursor; `next` and `previous` also as a Link header (RFC 8288)."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering: Any = "-id"

    def get_page_size(self, request: Request) -> int | None:
        asked = request.query_params.get("page_size", "")
        if asked and not (
            asked.isascii() and asked.isdigit() and 0 < int(asked) <= self.max_page_size
        ):
            told = _("Write a whole number from 1 to %(most)s.") % {"most": self.max_page_size}
            raise exceptions.ValidationError({"page_size": [told]})
        return super().get_page_size(request)

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        links = {"next": self.get_next_link(), "prev": self.get_previous_link()}
        if given := [f'<{url}>; rel="{rel}"' for rel, url in links.items() if url]:
            response["Link"] = ", ".join(given)
        return response


def handle(problem: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal as one problem document."""
    code, detail, errors = _told(problem)
    if code is None:
        return None
    body = problem_document(code, detail)
    if errors:
        body["errors"] = errors
    headers = {}
    if isinstance(problem, exceptions.APIException):
        if challenge := getattr(problem, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
        if wait := getattr(problem, "wait", None):
            headers["Retry-After"] = str(int(wait))
    if request := context.get("request"):
        request.accepted_renderer = ProblemRenderer()
    return Response(body, status=code, headers=headers, content_type=PROBLEM)


def problem_document(status: int, detail: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }


def pointers(problem: ValidationError, base: str = "") -> list[dict[str, str]]:
    """[{pointer, detail}] for each thing that is wrong."""
    if hasattr(problem, "error_dict"):
        return [
            {"pointer": f"{base}/{name}", "detail": message}
            for name, messages in problem.message_dict.items()
            for message in messages
        ]
    return [{"pointer": base or "/", "detail": message} for message in problem.messages]


def _told(problem: Exception) -> tuple[int | None, str, list[dict[str, str]]]:
    if isinstance(problem, FlowError):
        return problem.status, str(problem), []
    if isinstance(problem, ValidationError):
        return _invalid(pointers(problem))
    if isinstance(problem, exceptions.ValidationError):
        return _invalid(list(_flattened(problem.detail, "")))
    if isinstance(problem, RequestDataTooBig):
        told = _("The body is larger than the %(size)s MB that are read.")
        size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        return status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, str(told % {"size": size}), []
    if isinstance(problem, Http404):
        return status.HTTP_404_NOT_FOUND, str(_("It is not here.")), []
    if isinstance(problem, exceptions.APIException):
        return problem.status_code, str(problem.detail), []
    return None, "", []


def _invalid(errors: list[dict[str, str]]) -> tuple[int, str, list[dict[str, str]]]:
    return status.HTTP_422_UNPROCESSABLE_ENTITY, str(_("Some fields have to be mended.")), errors


def _flattened(detail: Any, pointer: str) -> Any:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else f"/{name}"
            yield from _flattened(inner, pointer + own)
    elif isinstance(detail, list) and detail and not isinstance(detail[0], (dict, list)):
        for message in detail:
            yield {"pointer": pointer or "/", "detail": str(message)}
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            yield from _flattened(inner, f"{pointer}/{place}")
    else:
        yield {"pointer": pointer or "/", "detail": str(cast(object, detail))}
