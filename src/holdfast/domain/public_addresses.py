"""Which IP addresses are on the internet: whoever may enter a name must not make us ask our neighbours."""

from __future__ import annotations

import ipaddress

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Addresses that a NAT64 gateway turns into IPv4 ones (RFC 6052, RFC 8215)."""
_COMPATIBLE = ipaddress.ip_network("::/96")
"""IPv4 written into the last bits of an IPv6 address, as was once done (RFC 4291, 2.5.5.1)."""


def is_public(address: str) -> bool:
    """Whether an IP address is reachable on the internet: not loopback, private, link-local, shared (CGNAT),
    reserved or of a group; nor one that is written in IPv6 and leads to such an IPv4 address.

    Raises ``ValueError`` for what is no address. Names are not looked up here.
    """
    return all(each.is_global and not each.is_multicast for each in _meant(address))


def _meant(address: str) -> list[_Address]:
    found = ipaddress.ip_address(address.partition("%")[0])
    return _inside(found) or [found]


def _inside(found: _Address) -> list[_Address]:
    """The IPv4 addresses that an IPv6 address is another spelling of, or leads through."""
    if isinstance(found, ipaddress.IPv4Address):
        return []
    if found.ipv4_mapped is not None:
        return [found.ipv4_mapped]
    if found.sixtofour is not None:
        return [found.sixtofour]
    if found.teredo is not None:
        return list(found.teredo)
    if found in _COMPATIBLE or any(found in each for each in _TRANSLATED):
        return [ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)]
    return []
