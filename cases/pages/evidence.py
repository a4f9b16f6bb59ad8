"""Evidence: files as attachments from a checked address, pictures also in the page."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.models import Evidence
from surveillance.uploads import PICTURES
from surveillance.web.guards import ActorRequest, signed_in

# A file is somebody else's content: it may draw itself, and nothing else.
SANDBOX = "default-src 'none'; sandbox"


@signed_in
@require_GET
def evidence_file(request: ActorRequest, pk: UUID) -> FileResponse:
    """The file as it was taken in, to be saved."""
    return _file(request, pk, as_attachment=True)


@signed_in
@require_GET
def evidence_picture(request: ActorRequest, pk: UUID) -> FileResponse:
    """A picture to look at in the page; anything else is 404."""
    return _file(request, pk, as_attachment=False)


def _file(request: ActorRequest, pk: UUID, *, as_attachment: bool) -> FileResponse:
    evidence = get_object_or_404(Evidence.objects.visible_to(request.actor), pk=pk)
    if not as_attachment and evidence.content_type not in PICTURES:
        raise Http404
    return served(
        evidence.file, evidence.filename, evidence.content_type, as_attachment=as_attachment
    )


def served(
    file: FieldFile, filename: str, content_type: str, *, as_attachment: bool
) -> FileResponse:
    """Somebody else's file, so that it can do nothing."""
    response = FileResponse(
        file.open("rb"), as_attachment=as_attachment, filename=filename, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, max-age=3600"
    return response


def photos(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """The pictures among these files, for components/photo_grid.html."""
    return [
        {
            "url": reverse("evidence-file", args=[file.pk]),
            "thumb": reverse("evidence-picture", args=[file.pk]),
            "alt": file.note or _("Picture: %(name)s") % {"name": file.filename},
            "caption": file.note or file.filename,
        }
        for file in evidence
        if file.is_picture
    ]


urlpatterns = [
    path("evidence/<uuid:pk>/", evidence_file, name="evidence-file"),
    path("evidence/<uuid:pk>/picture/", evidence_picture, name="evidence-picture"),
]
