"""A Telegram bot, pulled from a server that speaks the Bot API and told of a webhook (A4, A9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import https_server
from holdfast.connectors.live.telegram import BOT_TOKEN, SECRET_TOKEN
from holdfast.connectors.outward import Door
from holdfast.services.collect.inbox import bots
from holdfast.services.collect.inbox.bots import KIND, pull_messages, tell_addresses
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import live_sources, sql
from holdfast.store.live_sources import LiveSource
from holdfast.store.sealed import seal
from services.collect.inbox.telegram_server import TOKEN, TelegramServer

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)


@pytest.fixture(autouse=True)
def _rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bots, "_rests_until", {})


@pytest.fixture
def telegram() -> TelegramServer:
    return TelegramServer()


@pytest.fixture
def server(telegram: TelegramServer, tmp_path: Path) -> Iterator[https_server.Server]:
    with https_server.serving(telegram, tmp_path) as running:
        yield running


@pytest.fixture
def door(server: https_server.Server) -> Door:
    return Door(frozenset({"localhost"}), server.trust)


def bot(settings: Settings, server: https_server.Server, token: str = TOKEN, **options: Any) -> LiveSource:
    told = {"receives": "pull", "server": server.address} | options
    source = live_sources.ensure(settings, "bot", KIND, namespace="telegram", options=told, now_us=NOW_US)
    seal(settings, source.id, {BOT_TOKEN: token, SECRET_TOKEN: "wordwordwordword"})
    return source


def trouble(settings: Settings, source: LiveSource) -> str:
    found = live_sources.by_id(settings, source.id)
    assert found is not None
    return str(found.trouble or "")


def texts(settings: Settings) -> list[str]:
    take_in_arrived(settings, now_us=NOW_US)
    return [text for (text,) in sql.read("SELECT text FROM inbox_message ORDER BY id")]


def test_what_is_written_to_a_bot_comes_into_the_inbox_once(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    bot(base, server)
    telegram.write(5, "My kettle broke")
    telegram.write(6, "Again")
    assert pull_messages(base, NOW, door=door) == 2
    assert pull_messages(base, NOW, door=door) == 0
    assert texts(base) == ["My kettle broke", "Again"]
    assert telegram.waiting == []
    assert sql.read("SELECT channel, author, address, unread FROM inbox_conversation") == [
        ("telegram", "Ann", "@annk", 2)
    ]


def test_what_came_before_a_crash_is_asked_for_again_and_counts_once(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    source = bot(base, server)
    telegram.write(5, "Hello")
    pull_messages(base, NOW, door=door)
    sql.write("DELETE FROM inbox_cursor WHERE source_id = %s", (source.id,))
    assert pull_messages(base, NOW, door=door) == 1
    assert texts(base) == ["Hello"]


def test_numbers_that_begin_lower_after_a_quiet_week_are_not_passed_over(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    bot(base, server)
    telegram.write(900, "Before")
    for _ in range(2):
        pull_messages(base, NOW, door=door)
    telegram.write(3, "After", date=1_779_050_000)
    pull_messages(base, NOW, door=door)
    assert texts(base) == ["Before", "After"]


def test_a_bot_that_was_brought_elsewhere_is_pulled_from_the_next_time(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    bot(base, server)
    telegram.webhook = {"url": "https://elsewhere.example/hook"}
    telegram.write(5, "Hello")
    assert [pull_messages(base, NOW, door=door) for _ in range(2)] == [0, 1]


@pytest.mark.parametrize("token", ["wrong", "", "a/b", "a?b"])
def test_a_wrong_token_is_said_and_never_shown(
    base: Settings, server: https_server.Server, door: Door, token: str
) -> None:
    source = bot(base, server, token)
    assert pull_messages(base, NOW, door=door) == 0
    assert "Telegram does not answer" in trouble(base, source)
    assert "wrong" not in trouble(base, source)


def test_trouble_ends_when_it_works_again(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    source = bot(base, server, "wrong")
    pull_messages(base, NOW, door=door)
    seal(base, source.id, {BOT_TOKEN: TOKEN})
    pull_messages(base, NOW, door=door)
    assert trouble(base, source) == ""


def test_telegram_is_left_alone_when_it_asks_for_it(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    bot(base, server)
    telegram.flood = True
    for _ in range(3):
        pull_messages(base, NOW, door=door)
    assert telegram.asked == ["getUpdates"]


def test_telegram_is_told_the_address_once_and_again_when_it_changes(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    source = bot(base, server, receives="webhook", address="https://holdfast.example")
    assert [tell_addresses(base, NOW, door=door) for _ in range(2)] == [1, 0]
    assert telegram.webhook["url"] == "https://holdfast.example/hooks/bot"
    assert telegram.webhook["secret_token"] == "wordwordwordword"
    seal(base, source.id, {BOT_TOKEN: TOKEN, SECRET_TOKEN: "another-word-here"})
    assert tell_addresses(base, NOW, door=door) == 1
    assert telegram.webhook["secret_token"] == "another-word-here"
    telegram.webhook = {"url": "https://stolen.example"}
    assert tell_addresses(base, NOW, door=door) == 1
    assert pull_messages(base, NOW, door=door) == 0


def test_without_an_address_it_is_said_what_to_do(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    source = bot(base, server, receives="webhook")
    assert tell_addresses(base, NOW, door=door) == 0
    assert "pull" in trouble(base, source)
    assert telegram.asked == []


def test_that_telegram_cannot_reach_us_is_said(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    source = bot(base, server, receives="webhook", address="https://holdfast.example")
    tell_addresses(base, NOW, door=door)
    telegram.webhook |= {
        "last_error_message": "Connection refused",
        "last_error_date": int(NOW.timestamp()) - 5,
    }
    tell_addresses(base, NOW, door=door)
    assert "Connection refused" in trouble(base, source)


def test_a_server_inside_the_house_is_not_asked(base: Settings, server: https_server.Server) -> None:
    source = bot(base, server)
    assert pull_messages(base, NOW, door=Door(trust=server.trust)) == 0
    assert "inside" in trouble(base, source)


def test_updates_that_cannot_be_read_are_put_aside_and_hold_up_nothing(
    base: Settings, server: https_server.Server, door: Door, telegram: TelegramServer
) -> None:
    bot(base, server)
    telegram.waiting += [{"update_id": 1, "message": "x"}, {"update_id": 2}]
    telegram.write(3, "a\0b<script>")
    assert pull_messages(base, NOW, door=door) == 3
    assert texts(base) == ["a\ufffdb<script>"]
