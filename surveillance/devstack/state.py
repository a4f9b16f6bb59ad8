"""Where the servers' data, sockets, logs and generated secrets live, and who holds them.

An ordinary user's state is in `var/` of the checkout. Root's PostgreSQL runs as `nobody`, who
cannot read a checkout under /root, so that root's state is in /var/lib/surveillance, in a
folder derived from the checkout's path: two clones never share a database.
"""

import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT_STATE = Path("/var/lib/surveillance")
SERVER_USER = "nobody"  # whom root's PostgreSQL runs as
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's limit is 104 to 108
SECRET_NAMES = ("SECRET_KEY", "DEMO_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD")


class StackError(Exception):
    """Something a person must mend; the message says what."""


@dataclass(frozen=True)
class State:
    """Folders of one set of servers.

    `var` holds what belongs to the checkout (logs, secrets), `servers` the databases' files;
    `server_user` is whom PostgreSQL runs as, None for the user who starts it.
    """

    var: Path
    servers: Path
    server_user: str | None

    @classmethod
    def of_checkout(cls, checkout: Path) -> "State":
        var = checkout / "var"
        if os.geteuid() != 0:
            return cls(var, var / "servers", None)
        return cls(var, ROOT_STATE / f"{checkout.name}-{_digest(checkout)}", SERVER_USER)

    @classmethod
    def throw_away(cls, folder: Path) -> "State":
        """State in a temporary folder that the caller removes."""
        return cls(folder, folder / "servers", SERVER_USER if os.geteuid() == 0 else None)

    @property
    def logs(self) -> Path:
        return self.var / "log"

    def prepare(self) -> None:
        """Make the folders. As root the way down to the data can be walked, but not listed."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self.servers.mkdir(parents=True, exist_ok=True)
            self.logs.chmod(0o700)
            self.servers.chmod(0o711 if self.server_user else 0o700)
            if self.server_user and self.servers.parent == self.var:
                self.var.chmod(0o711)
        except PermissionError as error:
            raise StackError(
                f"{error.filename} belongs to someone else. Use a clone of your own, or give it "
                f"to the user who runs this."
            ) from error

    def socket_folder(self, server: str) -> Path:
        """A folder for one server's socket, for its owner alone, whose path is short enough."""
        folder = self.servers / server
        if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            folder.mkdir(mode=0o700, exist_ok=True)
            return folder
        folder = Path(tempfile.gettempdir()) / f"{server}-{_digest(self.servers)}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise StackError(f"{folder} was made by someone else; remove it and start again.")
        return folder

    def secrets(self) -> dict[str, str]:
        """Passwords and keys of this checkout, made once and kept in `var/secrets.env`."""
        path = self.var / "secrets.env"
        try:
            kept = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
        except FileNotFoundError:
            kept = {}
        except PermissionError as error:
            raise StackError(f"{path} belongs to someone else; use a clone of your own.") from error
        missing = [name for name in SECRET_NAMES if not kept.get(name)]
        if missing:
            kept |= {name: secrets.token_urlsafe(9 if "DEMO" in name else 48) for name in missing}
            _write_private(path, "".join(f"{name}={value}\n" for name, value in kept.items()))
        return kept


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def _write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read at any moment, whole or not at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


class InUse(Exception):
    """Someone else holds the lock; the message is what they said of themselves."""


class Lock:
    """A lock on a file that dies with its process; the file says what its holder is doing."""

    def __init__(self, file: int) -> None:
        self._file = file

    def say(self, what: str) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{what} (process {os.getpid()})".encode(), 0)


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[Lock]:
    """Hold the lock without waiting for it, or raise InUse."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(os.pread(file, 500, 0).decode() or "another process") from error
        yield Lock(file)
    finally:
        os.close(file)
