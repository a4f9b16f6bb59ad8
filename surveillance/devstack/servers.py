"""The database and the broker that everything uses: the ones given, or ones of our own."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from surveillance.devstack.postgres import APP, OWNER, PostgresServer
from surveillance.devstack.processes import Interrupted, Interruption
from surveillance.devstack.state import InUse, Lock, StackError, State, locked
from surveillance.devstack.valkey import ValkeyServer

PATIENCE = 60  # seconds for the servers of another ./run to come up


class Servers:
    """PostgreSQL unless DATABASE_URL is given, Valkey unless REDIS_URL is given."""

    def __init__(
        self,
        state: State,
        interruption: Interruption,
        given: Mapping[str, str],
        *,
        throw_away: bool = False,
    ) -> None:
        self.given = given
        self.secrets = state.secrets()
        self.postgres: PostgresServer | None = None
        self.valkey: ValkeyServer | None = None
        if not given.get("DATABASE_URL"):
            self.postgres = PostgresServer(state, interruption, throw_away=throw_away)
        if not given.get("REDIS_URL"):
            self.valkey = ValkeyServer(state, interruption, throw_away=throw_away)

    @contextmanager
    def started(self) -> Iterator[None]:
        """Up within the block; nothing of them runs after it."""
        with ExitStack() as running:
            for server in self._own():
                server.start()
                running.callback(server.stop)
            yield

    def answer(self) -> bool:
        return all(server.answers() for server in self._own())

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """The environment of a command: as the application's role, or as the owner."""
        found = {
            "SECRET_KEY": self.secrets["SECRET_KEY"],
            "DEMO_PASSWORD": self.secrets["DEMO_PASSWORD"],
            **self.given,
        }
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(APP)
            found["DATABASE_OWNER_URL"] = self.postgres.url(OWNER)
            # Before those of the machine: pg_dump must not be older than the server.
            found["PATH"] = f"{self.postgres.programs.folder}{os.pathsep}{found.get('PATH', '')}"
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url
        owner_url = found.pop("DATABASE_OWNER_URL", found["DATABASE_URL"])
        if owner:
            found["DATABASE_URL"] = owner_url
        return found

    def _own(self) -> list[PostgresServer | ValkeyServer]:
        return [server for server in (self.postgres, self.valkey) if server]


@contextmanager
def held(state: State) -> Iterator[Lock]:
    """Hold this checkout's servers. Raises InUse with what their holder does."""
    with locked(state.servers / "holder.lock") as lock:
        lock.say("is starting")
        yield lock


@contextmanager
def started_or_borrowed(
    servers: Servers, state: State, interruption: Interruption, purpose: str
) -> Iterator[bool]:
    """Servers that are up: another ./run's, or ones started here and stopped at the end.

    Yields True when they were started here. Whoever started them waits, before stopping, for
    those who borrowed.
    """
    borrowers = state.servers / "borrowers.lock"
    waited = 0.0
    while True:
        with ExitStack() as stack:
            try:
                stack.enter_context(held(state)).say(f"runs {purpose}")
            except InUse as holder:
                if _borrow(stack, servers, borrowers):
                    yield False
                    return
                reason = str(holder)
            else:
                stack.enter_context(servers.started())
                yield True
                _wait_for_borrowers(stack, borrowers, interruption)
                return
        if waited > PATIENCE:
            raise StackError(f"The servers of this checkout do not answer; another ./run {reason}.")
        interruption.pause(0.2)
        waited += 0.2


def _borrow(stack: ExitStack, servers: Servers, borrowers: Path) -> bool:
    try:
        stack.enter_context(locked(borrowers, shared=True))
    except InUse:  # they are being stopped
        return False
    return servers.answer()


def _wait_for_borrowers(stack: ExitStack, borrowers: Path, interruption: Interruption) -> None:
    """Keep the servers up until the last borrower is done, then let no new one in."""
    told = False
    while True:
        try:
            stack.enter_context(locked(borrowers))
        except InUse:
            if not told:
                print("Waiting for another ./run manage.py that uses the same servers.")
                told = True
            try:
                interruption.pause(0.2)
            except Interrupted:
                return
        else:
            return
