"""A9: an answer from the inbox goes out by a mail server, a Bot API server and the chat, in its thread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

import pytest

import dispatching
import https_server
import imap_server
import smtp_sink
from holdfast.connectors.chat import Said
from holdfast.connectors.outward import Door
from holdfast.services.act.dispatch import send_due
from holdfast.services.collect.inbox import answering, chatting
from holdfast.services.collect.inbox.bots import pull_messages
from holdfast.services.collect.inbox.setting_up import ChatOptions, add_chat
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import inbox, message_settings, outbox_reading, replies, sql
from holdfast.store.inbox import Conversation, Wanted
from imap_server import ImapServer
from mail_samples import raw
from services.collect.inbox.telegram_server import TelegramServer
from services.collect.inbox.test_bots import bot
from services.collect.inbox.test_mailboxes import Office

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running(tmp_path_factory.mktemp("sink")) as running:
        yield running


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with imap_server.serving(tmp_path_factory.mktemp("imap")) as running:
        yield running


def answer(settings: Settings, conversation: Conversation, text: str, key: str) -> int:
    """Let one of us answer, and let the seconds in which it is called back pass."""
    written = answering.Answer(text, key, "Niamh Kelly", 1, "niamh@example.com", "en")
    touch_id = answering.answer(settings, conversation, written, now_us=dispatching.now_us())
    assert touch_id is not None
    sql.write("UPDATE touch SET due_us = asked_us WHERE state = 'waiting'")
    return touch_id


def talk(settings: Settings) -> Conversation:
    (found,) = inbox.conversations(settings, Wanted(), 9)
    return found


def said(settings: Settings) -> list[tuple[bool, str, str]]:
    return [
        (each.incoming, each.author, each.text) for each in inbox.messages(settings, talk(settings).id, 99)
    ]


def newest(sink: smtp_sink.Sink) -> Message:
    return message_from_bytes(sink.mails()[-1].raw, policy=default)


def test_a9_a_mail_is_answered_in_its_thread(
    workspace: Settings, sink: smtp_sink.Sink, mailbox: ImapServer
) -> None:
    dispatching.set_up(workspace, dispatching.smtp(sink.port))
    message_settings.list_addresses(workspace, ["@example.org"])
    office = Office(workspace, mailbox)
    office.deliver(raw("Subject: Kettle", body=b"It broke."))
    office.read()
    answer(workspace, talk(workspace), "Sorry, a new one comes.", "first-answer")
    assert [each.state for each in replies.open_replies(workspace, talk(workspace).id, 9)] == ["waiting"]
    send_due(workspace)
    sent = newest(sink)
    assert (sent["To"], sent["Subject"], sent["In-Reply-To"], sent["References"]) == (
        "ann@example.org",
        "Re: Kettle",
        "<one@example.org>",
        "<one@example.org>",
    )
    assert sent["From"] == "Niamh Kelly <hello@shop.example>"
    assert sent["Auto-Submitted"] is None
    assert said(workspace) == [
        (True, "Ann Kelly", "It broke."),
        (False, "Niamh Kelly", "Sorry, a new one comes."),
    ]
    assert replies.open_replies(workspace, talk(workspace).id, 9) == []
    ours = str(sent["Message-ID"])
    copy = sink.mails()[-1].raw  # as providers put it into the folder of sent mails
    theirs = raw(
        "Subject: Re: Kettle", "Message-ID: <two@example.org>", f"In-Reply-To: {ours}", body=b"Thank you!"
    )
    later = datetime.now(UTC) + timedelta(minutes=5)
    office.deliver(copy, theirs, at=later)
    office.read(later)
    assert [text for _, _, text in said(workspace)] == ["It broke.", "Sorry, a new one comes.", "Thank you!"]
    answer(workspace, talk(workspace), "With pleasure.", "second-answer")
    send_due(workspace)
    sent = newest(sink)
    assert sent["In-Reply-To"] == "<two@example.org>"
    assert str(sent["References"]).split() == ["<one@example.org>", ours, "<two@example.org>"]


def test_a9_telegram_is_answered_under_the_message(workspace: Settings, tmp_path: Path) -> None:
    telegram = TelegramServer()
    with https_server.serving(telegram, tmp_path) as server:
        door = Door(frozenset({"localhost"}), server.trust)
        bot(workspace, server)
        telegram.write(5, "My kettle broke")
        pull_messages(workspace, NOW, door=door)
        take_in_arrived(workspace, now_us=int(NOW.timestamp() * 1_000_000))
        touch_id = answer(workspace, talk(workspace), "سلام! A new one comes.", "tele-answer")
        send_due(workspace, door=door)
    (sent,) = telegram.sent
    assert (sent["chat_id"], sent["text"]) == (7, "سلام! A new one comes.")
    assert sent["reply_parameters"]["message_id"] == 5
    found = outbox_reading.one(workspace, touch_id)
    assert found is not None
    assert (found.state, found.provider_id) == ("sent", "901")
    assert said(workspace)[-1] == (False, "Niamh Kelly", "سلام! A new one comes.")


def test_a9_a_visitor_of_the_chat_reads_the_answer(workspace: Settings) -> None:
    source = add_chat(workspace, "website", ChatOptions("Shop", "Hello", ("https://shop.example",)), now=NOW)
    chatting.take(workspace, source, Said("visitor-12345", "a1", "Where is it?"), now=NOW)
    take_in_arrived(workspace, now_us=int(NOW.timestamp() * 1_000_000))
    answer(workspace, talk(workspace), "It comes today.", "chat-answer")
    send_due(workspace)
    told = chatting.told(workspace, source, "visitor-12345", 0)
    assert [(each.incoming, each.text) for each in told] == [
        (True, "Where is it?"),
        (False, "It comes today."),
    ]
    assert not talk(workspace).waiting
