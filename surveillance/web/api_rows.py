"""One row through the API: its ETag, and calls that are made on condition that it still stands.

An ETag is the row's version and a digest of its representation, so it changes exactly when what
is shown does, also with what is nested (docs/decisions/0021-etags.md).
"""

import hashlib
from typing import Any, ClassVar, TypeVar

from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, generics, renderers, status
from rest_framework.request import Request
from rest_framework.response import Response

from surveillance.flow import FlowModel, Stale, lock
from surveillance.web.api import ActorView

RowT = TypeVar("RowT", bound=FlowModel)


class PreconditionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _(
        "Read it first, and send its ETag as If-Match: nobody shall overwrite what they have not"
        " seen."
    )


def entity_tag(row: FlowModel, data: Any) -> str:
    """A strong ETag (RFC 9110, section 8.8.3) of this representation of the row."""
    shown = hashlib.sha256(renderers.JSONRenderer().render(data)).hexdigest()
    return f'"{row.version}-{shown[:24]}"'


class RowView(ActorView, generics.RetrieveAPIView[RowT]):
    """One row: its GET carries an ETag, and answers 304 to who has it already."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = self.shown(self.get_object())
        if _names(request.headers.get("If-None-Match", ""), response["ETag"]):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": response["ETag"]})
        return response

    def shown(self, row: RowT, status: int = status.HTTP_200_OK) -> Response:
        data = self.get_serializer(row).data
        return Response(data, status=status, headers={"ETag": entity_tag(row, data)})


class RowCall(ActorView):
    """A call on one row, which `read_by` shows. It takes the row's ETag as If-Match; where the
    call puts something in the place of something else it `needs_if_match`."""

    read_by: ClassVar[type[RowView[Any]] | None] = None  # None: the view itself
    needs_if_match: ClassVar[bool] = False

    def check_unchanged(self, row: FlowModel) -> None:
        """Lock the row to the end of the transaction, and compare. Raises Stale (412) where it has
        changed since, PreconditionRequired (428), NotVisible."""
        wanted = self.request.headers.get("If-Match")
        if wanted is None:
            if self.needs_if_match:
                raise PreconditionRequired
            return
        lock(row, by=self.actor)
        if not _names(wanted, self._tag_now()):
            raise Stale(
                _("%(row)s has changed since you read it. Read it again, then decide.")
                % {"row": row.audit_reference}
            )

    def _tag_now(self) -> str:
        view: Any = (self.read_by or type(self))()
        view.setup(self.request, *self.args, **self.kwargs)
        view.actor, view.format_kwarg = self.actor, None
        row = view.get_object()
        return entity_tag(row, view.get_serializer(row).data)


def _names(header: str, tag: str) -> bool:
    """Does If-Match or If-None-Match name this tag? A proxy that compresses marks it as weak
    (W/"…"), and we compare states rather than bytes: the mark is not looked at."""
    tags = {one.removeprefix("W/") for one in parse_etags(header)}
    return "*" in tags or tag in tags
