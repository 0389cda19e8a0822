"""The secrets of a source: entered, renewed, and which of them may have signed a delivery."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from holdfast.connectors.webhooks import Source
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

OLD_HOLDS = timedelta(hours=24)
"""So long the secret before the last renewal is still believed: a provider renews when it likes."""

_BEFORE, _UNTIL = ".before", ".until"
_MOST = 4_000


def signing_secrets(settings: Settings, source_id: int, part: Source, now: datetime) -> list[str]:
    """The secrets that may have signed a delivery that arrives ``now``, the newest first."""
    from holdfast.store.sealed import unseal

    kept, name = unseal(settings, source_id), part.signing.name
    found = [kept[name]] if kept.get(name) else []
    if kept.get(name + _BEFORE) and int(kept.get(name + _UNTIL, "0")) > microseconds(now):
        found.append(kept[name + _BEFORE])
    return found


def check_secrets(part: Source, given: Mapping[str, str], *, all_needed: bool) -> dict[str, str]:
    """What was given for the provider's secrets, without emptiness around it.

    Refuses ("no_secret", "bad_secret") one that is missing or cannot be one.
    """
    found = {each.name: given.get(each.name, "").strip() for each in part.secrets}
    for each in part.secrets:
        if each.needed and all_needed and not found[each.name]:
            raise Refusal(
                "no_secret",
                found=Text("{name} is missing.", name=each.label),
                expected=each.hint,
                remedy=Text("Enter it: without it nobody could tell the provider from a stranger."),
            )
        if len(found[each.name]) > _MOST or not found[each.name].isprintable():
            raise Refusal(
                "bad_secret",
                found=Text("{name} cannot be what was entered.", name=each.label),
                expected=each.hint,
                remedy=Text("Copy it again; nothing was changed."),
            )
    return {name: value for name, value in found.items() if value}


def renew(settings: Settings, source_id: int, part: Source, given: Mapping[str, str], now: datetime) -> None:
    """Replace the secrets that are given; the signing one before it holds for :data:`OLD_HOLDS` more."""
    from holdfast.store.sealed import seal, unseal

    new, kept = check_secrets(part, given, all_needed=False), unseal(settings, source_id)
    name = part.signing.name
    if new.get(name) and kept.get(name) and new[name] != kept[name]:
        kept[name + _BEFORE] = kept[name]
        kept[name + _UNTIL] = str(microseconds(now + OLD_HOLDS))
    seal(settings, source_id, kept | new)


def has(settings: Settings, source_id: int, name: str) -> bool:
    """Whether the source has a secret called ``name``."""
    from holdfast.store.sealed import unseal

    return bool(unseal(settings, source_id).get(name))
