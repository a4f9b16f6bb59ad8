"""What every API view has: an acting actor, one transaction, problem+json, cursor pages.

Errors are RFC 9457 documents (`application/problem+json`): `status`, `title`, `detail`, and for
invalid input `errors`, each with a JSON pointer to the field and a sentence on how to mend it.
"""

from http import HTTPStatus
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, renderers, serializers, status
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from surveillance.accounts.actor import Actor, acting
from surveillance.accounts.rights import Right
from surveillance.flow import FlowError

PROBLEM = "application/problem+json"


class ProblemRenderer(renderers.JSONRenderer):
    media_type = PROBLEM


class Problem(serializers.Serializer[Any]):
    """An error, as the schema describes it."""

    type = serializers.CharField(help_text="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField(), required=False
    )


class ActorView(APIView):
    """Runs inside a transaction in which the database knows who is acting.

    `guard` is the right that the view asks for, or "public"; a house test reads it.
    """

    guard: ClassVar[Right | str] = "signed_in"
    actor: Actor

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self.guard == "public" else [IsAuthenticated()]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.actor = Actor.of(request.user)
        with acting(self.actor):
            return super().dispatch(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        """What a refused request has done so far is undone."""
        transaction.set_rollback(True)
        return super().handle_exception(exc)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if isinstance(self.guard, Right) and not self.actor.may(self.guard):
            self.permission_denied(request)


class Pages(CursorPagination):
    """Pages by cursor; `next` and `previous` also as a Link header (RFC 8288)."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering: Any = "-id"

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
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail,
    }
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
