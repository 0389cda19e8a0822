"""Telegram bots: ask for their messages, or tell Telegram the address where they are taken."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from holdfast.connectors.live.telegram import BOT_TOKEN, SECRET_TOKEN, SOURCE, UPDATES, TelegramOptions
from holdfast.connectors.outward import Door
from holdfast.connectors.webhooks import Delivery, options_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.sources.intake import Believed, hook_address, keep
from holdfast.services.collect.sources.setting_up import ADDRESS
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

KIND = SOURCE.name
_MOST_UPDATES = 100
_UPDATES, _WEBHOOK = "updates", "webhook"
_CONFLICT, _TOO_MANY = 409, 429
_REPORTED_US = 600 * 1_000_000
"""Failures of Telegram to reach us are news for so long."""

_log = logging.getLogger("holdfast.worker")
_rests_until: dict[int, float] = {}
"""Source -> until when (of the process' own clock) Telegram asked us to leave it alone."""


def pull_messages(settings: Settings, now: datetime, *, door: Door | None = None) -> int:
    """Ask for what was written to every bot that is pulled; how many updates there were."""
    door = door or Door()
    return _each(settings, "pull", lambda source: _pull(settings, source, door, now))


def tell_addresses(settings: Settings, now: datetime, *, door: Door | None = None) -> int:
    """Let Telegram know at which address each bot's messages are taken; how many bots were told."""
    door = door or Door()
    return _each(settings, "webhook", lambda source: _tell(settings, source, door, now))


def _each(settings: Settings, receives: str, act: Callable[[LiveSource], int]) -> int:
    """Act for every bot that ``receives`` that way; what goes wrong stands at the source."""
    from holdfast.store import live_sources

    count = 0
    for source in live_sources.listed(settings):
        if source.kind != KIND or not source.enabled or _options(source).receives != receives:
            continue
        if _rests_until.get(source.id, 0.0) > time.monotonic():
            continue
        try:
            count += act(source)
        except Refusal as refusal:
            _log.warning("bot %s: %s", source.name, refusal.code)
            trouble = Text("{found} {remedy}", found=refusal.found, remedy=refusal.remedy)
            live_sources.note_trouble(settings, source.id, trouble)
        else:
            if source.trouble is not None:
                live_sources.note_trouble(settings, source.id, None)
    return count


def _pull(settings: Settings, source: LiveSource, door: Door, now: datetime) -> int:
    """Ask once, without waiting, and keep what came together with how far we are.

    Once everything was confirmed the place is forgotten: after a quiet week Telegram begins to count
    anywhere, also below where it was.
    """
    from holdfast.store import mail_threads, sql

    kept = mail_threads.place(settings, source.id, _UPDATES)
    place = kept[1] if kept else 0
    asked: dict[str, Any] = {"timeout": 0, "limit": _MOST_UPDATES, "allowed_updates": list(UPDATES)}
    updates = _ask(settings, source, door, "getUpdates", asked | ({"offset": place} if place else {}))
    updates = [each for each in updates if isinstance(each, dict)] if isinstance(updates, list) else []
    numbers = [each["update_id"] for each in updates if isinstance(each.get("update_id"), int)]
    if not numbers and not place:
        return 0
    with sql.short_write():
        for update in updates:
            delivery = Delivery("", {}, msgspec.json.encode(update))
            keep(settings, Believed(source, SOURCE, delivery), now=now)
        mail_threads.move_on(settings, source.id, _UPDATES, 0, max(numbers) + 1 if numbers else 0)
    return len(updates)


def _tell(settings: Settings, source: LiveSource, door: Door, now: datetime) -> int:
    """Tell the address and the secret word, unless Telegram knows them."""
    from holdfast.store import mail_threads

    url, secret = _address(source), _secrets(settings, source).get(SECRET_TOKEN, "")
    known = _ask(settings, source, door, "getWebhookInfo", {})
    known = known if isinstance(known, dict) else {}
    mark = _mark(url, secret)
    told = known.get("url") != url or mail_threads.place(settings, source.id, _WEBHOOK) != (mark, 1)
    if told:
        wanted = {"url": url, "secret_token": secret, "allowed_updates": list(UPDATES)}
        _ask(settings, source, door, "setWebhook", wanted)
        mail_threads.move_on(settings, source.id, _WEBHOOK, mark, 1)
        return 1
    failed, at = known.get("last_error_message"), known.get("last_error_date")
    if failed and isinstance(at, int) and now.timestamp() - at < _REPORTED_US / 1_000_000:
        raise _cannot_deliver(str(failed))
    return 0


def _ask(settings: Settings, source: LiveSource, door: Door, method: str, content: dict[str, Any]) -> Any:
    """What Telegram answers. Refuses ("bot_refused", and what :class:`Door` refuses)."""
    token = _secrets(settings, source).get(BOT_TOKEN, "")
    server = _options(source).server.rstrip("/")
    if not token or not token.isprintable() or any(mark in token for mark in "/?# "):
        raise _refused("the token is missing or is none")
    if not server.startswith("https://"):
        raise _refused("the server's address does not begin with https://")
    answer = door.ask("POST", f"{server}/bot{token}/{method}", content=content)
    said = answer.json()
    said = said if isinstance(said, dict) else {}
    if said.get("ok") is True:
        return said.get("result")
    if answer.status == _CONFLICT and method == "getUpdates":  # it still brings them elsewhere
        _ask(settings, source, door, "deleteWebhook", {"drop_pending_updates": False})
        return []
    if answer.status == _TOO_MANY:
        parameters = said.get("parameters")
        wait = parameters.get("retry_after", 30) if isinstance(parameters, dict) else 30
        _rests_until[source.id] = time.monotonic() + min(float(wait), 3_600.0)
    raise _refused(str(said.get("description") or answer.status))


def _options(source: LiveSource) -> TelegramOptions:
    found: TelegramOptions = options_of(SOURCE, source.options)
    return found


def _secrets(settings: Settings, source: LiveSource) -> dict[str, str]:
    from holdfast.store.sealed import unseal

    return unseal(settings, source.id)


def _address(source: LiveSource) -> str:
    address = str(source.options.get(ADDRESS) or "")
    if address.startswith("https://"):
        return hook_address(address, source.name)
    raise Refusal(
        "no_address",
        found=Text("Telegram has not been told where to bring messages."),
        expected=Text("The address at which this Holdfast is reached from the internet, with https://."),
        remedy=Text("Enter it on the source's page, or let Holdfast ask for messages (pull)."),
    )


def _mark(url: str, secret: str) -> int:
    return int.from_bytes(blake2b(f"{url}\n{secret}".encode(), digest_size=7).digest(), "big")


def _refused(reason: str) -> Refusal:
    return Refusal(
        "bot_refused",
        found=Text("Telegram does not answer for the bot: {reason}.", reason=reason[:200].rstrip(".")),
        expected=Text("The token that @BotFather gave."),
        remedy=Text("Copy the token again; it is tried again by itself."),
    )


def _cannot_deliver(reason: str) -> Refusal:
    return Refusal(
        "not_reached",
        found=Text("Telegram cannot bring messages: {reason}.", reason=reason[:200].rstrip(".")),
        expected=Text("An address that is reached from the internet over HTTPS."),
        remedy=Text("Mend the address or the server in front; or let Holdfast ask for messages (pull)."),
    )
