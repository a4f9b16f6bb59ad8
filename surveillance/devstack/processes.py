"""Child processes that never outlive us, and interruptions noticed at safe moments only."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Self

from surveillance.devstack.state import StackError

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Interrupted(Exception):
    """Ctrl-C, SIGTERM or SIGHUP arrived."""


class Interruption:
    """Notes a signal when it comes; `pause` raises. Stopping is therefore never interrupted.

    A command at the terminal is told at once (`passed_on`), save for Ctrl-C, which reaches it
    by itself.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.received: int | None = None
        self._tell: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._note) for number in self.SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.received = number
        self._tell_once()

    def _tell_once(self) -> None:
        if self._tell and self.received in {signal.SIGTERM, signal.SIGHUP}:
            tell, self._tell = self._tell, None
            tell()

    @contextmanager
    def passed_on(self, tell: Callable[[], None]) -> Iterator[None]:
        """Within the block, SIGTERM and SIGHUP call `tell` once, also when one came before."""
        self._tell = tell
        self._tell_once()
        try:
            yield
        finally:
            self._tell = None

    def pause(self, seconds: float = 0.1) -> None:
        """Sleep, at most a moment past a signal. Raises Interrupted."""
        until = time.monotonic() + seconds
        while self.received is None and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
        if self.received is not None:
            raise Interrupted


def ends_with_parent(number: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the signal when our process is gone (Linux)."""
    parent = os.getpid()

    def arrange() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:
                os._exit(1)

    return arrange


def as_user(name: str | None) -> dict[str, object]:
    """Arguments of Popen that drop root's rights for good; none when `name` is None."""
    if name is None:
        return {}
    try:
        account = pwd.getpwnam(name)
    except KeyError as error:
        raise StackError(f"The user {name}, whom PostgreSQL is to run as, is missing.") from error
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "umask": 0o077}


class Process:
    """One long-running program in a session of its own, with a log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str],
        stop_signal: signal.Signals = signal.SIGTERM,
        patience: float = 10,
        user: str | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self.env = env
        self.stop_signal = stop_signal
        self.patience = patience  # seconds between the stop signal and SIGKILL
        self.user = user
        self.cwd = cwd
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. Raises StackError when the program cannot be started at all."""
        with self.log.open("ab") as log:
            try:
                self._child = _spawn(self, log)
            except (OSError, subprocess.SubprocessError) as error:
                whom = f" as {self.user}" if self.user else ""
                raise StackError(f"{self.name} cannot be started{whom}: {error}") from error

    @property
    def pid(self) -> int | None:
        """None while it is not started."""
        return self._child.pid if self._child else None

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._child.poll() if self._child else 0

    def ask_to_stop(self) -> None:
        """Signal the main process only: its own children are its own business."""
        if self._child and self._child.poll() is None:
            self._child.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, wait, and end what is left of its session. Safe to call twice."""
        if self._child is None:
            return
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(self.patience)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._child = None

    def last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-count:]
        return "\n".join(f"    {line}" for line in lines)


def _spawn(process: Process, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        process.command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=process.env,
        cwd=process.cwd,
        start_new_session=True,
        preexec_fn=ends_with_parent(process.stop_signal),
        **as_user(process.user),
    )


def stop_all(processes: Sequence[Process]) -> None:
    """Ask all at once, then wait for each."""
    for process in processes:
        process.ask_to_stop()
    for process in processes:
        process.stop()


def run_in_foreground(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    interruption: Interruption,
    stop_signal: signal.Signals = signal.SIGTERM,
    seen: Callable[[str], None] | None = None,
) -> int:
    """Run a command at the terminal and return its exit code.

    Ctrl-C reaches it from the terminal itself; SIGTERM and SIGHUP are passed on as
    `stop_signal`. With `seen` its output is shown and given, line by line, to that function too.
    """
    child = subprocess.Popen(
        [str(part) for part in command],
        env=env,
        stdout=subprocess.PIPE if seen else None,
        text=True,
        preexec_fn=ends_with_parent(stop_signal),
    )
    with interruption.passed_on(lambda: child.send_signal(stop_signal)):
        if child.stdout and seen:
            for line in child.stdout:
                sys.stdout.write(line)
                sys.stdout.flush()
                seen(line)
        code = child.wait()
    return code if code >= 0 else 128 - code


def wait_for_predecessor(pid_file: Path, mark: str, interruption: Interruption) -> None:
    """Wait for a server whose supervisor was killed; forget a pid that belongs to another now.

    `mark` is part of the server's command line. Raises StackError after 20 seconds.
    """
    for _ in range(200):
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        if not _runs(pid, mark):
            pid_file.unlink(missing_ok=True)
            return
        interruption.pause()
    raise StackError(
        f"A server left over from earlier (process {pid}) still uses {pid_file.parent}. "
        f"Stop it with: kill -INT {pid}"
    )


def _runs(pid: int, mark: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    command_line = Path(f"/proc/{pid}/cmdline")
    return not command_line.exists() or mark.encode() in command_line.read_bytes()


def rotate_log(log: Path) -> None:
    """Each start has a fresh log; the one before is kept beside it."""
    if log.exists():
        shutil.move(log, log.with_suffix(".previous.log"))
