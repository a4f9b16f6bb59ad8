"""How every operation is described: besides its own answers, the problems that it may answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from surveillance.web.api import PROBLEM, Problem

WRITING = frozenset({"POST", "PUT", "PATCH"})
DESCRIPTIONS = {
    "400": _("The body cannot be read as JSON."),
    "401": _("Sign in, or send a key that is live."),
    "403": _("The right, or the scope of the key, is missing."),
    "404": _("It is not here, or not for you."),
    "405": _("The method does not fit the address."),
    "406": _("The API answers in JSON only."),
    "409": _("Its state does not allow this."),
    "412": _("It has changed since it was read."),
    "415": _("The API reads JSON only."),
    "422": _("Some fields have to be mended; `errors` names each."),
}


class ProblemSchema(AutoSchema):
    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in sorted(self._problem_codes() - set(bodies)):
            answer = OpenApiResponse(Problem, str(DESCRIPTIONS[code]))
            bodies[code] = self._get_response_for_code(answer, code, [PROBLEM], direction)
        return bodies

    def _problem_codes(self) -> set[str]:
        codes = {"401", "405", "406"}  # a wrong key is refused where none is needed, too
        if getattr(self.view, "guard", "") != "public":
            codes.add("403")
        if self._is_list_view():
            codes |= {"404", "422"}  # an unknown cursor; a filter that has to be mended
        if "{" in self.path:
            codes.add("404")
        if self.method in WRITING:
            codes |= {"400", "409", "412", "415", "422"}
        return codes
