"""A connection that breaks at the worst moment: the service has heard, and is not heard."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.surveillance.outbox.receivers import serving


class Wire(socketserver.ThreadingTCPServer):
    """Passes HTTP on to a server, one call a connection. `calls`: the first line and the whole
    answer of each, also of those whose caller got none."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        there = urlsplit(target)
        self.target = (there.hostname, there.port)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.calls: list[tuple[str, bytes]] = []
        self._broken = {"": 0}
        self._at_once = False

    def break_next(self, method: str, times: int = 1, *, at_once: bool = False) -> None:
        """Hang up on the next callers with this method: when the service has answered, or,
        `at_once`, while it is still at work."""
        self._broken[method] = times
        self._at_once = at_once

    def breaks(self, method: str) -> bool:
        """Once for each."""
        left = self._broken.get(method, 0)
        self._broken[method] = max(left - 1, 0)
        return left > 0

    def statuses(self, method: str) -> list[int]:
        return [
            int(answer.split()[1]) for line, answer in list(self.calls) if line.startswith(method)
        ]


class _Call(socketserver.BaseRequestHandler):
    server: Wire

    def handle(self) -> None:
        first = self.request.recv(65_536)
        if not first:
            return
        line = first.partition(b"\r\n")[0].decode()
        breaks = self.server.breaks(line.split()[0])
        with socket.create_connection(self.server.target) as service:
            service.sendall(first)
            if breaks and self.server._at_once:
                self._read_rest(service, first)
                self.request.shutdown(socket.SHUT_RDWR)
            else:
                threading.Thread(target=_pass_on, args=(self.request, service), daemon=True).start()
            answer = b""
            while part := service.recv(65_536):
                answer += part
        self.server.calls.append((line, answer))
        if not breaks:
            self.request.sendall(answer)

    def _read_rest(self, service: socket.socket, first: bytes) -> None:
        """The service gets the whole call before the caller loses the line."""
        head, _end, body = first.partition(b"\r\n\r\n")
        lengths = [one for one in head.split(b"\r\n") if one.lower().startswith(b"content-length:")]
        missing = int(lengths[0].partition(b":")[2]) - len(body) if lengths else 0
        while missing > 0:
            part = self.request.recv(65_536)
            service.sendall(part)
            missing -= len(part)


def _pass_on(caller: socket.socket, service: socket.socket) -> None:
    with suppress(OSError):
        while part := caller.recv(65_536):
            service.sendall(part)


@contextmanager
def wire_to(target: str) -> Iterator[Wire]:
    wire = Wire(target)
    with serving(wire):
        yield wire
