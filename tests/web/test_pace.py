"""N2: who asks too often is told when to come again, and nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.web.limits import Buckets

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch, served: object) -> None:
    """Buckets of three drops that never fill again while a test runs."""
    from holdfast.web import pace

    for name in ("people", "visitors", "exports"):
        monkeypatch.setattr(pace, name, Buckets(per_second=0.001, burst=3))


def test_n2_a_person_who_asks_too_often_waits_and_others_do_not(
    signed_in: Callable[..., Client], strict: None
) -> None:
    agent, analyst = signed_in("agent"), signed_in("analyst")
    assert [agent.get("/customers").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = agent.post("/settings/reader")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "1000"
    assert "Too many pages" in answer.content.decode()
    assert analyst.get("/customers").status_code == 200


def test_n2_an_export_counts_more(
    signed_in: Callable[..., Client], strict: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.web import pace

    monkeypatch.setattr(pace, "people", Buckets(per_second=50, burst=500))
    analyst = signed_in("analyst")
    got = []
    for _ in range(4):
        answer = analyst.get("/customers.csv")
        b"".join(answer) if answer.streaming else b""
        got.append(answer.status_code)
    assert got == [200, 200, 200, 429]
    assert analyst.get("/customers").status_code == 200


def test_n2_a_stranger_is_counted_by_address_but_not_this_machine(visitor: Client, strict: None) -> None:
    assert {visitor.get("/sign-in").status_code for _ in range(6)} == {200}
    far = {"REMOTE_ADDR": "203.0.113.7"}
    assert [visitor.get("/sign-in", **far).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert visitor.get("/sign-in", REMOTE_ADDR="203.0.113.8").status_code == 200
    assert visitor.get("/healthz", **far).status_code == 200


def test_n2_what_a_visitor_claims_is_not_believed_without_a_proxy(visitor: Client, strict: None) -> None:
    for number in range(4):
        answer = visitor.get(
            "/sign-in", REMOTE_ADDR="203.0.113.7", headers={"X-Forwarded-For": f"198.51.100.{number}"}
        )
    assert answer.status_code == 429
