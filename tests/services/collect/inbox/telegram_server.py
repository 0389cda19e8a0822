"""A server that speaks the part of Telegram's Bot API that is used, as its reference publishes it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
UNAUTHORIZED = (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
CONFLICT = (
    409,
    {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: can't use getUpdates method while webhook is active",
    },
)


@dataclass
class TelegramServer:
    """Updates that wait; ``webhook`` is what it was told; ``flood`` lets it ask for a rest."""

    waiting: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=lambda: {"url": ""})
    asked: list[str] = field(default_factory=list)
    flood: bool = False
    sent: list[dict[str, Any]] = field(default_factory=list)

    def write(self, number: int, text: str, *, date: int = 1_779_000_000, person: int = 7) -> None:
        """Let somebody write to the bot."""
        who = {"id": person, "is_bot": False, "first_name": "Ann", "username": "annk"}
        chat = {"id": person, "type": "private", "first_name": "Ann"}
        message = {"message_id": number, "from": who, "chat": chat, "date": date, "text": text}
        self.waiting.append({"update_id": number, "message": message})

    def __call__(self, path: str, content: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        status, said = self._answer(path, content or {})
        return status, {"Content-Type": "application/json"}, json.dumps(said).encode()

    def _answer(self, path: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        token, _, method = path.removeprefix("/bot").partition("/")
        self.asked.append(method)
        if token != TOKEN:
            return UNAUTHORIZED
        if self.flood:
            said = "Too Many Requests: retry after 30"
            return 429, {
                "ok": False,
                "error_code": 429,
                "description": said,
                "parameters": {"retry_after": 30},
            }
        return getattr(self, f"_{method}")(content)

    def _getUpdates(self, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:  # noqa: N802
        if self.webhook["url"]:
            return CONFLICT
        if offset := content.get("offset"):
            self.waiting = [each for each in self.waiting if each["update_id"] >= offset]
        return 200, {"ok": True, "result": self.waiting[: content["limit"]]}

    def _setWebhook(self, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:  # noqa: N802
        self.webhook = dict(content)
        return 200, {"ok": True, "result": True, "description": "Webhook was set"}

    def _deleteWebhook(self, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:  # noqa: N802
        self.webhook = {"url": ""}
        return 200, {"ok": True, "result": True}

    def _getWebhookInfo(self, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:  # noqa: N802
        known = {name: value for name, value in self.webhook.items() if name != "secret_token"}
        return 200, {"ok": True, "result": {"pending_update_count": 0, **known}}

    def _sendMessage(self, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:  # noqa: N802
        if not isinstance(content.get("chat_id"), int) or not content.get("text"):
            return 400, {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}
        self.sent.append(content)
        chat = {"id": content["chat_id"], "type": "private", "first_name": "Ann"}
        me = {"id": 123456, "is_bot": True, "first_name": "Shop"}
        message = {"message_id": 900 + len(self.sent), "from": me, "chat": chat, "date": 1_779_000_100}
        return 200, {"ok": True, "result": message | {"text": content["text"]}}
