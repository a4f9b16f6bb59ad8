"""The command line behind ./run and ./check."""

import argparse
import os
import sys
from pathlib import Path

from surveillance.devstack import check
from surveillance.devstack.application import (
    Application,
    prepare,
    prepare_database,
    require_free_port,
)
from surveillance.devstack.processes import Interrupted, Interruption, run_in_foreground
from surveillance.devstack.servers import Servers, held, started_or_borrowed
from surveillance.devstack.state import InUse, StackError, State

CHECKOUT = Path(__file__).resolve().parents[2]
# The application's role may not; "generate" vacuums what it has filled.
OWNER_COMMANDS = {
    *("migrate", "flush", "createcachetable", "generate"),
    *("backup", "restore", "drill_restore"),
}


def main(arguments: list[str]) -> int:
    program, *rest = arguments
    os.chdir(CHECKOUT)
    with Interruption() as interruption:
        try:
            if program == "check":
                return check.run(rest, interruption)
            if rest[:1] == ["manage.py"]:
                return manage(rest[1:], interruption)
            return run(rest, interruption)
        except StackError as error:
            print(f"{program}: {error}", file=sys.stderr)
            return 1
        except Interrupted:
            return 130


def run(arguments: list[str], interruption: Interruption) -> int:
    options = _parse(arguments)
    state = State.of_checkout(CHECKOUT)
    state.prepare()
    demo = _wants_demo(options.demo)
    try:
        with held(state) as lock:
            require_free_port(options.port, interruption)
            servers = Servers(state, interruption, os.environ)
            print(f"Starting; logs in {state.logs}, data in {state.servers}", flush=True)
            with servers.started():
                accounts = prepare(servers, state, interruption, demo=demo)
                application = Application(
                    servers, state, interruption, port=options.port, demo=demo
                )
                try:
                    application.start()
                    lock.say(f"listens on {application.address}")
                    print(f"\n{accounts.rstrip()}\n" if accounts else "")
                    print(f"listening on {application.address} (Ctrl-C stops)", flush=True)
                    application.watch()
                    print("Stopping", flush=True)
                finally:
                    application.stop()
    except InUse as holder:
        raise StackError(f"This checkout's application runs already: it {holder}.") from holder
    return 0


def manage(arguments: list[str], interruption: Interruption) -> int:
    """One management command against servers that are up, here or in another ./run."""
    state = State.of_checkout(CHECKOUT)
    state.prepare()
    servers = Servers(state, interruption, os.environ)
    command = arguments[0] if arguments else "help"
    with started_or_borrowed(servers, state, interruption, f"manage.py {command}"):
        if servers.postgres and servers.postgres.made_database:
            prepare_database(servers, state, interruption)
        environment = servers.environment(owner=command in OWNER_COMMANDS)
        environment["SURVEILLANCE_DEMO"] = "1" if _wants_demo(None) else "0"
        environment.setdefault("LOG_LEVEL", "WARNING")  # a command says itself what it does
        return run_in_foreground(
            [sys.executable, "manage.py", *arguments], env=environment, interruption=interruption
        )


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Start the application; or ./run manage.py COMMAND for a management command.",
    )
    parser.add_argument(
        "--port", type=int, default=os.environ.get("PORT", "8000"), help="default: PORT or 8000"
    )
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        help="demo data and accounts; default: SURVEILLANCE_DEMO, or yes without DATABASE_URL",
    )
    options = parser.parse_args(arguments)
    if not 0 < options.port < 65536:
        parser.error(f"{options.port} is not a port: 1 to 65535")
    return options


def _wants_demo(asked: bool | None) -> bool:
    """Never unasked in a database of one's own."""
    if asked is not None:
        return asked
    if "SURVEILLANCE_DEMO" in os.environ:
        return os.environ["SURVEILLANCE_DEMO"].lower() in {"1", "true", "yes", "on"}
    return not os.environ.get("DATABASE_URL")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
