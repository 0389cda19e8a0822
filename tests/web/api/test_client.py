"""The Python client (N2) against a real server: pages go on, writes happen once, problems are errors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from holdfast.client import ApiError, Client
from holdfast.services.collect.keys import create_key
from holdfast.settings import Settings
from web.conftest import Address
from web.every_page import furnish
from web.history import unit_of


@pytest.fixture
def holdfast(served: Settings, address: Address) -> Client:
    """A client of a furnished Holdfast."""
    furnish(served)
    _, secret = create_key(served, "Client", scope="admin", now=datetime.now(UTC))
    return Client(address.url, secret, wait=lambda seconds: None)


def test_the_client_reads_and_writes(holdfast: Client) -> None:
    everybody = list(holdfast.customers.list_all_customers(limit=20))
    worth = [each["amount"]["amount_minor"] for each in everybody]
    assert len(worth) == 62 and worth == sorted(worth, reverse=True)
    unit = unit_of("c-17")
    assert holdfast.customers.get_customer(unit)["name"] == "Ioana Marin"
    made = holdfast.notes.create_note(unit, text="Called — she’ll stay")
    assert holdfast.notes.list_notes(unit)["items"][0]["text"] == "Called — she’ll stay"
    holdfast.notes.get_note(unit, made["id"])
    tag = holdfast.connection.etag
    holdfast.notes.update_note(unit, made["id"], text="Called", if_match=tag)
    with pytest.raises(ApiError) as stale:
        holdfast.notes.update_note(unit, made["id"], text="Called twice", if_match=tag)
    assert (stale.value.status, stale.value.error) == (412, "changed_meanwhile")
    task = holdfast.tasks.create_task(title="Write", owner_id=None, due_at="2030-01-01T09:00:00Z")
    assert holdfast.tasks.update_task(task["id"], due_at=None)["due_at"] is None
    file = holdfast.documents.add_document(unit, content=b"Hello", name="hello.txt")
    assert holdfast.documents.get_document(unit, file["id"]) == b"Hello"
    holdfast.documents.delete_document(unit, file["id"])


def test_what_is_refused_is_an_error_with_its_code(holdfast: Client) -> None:
    with pytest.raises(ApiError) as refused:
        holdfast.customers.get_customer(999_999)
    assert (refused.value.status, refused.value.error) == (404, "no_such_customer")
    assert "999999" in str(refused.value)
    with pytest.raises(ApiError) as closed:
        Client(holdfast.connection.address, "hfk_r_guess").workspace.get_caller()
    assert closed.value.status == 401
    with pytest.raises(ValueError, match="https://"):
        Client("ftp://holdfast.example", "k")


class _Moody:
    """A server that answers with these statuses, one after the other."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.keys, self.calls = list(statuses), set[str](), 0


@pytest.fixture
def moody() -> Iterator[Callable[..., tuple[str, _Moody]]]:
    servers: list[HTTPServer] = []

    def serve(*statuses: int) -> tuple[str, _Moody]:
        mood = _Moody(*statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                mood.calls += 1
                mood.keys.add(self.headers.get("Idempotency-Key", ""))
                status = mood.statuses.pop(0)
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Retry-After", "3")
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"id": 1}')

            do_GET = do_POST  # noqa: N815  (as the base class calls it)

            def log_message(self, format: str, *args: object) -> None:
                """A test says enough."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", mood

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_fails_for_a_moment_is_sent_again_under_the_same_key(
    moody: Callable[..., tuple[str, _Moody]],
) -> None:
    url, mood = moody(503, 429, 200)
    waited: list[float] = []
    Client(url, "k", wait=waited.append).notes.create_note(1, text="x")
    assert mood.calls == 3 and len(mood.keys) == 1 and waited == [3.0, 3.0]


@pytest.mark.parametrize(("status", "calls"), [(500, 1), (404, 1), (302, 1), (503, 4)])
def test_what_would_not_help_is_not_sent_again(
    moody: Callable[..., tuple[str, _Moody]], status: int, calls: int
) -> None:
    url, mood = moody(*[status] * 4)
    with pytest.raises(ApiError) as refused:
        Client(url, "k", wait=lambda seconds: None).workspace.get_caller()
    assert (refused.value.status, mood.calls) == (status, calls)


def test_a_server_that_is_not_there_is_an_error_after_some_tries() -> None:
    waited: list[float] = []
    with pytest.raises(ApiError) as refused:
        Client("http://127.0.0.1:1", "k", tries=3, wait=waited.append).workspace.get_caller()
    assert (refused.value.status, refused.value.error) == (0, "unreachable")
    assert waited == [0.5, 1.0]
