"""What providers tell of messages that went out: whose message a name is, and what was told of it before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.deliveries import EVENT_OF, REPEATED
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.outbox_sending import Result, numbers, write_history

_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that went out: to whom, for what."""

    touch_id: int
    address: str
    purpose: str
    unit_id: int | None
    subject_id: int | None


def sent_by_names(
    settings: Settings, wanted: Sequence[tuple[str, Sequence[str]]]
) -> dict[tuple[str, str], list[Sent]]:
    """(channel, a provider's name for a message) to the messages that are called so; the newest first."""
    store.connect(settings)
    found: dict[tuple[str, str], list[Sent]] = {}
    names = sorted({name for _, several in wanted for name in several if name})
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        rows = sql.read(
            "SELECT channel, provider_id, id, address, purpose, unit_id, subject_id FROM touch "
            f"WHERE provider_id <> '' AND provider_id IN ({', '.join(['%s'] * len(some))}) ORDER BY id DESC",
            some,
        )
        for channel, name, *of_touch in rows:
            found.setdefault((str(channel), str(name)), []).append(Sent(*of_touch))
    return found


@dataclass(frozen=True, slots=True)
class OneSent:
    """A message, and when it was handed over last; ``None`` where it is on its way still."""

    sent: Sent
    sent_us: int | None


def one_sent(settings: Settings, touch_id: int) -> OneSent | None:
    """The message of this number, while it is remembered."""
    store.connect(settings)
    row = sql.one(
        "SELECT t.id, t.address, t.purpose, t.unit_id, t.subject_id, (SELECT MAX(y.at_us) FROM touch_try y "
        "WHERE y.touch_id = t.id AND y.what = 'sent') FROM touch t WHERE t.id = %s",
        (touch_id,),
    )
    return None if row is None else OneSent(Sent(*row[:5]), row[5])


def moments(touch_id: int, what: str, most: int) -> list[int]:
    """When something was told of a message, the latest first."""
    rows = sql.read(
        f"SELECT at_us FROM touch_try WHERE touch_id = %s AND what = %s ORDER BY id DESC LIMIT {int(most)}",
        (touch_id, what),
    )
    return [int(at_us) for (at_us,) in rows]


def told_before(settings: Settings, touch_ids: Collection[int]) -> set[tuple[int, str, int]]:
    """(message, what, moment) of what providers have told already; without a moment what happens once."""
    store.connect(settings)
    if not touch_ids:
        return set()
    whats = ", ".join(f"'{each}'" for each in EVENT_OF)
    rows = sql.read(
        "SELECT touch_id, what, at_us FROM touch_try "
        f"WHERE touch_id IN ({numbers(set(touch_ids))}) AND what IN ({whats})"
    )
    return {(int(id_), str(what), int(at_us) if what in REPEATED else 0) for id_, what, at_us in rows}


def note(touch_id: int, what: Any, at_us: int, code: str, reason: Text | None, by: str) -> None:
    """Add what was told of a message to its history. Joins the caller's transaction."""
    write_history([Result(touch_id, 0, what, by, None, at_us, code=code, reason=reason)])
