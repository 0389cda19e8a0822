"""Telegram's answers, as its Bot API documents them, and what they mean for a touch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dispatching
from holdfast.channels.contract import ChannelDown, Tools
from holdfast.connectors.outward import Door
from holdfast.domain.touch import Parcel, Receipt, Recipient, TouchRequest
from holdfast.services.act import carriers
from https_server import serving


def sent(folder: Path, status: int, body: bytes) -> Receipt:
    """What becomes of a message that is answered like this."""
    with serving(lambda path, content, headers: (status, {}, body), folder) as server:
        door = Door(frozenset({"localhost"}), server.trust, within=2)
        bot = ({"server": server.address}, {"bot_token": "1:AAA"})
        carrier = carriers.channels()["telegram"].open(Tools(None, carriers._Way(door), lambda via: bot))
        request = TouchRequest("key 1", "service", "telegram", Recipient("111"), "", "Hello")
        return carrier.send(Parcel(1, request, dispatching.now_us()))


def no(words: str) -> dict[str, Any]:
    return {"ok": False, "description": words}


@pytest.mark.parametrize(
    ("status", "said", "code", "retry"),
    [
        (200, no("Forbidden: bot was blocked by the user"), "refused_address", False),
        (200, no("Bad Gateway"), "try_later", True),
        (400, no("Bad Request: chat not found"), "refused_address", False),
        (400, no("Bad Request: message text is empty"), "refused_message", False),
        (500, no("Internal Server Error"), "try_later", True),
    ],
)
def test_g2_telegram_answers_200_with_an_error_and_that_is_a_failure(
    tmp_path: Path, status: int, said: Any, code: str, retry: bool
) -> None:
    receipt = sent(tmp_path, status, json.dumps(said).encode())
    assert (receipt.outcome, receipt.code, receipt.retry) == ("failed", code, retry)
    assert said["description"].rstrip(".") in str(receipt.reason)


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>Sign in"), (200, b"[]"), (502, b"<html>"), (200, b"[" * 90_000)]
)
def test_g2_what_telegram_perhaps_took_is_not_called_a_failure(
    tmp_path: Path, status: int, body: bytes
) -> None:
    assert sent(tmp_path, status, body).outcome == "unknown"


def test_too_many_requests_count_against_no_message(tmp_path: Path) -> None:
    with pytest.raises(ChannelDown):
        sent(tmp_path, 429, json.dumps(no("Too Many Requests: retry after 5")).encode())
