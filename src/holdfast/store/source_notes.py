"""What sources by webhook remember between two deliveries: whose objects are, what waits, how much came."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.arriving import BadEvent, put_aside

DAY_US = 86_400_000_000
_AT_ONCE = 300
_MOST_KIND = 120

TAKEN, IGNORED, ASIDE, REFUSED = "taken", "ignored", "aside", "refused"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a source told of a ``kind`` of event, with which outcome, and when last."""

    outcome: str
    kind: str
    count: int
    last_us: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that waits for the owner of the object that it is ``about``."""

    id: int
    about: str
    call: dict[str, Any]


def remember_owners(source_id: int, owners: Mapping[str, str], *, day: int) -> None:
    """Whose objects are: object to the customer's id; what is said last holds."""
    rows = [(source_id, _plain(name), _plain(key), day) for name, key in sorted(owners.items())]
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        sql.write(
            "INSERT INTO source_owner (source_id, object, key, day) "
            f"VALUES {', '.join(['(%s, %s, %s, %s)'] * len(some))} "
            "ON CONFLICT (source_id, object) DO UPDATE SET key = excluded.key, day = excluded.day",
            [value for row in some for value in row],
        )


def owners_of(source_id: int, objects: Collection[str]) -> dict[str, str]:
    """The customer's id of each object that has a known owner."""
    found: dict[str, str] = {}
    listed = [_plain(each) for each in sorted(objects)]
    for first in range(0, len(listed), _AT_ONCE):
        some = listed[first : first + _AT_ONCE]
        marks = ", ".join(["%s"] * len(some))
        found.update(
            sql.read(
                f"SELECT object, key FROM source_owner WHERE source_id = %s AND object IN ({marks})",
                [source_id, *some],
            )
        )
    return found


def let_wait(source_id: int, calls: Iterable[tuple[str, Mapping[str, Any]]], *, received_us: int) -> None:
    """Keep calls, each with the object that it is about, until the object's owner is told."""
    for about, call in calls:
        sql.write(
            "INSERT INTO source_waiting (source_id, about, call, received_us) VALUES (%s, %s, %s, %s)",
            (source_id, _plain(about), json.dumps(call), received_us),
        )


def waiting_for(source_id: int, objects: Collection[str]) -> list[Waiting]:
    """The calls that wait for one of these objects, the oldest first."""
    found: list[Waiting] = []
    listed = [_plain(each) for each in sorted(objects)]
    for first in range(0, len(listed), _AT_ONCE):
        some = listed[first : first + _AT_ONCE]
        marks = ", ".join(["%s"] * len(some))
        rows = sql.read(
            "SELECT id, about, call FROM source_waiting "
            f"WHERE source_id = %s AND about IN ({marks}) ORDER BY id",
            [source_id, *some],
        )
        found += [Waiting(id_, about, json.loads(call)) for id_, about, call in rows]
    return found


def no_longer_waiting(waited: Sequence[Waiting]) -> None:
    """Forget calls that were taken."""
    for first in range(0, len(waited), _AT_ONCE):
        ids = ", ".join(str(each.id) for each in waited[first : first + _AT_ONCE])
        sql.write(f"DELETE FROM source_waiting WHERE id IN ({ids})")


def count(source_id: int, outcome: str, kind: str, *, now_us: int, by: int = 1) -> None:
    """Count something that a source told."""
    sql.write(
        "INSERT INTO source_tally (source_id, outcome, kind, count, last_us) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (source_id, outcome, kind) DO UPDATE SET count = source_tally.count + excluded.count, "
        "last_us = CASE WHEN source_tally.last_us > excluded.last_us THEN source_tally.last_us "
        "ELSE excluded.last_us END",
        (source_id, outcome, kind[:_MOST_KIND].replace("\x00", ""), by, now_us),
    )


def tallies(settings: Settings, source_id: int) -> list[Tally]:
    """What a source has told, the most frequent first."""
    store.connect(settings)
    return [
        Tally(*row)
        for row in sql.read(
            "SELECT outcome, kind, count, last_us FROM source_tally WHERE source_id = %s "
            "ORDER BY count DESC, kind LIMIT 200",
            (source_id,),
        )
    ]


def waiting(settings: Settings, source_id: int) -> int:
    """How many calls wait for an owner."""
    store.connect(settings)
    row = sql.one("SELECT COUNT(*) FROM source_waiting WHERE source_id = %s", (source_id,))
    return 0 if row is None else int(row[0])


def give_up(settings: Settings, *, before_us: int, refusal: Refusal) -> int:
    """Put aside, with ``refusal`` as the reason, what has waited since before a moment; how many."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, source_id, call, received_us FROM source_waiting WHERE received_us < %s "
        "ORDER BY id LIMIT 1000",
        (before_us,),
    )
    if not rows:
        return 0
    with sql.short_write():
        put_aside(
            BadEvent(source_id, "batch", False, received_us, call.encode(), refusal)
            for _, source_id, call, received_us in rows
        )
        ids = ", ".join(str(row[0]) for row in rows)
        sql.write(f"DELETE FROM source_waiting WHERE id IN ({ids})")
    return len(rows)


def forget_owners(settings: Settings, *, before_day: int) -> int:
    """Forget whose objects are that nobody has spoken of since before a day; how many."""
    store.connect(settings)
    return sql.write("DELETE FROM source_owner WHERE day < %s", (before_day,))


def forget_customer(settings: Settings, source_id: int, keys: Collection[str]) -> int:
    """Forget everything here about customers of a source, by their ids; how many rows (erasing a person)."""
    store.connect(settings)
    gone = 0
    for key in keys:
        objects = [
            name
            for (name,) in sql.read(
                "SELECT object FROM source_owner WHERE source_id = %s AND key = %s", (source_id, key)
            )
        ]
        waited = waiting_for(source_id, objects)
        no_longer_waiting(waited)
        gone += len(waited) + sql.write(
            "DELETE FROM source_owner WHERE source_id = %s AND key = %s", (source_id, key)
        )
    return gone


def _plain(name: str) -> str:
    """An id as the database keeps it; an absurd one is cut, which only means that it finds nobody."""
    return name.replace("\x00", "")[:255]
