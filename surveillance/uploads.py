"""Files on their way in: type told by content, pictures without metadata, all of them hashed."""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import dataclass

import puremagic
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

logger = logging.getLogger(__name__)
LIMIT = 10 * 1024 * 1024  # bytes
PIXELS = 50_000_000
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
ACCEPTED = (*PICTURES, "application/pdf")


@dataclass(frozen=True, slots=True)
class Intake:
    """A file that passed: what is stored, what is known of it, and the field it came in."""

    content: ContentFile[bytes]
    filename: str
    content_type: str
    sha256: str
    field: str = "file"

    @property
    def size(self) -> int:
        return int(self.content.size)


def take_in(file: UploadedFile, *, field: str = "file") -> Intake:
    """Check one uploaded file. Raises ValidationError naming the field and how to mend it."""
    if file.size is None or file.size > LIMIT:
        raise ValidationError({field: _("The file is larger than 10 MB. Send a smaller one.")})
    data = file.read()
    content_type = _type_of(data)
    if content_type not in ACCEPTED:
        raise ValidationError({field: _("Send a JPEG, PNG or WebP picture, or a PDF.")})
    if content_type in PICTURES:
        data = _without_metadata(data, PICTURES[content_type], field)
    name = (file.name or "file").replace("\\", "/").rpartition("/")[2][-150:]
    return Intake(
        content=ContentFile(data, name=name),
        filename=name,
        content_type=content_type,
        sha256=hashlib.sha256(data).hexdigest(),
        field=field,
    )


def keep(place: FieldFile, name: str, content: File[bytes], *, field: str = "file") -> None:
    """Put a file into the storage, before its row is saved. Raises ValidationError naming the field
    while the storage is away: people go on without the file."""
    try:
        place.save(name, content, save=False)
    except Exception as problem:  # each storage has errors of its own
        logger.exception("the storage took no file")
        told = _("Files cannot be kept just now. Go on without it, or try again in a while.")
        raise ValidationError({field: told}) from problem


def _type_of(data: bytes) -> str:
    try:
        return puremagic.from_string(data, mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def _without_metadata(data: bytes, kind: str, field: str) -> bytes:
    """The pixels alone: no place, no camera, no name; turned as its orientation said."""
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            if picture.width * picture.height > PIXELS:
                raise ValidationError({field: _("The picture has more than 50 million pixels.")})
            upright = ImageOps.exif_transpose(picture)
            clean = Image.frombytes(upright.mode, upright.size, upright.tobytes())
            if upright.mode == "P" and (palette := upright.getpalette()):
                clean.putpalette(palette)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise ValidationError(
            {field: _("The picture cannot be read. Save it again and send it once more.")}
        ) from problem
    out = io.BytesIO()
    clean.save(out, format=kind, quality=90)
    return out.getvalue()
