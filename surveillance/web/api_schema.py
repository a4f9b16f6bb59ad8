"""How every operation is described: its name, its headers, the problems that it may answer, and
which operation leads to which.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from surveillance.web.api import PROBLEM, Problem
from surveillance.web.api_rows import RowCall, RowView

WRITING = frozenset({"POST", "PUT", "PATCH"})
DESCRIPTIONS = {
    "304": _("It is as If-None-Match says."),
    "400": _("The body cannot be read as JSON."),
    "401": _("Sign in, or send a key that is live."),
    "403": _("The right, or the scope of the key, is missing."),
    "404": _("It is not here, or not for you."),
    "405": _("The method does not fit the address."),
    "406": _("The API answers in JSON only."),
    "409": _(
        "Its state does not allow this, or a call with this Idempotency-Key is being carried out."
    ),
    "412": _("It has changed since it was read."),
    "413": _("The body is too large."),
    "415": _("The API reads JSON only."),
    "422": _("Some fields have to be mended; `errors` names each."),
    "428": _("Read it first, and send its ETag as If-Match."),
    "429": _("Too many calls in this minute; Retry-After says how many seconds to wait."),
}


def _header(name: str, description: Any, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, description=str(description), **more
    )


IDEMPOTENCY_KEY = _header(
    "Idempotency-Key",
    _(
        "One for each call, for example a UUID. The same call again within 24 hours is answered as"
        " the first was, and carried out once."
    ),
)
IF_NONE_MATCH = _header("If-None-Match", _("The ETag that you have: 304 where it still holds."))
IF_MATCH = _header("If-Match", _("The ETag that you read: 412 where it has changed since."))
DONE = ["200", "201", "207"]
TELLING = [  # every answer has them; described where they are looked for
    _header("RateLimit-Policy", _("Calls in a minute: q in w seconds."), response=[*DONE, "429"]),
    _header(
        "RateLimit",
        _("Calls that are left, and the seconds until all are."),
        response=[*DONE, "429"],
    ),
]
ETAG = _header("ETag", _("The state of what is shown."), response=["200", "201"])


class ProblemSchema(AutoSchema):
    def get_operation_id(self) -> str:
        """list_takedowns, read_takedown_item; other methods name themselves."""
        parts = [part for part in self._tokenize_path() if "{" not in part]
        singular = [part.removesuffix("s") for part in parts]
        if self.method == "GET" and self._is_list_view():
            return "_".join(["list", *singular[:-1], *parts[-1:]])
        return "_".join(["read" if self.method == "GET" else self.method.lower(), *singular])

    def _get_serializer_field_meta(self, field: Any, direction: Any) -> dict[str, Any]:
        """Without defaults: generators take them for what has to be sent."""
        meta: dict[str, Any] = super()._get_serializer_field_meta(field, direction)
        meta.pop("default", None)
        return meta

    def get_override_parameters(self) -> list[Any]:
        parameters = [*super().get_override_parameters(), *TELLING]
        if self.method in WRITING and not getattr(self.view, "changes_nothing", False):
            parameters.append(IDEMPOTENCY_KEY)
        if self.method == "GET" and isinstance(self.view, RowView):
            parameters += [IF_NONE_MATCH, ETAG]
        if self.method in WRITING and isinstance(self.view, RowCall):
            parameters.append(IF_MATCH)
        if self.method in WRITING and isinstance(self.view, RowView):
            parameters.append(ETAG)
        return parameters

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in sorted(self._problem_codes() - set(bodies)):
            answer = OpenApiResponse(Problem, str(DESCRIPTIONS[code]))
            bodies[code] = self._get_response_for_code(answer, code, [PROBLEM], direction)
        if self.method == "GET" and isinstance(self.view, RowView):
            bodies["304"] = {"description": str(DESCRIPTIONS["304"])}
        return bodies

    def _problem_codes(self) -> set[str]:
        codes = {"401", "405", "406", "429"}  # a wrong key is refused where none is needed, too
        if getattr(self.view, "guard", "") != "public":
            codes.add("403")
        if self._is_list_view():
            codes |= {"404", "422"}  # an unknown cursor; a filter that has to be mended
        if "{" in self.path:
            codes.add("404")
        if self.method in WRITING:
            codes |= {"400", "409", "412", "413", "415", "422"}
        if self.method in WRITING and getattr(self.view, "needs_if_match", False):
            codes.add("428")
        return codes


# What leads to a row that stands at no address beneath.
FURTHER = {
    "list_items": {
        "read_takedown_item": {
            "reference": "$response.body#/results/0/takedown",
            "number": "$response.body#/results/0/number",
        }
    },
    "read_takedown": {
        "read_takedown_item": {
            "reference": "$request.path.reference",
            "number": "$response.body#/items/0/number",
        }
    },
}


def link_operations(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: links (OpenAPI 3.1, "Link Object") from a list to its rows, and
    from a row to what is beneath it, so that a client, and a test, can follow them."""
    paths: dict[str, Any] = result["paths"]
    for path, operations in paths.items():
        reading = operations.get("get", {})
        found = reading.get("responses", {}).get("200")
        if found is None:
            continue
        links = {
            operation["operationId"]: _link(path, other, operation["operationId"])
            for other in paths
            if _is_beneath(other, path)
            for operation in paths[other].values()
        }
        for operation, parameters in FURTHER.get(reading["operationId"], {}).items():
            links[operation] = {"operationId": operation, "parameters": parameters}
        if links:
            found["links"] = links
    return result


def _is_beneath(other: str, path: str) -> bool:
    """With the same parameters, or, beneath a list, with one more that its rows hold."""
    further = other.count("{") - path.count("{")
    return other != path and other.startswith(path) and further <= (not path.endswith("}/"))


def _link(path: str, other: str, operation: str) -> dict[str, Any]:
    names = [part[1:-1] for part in other.split("/") if part.startswith("{")]
    parameters = {
        name: f"$request.path.{name}"
        if f"{{{name}}}" in path
        else f"$response.body#/results/0/{name}"
        for name in names
    }
    return {"operationId": operation, "parameters": parameters}
