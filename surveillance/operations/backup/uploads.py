"""The files of the storage, to a folder of backups and back; each is copied once."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage, default_storage

from surveillance.operations.backup.contents import (
    CHUNK,
    BackupError,
    Readable,
    StoredFile,
    digest_of,
    place_of,
    to_disk,
)


def back_up_files(folder: Path, known: dict[tuple[str, int], str]) -> Iterator[StoredFile]:
    """Every file of the storage, copied unless it is there. `known`: the digests of the backup
    before by (name, bytes); files never change once written, so those need not be read again."""
    for name in stored_names():
        try:
            size = default_storage.size(name)
            sha256 = known.get((name, size), "")
            if not sha256 or not place_of(folder, sha256).exists():
                sha256 = _copy(name, folder)
        except FileNotFoundError:
            continue  # removed since it was listed: it is no longer in the storage either
        yield StoredFile(name, size, sha256)


def stored_names(below: str = "") -> Iterator[str]:
    folders, files = default_storage.listdir(below) if _is_there(below) else ([], [])
    for name in sorted(files):
        yield f"{below}{name}"
    for name in sorted(folders):
        yield from stored_names(f"{below}{name}/")


def _is_there(folder: str) -> bool:
    """A storage on disk makes its folder with the first file; a bucket has none to ask for."""
    try:
        default_storage.listdir(folder)
    except FileNotFoundError:
        return False
    return True


def _copy(name: str, folder: Path) -> str:
    """Beside the final place first: what is there under its digest is whole."""
    drafts = folder / "files"
    drafts.mkdir(parents=True, exist_ok=True)
    draft = drafts / f"{uuid.uuid4()}.partial"
    try:
        with default_storage.open(name) as source, draft.open("wb") as copy:
            sha256 = _copy_and_digest(source, copy.write)
        place = place_of(folder, sha256)
        place.parent.mkdir(exist_ok=True)
        to_disk(draft)
        draft.replace(place)
        to_disk(place.parent)
    finally:
        draft.unlink(missing_ok=True)
    return sha256


def _copy_and_digest(source: File, write: Callable[[bytes], object]) -> str:
    digest = hashlib.sha256()
    for chunk in source.chunks(CHUNK):
        digest.update(chunk)
        write(chunk)
    return digest.hexdigest()


def check_copies(folder: Path, files: Iterator[StoredFile]) -> int:
    """Read every copy. Returns how many; raises BackupError naming the first bad one."""
    read = 0
    for file in files:
        place = place_of(folder, file.sha256)
        if not place.exists():
            raise BackupError(f"{place}, the copy of {file.name}, is missing.")
        with place.open("rb") as copy:
            _require(file, copy, str(place))
        read += 1
    return read


def put_back(folder: Path, files: Iterator[StoredFile], storage: Storage) -> int:
    """Into the storage what is not there. Returns how many were put; raises BackupError when
    another file stands in a place."""
    put = 0
    for file in files:
        if not storage.exists(file.name):
            with place_of(folder, file.sha256).open("rb") as copy:
                saved = storage.save(file.name, File(copy))
            put += 1
            if saved != file.name:
                raise BackupError(f"The storage keeps {file.name} under another name, {saved}.")
        with storage.open(file.name) as stored:
            _require(file, stored, f"{file.name} in the storage")
    return put


def _require(file: StoredFile, content: Readable, where: str) -> None:
    if digest_of(content) != file.sha256:
        raise BackupError(f"{where} is not the file that was backed up (SHA-256 {file.sha256}).")
