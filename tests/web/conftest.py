"""A served workspace, people who sign in, and pages in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from holdfast.settings import Settings

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "kelp-holds-to-rock"


@pytest.fixture
def served(workspace: Settings) -> Settings:
    """The workspace that requests are answered from."""
    from holdfast.web.workspace import serve_workspace

    serve_workspace(workspace)
    return workspace


@pytest.fixture
def visitor(served: Settings) -> Client:
    """Somebody without sign-in."""
    from django.test import Client

    return Client()


@pytest.fixture
def signed_in(served: Settings) -> Callable[..., Client]:
    """Makes a person of a role, signed in, who reads in a language."""
    from django.test import Client

    from holdfast.store.models import User

    def make(role: str = "admin", language: str = "en") -> Client:
        # Without a password: hashing one takes as long as the rest of a test.
        email = f"{role}.{language}@example.com"
        person = User.objects.create_user(email, None, name="Niamh Kelly", role=role, language=language)
        client = Client()
        client.force_login(person)
        return client

    return make


@pytest.fixture
def watched(served: Settings) -> Iterator[None]:
    """As in a process that serves: who saw what is noted by a thread of its own, not by the page."""
    from holdfast.web import watching

    watching.start()
    yield
    watching.stop()


@pytest.fixture
def foreseen(served: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company that was scored, as pages read it."""
    from holdfast.services.foresee import reading
    from web import foreseen as examples

    def weigh(settings: Settings, thresholds: Sequence[float]) -> list[object]:
        return [examples.consequence(threshold) for threshold in thresholds]

    monkeypatch.setattr(reading, "at_risk", lambda *_, **asked: examples.at_risk(after=asked.get("after")))
    monkeypatch.setattr(reading, "customer_risk", lambda *_: examples.customer_risk())
    monkeypatch.setattr(reading, "last_backtest", lambda _: examples.backtest())
    cards = (examples.card(), examples.card(2, "retired", drift=None), examples.card(1, "challenger"))
    monkeypatch.setattr(reading, "model_cards", lambda _: cards)
    monkeypatch.setattr(reading, "consequences", weigh)


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A test says enough."""


@dataclass(frozen=True)
class Address:
    """Where the pages are served, and who may sign in there."""

    url: str
    email: str
    password: str


@pytest.fixture
def address(served: Settings) -> Iterator[Address]:
    """The workspace over HTTP on a port of its own, with an administrator."""
    from django.core.handlers.wsgi import WSGIHandler

    from holdfast.store.users import create_user

    create_user(served, email="niamh@example.com", name="Niamh Kelly", role="admin", password=PASSWORD)
    with _running(WSGIHandler()) as url:
        yield Address(url, "niamh@example.com", PASSWORD)


@contextmanager
def _running(application: object) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, application, _Threaded, _Quiet)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
