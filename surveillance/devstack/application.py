"""Web, worker and beat: prepared, started, watched, restarted, stopped."""

import errno
import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from surveillance.devstack.processes import (
    Interrupted,
    Interruption,
    Process,
    ends_with_parent,
    rotate_log,
    stop_all,
)
from surveillance.devstack.servers import Servers
from surveillance.devstack.state import StackError, State

HOST = "127.0.0.1"
PATIENCE = 60  # seconds for the web to answer /health
STEADY = 60  # a process that ran this long is restarted at once when it dies
LONGEST_WAIT = 60


def require_free_port(port: int, interruption: Interruption) -> None:
    """Wait a little for a web process whose supervisor was killed; raises StackError."""
    for _ in range(50):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except OSError as error:
                reason = error.strerror
                if error.errno != errno.EADDRINUSE:
                    break
            else:
                return
        interruption.pause(0.1)
    raise StackError(
        f"Port {port} cannot be used ({reason}). Choose another: ./run --port {port + 1}"
    )


def prepare(servers: Servers, state: State, interruption: Interruption, *, demo: bool) -> str:
    """Collect static files, bring the database up to date and seed it. Returns what seeding
    said."""
    prepare_database(servers, state, interruption)
    _manage("collectstatic --no-input", servers.environment(), state, interruption)
    if not demo:
        return ""
    environment = servers.environment() | {"SURVEILLANCE_DEMO": "1", "LOG_LEVEL": "WARNING"}
    return _manage("seed_demo", environment, state, interruption)


def prepare_database(servers: Servers, state: State, interruption: Interruption) -> None:
    """Migrate as the owner and load the reference data."""
    rotate_log(state.logs / "setup.log")
    _manage("migrate --no-input", servers.environment(owner=True), state, interruption)
    _manage("load_reference_data", servers.environment(), state, interruption)


def _manage(command: str, env: Mapping[str, str], state: State, interruption: Interruption) -> str:
    words = [sys.executable, "manage.py", *command.split()]
    return _run_step(words, env, state.logs / "setup.log", interruption)


def _run_step(
    command: list[str], env: Mapping[str, str], log: Path, interruption: Interruption
) -> str:
    """Run a command to its end, its output in the log, and return that output."""
    with log.open("a+") as file:
        file.seek(0, 2)
        begin = file.tell()
        child = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=ends_with_parent(signal.SIGTERM),
        )
        try:
            while child.poll() is None:
                interruption.pause(0.1)
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()
        file.seek(begin)
        said = file.read()
    if child.returncode:
        tail = "\n".join(f"    {line}" for line in said.splitlines()[-25:])
        raise StackError(f"{' '.join(command[1:3])} failed:\n{tail}\n(all of it: {log})")
    return said


@dataclass
class Watched:
    """A process that is started again when it dies, later and later while it keeps dying."""

    process: Process
    started_at: float = 0.0
    wait: float = 0.0
    restart_at: float | None = None

    def start(self) -> None:
        self.process.start()
        self.started_at = time.monotonic()
        self.restart_at = None

    def look(self, now: float) -> None:
        if self.restart_at is not None:
            if now >= self.restart_at:
                self.start()
        elif (code := self.process.exit_code()) is not None:
            steady = now - self.started_at > STEADY
            self.wait = 1 if steady else min(self.wait * 2 or 1, LONGEST_WAIT)
            self.restart_at = now + self.wait
            self.process.stop()
            print(
                f"{self.process.name} ended by itself (exit code {code}); starting it again in "
                f"{self.wait:.0f} s. Its log: {self.process.log}",
                flush=True,
            )


class Application:
    """The three processes of the application on servers that are up."""

    def __init__(
        self,
        servers: Servers,
        state: State,
        interruption: Interruption,
        *,
        port: int,
        demo: bool,
    ) -> None:
        self.servers = servers
        self.interruption = interruption
        self.port = port
        self.address = f"http://{HOST}:{port}"
        env = {"BASE_URL": self.address, **servers.environment(), "PYTHONUNBUFFERED": "1"}
        env["SURVEILLANCE_DEMO"] = "1" if demo else "0"
        programs = {
            "web": _gunicorn(port),
            "worker": [*_celery("worker"), "--concurrency=2", "--without-mingle"],
            "beat": [*_celery("beat"), f"--schedule={state.var / 'beat-schedule'}", "--pidfile="],
        }
        self.processes = [
            Process(name, command, log=state.logs / f"{name}.log", env=env)
            for name, command in programs.items()
        ]
        self.watched = [Watched(process) for process in self.processes]
        if servers.valkey:
            self.watched.append(Watched(servers.valkey.process, time.monotonic()))

    def start(self) -> None:
        """Returns when the web answers; raises StackError with the log of what failed."""
        for watched in self.watched[: len(self.processes)]:
            rotate_log(watched.process.log)
            watched.start()
        until = time.monotonic() + PATIENCE
        while not self._is_up():
            for process in self.processes:
                if (code := process.exit_code()) is not None:
                    raise StackError(
                        f"{process.name} ended at start (exit code {code}):\n"
                        f"{process.last_lines()}\n(all of it: {process.log})"
                    )
            if time.monotonic() > until:
                web = self.processes[0]
                raise StackError(
                    f"{self.address}/health does not answer after {PATIENCE} seconds:\n"
                    f"{web.last_lines()}\n(all of it: {web.log})"
                )
            self.interruption.pause(0.1)

    def watch(self) -> None:
        """Until a signal arrives. Raises StackError when the database is gone."""
        try:
            while True:
                self.interruption.pause(0.5)
                self._require_database()
                for watched in self.watched:
                    watched.look(time.monotonic())
        except Interrupted:
            return

    def stop(self) -> None:
        stop_all(self.processes)

    def _require_database(self) -> None:
        postgres = self.servers.postgres
        if postgres and postgres.process.exit_code() is not None:
            raise StackError(
                f"PostgreSQL ended by itself; everything is stopped.\n"
                f"{postgres.process.last_lines()}"
            )

    def _is_up(self) -> bool:
        """Does /health answer? 503 counts: no job has finished yet."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status in {200, 503}
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _gunicorn(port: int) -> list[str]:
    options = {
        "worker-class": "gthread",
        "workers": "2",
        "threads": "4",
        "bind": f"{HOST}:{port}",
        "graceful-timeout": "5",
    }
    return [
        *(sys.executable, "-m", "gunicorn", "surveillance.wsgi:application"),
        *(f"--{name}={value}" for name, value in options.items()),
    ]


def _celery(program: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app=surveillance", program, "--loglevel=INFO"]
