"""Receivers of letters that take everything and keep nothing."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection


class _Post(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # the connection is kept
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a line for each call would be measured too."""


class _Mail(socketserver.StreamRequestHandler):
    """SMTP as far as a client needs it to hand a mail over (RFC 5321)."""

    def handle(self) -> None:
        self._say("220 bench")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                self._say("250 taken")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 bench")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def receiving() -> Iterator[tuple[int, int]]:
    """The ports of a mail server and of a web server on this machine, in a process of their own:
    in ours they would take turns with what is measured."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_receive, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _receive(pipe: Connection) -> None:
    servers = [_MailServer(("127.0.0.1", 0), _Mail), ThreadingHTTPServer(("127.0.0.1", 0), _Post)]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(tuple(server.server_address[1] for server in servers))
    servers[0].serve_forever()
