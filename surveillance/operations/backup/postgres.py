"""PostgreSQL's own programs, run with the credentials of Django's connection."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO

import psycopg
from django.db import connection

from surveillance.operations.backup.contents import BackupError


def program(name: str, folder: Path | None) -> str:
    """Where pg_dump and the others are: in the folder given, or on the PATH. Raises BackupError."""
    if found := shutil.which(name, path=str(folder) if folder else None):
        return found
    where = f"in {folder}" if folder else "on the PATH"
    raise BackupError(
        f"{name} was not found {where}. Install PostgreSQL's client programs, of the server's"
        " version or newer (Debian: postgresql-client), or name their folder with --programs."
    )


def environment() -> dict[str, str]:
    """The connection's parameters in the variables that libpq reads: no command line, which other
    users could list, ever holds the password."""
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in psycopg.pq.Conninfo.get_defaults()
        if option.envvar
    }
    given = {
        names[key]: str(value)
        for key, value in connection.get_connection_params().items()
        if key in names and value not in (None, "")
    }
    return os.environ | {"PGOPTIONS": "-c client_min_messages=warning"} | given


def dump(to: Path, snapshot: str, folder: Path | None) -> None:
    """The database as the snapshot sees it. Raises BackupError with what pg_dump says."""
    command = [
        program("pg_dump", folder),
        "--format=custom",
        "--no-owner",
        "--no-comments",
        "--enable-row-security",  # the owner's policies hide nothing (accounts/policies.py)
        f"--snapshot={snapshot}",
        f"--file={to}",
    ]
    _run(command)


def replay(dump: Path, before: str, after: str, folder: Path | None) -> None:
    """The dump in one transaction, with statements of ours before and after it: afterwards the
    database has all of it or nothing. Raises BackupError with what the programs say."""
    psql = [
        program("psql", folder),
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        "--file=-",
    ]
    with subprocess.Popen(
        psql, env=environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as replayed:
        assert replayed.stdin is not None
        assert replayed.stderr is not None
        try:
            replayed.stdin.write(before.encode())
            _write_statements(dump, replayed.stdin, folder)
            replayed.stdin.write(after.encode())
            replayed.stdin.close()
        except BrokenPipeError:
            pass  # psql has stopped, and says why
        except BaseException:
            replayed.kill()  # before the end of its input, at which it commits
            raise
        said = replayed.stderr.read().decode(errors="replace").strip()
    if replayed.returncode:
        raise BackupError(f"Nothing was restored. psql says:\n{said}")


def _write_statements(dump: Path, to: IO[bytes], folder: Path | None) -> None:
    """The dump as SQL. Raises BackupError when it cannot be read to its end."""
    command = [
        program("pg_restore", folder),
        "--no-owner",
        "--file=-",
        str(dump),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        shutil.copyfileobj(process.stdout, to)
    if process.returncode:
        raise BackupError(f"Nothing was restored: pg_restore could not read {dump}.")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name} says:\n{done.stderr.strip()}")
