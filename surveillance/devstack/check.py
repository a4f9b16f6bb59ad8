"""The steps of ./check: linters first, then everything that needs servers."""

import os
import re
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from surveillance.devstack.browser import require_browser
from surveillance.devstack.processes import Interrupted, Interruption, Process, run_in_foreground
from surveillance.devstack.servers import Servers
from surveillance.devstack.state import State

CODE = ("manage.py", "surveillance", "sellers", "cases", "tests")
NO_TESTS_COLLECTED = 5  # pytest's exit code
SUMMARY = re.compile(r"=+ .* in \d+\.\d+s.* =+")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

LINTERS = {
    "ruff check": ["-m", "ruff", "check", *CODE],
    "ruff format": ["-m", "ruff", "format", "--check", *CODE],
    "mypy": ["-m", "mypy", "surveillance", "sellers", "cases"],
    "import contracts": ["-c", LINT_IMPORTS, "--no-logo"],
    "djlint": ["-m", "djlint", "--lint", "--quiet", "templates"],
}
MIGRATIONS = ["manage.py", "makemigrations", "--check", "--dry-run"]
DEPLOY = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
IN_PARALLEL = ["-n", "2", "--dist", "worksteal", "-m", "not browser and not long"]
IN_BROWSER = ["tests/browser", "-m", "browser and not long"]


class Steps:
    """Runs steps one after another and remembers which failed and how pytest summed up."""

    def __init__(self, interruption: Interruption) -> None:
        self.interruption = interruption
        self.failed: list[str] = []
        self.summaries: list[str] = []

    def run(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        print(f"\n--- {name}", flush=True)
        self._note(name, self._python(command, env))

    def pytest(self, name: str, arguments: Sequence[str], env: Mapping[str, str]) -> None:
        """A run in which no tests are collected has not failed."""
        print(f"\n--- {name}", flush=True)
        colour = "yes" if sys.stdout.isatty() else "no"
        before = len(self.summaries)
        code = self._python(
            ["-m", "pytest", f"--color={colour}", *arguments], env, watch_for_summary=True
        )
        if code == NO_TESTS_COLLECTED:
            del self.summaries[before:]
            return
        self._note(name, code)

    @contextmanager
    def beside(self, name: str, arguments: Sequence[str], env: Mapping[str, str]) -> Iterator[None]:
        """A run of pytest beside what the block runs; its output follows when both are done."""
        with tempfile.TemporaryDirectory(prefix="surveillance-check-") as folder:
            process = Process(
                name,
                [sys.executable, "-m", "pytest", "--color=no", *arguments],
                log=Path(folder) / "output",
                env=env,
                stop_signal=signal.SIGINT,
            )
            process.start()
            try:
                yield
                while (code := process.exit_code()) is None:
                    self.interruption.pause(0.2)
                print(f"\n--- {name} (ran beside the others)", flush=True)
                for line in process.log.read_text().splitlines():
                    print(line)
                    self._keep_summary(line)
                self._note(name, code)
            finally:
                process.stop()

    def conclude(self) -> int:
        """Say which steps failed, then repeat pytest's own last lines."""
        print()
        for name in self.failed:
            print(f"FAILED: {name}")
        for line in self.summaries:
            print(line)
        sys.stdout.flush()
        return 1 if self.failed else 0

    def _python(
        self, command: Sequence[str], env: Mapping[str, str], *, watch_for_summary: bool = False
    ) -> int:
        code = run_in_foreground(
            [sys.executable, *command],
            env=env,
            interruption=self.interruption,
            stop_signal=signal.SIGINT,  # pytest tidies up after itself
            seen=self._keep_summary if watch_for_summary else None,
        )
        if self.interruption.received is not None:
            raise Interrupted
        return code

    def _keep_summary(self, line: str) -> None:
        if SUMMARY.fullmatch(COLOUR.sub("", line).strip()):
            self.summaries.append(line.rstrip())

    def _note(self, name: str, code: int) -> None:
        if code:
            self.failed.append(name)


def run(arguments: Sequence[str], interruption: Interruption) -> int:
    """Every step, or only pytest when it is given arguments. Returns the exit code."""
    steps = Steps(interruption)
    if arguments:
        require_browser()
        with throw_away_servers(interruption) as env:
            command = [sys.executable, "-m", "pytest", *arguments]
            return run_in_foreground(
                command, env=env, interruption=interruption, stop_signal=signal.SIGINT
            )
    for name, command in LINTERS.items():
        steps.run(name, command, os.environ | without_servers())
    if steps.failed:
        print("\nThe tests were not run: mend the findings above first, or ./check tests")
        return steps.conclude()
    has_browser = require_browser()
    with throw_away_servers(interruption) as env:
        steps.run("migrations complete", MIGRATIONS, env)
        steps.run("deploy check", DEPLOY, env | production_like())
        browser = steps.beside("browser tests", IN_BROWSER, env) if has_browser else nullcontext()
        with browser:
            steps.pytest("tests", IN_PARALLEL, env)
    return steps.conclude()


@contextmanager
def throw_away_servers(interruption: Interruption) -> Iterator[dict[str, str]]:
    """Fast servers with state of their own, gone at the end; yields the environment for them.

    DATABASE_URL and REDIS_URL of the caller are never used: tests empty their databases.
    """
    folder = Path(tempfile.mkdtemp(prefix="surveillance-check-"))
    given = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SURVEILLANCE_DEMO"}
    }
    try:
        state = State.throw_away(folder)
        state.prepare()
        servers = Servers(state, interruption, given, throw_away=True)
        with servers.started():
            env = servers.environment()
            env["DATABASE_OWNER_URL"] = servers.environment(owner=True)["DATABASE_URL"]
            env["STORAGE_URL"] = f"file://{folder}/files"
            env["SECOND_FACTOR"] = "offered"  # tests that are not about it sign in by a password
            yield env
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def without_servers() -> dict[str, str]:
    """Enough for settings to load where nothing connects (mypy's Django plugin)."""
    return {"SECRET_KEY": secrets.token_urlsafe(48)}


def production_like() -> dict[str, str]:
    """What an operator would set; `check --deploy` must find nothing to say about it."""
    return {
        "DEBUG": "0",
        "SURVEILLANCE_DEMO": "0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "BASE_URL": "https://surveillance.example",
        "ALLOWED_HOSTS": "surveillance.example",
        "TRUSTED_PROXIES": "1",
        "SECOND_FACTOR": "required",
        "EMAIL_URL": "smtp+tls://user:password@mail.surveillance.example:587",
    }
