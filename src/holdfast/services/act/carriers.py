"""The channels as they are set in this workspace: which can send now, and a carrier for a thread."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from holdfast.channels.contract import (
    HOOK,
    Carrier,
    Channel,
    HttpAnswer,
    NoAnswer,
    NotReached,
    Tools,
    settings_of,
)
from holdfast.registry import parts
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.connectors.outward import Door
    from holdfast.store.live_sources import LiveSource


def channels() -> dict[str, Channel]:
    """Every channel there is, by name."""
    return {part.name: cast(Channel, part.declared) for part in parts("channels").values()}


@dataclass(frozen=True, slots=True)
class Ready:
    """A channel that can send now, with its settings (``None`` where it has none)."""

    channel: Channel
    options: Any
    mark: int

    @property
    def connections(self) -> int:
        """How many threads may carry at once."""
        return max(1, self.channel.connections(self.options))


def ready(settings: Settings, now_us: int) -> dict[str, Ready]:
    """The channels that are set, and not resting after a failure."""
    from holdfast.store import channel_settings

    found = {}
    for name, channel in channels().items():
        kept = channel_settings.read(settings, name)
        if kept is not None and kept.rests_until_us > now_us:
            continue
        if channel.settings is None:
            found[name] = Ready(channel, None, 0)
        elif kept is not None:
            options = settings_of(channel.settings, kept.options, kept.secrets)
            if not channel.check(options):
                found[name] = Ready(channel, options, kept.changed_us)
    return found


def open_carrier(settings: Settings, wanted: Ready, door: Door | None = None) -> Carrier:
    """A carrier for one thread. Raises :class:`holdfast.channels.contract.ChannelDown`."""
    name = wanted.channel.name
    return wanted.channel.open(
        Tools(
            wanted.options,
            _Way(door),
            lambda via: _of_source(settings, name, via),
            lambda via, address: _heard_us(settings, name, via, address),
        )
    )


def _of_source(settings: Settings, kind: str, via: str) -> tuple[Mapping[str, Any], Mapping[str, str]] | None:
    """Options and secrets of the source called ``via``; without a name the only one of this kind."""
    from holdfast.services.collect.sources.intake import hook_address
    from holdfast.services.collect.sources.setting_up import ADDRESS
    from holdfast.store import webhooks_out
    from holdfast.store.sealed import unseal

    if kind == "webhook":  # each delivery has an address of its own
        number = int(via) if via.isdecimal() else 0
        return webhooks_out.outgoing(settings, number, now_us=time.time_ns() // 1_000)
    source = _source(settings, kind, via)
    if source is None:
        return None
    options = dict(source.options)
    if address := str(options.get(ADDRESS) or ""):
        options[HOOK] = hook_address(address, source.name)
    return options, unseal(settings, source.id)


def _source(settings: Settings, kind: str, via: str) -> LiveSource | None:
    from holdfast.store import live_sources

    of_kind = [each for each in live_sources.listed(settings) if each.kind == kind and each.enabled]
    chosen = [each for each in of_kind if each.name == via] if via else of_kind
    return chosen[0] if len(chosen) == 1 else None


def _heard_us(settings: Settings, kind: str, via: str, address: str) -> int | None:
    """When somebody last wrote to us from an address, by the source called ``via``."""
    from holdfast.store import inbox

    source = _source(settings, kind, via)
    return None if source is None else inbox.last_heard_us(settings, source.id, address)


class _Way:
    """The way out as channels ask it, over the one door there is."""

    def __init__(self, door: Door | None) -> None:
        self._door = door

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        from holdfast.connectors.outward import Door, Unanswered
        from holdfast.domain.refusals import Refusal

        if self._door is None:  # made once: it reads whom this machine trusts
            self._door = Door()
        try:
            answer = self._door.ask(method, url, headers=headers, content=body)
        except Unanswered as refusal:
            raise NoAnswer(refusal.code) from refusal
        except Refusal as refusal:
            if refusal.code == "bad_answer":  # it answered, and nobody can say what
                raise NoAnswer(refusal.code) from refusal
            raise NotReached(refusal.code, refusal.found) from refusal
        return HttpAnswer(answer.status, answer.headers, answer.body)
