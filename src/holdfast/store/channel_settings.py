"""How each channel is set: its options, its secrets (sealed), and what is wrong with it now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.sealed import decrypt, encrypt


@dataclass(frozen=True, slots=True)
class ChannelSet:
    """A channel's options and secrets as they were entered; secrets are not shown when it is printed.

    ``trouble`` is a sentence about what is wrong with the channel now; nobody asks it before
    ``rests_until_us``.
    """

    channel: str
    options: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    changed_us: int
    trouble: Text | None
    rests_until_us: int


def read(settings: Settings, channel: str) -> ChannelSet | None:
    """How a channel is set; ``None`` when nobody has set it. Refuses ("sealed_elsewhere")."""
    from holdfast.store.written import from_json

    store.connect(settings)
    row = sql.one(
        "SELECT options, sealed, changed_us, trouble, rests_until_us FROM channel_setting WHERE channel = %s",
        (channel,),
    )
    if row is None:
        return None
    options, closed, changed_us, trouble, rests_until_us = row
    said = None if trouble is None else from_json(sql.json_value(trouble))
    return ChannelSet(
        channel,
        sql.json_value(options),
        decrypt(settings, _purpose(channel), str(closed)),
        int(changed_us),
        said if isinstance(said, Text) else None,
        int(rests_until_us),
    )


def write(
    settings: Settings,
    channel: str,
    options: Mapping[str, Any],
    secrets: Mapping[str, str],
    *,
    now_us: int,
) -> None:
    """Set a channel: what it was set to before is forgotten, with what was wrong with it."""
    store.connect(settings)
    sql.write(
        "INSERT INTO channel_setting "
        "(channel, options, sealed, changed_us, trouble, failures, rests_until_us) "
        "VALUES (%s, %s, %s, %s, NULL, 0, 0) ON CONFLICT (channel) DO UPDATE SET "
        "options = excluded.options, sealed = excluded.sealed, "
        "changed_us = excluded.changed_us, trouble = NULL, failures = 0, rests_until_us = 0",
        (channel, json.dumps(dict(options)), encrypt(settings, _purpose(channel), secrets), now_us),
    )


def forget(settings: Settings, channel: str) -> None:
    """A channel is not set any more: what goes by it waits."""
    store.connect(settings)
    sql.write("DELETE FROM channel_setting WHERE channel = %s", (channel,))


def note_trouble(settings: Settings, channel: str, trouble: Text, *, rest_us: int, now_us: int) -> None:
    """Say what is wrong with a whole channel, and let it rest: each time twice as long, an hour at most."""
    from holdfast.store.written import as_json

    store.connect(settings)
    row = sql.one("SELECT failures FROM channel_setting WHERE channel = %s", (channel,))
    rest = min(rest_us * 2 ** min(0 if row is None else int(row[0]), 20), _LONGEST_REST_US)
    sql.write(
        "INSERT INTO channel_setting "
        "(channel, options, sealed, changed_us, trouble, failures, rests_until_us) "
        "VALUES (%s, '{}', '', %s, %s, 1, %s) ON CONFLICT (channel) DO UPDATE SET "
        "trouble = excluded.trouble, failures = channel_setting.failures + 1, "
        "rests_until_us = excluded.rests_until_us WHERE channel_setting.rests_until_us <= %s",
        (channel, now_us, json.dumps(as_json(trouble)), now_us + rest, now_us),
    )


def troubles(settings: Settings) -> dict[str, Text]:
    """What is wrong now, by channel; those that work are left out."""
    from holdfast.store.written import from_json

    store.connect(settings)
    rows = sql.read("SELECT channel, trouble FROM channel_setting WHERE trouble IS NOT NULL ORDER BY channel")
    said = {str(channel): from_json(sql.json_value(kept)) for channel, kept in rows}
    return {channel: words for channel, words in said.items() if isinstance(words, Text)}


def note_works(settings: Settings, channel: str) -> None:
    """Say that a channel works again."""
    store.connect(settings)
    sql.write(
        "UPDATE channel_setting SET trouble = NULL, failures = 0, rests_until_us = 0 "
        "WHERE channel = %s AND (failures > 0 OR trouble IS NOT NULL)",
        (channel,),
    )


_LONGEST_REST_US = 3_600 * 1_000_000


def _purpose(channel: str) -> str:
    return f"channel {channel}"
