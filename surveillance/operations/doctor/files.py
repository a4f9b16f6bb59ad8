"""Files: the storage of uploads, room on the disks, what pages and letters are made with."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from surveillance.operations.doctor.findings import Fault
from surveillance.outbox.rendering import font_paths

FREE_AT_LEAST = 2 * 1024**3  # bytes
FONTS = {".otf", ".ttc", ".ttf"}


def storage_keeps_files() -> Iterator[Fault]:
    """A small file is written, read and removed again."""
    written = uuid.uuid4().bytes
    try:
        name = default_storage.save(f"doctor/{uuid.uuid4()}", ContentFile(written))
        with default_storage.open(name) as file:
            read = file.read()
        default_storage.delete(name)
    except Exception as problem:  # each storage has errors of its own
        yield Fault(
            f"A file could not be written, read and removed: {type(problem).__name__}: {problem}",
            "See that STORAGE_URL names the folder or bucket, and that we may write there.",
        )
        return
    if read != written:
        yield Fault(
            "The storage gave back another file than was written.",
            "See that nothing between us and the bucket caches or alters files.",
        )


def disk_has_room() -> Iterator[Fault]:
    folders = {Path(tempfile.gettempdir()), settings.STATIC_ROOT}
    if isinstance(default_storage, FileSystemStorage):
        folders.add(Path(default_storage.location))
    for folder in sorted(map(_existing, folders)):
        free = shutil.disk_usage(folder).free
        if free < FREE_AT_LEAST:
            yield Fault(
                f"Only {free / 1024**2:.0f} MB are free where {folder} is.",
                "Make room, or give it a larger disk.",
            )


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def static_files_are_collected() -> Iterator[Fault]:
    """Each file that the code brings stands in STATIC_ROOT, in its present size."""
    if settings.DEBUG:
        return
    stale = [name for name, source in _sources() if _differs(source, settings.STATIC_ROOT / name)]
    if stale:
        yield Fault(
            f"{len(stale)} static files are missing or old in {settings.STATIC_ROOT}, for example"
            f" {stale[0]}: pages have no style, or an old one.",
            "Run manage.py collectstatic --no-input, then restart the web.",
        )


def _sources() -> Iterator[tuple[str, Path]]:
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            yield name, Path(storage.path(name))


def _differs(source: Path, collected: Path) -> bool:
    return not collected.exists() or collected.stat().st_size != source.stat().st_size


def letters_have_fonts() -> Iterator[Fault]:
    found = [file for folder in font_paths() for file in Path(folder).rglob("*")]
    if not any(file.suffix in FONTS for file in found):
        yield Fault(
            "The fonts for Chinese and Japanese letters are missing.",
            "Install the requirements again: the wheel cvttf-notosanscjk-regular carries them.",
        )
