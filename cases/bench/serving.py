"""Two gunicorn workers on a free port: as many as the peer was measured with."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import urllib3

WORKERS, THREADS = 2, 4
PATIENCE = 60  # seconds to come up
LEAN = "cases.bench.lean_settings"


class DidNotStart(Exception):
    pass


@contextmanager
def serving(settings_module: str = "surveillance.settings") -> Iterator[int]:
    """The port of a web process with these settings, on the database of this one."""
    port = _free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings_module,
        "SURVEILLANCE_DEMO": "0",
        "SECOND_FACTOR": "offered",  # the sessions measured with were never signed in
        "BASE_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "gunicorn", "surveillance.wsgi:application"]
    options = {
        "worker-class": "gthread",
        "workers": WORKERS,
        "threads": THREADS,
        "bind": f"127.0.0.1:{port}",
        "log-level": "error",
        "timeout": 120,
    }
    command += [f"--{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise DidNotStart(f"gunicorn ended with exit code {process.returncode}")
        try:
            urllib3.request("GET", f"http://127.0.0.1:{port}/health", retries=False, timeout=10)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise DidNotStart(f"port {port} does not answer after {PATIENCE} s")
