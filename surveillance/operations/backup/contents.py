"""What a backup says of itself, and the digests by which it is checked."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files.jsonl"
FORMAT = 1
CHUNK = 1024 * 1024  # bytes


class BackupError(Exception):
    """What is wrong with a backup or on the way to or from it; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the backup."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An upload, by its name in the storage."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`counts` are rows by table, `migrations` "app.name"; `sealed` and `seal` are the number and
    the digest of the last seal of the audit trail. All of them at the instant of the dump."""

    made_at: datetime
    release: str
    migrations: list[str]
    counts: dict[str, int]
    sealed: int
    seal: str
    files: int
    parts: dict[str, Part]

    def to_json(self) -> str:
        told = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(told, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Raises BackupError when it is not one of ours."""
        try:
            told: dict[str, Any] = json.loads(text)
            if (form := told.pop("format")) != FORMAT:
                raise BackupError(f"The backup has format {form}; this release reads {FORMAT}.")
            told["made_at"] = datetime.fromisoformat(told["made_at"])
            told["parts"] = {name: Part(**part) for name, part in told["parts"].items()}
            return cls(**told)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BackupError(f"{MANIFEST} cannot be read: {problem}") from problem


def part(path: Path) -> Part:
    with path.open("rb") as file:
        return Part(digest_of(file), path.stat().st_size)


class Readable(Protocol):
    """A file of Python's or of Django's."""

    def read(self, size: int = ..., /) -> bytes: ...


def digest_of(file: Readable) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def place_of(folder: Path, sha256: str) -> Path:
    """Where the upload with this digest is kept, in a folder of backups."""
    return folder / "files" / sha256[:2] / sha256


def write_files_list(path: Path, files: Iterable[StoredFile]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(f"{json.dumps(asdict(file), ensure_ascii=False)}\n" for file in files)
    to_disk(path)


def read_files_list(backup: Path) -> Iterator[StoredFile]:
    with (backup / FILES).open(encoding="utf-8") as lines:
        for line in lines:
            yield StoredFile(**json.loads(line))


def complete_backups(folder: Path) -> list[Path]:
    """Oldest first; one that broke off has no manifest and is none."""
    return sorted(path.parent for path in folder.glob(f"*Z/{MANIFEST}"))


def manifest_of(backup: Path) -> Manifest:
    return Manifest.from_json((backup / MANIFEST).read_text(encoding="utf-8"))


def find(folder: Path) -> Path:
    """The backup that a path means: itself, or the newest of a folder of backups. Raises
    BackupError."""
    if (folder / MANIFEST).exists():
        return folder
    if known := complete_backups(folder):
        return known[-1]
    raise BackupError(
        f"There is no whole backup in {folder}: none has a {MANIFEST}, which is written last."
    )


def check_parts(backup: Path, parts: Mapping[str, Part]) -> None:
    """Raises BackupError naming the first part that is missing or is not what was written."""
    for name, expected in parts.items():
        path = backup / name
        if not path.exists():
            raise BackupError(f"{path} is missing. Take another backup.")
        if part(path) != expected:
            raise BackupError(f"{path} is not what was written. Take another backup.")


def to_disk(path: Path) -> None:
    """Wait until the file, or a folder's list of files, would survive a power failure."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
