"""Real web processes, workers and beats, each a process of its own, on the databases of the
running test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import environment_of_this_test

ROOT = Path(__file__).resolve().parents[2]


class Running:
    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log
        self._asked = False

    def kill(self) -> None:
        """SIGKILL to the process and its children: nobody gets to say goodbye."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask_to_stop(self) -> None:
        """Once: a worker takes the second time for an order to drop what it does."""
        if not self._asked and self.process.poll() is None:
            self.process.terminate()
        self._asked = True

    def stop(self) -> None:
        self.ask_to_stop()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def worker(
    log: Path, app: str = "surveillance", *, beat: bool = False, **env: str
) -> Iterator[Running]:
    """A worker with one child, and its own beat when asked for; stopped at the end."""
    command = ["celery", "-A", app, "worker", "--concurrency=1", "-l", "INFO"]
    if beat:
        command += ["--beat", "--schedule", str(log.with_suffix(".beat"))]
    with running(command, log, **env) as process:
        yield process


@contextmanager
def beat(log: Path, app: str = "surveillance", **env: str) -> Iterator[Running]:
    """A beat, and no worker."""
    schedule = str(log.with_suffix(".beat"))
    command = ["celery", "-A", app, "beat", "-l", "INFO", "--schedule", schedule, "--pidfile="]
    with running(command, log, **env) as process:
        yield process


@contextmanager
def web(log: Path, port: int, **env: str) -> Iterator[Running]:
    """The web as production starts it, on a port of 127.0.0.1."""
    command = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "surveillance.wsgi:application"]
    with running(command, log, BIND=f"127.0.0.1:{port}", **env) as process:
        yield process


@contextmanager
def running(command: list[str], log: Path, **env: str) -> Iterator[Running]:
    """A module of Python in a process group of its own; stopped at the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment_of_this_test() | {"CELERY_SKIP_CHECKS": "1"} | env,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = Running(process, log)
    try:
        yield started
    finally:
        started.stop()


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")
