"""Telegram: messages of a connected bot to people who wrote to it (a bot may not begin a conversation)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from holdfast.channels._servers import said_in
from holdfast.channels.contract import (
    Channel,
    ChannelDown,
    NoAnswer,
    NotReached,
    Tools,
    bad_address,
    refused,
    too_long,
)
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt

MOST_TEXT = 4_096
"""UTF-16 units of one message, as Telegram counts."""

SERVER = "https://api.telegram.org"
_TOKEN = "bot_token"  # noqa: S105  (the name of a secret)
_CHAT = re.compile(r"-?[0-9]{1,20}")
_TOO_MANY = 429
_FOR_GOOD = ("blocked", "deactivated", "chat not found", "kicked", "not a member", "no rights", "forbidden")


class Messenger:
    """Hands messages to Telegram for one thread."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def close(self) -> None:
        """Nothing is kept open."""

    def send(self, parcel: Parcel) -> Receipt:
        """Hand one message over."""
        wanted = parcel.request
        if not _CHAT.fullmatch(wanted.to.address):
            return bad_address(Text("A chat of Telegram is a number."))
        if wanted.attachments:
            return refused("no_files", Text("Files are not sent by this channel."), retry=False)
        if (length := len(wanted.text.encode("utf-16-le", "replace")) // 2) > MOST_TEXT:
            return too_long(MOST_TEXT, length)
        bot = self._tools.of_source(wanted.via)
        if bot is None or not bot[1].get(_TOKEN, ""):
            return refused("no_bot", Text("No bot of that name is connected and switched on."), retry=True)
        return self._asked(*bot, _content(parcel))

    def _asked(
        self, options: Mapping[str, Any], secrets: Mapping[str, str], content: Mapping[str, Any]
    ) -> Receipt:
        token = secrets[_TOKEN]
        server = str(options.get("server") or SERVER).rstrip("/")
        if not token.isascii() or not token.isprintable() or any(mark in token for mark in "/?# "):
            return refused("no_bot", Text("The token of the bot is none."), retry=True)
        try:
            answer = self._tools.ask(
                "POST",
                f"{server}/bot{token}/sendMessage",
                {"Content-Type": "application/json"},
                json.dumps(content).encode("utf-8"),
            )
        except NotReached as not_reached:
            raise ChannelDown(
                Text("Telegram cannot be reached: {reason}", reason=not_reached.reason)
            ) from None
        except NoAnswer:
            return _unknown()
        return _receipt(answer.status, answer.body)


def _content(parcel: Parcel) -> dict[str, Any]:
    wanted = parcel.request
    content: dict[str, Any] = {
        "chat_id": int(wanted.to.address),
        "text": wanted.text,
        "link_preview_options": {"is_disabled": True},
    }
    if wanted.reply_to_message.isdigit():
        content["reply_parameters"] = {
            "message_id": int(wanted.reply_to_message),
            "allow_sending_without_reply": True,
        }
    return content


def _unknown() -> Receipt:
    reason = Text("Telegram had the whole message and did not answer.")
    return Receipt("unknown", code="no_answer", reason=reason)


def _receipt(status: int, body: bytes) -> Receipt:
    """What Telegram's answer means."""
    said = said_in(body)
    result = said.get("result")
    if said.get("ok") is True:
        number = result.get("message_id") if isinstance(result, dict) else None
        return Receipt("sent", provider_id="" if number is None else str(number))
    if "ok" not in said and (200 <= status < 300 or status >= 500):  # nobody knows whether it was taken
        return _unknown()
    words = str(said.get("description") or status)[:200]
    reason = Text("Telegram said: {said}.", said=words.rstrip("."))
    if status == _TOO_MANY:
        raise ChannelDown(reason)
    if status == 403 or any(each in words.lower() for each in _FOR_GOOD):
        return refused("refused_address", reason, retry=False)
    if status == 400:
        return refused("refused_message", reason, retry=False)
    return refused("try_later", reason, retry=True)


CHANNEL = Channel(
    name="telegram",
    title=Text("Telegram"),
    meaning=Text("Messages of your bot to people who wrote to it."),
    open=Messenger,
    dedupes=False,
    most_text=MOST_TEXT,
)
