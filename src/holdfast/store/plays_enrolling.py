"""Customers enter plays: many at once, each once, with the fact in the event log in the same transaction.

On SQLite each stretch holds the write lock for well under 100 ms. A stretch holds for itself: whoever is
killed between two begins anew, and who is in already is not enrolled again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from holdfast import store
from holdfast.domain.arms import Draw, below
from holdfast.settings import Settings
from holdfast.store import ingest_log, sql
from holdfast.store.ingest_log import LogEvent

AT_ONCE = 500
"""Customers that one transaction enrols: each is a row with four indexes and a row of the event log."""

PLAY_ENROLLED = "Play Enrolled"
SOURCE = "holdfast"


@dataclass(frozen=True, slots=True)
class Enrolling:
    """How customers are enrolled: by which version of which play, from which step on, and why.

    ``again_before_us``: who ended before may enter anew; ``None``: nobody enters twice. ``hold_out`` is the
    share that is held out by ``draw``, ``step`` the first step, ``reason`` JSON.
    """

    play_id: int
    play_key: str
    version_id: int
    version: int
    step: str
    draw: Draw
    hold_out: float
    again_before_us: int | None
    reason: str
    now_us: int
    present_us: int


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many were enrolled, by arm."""

    treated: int = 0
    held_out: int = 0

    def __add__(self, other: Enrolled) -> Enrolled:
        return Enrolled(self.treated + other.treated, self.held_out + other.held_out)


def enrol(settings: Settings, how: Enrolling, wanted: Iterable[tuple[int, int]]) -> Enrolled:
    """Enrol customers, given as (unit, number of what began it); who is in, or was and may not again, is not.

    An entry of the same cause is never made twice, however often it is asked for.
    """
    store.connect(settings)
    columns = {"unit_id": "BIGINT", "cause_id": "BIGINT", "arm": "TEXT"}
    count = sql.fill("staged_enrolment", columns, _with_arms(how, wanted))
    done = Enrolled()
    for first, last in sql.ranges(count, AT_ONCE):
        if sql.one(f"SELECT 1 FROM staged_enrolment s WHERE {_fresh(how)} LIMIT 1", _asked(how, first, last)):
            done += _stretch(settings, how, first, last)
    sql.drop("staged_enrolment")
    return done


def _stretch(settings: Settings, how: Enrolling, first: int, last: int) -> Enrolled:
    again = how.again_before_us is not None
    number = (
        "COALESCE((SELECT MAX(o.round) FROM enrolment o WHERE o.play_id = %s AND o.unit_id = s.unit_id), 0)"
        if again
        else "CAST(%s AS BIGINT) * 0"
    )
    with sql.short_write():
        rows = sql.read(
            "INSERT INTO enrolment (play_id, version_id, unit_id, subject_id, round, arm, probability, "
            "entered_us, cause_id, reason, step, reached_us, due_us, waits_for, state, ended_why) "
            f"SELECT %s, %s, s.unit_id, s.unit_id, {number} + 1, "
            "s.arm, %s, %s, s.cause_id, %s, %s, %s, %s, '', "
            "CASE WHEN s.arm = 'held_out' THEN 'held_out' ELSE 'under_way' END, '' "
            f"FROM staged_enrolment s WHERE {_fresh(how)} "
            "ON CONFLICT (play_id, unit_id, round) DO NOTHING RETURNING id, unit_id, arm",
            (
                *(how.play_id, how.version_id, how.play_id, 1 - how.hold_out, how.present_us, how.reason),
                *(how.step, how.present_us, how.present_us),
                *_asked(how, first, last),
            ),
        )
        told = {arm: _details(how, arm) for arm in ("treated", "held_out")}
        ingest_log.append(settings, [_fact(how, row, told[row[2]]) for row in rows])
    held_out = sum(1 for _, _, arm in rows if arm == "held_out")
    return Enrolled(len(rows) - held_out, held_out)


def _fresh(how: Enrolling) -> str:
    """The condition that a staged customer may enter."""
    theirs = "e.play_id = %s AND e.unit_id = s.unit_id"
    if how.again_before_us is not None:
        theirs += (
            " AND (e.ended_us IS NULL OR e.ended_us > %s OR (s.cause_id <> 0 AND e.cause_id = s.cause_id))"
        )
    return f"s.n BETWEEN %s AND %s AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE {theirs})"


def _asked(how: Enrolling, first: int, last: int) -> Sequence[int]:
    again = () if how.again_before_us is None else (how.again_before_us,)
    return (first, last, how.play_id, *again)


def _with_arms(how: Enrolling, wanted: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    most = below(how.hold_out)
    for unit, cause in wanted:
        yield unit, cause, "held_out" if how.draw.of(unit) < most else "treated"


def _details(how: Enrolling, arm: str) -> str:
    told = {"play": how.play_key, "version": how.version, "arm": arm}
    return json.dumps({**told, "probability": round(1 - how.hold_out, 9)})


def _fact(how: Enrolling, row: sql.Row, details: str) -> LogEvent:
    number, unit, _ = row
    return LogEvent(
        event_key=key_of(int(number), "entered"),
        message_id=None,
        subject_id=int(unit),
        at_us=how.present_us,
        known_us=how.present_us,
        name=PLAY_ENROLLED,
        source=SOURCE,
        object_kind="enrolment",
        object_id=str(number),
        code=how.play_key,
        details=details,
    )


def key_of(enrolment_id: int, what: str) -> bytes:
    """The key of a fact about an enrolment among all events."""
    return blake2b(f"enrolment\x1f{enrolment_id}\x1f{what}".encode(), digest_size=16).digest()
