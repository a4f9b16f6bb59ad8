"""The servers that ./run and ./check start: real ones, in a state folder of the test."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from surveillance.devstack.postgres import APP, OWNER, PLATFORM, PostgresServer
from surveillance.devstack.processes import Interrupted, Interruption, Process, run_in_foreground
from surveillance.devstack.servers import Servers, held, started_or_borrowed
from surveillance.devstack.state import InUse, StackError, State
from surveillance.devstack.valkey import ValkeyServer

HOLDER = """
import sys, time
from pathlib import Path
from surveillance.devstack.processes import Interrupted, Interruption
from surveillance.devstack.servers import Servers
from surveillance.devstack.state import State

state = State.throw_away(Path(sys.argv[1]))
with Interruption() as interruption:
    servers = Servers(state, interruption, {}, throw_away=True)
    with servers.started():
        print("up", servers.postgres.process.pid, servers.valkey.process.pid, flush=True)
        try:
            interruption.pause(60)
        except Interrupted:
            pass
"""


@pytest.fixture(scope="module")
def state() -> Iterator[State]:
    with tempfile.TemporaryDirectory(prefix="devstack-", dir="/tmp") as folder:
        state = State.throw_away(Path(folder))
        state.prepare()
        yield state


@pytest.fixture(scope="module")
def postgres(state: State) -> Iterator[PostgresServer]:
    server = PostgresServer(state, Interruption(), throw_away=True)
    server.start()
    yield server
    server.stop()


def test_the_applications_role_owns_nothing_and_bypasses_nothing(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.url(APP)) as connection:
        attributes = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_database WHERE pg_get_userbyid(datdba) = current_user"
        ).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")
    assert attributes == (False, False, False, False)
    assert owned == (0,)


def test_the_application_can_become_the_role_of_outsiders(postgres: PostgresServer) -> None:
    """Whose rights and policies are not its own before that."""
    with psycopg.connect(postgres.url(APP)) as connection:
        before = connection.execute(
            "SELECT pg_has_role(current_user, %s, 'USAGE')", [PLATFORM]
        ).fetchone()
        connection.execute(f"SET LOCAL ROLE {PLATFORM}")
        assert connection.execute("SELECT current_user").fetchone() == (PLATFORM,)
    assert before == (False,)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in|password"):
        psycopg.connect(postgres.url(APP).replace(APP, PLATFORM))


def test_a_server_of_an_older_release_gets_the_role_at_its_next_start() -> None:
    with tempfile.TemporaryDirectory(prefix="devstack-", dir="/tmp") as folder:
        state = State.throw_away(Path(folder))
        state.prepare()
        _lose_and_regain_the_role(PostgresServer(state, Interruption(), throw_away=True))


def _lose_and_regain_the_role(server: PostgresServer) -> None:
    server.start()
    with psycopg.connect(
        host=str(server.sockets), user="postgres", dbname="postgres", autocommit=True
    ) as superuser:
        superuser.execute(f"DROP ROLE {PLATFORM}")
    server.stop()
    server.start()
    with psycopg.connect(server.url(APP)) as connection:
        connection.execute(f"SET ROLE {PLATFORM}")
    server.stop()


def test_the_owner_owns_the_database_but_is_no_superuser(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.url(OWNER)) as connection:
        found = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, pg_get_userbyid(datdba) = current_user"
            " FROM pg_roles, pg_database WHERE rolname = current_user"
            " AND datname = current_database()"
        ).fetchone()
    assert found == (False, False, True, True)


def test_a_wrong_password_is_refused(postgres: PostgresServer) -> None:
    url = postgres.url(APP).replace(postgres.secrets["APP_PASSWORD"], "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


@pytest.mark.parametrize("database", ["surveillance", "made_by_the_owner"])
def test_the_application_may_use_what_the_owner_makes(
    postgres: PostgresServer, database: str
) -> None:
    if database != "surveillance":
        with psycopg.connect(postgres.url(OWNER, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")
    with psycopg.connect(postgres.url(OWNER, database)) as owner:
        owner.execute("CREATE TABLE thing (id serial, name text)")
    with psycopg.connect(postgres.url(APP, database)) as connection:
        connection.execute("INSERT INTO thing (name) VALUES ('swing')")
        connection.execute("UPDATE thing SET name = 'slide'")
        assert connection.execute("SELECT id, name FROM thing").fetchone() == (1, "slide")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("TRUNCATE thing")


def test_extensions_find_chinese_words(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.url(APP)) as connection:
        found = connection.execute(
            "SELECT similarity('安全玩具', '安全玩') > 0.3, unaccent('é'), lower('É')"
        ).fetchone()
        extensions = connection.execute("SELECT extname FROM pg_extension").fetchall()
    assert found == (True, "e", "é")
    assert {("pg_trgm",), ("unaccent",), ("btree_gin",)} <= set(extensions)


def test_data_and_passwords_survive_a_restart(postgres: PostgresServer, state: State) -> None:
    with psycopg.connect(postgres.url(OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    postgres.stop()
    again = PostgresServer(state, Interruption(), throw_away=True)
    again.start()
    try:
        with psycopg.connect(postgres.url(APP)) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert not again.made_database
    finally:
        again.stop()
        postgres.start()


def test_new_passwords_take_effect_when_the_secrets_were_lost(
    postgres: PostgresServer, state: State
) -> None:
    before = postgres.url(APP)
    postgres.stop()
    (state.var / "secrets.env").unlink()
    postgres.secrets = state.secrets()
    postgres.start()
    assert postgres.url(APP) != before
    assert postgres.answers()


def test_nobody_else_can_enter_the_sockets_folder_or_read_the_secrets(
    postgres: PostgresServer, state: State
) -> None:
    assert stat.S_IMODE(postgres.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE((state.var / "secrets.env").stat().st_mode) == 0o600
    assert stat.S_IMODE(postgres.data.stat().st_mode) == 0o700
    assert state.secrets() == state.secrets()


def test_a_socket_path_that_is_too_long_moves_to_the_temporary_folder(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 4)
    state = State.throw_away(deep)
    state.prepare()
    folder = state.socket_folder("pg")
    assert len(os.fsencode(folder)) < 80
    assert folder == state.socket_folder("pg")
    folder.chmod(0o755)
    with pytest.raises(StackError, match="someone else"):
        state.socket_folder("pg")
    folder.rmdir()


def test_valkey_keeps_its_data_over_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    with tempfile.TemporaryDirectory(prefix="devstack-", dir="/tmp") as folder:
        state = State.throw_away(Path(folder))
        state.prepare()
        for seen in (None, b"toy"):
            server = ValkeyServer(state, Interruption())
            server.start()
            with redis.Redis(unix_socket_path=str(server.socket)) as client:
                assert client.get("alert") == seen
                client.set("alert", "toy")
                client.save()
            server.stop()
            assert not server.answers()


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_runs_after_a_signal(signal_number: signal.Signals) -> None:
    with tempfile.TemporaryDirectory(prefix="devstack-", dir="/tmp") as folder:
        State.throw_away(Path(folder)).prepare()
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, folder], stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout
        said, *pids = holder.stdout.readline().split()
        assert said == "up"
        assert all(_runs(int(pid)) for pid in pids)
        holder.send_signal(signal_number)
        holder.wait(20)
        holder.stdout.close()
        _wait_until(lambda: not any(_runs(int(pid)) for pid in pids))


def test_one_holder_at_a_time_and_the_other_hears_what_it_does(state: State) -> None:
    with held(state) as lock:
        lock.say("listens on http://127.0.0.1:8000")
        with pytest.raises(InUse) as refusal, held(state):
            pass
    assert str(refusal.value) == f"listens on http://127.0.0.1:8000 (process {os.getpid()})"
    with held(state):
        pass


def test_a_command_borrows_servers_that_are_up_and_else_starts_its_own() -> None:
    with tempfile.TemporaryDirectory(prefix="devstack-", dir="/tmp") as folder:
        state = State.throw_away(Path(folder))
        state.prepare()
        servers = Servers(state, Interruption(), {}, throw_away=True)
        with started_or_borrowed(servers, state, Interruption(), "first") as own:
            assert own
            with started_or_borrowed(servers, state, Interruption(), "second") as own:
                assert not own
            assert servers.answer()
        assert not servers.answer()


def test_given_servers_are_used_and_none_started(state: State) -> None:
    given = {"DATABASE_URL": "postgresql://app@db/x", "REDIS_URL": "redis://cache/0"}
    servers = Servers(state, Interruption(), given)
    with servers.started():
        assert servers.environment()["DATABASE_URL"] == "postgresql://app@db/x"
        assert servers.postgres is None
        assert servers.valkey is None
    owner = Servers(state, Interruption(), given | {"DATABASE_OWNER_URL": "postgresql://own@db/x"})
    assert owner.environment(owner=True)["DATABASE_URL"] == "postgresql://own@db/x"
    assert "DATABASE_OWNER_URL" not in owner.environment()


def test_a_pause_ends_at_once_when_a_signal_arrives() -> None:
    with Interruption() as interruption:
        os.kill(os.getpid(), signal.SIGTERM)
        begin = time.monotonic()
        with pytest.raises(Interrupted):
            interruption.pause(30)
    assert time.monotonic() - begin < 1


def test_what_ignores_its_stop_signal_is_killed_with_its_children(tmp_path: Path) -> None:
    script = "trap '' TERM; sleep 300 & echo $! >pid; wait; wait"
    process = Process(
        "deaf",
        ["sh", "-c", script],
        log=tmp_path / "log",
        env=os.environ,
        patience=0.3,
        cwd=tmp_path,
    )
    process.start()
    _wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    process.stop()
    _wait_until(lambda: not _runs(int((tmp_path / "pid").read_text())))


def test_a_missing_program_is_told_in_a_sentence(tmp_path: Path) -> None:
    process = Process("Valkey", [tmp_path / "no-such"], log=tmp_path / "log", env={})
    with pytest.raises(StackError, match="Valkey cannot be started"):
        process.start()


def test_a_commands_exit_code_and_lines_come_back(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []
    code = run_in_foreground(
        ["sh", "-c", "echo 3 passed; exit 4"],
        env=os.environ,
        interruption=Interruption(),
        seen=seen.append,
    )
    assert (code, seen) == (4, ["3 passed\n"])
    assert capsys.readouterr().out == "3 passed\n"


def test_sigterm_reaches_the_command_at_the_terminal_while_its_output_is_read() -> None:
    with Interruption() as interruption:
        code = run_in_foreground(
            ["sh", "-c", "trap 'exit 7' INT; kill -TERM $PPID; while :; do sleep 0.1; done"],
            env=os.environ,
            interruption=interruption,
            stop_signal=signal.SIGINT,
            seen=lambda line: None,
        )
    assert code == 7
    assert interruption.received == signal.SIGTERM


def test_a_command_that_begins_after_sigterm_is_stopped_too() -> None:
    with Interruption() as interruption:
        os.kill(os.getpid(), signal.SIGTERM)
        code = run_in_foreground(["sleep", "60"], env=os.environ, interruption=interruption)
    assert code == 128 + signal.SIGTERM


def _runs(pid: int) -> bool:
    """A zombie does not run; in a container nobody may be there to bury it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.mark.parametrize("demo", ["0", "1"])
def test_the_stylesheet_is_served_from_where_run_collects_it(demo: str, tmp_path: Path) -> None:
    asked = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.test import Client\n"
        "call_command('collectstatic', '--no-input', verbosity=0)\n"
        "print(Client().get('/static/web/app.css').status_code)"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "surveillance.settings", "STATIC_ROOT": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | settings | {"SURVEILLANCE_DEMO": demo},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "200"
