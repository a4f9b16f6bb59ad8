"""Receivers on this machine that letters are really sent to: a mail server and a web server."""

import asyncio
import email
import email.policy
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer
from typing import Any

from aiosmtpd.controller import Controller

from surveillance import clock
from surveillance.accounts.models import Organisation
from surveillance.outbox import vault
from surveillance.webhooks.models import Endpoint


@dataclass
class MailServer:
    """What arrived, and when by time.monotonic(). `reply` is what the server says to a message,
    "250 OK" when it takes it, `says_after` so many seconds; about the recipient `hangs_on` it says
    nothing for long."""

    port: int = 0
    reply: str = "250 OK"
    hangs_on: str = ""
    hangs_for: float = 5.0  # seconds
    says_after: float = 0.0
    connections: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    arrived_at: list[float] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address == self.hangs_on:
            await asyncio.sleep(self.hangs_for)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.reply.startswith("250"):
            parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.mails.append(parsed)  # type: ignore[arg-type]
            self.arrived_at.append(time.monotonic())
        await asyncio.sleep(self.says_after)
        return self.reply


@contextmanager
def mail_server() -> Iterator[MailServer]:
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    # aiosmtpd asks its own port whether it has started, which needs a number.
    controller.port = free_port()
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        controller.stop()


@dataclass
class Hook:
    headers: dict[str, str]
    body: bytes
    arrived_at: float = field(default_factory=time.monotonic)


@dataclass
class HookServer:
    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)
    body: bytes = b""
    connections: int = 0
    says_after: float = 0.0  # seconds
    waits_for: threading.Event | None = None  # before it answers


@contextmanager
def hook_server() -> Iterator[HookServer]:
    state = HookServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # the connection is kept

        def setup(self) -> None:
            state.connections += 1
            super().setup()

        def do_POST(self) -> None:  # noqa: N802
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the caller died in the middle
            state.hooks.append(Hook(dict(self.headers), body))
            if state.waits_for:
                state.waits_for.wait(10)
            time.sleep(state.says_after)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            if state.body:
                self.send_header("Content-Length", str(len(state.body)))
            elif state.status != 204:
                self.send_header("Content-Length", "0")
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exception(), ConnectionError):  # callers may die
                super().handle_error(request, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    with serving(server):
        yield state


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Beside the test; at its end the server hears at once that it is to stop."""
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def an_endpoint(organisation: Organisation, url: str, secret: str) -> Endpoint:
    """As if the organisation's manager had made it and it had drawn this secret; to an address
    of this machine, which the verb itself refuses."""
    row = Endpoint(
        organisation=organisation,
        reference=f"wh_{Endpoint.objects.count()}",
        url=url,
        secret=vault.seal(secret),
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    row.save()
    return row


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
