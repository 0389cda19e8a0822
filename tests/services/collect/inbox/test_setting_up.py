"""A mailbox is opened before it is kept; a chat knows its sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

import imap_server
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.inbox import setting_up
from holdfast.services.collect.inbox.mailboxes import MailOptions, mail_options
from holdfast.services.collect.inbox.setting_up import ChatOptions
from holdfast.settings import Settings
from holdfast.store import live_sources
from holdfast.store.sealed import unseal
from imap_server import PASSWORD, USER, ImapServer

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with imap_server.serving(tmp_path_factory.mktemp("imap")) as running:
        yield running


def options(server: ImapServer, **other: Any) -> MailOptions:
    return replace(MailOptions("localhost", USER, server.tls_port), **other)


def test_a_mailbox_that_opens_is_kept_with_its_password_sealed(base: Settings, server: ImapServer) -> None:
    wanted = options(server, ours=("shop.example",), days=7)
    source = setting_up.add_mailbox(base, "help", wanted, PASSWORD, now=NOW, trust=server.trust)
    assert mail_options(source.options) == wanted
    assert PASSWORD not in str(source)
    assert unseal(base, source.id) == {"password": PASSWORD}


@pytest.mark.parametrize(
    ("other", "password", "code"),
    [
        ({}, "wrong", "mailbox_refused"),
        ({}, "", "no_password"),
        ({"user": ""}, PASSWORD, "no_password"),
        ({"host": "no host"}, PASSWORD, "bad_host"),
        ({"host": "http://x"}, PASSWORD, "bad_host"),
        ({"port": -1}, PASSWORD, "bad_port"),
        ({"port": 99_999}, PASSWORD, "bad_port"),
        ({"days": -1}, PASSWORD, "bad_days"),
        ({"ours": ("nonsense",)}, PASSWORD, "bad_address"),
        ({"folders": ("Nowhere",)}, PASSWORD, "no_folder"),
        ({"folders": ("A\r\nB",)}, PASSWORD, "bad_folder"),
    ],
)
def test_what_is_no_mailbox_is_not_kept(
    base: Settings, server: ImapServer, other: dict[str, Any], password: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        setting_up.add_mailbox(base, "help", options(server, **other), password, now=NOW, trust=server.trust)
    assert refused.value.code == code
    assert live_sources.listed(base) == []


def test_a_name_is_given_once(base: Settings, server: ImapServer) -> None:
    setting_up.add_chat(base, "help", ChatOptions(), now=NOW)
    with pytest.raises(Refusal, match="already"):
        setting_up.add_mailbox(base, "help", options(server), PASSWORD, now=NOW, trust=server.trust)
    with pytest.raises(Refusal, match="already"):
        setting_up.add_chat(base, "help", ChatOptions(), now=NOW)


def test_without_a_new_password_the_old_one_holds(base: Settings, server: ImapServer) -> None:
    source = setting_up.add_mailbox(base, "help", options(server), PASSWORD, now=NOW, trust=server.trust)
    setting_up.change_mailbox(base, source, options(server, days=3), "", trust=server.trust)
    found = live_sources.by_id(base, source.id)
    assert found is not None
    assert mail_options(found.options).days == 3
    assert unseal(base, source.id) == {"password": PASSWORD}
    with pytest.raises(Refusal):
        setting_up.change_mailbox(base, source, options(server), "wrong", trust=server.trust)
    assert unseal(base, source.id) == {"password": PASSWORD}


def test_what_a_form_says() -> None:
    typed = {
        "host": " imap.example.com ",
        "user": "me",
        "folders": "INBOX, Sent Items",
        "ours": "a@b.org, b.org",
    }
    found = setting_up.typed_mailbox(typed | {"port": "143", "security": "starttls", "days": "x"})
    assert (found.host, found.port, found.folders, found.ours) == (
        "imap.example.com",
        143,
        ("INBOX", "Sent Items"),
        ("a@b.org", "b.org"),
    )
    assert (found.with_sent, found.days) == (False, -1)


@pytest.mark.parametrize(
    "origin", ["example.com", "https://", "https://a/b", "javascript:x", "https://u@a", "null"]
)
def test_a_site_has_a_scheme_and_a_host(base: Settings, origin: str) -> None:
    with pytest.raises(Refusal) as refused:
        setting_up.add_chat(base, "web", ChatOptions(origins=(origin,)), now=NOW)
    assert refused.value.code == "bad_origin"


def test_a_chat_is_kept_and_changed(base: Settings) -> None:
    source = setting_up.add_chat(base, "web", ChatOptions("Shop", "Hi", ("https://Shop.example/",)), now=NOW)
    assert setting_up.chat_options(source.options) == ChatOptions("Shop", "Hi", ("https://shop.example",))
    with pytest.raises(Refusal, match="too long"):
        setting_up.change_chat(base, source, ChatOptions("x" * 501))
    setting_up.change_chat(base, source, ChatOptions())
    found = live_sources.by_id(base, source.id)
    assert found is not None
    assert setting_up.chat_options(found.options) == ChatOptions()
