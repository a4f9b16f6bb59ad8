"""A Valkey server of our own: broker and cache. It may lose its memory; the outbox may not."""

import os
import socket
from contextlib import suppress

from surveillance.devstack.binaries import find_valkey
from surveillance.devstack.processes import (
    Interruption,
    Process,
    rotate_log,
    wait_for_predecessor,
)
from surveillance.devstack.state import StackError, State


class ValkeyServer:
    """Listens on a unix socket in a folder that only its user can enter."""

    def __init__(
        self, state: State, interruption: Interruption, *, throw_away: bool = False
    ) -> None:
        self.interruption = interruption
        folder = state.socket_folder("vk")
        self.socket = folder / "valkey.sock"
        self.pid_file = state.servers / "valkey.pid"
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "pidfile": str(self.pid_file),
            "dir": str(state.servers),
            "save": "" if throw_away else "60 1",
            "databases": "64",
        }
        self.process = Process(
            "Valkey",
            [find_valkey(), *(part for name in options for part in (f"--{name}", options[name]))],
            log=state.logs / "valkey.log",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        )

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=0"

    def start(self) -> None:
        wait_for_predecessor(self.pid_file, "-server", self.interruption)
        rotate_log(self.process.log)
        self.process.start()
        try:
            for _ in range(200):
                if self.answers():
                    return
                if self.process.exit_code() is not None:
                    break
                self.interruption.pause(0.05)
            raise StackError(f"Valkey did not start:\n{self.process.last_lines()}")
        except BaseException:
            self.process.stop()
            raise

    def stop(self) -> None:
        self.process.stop()

    def answers(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
        return False
