"""Calls to addresses that others name: the address actually dialled is the one that was checked.

A name is resolved once; every address of the answer must be public, and a connection goes to one
of those, never to the name again: so an answer that changes (DNS rebinding) changes nothing.
Redirects are never followed, and no proxy of the environment is asked.
"""

import re
import socket
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

import urllib3
from django.conf import settings

from surveillance.outbox.transports.base import Permanent, Unavailable
from surveillance.outbox.transports.special_ranges import is_public

TIMEOUT = urllib3.Timeout(connect=5, read=15)
KEPT_POOLS = 16  # destinations that one thread keeps a connection to
MOST_OF_A_BODY = 8_192  # bytes of an answer that are read
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9])?", re.ASCII)
_HTTPS = 443
_UNPRIVILEGED = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL taken apart and found to be one that we call. `host` in ASCII, without brackets."""

    scheme: str
    host: str
    port: int
    target: str
    named: str  # what stands in the Host header


def destination_of(url: str) -> Destination:
    """Raises Permanent, with a sentence that says how to mend it. Nothing is resolved yet."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise Permanent(f"This is not an address: {problem}") from problem
    if any(ord(sign) <= ord(" ") or ord(sign) == 0x7F or sign == "\\" for sign in url):
        raise Permanent("An address holds no blanks, control characters or backslashes.")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Permanent("An address begins with https:// and a host.")
    if parts.scheme == "http" and not settings.WEBHOOKS_MAY_CALL_PRIVATE:
        raise Permanent("Webhooks are sent over https only.")
    if "@" in parts.netloc:
        raise Permanent("An address holds no user and no password.")
    port = port if port is not None else (_HTTPS if parts.scheme == "https" else 80)
    if port != _HTTPS and port < _UNPRIVILEGED and not settings.WEBHOOKS_MAY_CALL_PRIVATE:
        raise Permanent("Webhooks are sent to port 443, or to one from 1024.")
    host = _host(parts)
    bracketed = f"[{host}]" if ":" in host else host
    usual = port == (_HTTPS if parts.scheme == "https" else 80)
    return Destination(
        scheme=parts.scheme,
        host=host,
        port=port,
        target=f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}",
        named=bracketed if usual else f"{bracketed}:{port}",
    )


def addresses_of(destination: Destination) -> list[str]:
    """All of the answer's. Raises Unavailable without an answer, Permanent when one of them is
    not public."""
    try:
        found = socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise Unavailable(f"{destination.host} has no address: {problem}") from problem
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not settings.WEBHOOKS_MAY_CALL_PRIVATE:
        for address in addresses:
            if not is_public(address):
                raise Permanent(f"{destination.host} is at {address}: not a public address")
    return addresses


class Dialler:
    """Keeps connections to the last destinations open. Belongs to one thread."""

    def __init__(self) -> None:
        self._pools: OrderedDict[tuple[str, str, int], list[urllib3.HTTPConnectionPool]]
        self._pools = OrderedDict()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises Permanent for an address we never call, Unavailable when nobody answers."""
        destination = destination_of(url)
        headers = {**headers, "Host": destination.named}
        problem: Exception | None = None
        for pool in self._pools_to(destination):
            try:
                return _post(pool, destination.target, body, headers)
            except urllib3.exceptions.NewConnectionError as refused:
                problem = refused  # nothing has been sent: the next address may answer
            except urllib3.exceptions.ConnectTimeoutError as silent:
                problem = silent
            except urllib3.exceptions.HTTPError as broken:
                raise Unavailable(f"{type(broken).__name__}: {broken}") from broken
        self._forget(destination)
        raise Unavailable(f"{type(problem).__name__}: {problem}") from problem

    def close(self) -> None:
        for pools in self._pools.values():
            for pool in pools:
                pool.close()
        self._pools.clear()

    def _pools_to(self, destination: Destination) -> list[urllib3.HTTPConnectionPool]:
        """One for each checked address; who has not been called for long is hung up on."""
        key = (destination.scheme, destination.host, destination.port)
        if key not in self._pools:
            self._pools[key] = [_pool(destination, one) for one in addresses_of(destination)]
        self._pools.move_to_end(key)
        while len(self._pools) > KEPT_POOLS:
            for pool in self._pools.popitem(last=False)[1]:
                pool.close()
        return self._pools[key]

    def _forget(self, destination: Destination) -> None:
        """A host that does not answer may have moved: ask for its addresses the next time."""
        key = (destination.scheme, destination.host, destination.port)
        for pool in self._pools.pop(key, []):
            pool.close()


def _host(parts: SplitResult) -> str:
    """The host in ASCII. A name has labels of letters, digits and hyphens, and its last label is
    no number: so what only looks like a name ("0x7f.1", "２１３０７０６４３３") is refused."""
    given = parts.hostname or ""
    if "[" in parts.netloc:
        if "%" in given:
            raise Permanent("An address holds no zone of a network.")
        return given
    try:
        host = given.encode("idna").decode() if not given.isascii() else given
    except UnicodeError as problem:
        raise Permanent(f"{given} is not a name of a host.") from problem
    host = host.removesuffix(".").lower()
    labels = host.split(".")
    if not all(_NAME.fullmatch(label) for label in labels):
        raise Permanent(f"{given} is not a name of a host.")
    is_dotted = len(labels) == 4 and all(
        label.isdecimal() and str(int(label)) == label for label in labels
    )
    if not is_dotted and re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        raise Permanent(f"Write {given} as four decimal numbers, or as a name.")
    return host


def _pool(destination: Destination, address: str) -> urllib3.HTTPConnectionPool:
    if destination.scheme == "https":
        return urllib3.HTTPSConnectionPool(
            address,
            destination.port,
            server_hostname=destination.host,
            assert_hostname=destination.host,
            timeout=TIMEOUT,
        )
    return urllib3.HTTPConnectionPool(address, destination.port, timeout=TIMEOUT)


def _post(
    pool: urllib3.HTTPConnectionPool, target: str, body: bytes, headers: Mapping[str, str]
) -> Answer:
    answer = pool.urlopen(
        "POST",
        target,
        body=body,
        headers=headers,
        redirect=False,
        retries=False,
        preload_content=False,
    )
    try:
        read = answer.read(MOST_OF_A_BODY, decode_content=False)
        if answer.read(1):
            answer.close()  # more than we want to hear: hang up
    finally:
        answer.release_conn()
    return Answer(answer.status, dict(answer.headers), read.decode(errors="replace"))
