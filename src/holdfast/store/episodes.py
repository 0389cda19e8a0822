"""Episodes of signals as they are written: what stands before a day, and what a look changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar

from holdfast import store
from holdfast.analytics.episodes import NEVER, OFF, Kept
from holdfast.settings import Settings
from holdfast.store import ingest_log, sql, told_out
from holdfast.store.ingest_log import LogEvent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

T = TypeVar("T")

AT_ONCE = 500
"""Episodes that one transaction writes: a row has seven indexes."""

SIGNAL_RAISED = "Signal Raised"
"""The event that says that an episode began."""

SOURCE = "holdfast"


@dataclass(frozen=True, slots=True)
class Begun:
    """Episodes that begin on ``day``, column by column: ``evidence`` are their numbers by name.

    ``quiet`` ones are no news; ``storm_id`` is that of the storm that all others belong to, if any.
    """

    unit: Whole
    day: int
    strength: NDArray[np.float64]
    evidence: Mapping[str, NDArray[np.float64]]
    quiet: NDArray[np.bool_]
    storm_id: int | None = None

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a look at some customers changes of one signal.

    ``ended`` are (episode, day, why), ``opened`` go on after all, ``earlier`` (episode, day) began on an
    earlier day than was said.
    """

    begun: Begun
    ended: Sequence[tuple[int, int, str]] = ()
    opened: Sequence[int] = ()
    earlier: Sequence[tuple[int, int]] = ()

    def __len__(self) -> int:
        return len(self.begun) + len(self.ended) + len(self.opened) + len(self.earlier)


_STANDING = "SELECT id, unit_id, began_day, ended_day, ended_by <> '', signal_key FROM episode"


def standing(settings: Settings, key: str, *, since_day: int) -> Kept:
    """The episodes of a signal that are open or ended on ``since_day`` or later.

    None that goes on in another.
    """
    store.connect(settings)
    rows: list[sql.Row] = []
    for ended in ("ended_day IS NULL", f"ended_day >= {int(since_day)}"):
        rows += sql.read(f"{_STANDING} WHERE signal_key = %s AND merged_into IS NULL AND {ended}", (key,))
    return _kept(rows)


def standing_among(
    settings: Settings, keys: Collection[str], units: Sequence[int], *, since_day: int
) -> dict[str, Kept]:
    """:func:`standing` of several signals for a few customers: one statement, however many signals."""
    store.connect(settings)
    rows: dict[str, list[sql.Row]] = {key: [] for key in keys}
    for some in _stretches(units):
        for row in sql.read(
            f"{_STANDING} WHERE unit_id IN {_listed(some)} AND merged_into IS NULL "
            "AND (ended_day IS NULL OR ended_day >= %s)",
            (since_day,),
        ):
            if row[5] in rows:
                rows[row[5]].append(row)
    return {key: _kept(found) for key, found in rows.items()}


def _kept(rows: Sequence[sql.Row]) -> Kept:
    import numpy as np

    whole = np.array([(a, b, c, NEVER if d is None else d, bool(e)) for a, b, c, d, e, _ in rows], np.int64)
    whole = whole.reshape(-1, 5)
    number, unit, began, over, by_person = (np.ascontiguousarray(whole[:, place]) for place in range(5))
    return Kept(number, unit, began, over, by_person.astype(bool))


def apply(settings: Settings, key: str, changes: Changes, *, now_us: int, present_us: int) -> list[int]:
    """Write what a look found, in short transactions that each hold for themselves; the ids that began.

    ``now_us`` is the actual time, ``present_us`` that of the workspace. What is written already is not
    written again: a look may be repeated. With each episode that is news goes its event, and what other
    systems are told.
    """
    store.connect(settings)
    for ended in _stretches(changes.ended):
        _set_ended(ended, present_us)
    for opened in _stretches(changes.opened):
        with sql.short_write():
            sql.write(
                "UPDATE episode SET ended_day = NULL, ended_us = NULL, ended_why = '' "
                f"WHERE id IN {_listed(opened)} "
                "AND ended_by = '' AND merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM episode o WHERE "
                "o.unit_id = episode.unit_id AND o.signal_key = episode.signal_key AND o.ended_day IS NULL)"
            )
    for some in _stretches(changes.earlier):
        _each("UPDATE episode SET began_day = %s WHERE id = %s", [(day, number) for number, day in some])
    found: list[int] = []
    for places in _stretches(range(len(changes.begun))):
        with sql.short_write():
            found += _begin(settings, key, changes.begun, places, now_us, present_us)
    return found


def _set_ended(some: Sequence[tuple[int, int, str]], at_us: int) -> None:
    _each(
        "UPDATE episode SET ended_day = %s, ended_us = %s, ended_why = %s "
        "WHERE id = %s AND ended_by = '' AND merged_into IS NULL",
        [(day, at_us, why, number) for number, day, why in some],
    )


def _begin(
    settings: Settings, key: str, begun: Begun, places: Sequence[int], now_us: int, present_us: int
) -> list[int]:
    values: list[Any] = []
    for place in places:
        unit, quiet = int(begun.unit[place]), bool(begun.quiet[place])
        told = {name: float(column[place]) for name, column in begun.evidence.items()}
        known = {name: value for name, value in told.items() if isfinite(value)}
        values += [key, unit, unit, begun.day, present_us, float(begun.strength[place]), json.dumps(known)]
        values += [quiet, None if quiet else begun.storm_id]
    row = "(%s, %s, %s, %s, %s, %s, %s, %s, CAST(%s AS BIGINT), '', '', '', '', '')"
    written = ", ".join([row] * len(places))
    rows = sql.read(
        "INSERT INTO episode (signal_key, unit_id, subject_id, began_day, raised_us, strength, evidence, "
        f"quiet, storm_id, ended_by, ended_why, snoozed_by, judged_by, acted_what) VALUES {written} "
        "ON CONFLICT (unit_id, signal_key) WHERE ended_day IS NULL DO NOTHING "
        "RETURNING id, unit_id, strength, quiet",
        values,
    )
    news = [(int(number), int(unit), float(strength)) for number, unit, strength, quiet in rows if not quiet]
    if begun.storm_id is None:
        told_out.signals_raised(settings, key, news, day=begun.day, now_us=now_us)
    ingest_log.append(settings, [_raised(key, *each, present_us, now_us) for each in news])
    return [int(row[0]) for row in rows]


def _raised(key: str, number: int, unit: int, strength: float, present_us: int, now_us: int) -> LogEvent:
    """The event that tells everything else of an episode."""
    made = blake2b(f"signal\x1f{key}\x1f{number}".encode(), digest_size=16).digest()
    return LogEvent(
        event_key=made,
        message_id=None,
        subject_id=unit,
        at_us=min(present_us, now_us),
        known_us=min(present_us, now_us),
        name=SIGNAL_RAISED,
        source=SOURCE,
        object_kind="episode",
        object_id=str(number),
        code=key,
        score=strength,
    )


def looked(settings: Settings) -> dict[str, tuple[int, str]]:
    """Up to which day everybody was looked at for each signal, and the digest of the rule."""
    store.connect(settings)
    return {
        key: (int(day), rule) for key, day, rule in sql.read("SELECT signal_key, day, rule FROM signal_look")
    }


def note_looked(settings: Settings, rules: Mapping[str, str], day: int, *, now_us: int) -> None:
    """Everybody was looked at for these signals (by the digest of their rule) up to ``day``."""
    store.connect(settings)
    _each(
        "INSERT INTO signal_look (signal_key, day, rule, looked_us) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (signal_key) DO UPDATE SET day = excluded.day, rule = excluded.rule, "
        "looked_us = excluded.looked_us",
        [(key, day, rule, now_us) for key, rule in rules.items()],
    )


def forget_looks(settings: Settings, but: set[str]) -> None:
    """Forget that signals were asked that are not any more: when they are again, that is the first time."""
    store.connect(settings)
    for key in looked(settings):
        if key not in but:
            sql.write("DELETE FROM signal_look WHERE signal_key = %s", (key,))


def last_look_us(settings: Settings) -> int | None:
    """When everybody was last looked at; ``None`` before the first time."""
    store.connect(settings)
    row = sql.one("SELECT MAX(looked_us) FROM signal_look")
    return None if row is None or row[0] is None else int(row[0])


def open_keys(settings: Settings) -> list[str]:
    """The signals of which an episode is open."""
    store.connect(settings)
    rows = sql.read("SELECT DISTINCT signal_key FROM episode WHERE ended_day IS NULL")
    return sorted(key for (key,) in rows)


def end_all(settings: Settings, key: str, day: int, *, now_us: int) -> int:
    """End every open episode of a signal that is no more; how many."""
    store.connect(settings)
    ended = 0
    while True:
        gone = sql.write(
            "UPDATE episode SET ended_day = %s, ended_us = %s, ended_why = %s WHERE id IN (SELECT id FROM "
            f"episode WHERE signal_key = %s AND ended_day IS NULL LIMIT {AT_ONCE})",
            (day, now_us, OFF, key),
        )
        ended += gone
        if gone < AT_ONCE:
            return ended


def _each(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    from django.db import connection

    if rows:
        with sql.short_write(), connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _stretches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(rows), AT_ONCE):
        yield rows[first : first + AT_ONCE]


def _listed(numbers: Sequence[int]) -> str:
    return f"({', '.join(str(int(number)) for number in numbers) or 'NULL'})"
