"""Processes of the application that are there in a moment, so that a test can kill two a second.

One process reads all the code once and forks web, worker and beat from what it holds; each leads a
process group of its own and opens connections of its own, as if it had been started alone.

    python -m tests.journeys.nursery APP

A line of JSON in, a line of JSON out, once it has said that it is ready:

    {"start": "worker", "name": …, "log": …, "env": {…}}   the process id
    {"kill": pid, "whole": true}     the group; with false the leader's children; always SIGKILL
    {"look": true}                   the ids of those that have come to an end by themselves

The end of the input kills whoever is left.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from celery import Celery

from surveillance.devstack.processes import ends_with_parent

CELERY = ["-l", "WARNING"]
QUICKLY = ["--without-mingle", "--without-gossip", "--without-heartbeat", "--concurrency=1"]
READ_LATER = (  # what a process would read when it is first of use
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "celery.concurrency.prefork",
    "celery.worker.consumer",
    "kombu.transport.redis",
    "surveillance.urls",
)


def web(app: Celery, name: str, log: Path) -> None:
    sys.argv = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "surveillance.wsgi:application"]
    import_module("gunicorn.app.wsgiapp").run()


def worker(app: Celery, name: str, log: Path) -> None:
    app.worker_main(["worker", *CELERY, *QUICKLY, "-n", f"{name}@%h"])


def beat(app: Celery, name: str, log: Path) -> None:
    app.start(["beat", *CELERY, "--pidfile=", "--schedule", str(log.with_suffix(".beat"))])


ROLES: dict[str, Callable[[Celery, str, Path], None]] = {"web": web, "worker": worker, "beat": beat}


def read_the_code(app: str) -> Celery:
    """No connection is opened."""
    loaded: Celery = import_module(app).app
    loaded.loader.import_default_modules()
    for module in READ_LATER:
        import_module(module)
    return loaded


class Nursery:
    def __init__(self, app: Celery) -> None:
        self.app = app
        self.children: set[int] = set()

    def obey(self, order: dict[str, Any]) -> Any:
        if "start" in order:
            return self.start(order["start"], order["name"], Path(order["log"]), order["env"])
        if "kill" in order:
            return self.kill(order["kill"], whole=order["whole"])
        return self.look()

    def start(self, role: str, name: str, log: Path, env: dict[str, str]) -> int:
        end_with_us = ends_with_parent(signal.SIGKILL)
        child = os.fork()
        if child == 0:
            end_with_us()
            self.live(role, name, log, env)
        self.children.add(child)
        return child

    def live(self, role: str, name: str, log: Path, env: dict[str, str]) -> NoReturn:
        code = 1
        try:
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDONLY)
            output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            for target, source in ((0, nothing), (1, output), (2, output)):
                os.dup2(source, target)
            os.environ.update(env)
            ROLES[role](self.app, name, log)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            os._exit(code)

    def kill(self, pid: int, *, whole: bool) -> bool:
        """Is the leader dead? One without children dies itself."""
        children = [] if whole else children_of(pid)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        if not children and pid in self.children:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self.children.remove(pid)
        return not children

    def look(self) -> list[int]:
        ended = [pid for pid in self.children if os.waitpid(pid, os.WNOHANG)[0]]
        self.children.difference_update(ended)
        return ended


def children_of(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def main() -> None:
    nursery = Nursery(read_the_code(sys.argv[1]))
    print(json.dumps("ready"), flush=True)
    try:
        for line in sys.stdin:
            print(json.dumps(nursery.obey(json.loads(line))), flush=True)
    finally:
        for pid in list(nursery.children):
            nursery.kill(pid, whole=True)


if __name__ == "__main__":
    main()
