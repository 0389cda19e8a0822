"""Nobody makes us ask our neighbours, however their address is written (N2)."""

from __future__ import annotations

import socket

import pytest

from holdfast.domain.public_addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_an_address_of_the_house_is_known_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_on_the_internet_is_one(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("written", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1"])
def test_what_a_machine_reads_as_loopback_is_looked_at_as_it_reads_it(written: str) -> None:
    try:
        found = socket.getaddrinfo(written, 443, type=socket.SOCK_STREAM)
    except OSError:
        return  # this machine reads no address in it, so nothing is asked
    assert not any(is_public(str(each[4][0])) for each in found)
