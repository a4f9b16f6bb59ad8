"""Several webs, workers and beats on the databases of the running test, all of whom may be killed
at any moment and are started again at once."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.journeys.workers import ROOT
from tests.servers import environment_of_this_test
from tests.surveillance.outbox.receivers import free_port


@dataclass
class Member:
    role: str
    name: str
    port: int = 0  # of a web
    pid: int = 0
    born: float = 0.0  # by time.monotonic()


@dataclass
class Fleet:
    """`ended` are the names of those that came to an end by themselves."""

    process: subprocess.Popen[str]
    folder: Path
    members: list[Member] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    @property
    def ports(self) -> list[int]:
        return [member.port for member in self.members if member.role == "web"]

    def add(self, role: str, number: int) -> None:
        for place in range(1, number + 1):
            port = free_port() if role == "web" else 0
            self.members.append(Member(role, f"{role}-{place}", port))
            self.start(self.members[-1])

    def start(self, member: Member) -> None:
        log = self.folder / f"{member.name}.log"
        env = {"BIND": f"127.0.0.1:{member.port}"} if member.port else {}
        order = {"start": member.role, "name": member.name, "log": str(log), "env": env}
        member.pid, member.born = self._order(order), time.monotonic()

    def kill(self, member: Member, *, whole: bool) -> float:
        """Returns when the victim was certainly dead, by time.monotonic(). Who is left without a
        leader starts again; a leader finds new children for itself."""
        is_gone = self._order({"kill": member.pid, "whole": whole})
        at = time.monotonic()
        if is_gone:
            self.start(member)
        return at

    def mend(self) -> None:
        """Whoever has come to an end by itself starts again, and is remembered."""
        ended = self._order({"look": True})
        for member in self.members:
            if member.pid in ended:
                self.ended.append(member.name)
                self.start(member)

    def _order(self, order: dict[str, Any]) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def fleet(folder: Path, app: str, **env: str) -> Iterator[Fleet]:
    """With nobody in it yet; all are gone at the end."""
    with (folder / "nursery.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.nursery", app],
            cwd=ROOT,
            env=environment_of_this_test() | {"CELERY_SKIP_CHECKS": "1"} | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout
        assert json.loads(process.stdout.readline()) == "ready"
        yield Fleet(process, folder)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(30)
        assert process.stdout
        process.stdout.close()
