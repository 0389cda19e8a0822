"""A mail server that refuses an address at once suppresses it; one that refuses us does not (G3)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import dispatching
import smtp_sink
from holdfast.services.act.dispatch import send_due
from holdfast.services.collect.care.watch import watch
from holdfast.settings import Settings
from holdfast.store import ingest_log, outbox, sql, suppression
from services.act.people import NOW_US, known, touch


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running(tmp_path_factory.mktemp("sink")) as running:
        yield running


def test_g3_an_address_that_is_refused_at_once_is_bounced_everywhere(
    workspace: Settings, sink: smtp_sink.Sink
) -> None:
    dispatching.set_up(workspace, dispatching.smtp(sink.port))
    watch(workspace, now_us=NOW_US)
    for name in ("refused", "blocked"):
        subject = known(workspace, name, f"{name}@example.com")
        asked = touch(subject, f"{name}@example.com", key=name, purpose="service")
        outbox.ask(workspace, asked, now_us=dispatching.now_us())
    send_due(workspace)
    assert sql.read("SELECT state FROM touch") == [("failed",), ("failed",)]
    assert suppression.is_suppressed(workspace, "email", "refused@example.com") == "hard_bounce"
    assert suppression.is_suppressed(workspace, "email", "blocked@example.com") == ""
    (bounced,) = [row for row in ingest_log.rows(workspace) if row[6] == "Email Bounced"]
    assert json.loads(bounced[17]) == {"email": "refused@example.com"}
    watch(workspace, now_us=dispatching.now_us())
    states = dict(sql.read("SELECT value, state FROM point_state WHERE kind = 'email'"))
    assert states["refused@example.com"] == "bounced"
    assert states["blocked@example.com"] != "bounced"


@pytest.mark.parametrize(
    ("name", "code", "reason", "counted"),
    [
        ("nobody", "refused_address", "hard_bounce", False),
        ("unwanted", "refused_message", "", False),
        ("odd", "refused_address", "", True),
    ],
)
def test_g3_a_bare_550_is_understood_by_its_words(
    workspace: Settings, sink: smtp_sink.Sink, name: str, code: str, reason: str, counted: bool
) -> None:
    dispatching.set_up(workspace, dispatching.smtp(sink.port))
    address = f"{name}@example.com"
    asked = touch(known(workspace, name, address), address, key=name, purpose="service")
    outbox.ask(workspace, asked, now_us=dispatching.now_us())
    send_due(workspace)
    assert sql.read("SELECT state, code FROM touch") == [("failed", code)]
    assert suppression.is_suppressed(workspace, "email", address) == reason
    assert (suppression.soft_bounces(workspace, address) is not None) == counted
