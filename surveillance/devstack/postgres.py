"""A PostgreSQL server of our own: three roles, one database, the extensions we need.

`surveillance_owner` owns the database and migrates it. `surveillance_app` owns nothing and
bypasses nothing; default privileges give it what the application needs on whatever the owner
makes. Both hold in every database made later too (tests), because they stand in template1.
`surveillance_platform` cannot sign in: the application becomes it for whoever is not of the
authority (accounts/wall.py).
"""

import locale
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from surveillance.devstack.binaries import PostgresPrograms, find_postgres
from surveillance.devstack.processes import (
    Interruption,
    Process,
    as_user,
    rotate_log,
    wait_for_predecessor,
)
from surveillance.devstack.state import StackError, State

DATABASE = "surveillance"
OWNER = "surveillance_owner"
APP = "surveillance_app"
PLATFORM = "surveillance_platform"
CAN_GRANT_WITHOUT_INHERITING = 16  # the version from which policies of a role stay its own
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
ACCESS = "local all postgres peer map=devstack\nlocal all all scram-sha-256\n"
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer:
    """Listens on a unix socket in a folder that only its user can enter.

    `throw_away`: nothing is forced to disk, and the owner may switch triggers off for a session
    (tests empty tables whose triggers refuse it).
    """

    def __init__(
        self, state: State, interruption: Interruption, *, throw_away: bool = False
    ) -> None:
        self.state = state
        self.interruption = interruption
        self.throw_away = throw_away
        self.made_database = False
        self.secrets = state.secrets()
        self.programs: PostgresPrograms = find_postgres(state)
        self.data = state.servers / f"postgresql-{self.programs.major}"
        self.sockets = state.socket_folder("pg")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "hba_file": str(state.servers / "pg_hba.conf"),
            "ident_file": str(state.servers / "pg_ident.conf"),
            "timezone": "UTC",
            "random_page_cost": "1.1",  # as docs/operate.md advises
            **(HASTE if throw_away else {}),
        }
        options = [part for name in settings for part in ("-c", f"{name}={settings[name]}")]
        self.process = Process(
            "PostgreSQL",
            [self.programs.folder / "postgres", "-D", self.data, *options],
            log=state.logs / "postgresql.log",
            env=self._environment(),
            stop_signal=signal.SIGINT,  # "fast": open transactions are rolled back
            patience=20,
            user=state.server_user,
            cwd=Path("/"),
        )

    def url(self, role: str, database: str = DATABASE) -> str:
        password = self.secrets["OWNER_PASSWORD" if role == OWNER else "APP_PASSWORD"]
        return (
            f"postgresql://{role}:{password}@/{database}?host={quote(str(self.sockets), safe='')}"
        )

    def start(self) -> None:
        """Make the cluster if there is none, start the server and see to roles and database."""
        self._write_access_rules()
        if not self.data.exists():
            self._make_cluster()
        wait_for_predecessor(self.data / "postmaster.pid", str(self.data), self.interruption)
        rotate_log(self.process.log)
        self.process.start()
        try:
            self._wait_until_ready()
            self._provision()
        except BaseException:
            self.process.stop()
            raise

    def stop(self) -> None:
        self.process.stop()

    def answers(self) -> bool:
        """Can the application's role sign in?"""
        try:
            psycopg.connect(self.url(APP), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

    def _write_access_rules(self) -> None:
        """Whoever starts the server is its superuser, by name and without a password."""
        try:
            starter = pwd.getpwuid(os.geteuid()).pw_name
        except KeyError as error:
            raise StackError(
                f"The user id {os.geteuid()} has no name on this machine (/etc/passwd), which "
                "PostgreSQL needs. Add one, or set DATABASE_URL to a server of yours."
            ) from error
        for name, text in (("pg_hba", ACCESS), ("pg_ident", f'devstack "{starter}" postgres\n')):
            path = self.state.servers / f"{name}.conf"
            path.write_text(text)
            path.chmod(0o644)
        if self.state.server_user:
            shutil.chown(self.sockets, self.state.server_user)

    def _make_cluster(self) -> None:
        """initdb beside the final place: an interrupted one leaves nothing that looks whole."""
        nursery = self.state.servers / "initdb"
        shutil.rmtree(nursery, ignore_errors=True)
        nursery.mkdir(mode=0o700)
        if self.state.server_user:
            shutil.chown(nursery, self.state.server_user)
        command = [
            str(self.programs.folder / "initdb"),
            f"--pgdata={nursery}",
            "--username=postgres",
            "--auth=peer",
            "--encoding=UTF8",
            *_locale_options(self.programs.major),
            *(["--no-sync"] if self.throw_away else []),
        ]
        done = subprocess.run(  # type: ignore[call-overload]
            command,
            env=self._environment(),
            cwd="/",
            capture_output=True,
            text=True,
            **as_user(self.state.server_user),
        )
        if done.returncode:
            shutil.rmtree(nursery, ignore_errors=True)
            raise StackError(f"initdb failed:\n{done.stdout}{done.stderr}".rstrip())
        nursery.rename(self.data)

    def _wait_until_ready(self) -> None:
        for _ in range(600):
            if self.process.exit_code() is not None:
                break
            try:
                self._as_superuser("template1").close()
            except psycopg.OperationalError:
                self.interruption.pause(0.05)
            else:
                return
        raise StackError(f"PostgreSQL did not start:\n{self.process.last_lines()}")

    def _as_superuser(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.sockets), user="postgres", dbname=database, autocommit=True
        )

    def _provision(self) -> None:
        """Bring roles, privileges, extensions and database to what the docstring says."""
        with self._as_superuser("template1") as connection:
            for role, attributes in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
                _ensure_role(
                    connection,
                    role,
                    attributes,
                    self.secrets["OWNER_PASSWORD" if role == OWNER else "APP_PASSWORD"],
                )
            _ensure_role_of_outsiders(connection, self.programs.major)
            if self.throw_away:
                connection.execute(
                    sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(
                        sql.Identifier(OWNER)
                    )
                )
            _ensure_extensions_and_privileges(connection)
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
        if known is None:
            with self._as_superuser("postgres") as connection:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
                connection.execute(f"REVOKE TEMPORARY ON DATABASE {DATABASE} FROM PUBLIC")
            self.made_database = True
        else:
            with self._as_superuser(DATABASE) as connection:
                _ensure_extensions_and_privileges(connection)


def _ensure_role(
    connection: "psycopg.Connection[tuple[object, ...]]",
    role: str,
    attributes: str,
    password: str,
) -> None:
    _ensure_role_exists(connection, role)
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}").format(
            sql.Identifier(role), sql.SQL(attributes), sql.Literal(password)
        )
    )


def _ensure_role_exists(connection: "psycopg.Connection[tuple[object, ...]]", role: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))


def _ensure_role_of_outsiders(
    connection: "psycopg.Connection[tuple[object, ...]]", major: int
) -> None:
    """The application may become it, and has nothing of it as itself."""
    _ensure_role_exists(connection, PLATFORM)
    connection.execute(f"ALTER ROLE {PLATFORM} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE")
    options = "WITH INHERIT FALSE, SET TRUE" if major >= CAN_GRANT_WITHOUT_INHERITING else ""
    connection.execute(f"GRANT {PLATFORM} TO {APP} {options}")


def _ensure_extensions_and_privileges(
    connection: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    for extension in EXTENSIONS:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    connection.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
    for privileges in (
        "SELECT, INSERT, UPDATE, DELETE ON TABLES",
        "USAGE, SELECT ON SEQUENCES",
        "EXECUTE ON FUNCTIONS",
    ):
        connection.execute(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public "
            f"GRANT {privileges} TO {APP}"
        )


def _locale_options(major: int) -> list[str]:
    """Unicode's character classes, the same order of strings on every machine.

    The character type matters beside the provider: with "C", pg_trgm finds no letters in Chinese.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        finally:
            locale.setlocale(locale.LC_CTYPE, before)
        if major >= 17:
            return [
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                f"--lc-ctype={name}",
            ]
        return [f"--locale={name}"]
    raise StackError("This machine knows neither the locale C.UTF-8 nor en_US.UTF-8; install one.")
