"""Django's pages below an ASGI server: nothing of a request or an answer is lost on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from holdfast.web import bridge
from holdfast.web.bridge import Bridge
from web.live import run_apart

Start = Callable[..., Any]


def ask(
    pages: Callable[[dict[str, Any], Start], Iterable[bytes]],
    *pieces: bytes,
    headers: Iterable[tuple[bytes, bytes]] = (),
    path: str = "/",
    leaves: bool = False,
) -> list[dict[str, Any]]:
    """What the bridge sends for one request whose body comes in ``pieces``."""
    rest = list(pieces) or [b""]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if leaves:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"q=1",
        "http_version": "1.1",
        "scheme": "http",
        "headers": list(headers),
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 5000),
    }

    async def scenario() -> None:
        beside = Bridge(pages, 2)
        await beside(scope, receive, send)
        beside.close()

    run_apart(scenario())
    return sent


class Whole(list[bytes]):
    """An answer that Django has whole."""

    streaming = False
    closed = False

    def close(self) -> None:
        self.closed = True


def test_a_request_arrives_as_wsgi_describes_it() -> None:
    seen: dict[str, Any] = {}

    def pages(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read(), thread=threading.current_thread().name)
        start("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", " a=1"), ("Set-Cookie", "b=2")])
        return Whole([b"he", b"llo"])

    headers = [
        (b"host", b"holdfast.example"),
        (b"content-type", b"text/x"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"x-forwarded-proto", b"http"),
        (b"x_forwarded_proto", b"https"),
    ]
    start, body = ask(pages, b"12", b"34", headers=headers, path="/مشتری")
    assert (start["status"], body["body"]) == (200, b"hello")
    assert [value for name, value in start["headers"] if name == b"set-cookie"] == [b"a=1", b"b=2"]
    assert seen["body"] == b"1234"
    assert seen["CONTENT_LENGTH"] == "4"
    assert (seen["CONTENT_TYPE"], seen["HTTP_HOST"], seen["HTTP_COOKIE"]) == (
        "text/x",
        "holdfast.example",
        "a=1; b=2",
    )
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/مشتری"
    assert seen["HTTP_X_FORWARDED_PROTO"] == "http"
    assert (seen["REMOTE_ADDR"], seen["QUERY_STRING"]) == ("127.0.0.1", "q=1")
    assert seen["thread"].startswith("pages")


def test_a_long_answer_is_passed_on_piece_by_piece_and_closed() -> None:
    closed = threading.Event()

    def pieces() -> Iterator[bytes]:
        try:
            yield b"a"
            yield b"b"
        finally:
            closed.set()

    def pages(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return pieces()

    sent = ask(pages)
    assert [message.get("body") for message in sent] == [None, b"a", b"b", b""]
    assert [message.get("more_body", False) for message in sent[1:]] == [True, True, False]
    assert closed.is_set()


def test_an_answer_without_a_body_is_an_answer() -> None:
    def pages(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("204 No Content", [])
        return iter(())

    start, body = ask(pages)
    assert (start["status"], body["body"]) == (204, b"")


def test_a_body_that_is_too_large_is_refused_and_a_visitor_who_left_is_not_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bridge, "MOST_BODY_BYTES", 5)

    def pages(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        raise AssertionError("asked")

    assert ask(pages, b"123", b"456")[0]["status"] == 413
    assert ask(pages, leaves=True) == []


def test_an_error_of_the_pages_is_not_swallowed() -> None:
    def pages(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError, match="a defect"):
        ask(pages)
