"""``POST /hooks/<source>``: signed or nothing, within bounds, acknowledged once it is on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connectors.live.signing import SECRET, body_of, delivery
from holdfast.connectors.published.stripe import EXAMPLES
from holdfast.services.collect.sources import setting_up
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.web.limits import Buckets

if TYPE_CHECKING:
    from django.test import Client

INVOICE = next(each.payload for each in EXAMPLES if each.payload["type"] == "invoice.paid")


@pytest.fixture
def stripe(served: Settings) -> Settings:
    setting_up.add(served, "stripe", options={}, secrets={"signing_secret": SECRET}, now=datetime.now(UTC))
    return served


@pytest.fixture(autouse=True)
def _fresh_buckets(served: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("holdfast.web.hooks.deliveries", Buckets(per_second=50, burst=500))
    monkeypatch.setattr("holdfast.web.hooks.strangers", Buckets(per_second=0.2, burst=30))
    yield


def post(
    visitor: Client, payload: Any, *, name: str = "stripe", at: datetime | None = None, **more: Any
) -> Any:
    sent = delivery("stripe", payload, at or datetime.now(UTC), **more)
    return visitor.post(
        f"/hooks/{name}", sent.body, content_type="application/json", headers=dict(sent.headers)
    )


def stored() -> int:
    row = sql.one("SELECT (SELECT COUNT(*) FROM arrived) + (SELECT COUNT(*) FROM quarantined)")
    return int(row[0]) if row else 0


def test_a_signed_delivery_is_on_disk_when_it_is_acknowledged(stripe: Settings, visitor: Client) -> None:
    answer = post(visitor, INVOICE)
    assert (answer.status_code, answer.json()) == (200, {"taken": 2, "waiting": 0, "ignored": 0})
    assert stored() == 1


def test_it_needs_no_cookie_and_no_form_token(stripe: Settings) -> None:
    from django.test import Client

    assert post(Client(enforce_csrf_checks=True), INVOICE).status_code == 200


def test_a_provider_reaches_us_under_whatever_name_it_knows(stripe: Settings, visitor: Client) -> None:
    sent = delivery("stripe", INVOICE, datetime.now(UTC))
    headers = {**sent.headers, "Host": "holdfast.example.com"}
    answer = visitor.post("/hooks/stripe", sent.body, content_type="application/json", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"secret": "guessed"}, 401, "bad_signature"),
        ({"at": datetime.now(UTC) - timedelta(hours=1)}, 401, "stale_signature"),
        ({"name": "nobody"}, 404, "unknown_source"),
    ],
)
def test_what_is_not_believed_is_refused_in_problem_json(
    stripe: Settings, visitor: Client, more: dict[str, Any], status: int, code: str
) -> None:
    answer = post(visitor, INVOICE, **more)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert (told["status"], told["error"]) == (status, code)
    assert told["detail"]
    assert told["title"]
    assert stored() == 0


def test_without_a_signature_nothing_is_taken(stripe: Settings, visitor: Client) -> None:
    answer = visitor.post("/hooks/stripe", body_of(INVOICE), content_type="application/json")
    assert (answer.status_code, stored()) == (401, 0)


def test_only_post_is_answered(stripe: Settings, visitor: Client) -> None:
    assert visitor.get("/hooks/stripe").status_code == 405


def test_a_delivery_that_is_too_large_is_refused(stripe: Settings, visitor: Client) -> None:
    answer = post(visitor, {**INVOICE, "padding": "x" * 1_000_000})
    assert (answer.status_code, stored()) == (413, 0)


def test_what_is_signed_and_broken_is_kept_and_acknowledged(stripe: Settings, visitor: Client) -> None:
    answer = post(visitor, b"{")
    assert (answer.status_code, stored()) == (200, 1)


def test_a_flood_is_told_to_come_again(
    stripe: Settings, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.web.hooks.deliveries", Buckets(per_second=0.001, burst=3))
    answers = [post(visitor, INVOICE) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_strangers_do_not_keep_the_provider_out_and_fill_nothing(
    stripe: Settings, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.web.hooks.strangers", Buckets(per_second=0.001, burst=3))
    for _ in range(10):
        assert post(visitor, INVOICE, secret="guessed").status_code == 401
    counted = sql.read("SELECT kind, count FROM source_tally")
    assert counted == [("bad_signature", 3)]
    assert post(visitor, INVOICE).status_code == 200


def test_a_secret_that_cannot_be_read_asks_for_patience(stripe: Settings, visitor: Client) -> None:
    """Another file "secret" stands in the folder: nothing is lost, the provider comes again."""
    (stripe.folder / "secret").write_text("another")
    answer = post(visitor, INVOICE)
    assert (answer.status_code, stored()) == (503, 0)
    assert int(answer["Retry-After"]) > 0


def test_a_bucket_fills_again_and_forgets(served: Settings) -> None:
    buckets = Buckets(per_second=1, burst=2, most=2)
    assert [buckets.take("a", now) for now in (0.0, 0.0, 0.0, 1.0, 1.0)] == [True, True, False, True, False]
    assert buckets.take("b", 1.0)
    assert buckets.take("c", 1.0)  # no room: what was known of a and b goes
    assert buckets.take("a", 1.0)
