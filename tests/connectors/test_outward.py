"""The way out: only to public servers that prove who they are; no redirect is followed."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from holdfast.connectors import outward
from holdfast.connectors.outward import Door
from holdfast.domain.public_addresses import is_public
from holdfast.domain.refusals import Refusal
from https_server import serving


def _hello(path: str, content: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    if path == "/away":
        return 302, {"Location": "https://169.254.169.254/latest/meta-data"}, b""
    if path == "/long":
        return 200, {}, b"x" * 5000
    return 200, {"X-Path": path}, b'{"hello": "world"}'


def _refused(door: Door, url: str) -> str:
    with pytest.raises(Refusal) as refused:
        door.ask("GET", url)
    return refused.value.code


def test_a_server_in_the_house_is_not_asked(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(path: str, content: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(path)
        return 200, {}, b"{}"

    with serving(answer, tmp_path) as server:
        assert _refused(Door(trust=server.trust), server.address) == "inner_address"
        assert asked == []
        found = Door(frozenset({"localhost"}), server.trust).ask("GET", f"{server.address}/a?b=c")
        assert (found.status, asked) == (200, ["/a?b=c"])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "10.0.0.8",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104
        "2130706433",
    ],
)
def test_inner_addresses_in_any_spelling_are_refused(host: str) -> None:
    assert _refused(Door(), f"https://{host}/") in ("inner_address", "server_unreachable")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:0001::", False),
        ("fe80::1%eth0", False),
        ("100.64.0.1", False),
        ("172.16.5.4", False),
        ("224.0.0.1", False),
        ("fd00::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_with_one_inner_address_is_inner(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, 0, 0, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(outward.socket, "getaddrinfo", both)
    assert _refused(Door(), "https://rebinding.example/") == "inner_address"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com",
        "https://",
        "file:///etc/passwd",
        "https://u:p@example.com/",
    ],
)
def test_only_https_without_a_password(url: str) -> None:
    assert _refused(Door(), url) == "bad_address"


def test_a_redirect_is_an_answer_and_is_not_followed(tmp_path: Path) -> None:
    with serving(_hello, tmp_path) as server:
        found = Door(frozenset({"localhost"}), server.trust).ask("GET", f"{server.address}/away")
        assert found.status == 302


def test_a_server_that_cannot_prove_its_name_is_not_believed(tmp_path: Path) -> None:
    with serving(_hello, tmp_path) as server:
        assert _refused(Door(frozenset({"localhost"})), server.address) == "server_unreachable"
        other = server.address.replace("localhost", "127.0.0.1")
        assert _refused(Door(frozenset({"127.0.0.1"}), server.trust), other) == "server_unreachable"


def test_an_answer_that_is_too_long_or_no_json_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outward, "MOST_BYTES", 100)
    with serving(_hello, tmp_path) as server:
        door = Door(frozenset({"localhost"}), server.trust)
        assert _refused(door, f"{server.address}/long") == "bad_answer"
    with pytest.raises(Refusal):
        outward.Answer(200, {}, b"<html>").json()


def test_nobody_there_is_said_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert _refused(Door(frozenset({"127.0.0.1"})), f"https://127.0.0.1:{port}/") == "server_unreachable"
    assert _refused(Door(), "https://nobody.invalid/") == "server_unreachable"


def test_what_may_be_secret_in_an_address_is_not_told() -> None:
    for url in ("http://api.example/bot1:AAA/x", "https://ann:geheim@api.example/"):
        with pytest.raises(Refusal) as refused:
            Door().ask("GET", url)
        assert "api.example" in str(refused.value)
        assert "AAA" not in str(refused.value) and "geheim" not in str(refused.value)
