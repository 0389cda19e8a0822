"""A furnished workspace and programs with keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.services.collect.keys import create_key
from holdfast.settings import Settings
from web.every_page import furnish
from web.history import unit_of

if TYPE_CHECKING:
    from django.test import Client

BASE = "/api/v1"


class Program:
    """A program with a key: calls, and reads what is answered."""

    def __init__(self, client: Client, secret: str) -> None:
        self.client, self.secret = client, secret

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given: dict[str, Any] = {"content_type": "application/json"} if body is not None else {}
        if body is not None:
            given["data"] = body if isinstance(body, str | bytes) else _json(body)
        named = {"authorization": f"Bearer {self.secret}"} | headers
        return self.client.generic(method, BASE + path, headers=named, **given)

    def sent(self, path: str, content: bytes, **headers: str) -> Any:
        """The answer to a file that is brought."""
        named = {"authorization": f"Bearer {self.secret}"} | headers
        kind = "application/octet-stream"
        return self.client.generic("POST", BASE + path, data=content, content_type=kind, headers=named)

    def bring(self, path: str, content: bytes, **headers: str) -> Any:
        """What is answered to a file that is taken."""
        answer = self.sent(path, content, **headers)
        assert answer.status_code == 201, answer.content
        return answer.json()


def _json(body: Any) -> str:
    import json

    return json.dumps(body)


@pytest.fixture
def program(served: Settings) -> Callable[..., Program]:
    """Makes a program with a key of a scope, perhaps one that acts for somebody."""
    from django.test import Client

    def make(scope: str = "admin", acts_for: str = "") -> Program:
        _, secret = create_key(
            served, f"Program {scope}", scope=scope, acts_for=acts_for, now=datetime.now(UTC)
        )
        return Program(Client(raise_request_exception=False), secret)

    return make


@pytest.fixture
def full(served: Settings) -> int:
    """A workspace with something everywhere; the number of a customer of it."""
    furnish(served)
    return unit_of("c-17")
