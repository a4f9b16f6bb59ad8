"""Calls to addresses that others name: the address actually dialled is the one that was checked.

`ipaddress.is_global` alone is not enough: shared address space (RFC 6598), NAT64 (RFC 6052),
6to4 (RFC 3056), Teredo (RFC 4380) and IPv4-mapped addresses wrap or neighbour private ones.
Redirects are never followed.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3
from django.conf import settings

from surveillance.outbox.transports.base import Permanent, Temporary

_REFUSED = [
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",
        "192.88.99.0/24",
        "224.0.0.0/4",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "::ffff:0:0/96",
        "ff00::/8",
    )
]
TIMEOUT = urllib3.Timeout(connect=5, read=15)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after: str
    body: str


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    return ip.is_global and not any(
        ip.version == network.version and ip in network for network in _REFUSED
    )


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """POST to `url`. Raises Permanent for an address we never call, Temporary when it is away."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Permanent(f"{url} is not an http or https address")
    if parts.scheme == "http" and not settings.WEBHOOKS_MAY_CALL_PRIVATE:
        raise Permanent(f"{url}: webhooks are sent over https only")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _checked_address(parts.hostname, port)
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address,
            port,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
            timeout=TIMEOUT,
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=TIMEOUT)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        with pool:
            answer = pool.urlopen(
                "POST",
                target,
                body=body,
                headers={**headers, "Host": parts.netloc.rpartition("@")[2]},
                redirect=False,
                retries=False,
            )
    except urllib3.exceptions.HTTPError as problem:
        raise Temporary(f"{type(problem).__name__}: {problem}") from problem
    return Answer(
        answer.status,
        answer.headers.get("Retry-After", ""),
        answer.data[:2000].decode(errors="replace"),
    )


def _checked_address(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as problem:
        raise Temporary(f"{host} has no address: {problem}") from problem
    address = str(found[0][4][0])
    if not is_public(address) and not settings.WEBHOOKS_MAY_CALL_PRIVATE:
        raise Permanent(f"{host} is at {address}, which is not a public address")
    return address
