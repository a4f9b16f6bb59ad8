"""Addresses that no call of ours goes to. Pure.

The IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890) as of November 2026, every
entry whether or not it says "globally reachable", with multicast (RFC 5771, RFC 4291) and what is
reserved. `ipaddress.is_global` alone is not enough: NAT64, 6to4, Teredo and IPv4-mapped addresses
wrap private ones, and each Python knows another state of the registries. Of IPv6, only what IANA
has given out as global unicast (2000::/3) is called at all.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

SPECIAL_IPV4 = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private use, RFC 1918
        "100.64.0.0/10",  # shared address space, RFC 6598
        "127.0.0.0/8",  # loopback, RFC 1122
        "169.254.0.0/16",  # link local, RFC 3927: the metadata service of many clouds
        "172.16.0.0/12",  # private use, RFC 1918
        "192.0.0.0/24",  # IETF protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.31.196.0/24",  # AS112, RFC 7535
        "192.52.193.0/24",  # AMT, RFC 7450
        "192.88.99.0/24",  # 6to4 relay anycast, RFC 7526
        "192.168.0.0/16",  # private use, RFC 1918
        "192.175.48.0/24",  # AS112, RFC 7534
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/4",  # multicast, RFC 5771
        "240.0.0.0/4",  # reserved, and limited broadcast, RFC 1112, RFC 8190
    )
]
GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291
SPECIAL_IPV6 = [
    IPv6Network(text)
    for text in (
        "::/128",  # unspecified, RFC 4291
        "::1/128",  # loopback, RFC 4291
        "::ffff:0:0/96",  # IPv4-mapped, RFC 4291
        "64:ff9b::/96",  # NAT64, RFC 6052
        "64:ff9b:1::/48",  # NAT64 of one's own, RFC 8215
        "100::/64",  # discard only, RFC 6666
        "100:0:0:1::/64",  # dummy prefix, RFC 9780
        "2001::/23",  # IETF protocol assignments, RFC 2928: Teredo, ORCHID, benchmarking …
        "2001:db8::/32",  # documentation, RFC 3849
        "2002::/16",  # 6to4, RFC 3056
        "2620:4f:8000::/48",  # AS112, RFC 7534
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # segment routing, RFC 9602
        "fc00::/7",  # unique local, RFC 4193
        "fe80::/10",  # link local, RFC 4291
        "fec0::/10",  # site local, deprecated, RFC 3879
        "ff00::/8",  # multicast, RFC 4291
    )
]


def is_public(address: str) -> bool:
    """Of an address as a resolver gives it. A zone ("fe80::1%eth0") is never public. Raises
    ValueError for what is no address."""
    if "%" in address:
        return False
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in SPECIAL_IPV4)
    return _is_public_ipv6(ip)


def _is_public_ipv6(ip: IPv6Address) -> bool:
    return ip in GLOBAL_UNICAST and not any(ip in network for network in SPECIAL_IPV6)
