"""Where a webhook may go: hostile addresses, each tried for real with the connections counted at
the socket (T6)."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from surveillance.outbox.transports.base import NotTaken, Permanent
from surveillance.outbox.transports.dialling import Dialler, destination_of
from surveillance.outbox.transports.special_ranges import is_public
from tests.surveillance.outbox.receivers import hook_server


def words(text: str) -> list[str]:
    return text.split()


PRIVATE_IPV4 = words(
    """
0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.64.0.1
100.127.255.255 127.0.0.0 127.0.0.1 127.1.2.3 127.255.255.255 169.254.0.1 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1
192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
"""
)
PRIVATE_IPV6 = words(
    """
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:7f00:1
::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::1 100::1
100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe:: 2620:4f:8000::1 3fff::1 4000::1 5f00::1
8000::1 fc00::1 fd12:3456:789a::1 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1
"""
)
PUBLIC = words(
    """
1.1.1.1 9.9.9.9 93.184.215.14 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.167.255.255
198.17.255.255 198.20.0.1 223.255.255.255 2600:: 2606:2800:21f:cb07:6820:80da:af6b:8b2c
2a00:1450:4001::1
"""
)
# Names that resolve to an address of the inside, and ways to write one that are no names.
WRITTEN_OTHERWISE = words(
    """
https://localhost/ https://LOCALHOST/ https://localhost./ https://localhost.localdomain/
https://2130706433/ https://0x7f000001/ https://0x7f.0.0.1/ https://0x7f.1/ https://0177.0.0.1/
https://017700000001/ https://127.1/ https://127.0.1/ https://127.0.0.01/ https://127.0.0.1./
https://0/ https://0x0/ https://00000000000/ https://3232235777/ https://192.168.257/
https://169.254.43518/ https://0xa9fea9fe/ https://2852039166/ https://1/ https://1.1.1.256/
https://①②⑦.⓪.⓪.①/ https://１２７.０.０.１/ https://127。0。0。1/ https://２１３０７０６４３３/ https://[::1%25lo]/
https://[fe80::1%25eth0]/ https://[fe80::1%eth0]/ https://[::]/ https://[]/
https://[::ffff:127.0.0.1]/ https://[0:0:0:0:0:0:0:1]/ https://[::1].example/ https://[1.2.3.4]/
https://example.com@127.0.0.1/ https://user@93.184.215.14/ https://user:pass@93.184.215.14/
https://127.0.0.1#@example.com/ https://example.com:443@127.0.0.1/ https://@127.0.0.1/
https://127.0.0.1\\@example.com/ https://example.com\\@127.0.0.1/
https://127.0.0.1%2f@example.com/ https://127.0.0.1%00.example.com/ https://127.0.0.1%09/
https://-bad-.example/ https://a..b/ https://.example/ https://ex_ample-/ https://*.example/
https://example.com,127.0.0.1/ http://93.184.215.14/ ftp://93.184.215.14/ file:///etc/passwd
gopher://127.0.0.1:70/_ //127.0.0.1/ https:/127.0.0.1/ https:127.0.0.1 https:///127.0.0.1/
javascript:alert(1) data:,x unix:/run/x.sock dict://127.0.0.1/ https://93.184.215.14:22/
https://93.184.215.14:25/ https://93.184.215.14:80/ https://93.184.215.14:6/
https://93.184.215.14:0/ https://93.184.215.14:65536/ https://93.184.215.14:-1/
https://93.184.215.14:x/ https://93.184.215.14:443:443/
"""
) + [
    "",
    " ",
    "https://",
    "https:// 127.0.0.1/",
    "https://127.0.0.1 /",
    "https://127.0.0.1\t/",
    "https://127.0.0.1\r\nHost: example.com/",
    "https://example.com\n@127.0.0.1/",
    "https://exam\x00ple.com/",
]
HOSTILE = [
    *(f"https://{address}/hook" for address in PRIVATE_IPV4),
    *(f"https://[{address}]/hook" for address in PRIVATE_IPV6),
    *WRITTEN_OTHERWISE,
]


@pytest.fixture
def calls(monkeypatch, settings) -> list[Any]:
    """Every connection that anybody in this process tries to make."""
    settings.WEBHOOKS_MAY_CALL_PRIVATE = False
    made: list[Any] = []

    def connect(self: socket.socket, address: Any) -> None:
        made.append(address)
        raise ConnectionRefusedError("counted, not made")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return made


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) >= 140


@pytest.mark.parametrize("url", HOSTILE)
def test_no_connection_is_made_to_a_hostile_address(url, calls, monkeypatch):
    with pytest.raises(NotTaken):
        Dialler().post(url, b"{}", {})
    assert calls == []


@pytest.mark.parametrize("address", [*PRIVATE_IPV4, *PRIVATE_IPV6, "fe80::1%eth0", "1.1.1.1%eth0"])
def test_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_others_are(address):
    assert is_public(address)


class Resolver:
    """Answers as told, another each time: the last for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers: Iterator[list[str]] = iter(answers)
        self.last: list[str] = []
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if _is_written_as_address(host):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        self.asked.append(host)
        self.last = next(self.answers, self.last)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port))
            for one in self.last
        ]


def _is_written_as_address(host: str) -> bool:
    return host.replace(".", "").isdigit() or ":" in host


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "127.0.0.1"],  # one good address does not make the other good
        ["127.0.0.1", "93.184.215.14"],
        ["93.184.215.14", "::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["fe80::1%eth0"],
    ],
)
def test_a_name_with_an_address_of_the_inside_is_not_called(answer, calls, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(answer))
    with pytest.raises(Permanent, match="not a public address"):
        Dialler().post("https://hooks.market.example/", b"{}", {})
    assert calls == []


def test_an_answer_that_changes_changes_nothing(calls, monkeypatch):
    """DNS rebinding: public when it is checked, of the inside when it would be dialled."""
    resolver = Resolver(["93.184.215.14"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    dialler = Dialler()
    with pytest.raises(NotTaken):
        dialler.post("https://hooks.market.example/", b"{}", {})
    assert calls == [("93.184.215.14", 443)]
    with pytest.raises(Permanent):
        dialler.post("https://hooks.market.example/", b"{}", {})
    assert calls == [("93.184.215.14", 443)]
    assert len(resolver.asked) == 2


def test_the_next_address_is_tried_when_the_first_does_not_answer(calls, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(["93.184.215.14", "9.9.9.9"]))
    with pytest.raises(NotTaken):
        Dialler().post("https://hooks.market.example/", b"{}", {})
    assert calls == [("93.184.215.14", 443), ("9.9.9.9", 443)]


def test_a_redirect_is_an_answer_and_not_followed(settings):
    """302 to the metadata service: the status comes back, and that is all."""
    settings.WEBHOOKS_MAY_CALL_PRIVATE = True
    with hook_server() as server:
        server.status, server.headers = 302, {"Location": "http://169.254.169.254/latest/"}
        answer = Dialler().post(server.url, b"{}", {})
    assert answer.status == 302
    assert len(server.hooks) == 1


def test_no_proxy_of_the_environment_is_asked(settings, monkeypatch):
    settings.WEBHOOKS_MAY_CALL_PRIVATE = True
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    with hook_server() as server:
        assert Dialler().post(server.url, b"{}", {}).status == 204


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://hooks.market.example/in?x=1", "hooks.market.example"),
        ("https://Hooks.Market.example.:8443/in", "hooks.market.example:8443"),
        ("https://台灣.example/", "xn--kpry57d.example"),
        ("https://[2606:2800:21f::1]/", "[2606:2800:21f::1]"),
        ("https://93.184.215.14/", "93.184.215.14"),
    ],
)
def test_sound_addresses_are_taken(url, named, settings):
    settings.WEBHOOKS_MAY_CALL_PRIVATE = False
    assert destination_of(url).named == named
