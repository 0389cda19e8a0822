"""Who a trigger is about: read from what was kept since the last look, in the order of its numbers.

On PostgreSQL numbers are given before others see the transaction, so each look goes back a little; what was
read before enrols nobody twice (:mod:`holdfast.store.plays_enrolling`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_BACK = 500
"""So many numbers are read again where there are several writers."""

MOST = 200_000
"""Rows of one look."""

Found = tuple[list[tuple[int, int]], int]
"""(customer, number of what began it), and how far the source was read."""


def ends(settings: Settings) -> dict[str, int]:
    """Where each source ends now: what a play that is launched now does not look behind."""
    store.connect(settings)
    return {
        "episode": _end("episode", "id"),
        "segment_move": _end("segment_move", "id"),
        "log_row": log_end(settings),
    }


def log_end(settings: Settings) -> int:
    """The number of the last row that the ingest log ever had, as far as it can be told."""
    store.connect(settings)
    return _end("log_row", "seq")


def episodes(settings: Settings, key: str, strength: float, after: int) -> Found:
    """Whom a signal warns of since; none that are over, or were no news."""
    store.connect(settings)
    if (end := max(after, _end("episode", "id"))) == after:
        return [], after
    rows = sql.read(
        "SELECT unit_id, id FROM episode WHERE id > %s AND signal_key = %s AND strength >= %s "
        f"AND NOT quiet AND ended_day IS NULL AND merged_into IS NULL ORDER BY id LIMIT {MOST}",
        (_from(after), key, strength),
    )
    return _found(rows, end)


def segment_moves(settings: Settings, key: str, entered: bool, after: int) -> Found:
    """Who entered or left a segment since."""
    store.connect(settings)
    if (end := max(after, _end("segment_move", "id"))) == after:
        return [], after
    rows = sql.read(
        "SELECT m.unit_id, m.id FROM segment_move m JOIN segment s ON s.id = m.segment_id "
        f"WHERE m.id > %s AND s.key = %s AND m.entered = %s ORDER BY m.id LIMIT {MOST}",
        (_from(after), key, entered),
    )
    return _found(rows, end)


@dataclass(frozen=True, slots=True)
class Heard:
    """An event of the ingest log; ``number`` is that of its row, by ``columns`` triggers tell it apart."""

    subject_id: int
    number: int
    name: str
    at_us: int
    columns: Mapping[str, str]


def log_events(
    settings: Settings, names: Collection[str], after: int, *, since_us: int
) -> tuple[list[Heard], int]:
    """Events of these names since; none from before ``since_us``: what arrives late begins no play."""
    store.connect(settings)
    end = max(after, log_end(settings))
    if not names or end == after:
        return [], end
    marks = ", ".join(["%s"] * len(names))
    rows = sql.read(
        "SELECT subject_id, seq, name, at_us, COALESCE(code, ''), COALESCE(product_id, ''), "
        "COALESCE(source, '') "
        f"FROM log_row WHERE seq > %s AND name IN ({marks}) AND at_us >= %s ORDER BY seq LIMIT {MOST}",
        (_from(after), *sorted(names), since_us),
    )
    found = [
        Heard(int(subject), int(seq), name, int(at_us), {"code": code, "product": product, "source": source})
        for subject, seq, name, at_us, code, product, source in rows
    ]
    if len(rows) == MOST:
        end = min(end, found[-1].number)
    return found, end


def crossed(settings: Settings, play_id: int, risk: float) -> list[int]:
    """Who is above a risk and was not at the last look; those who fell below it are noted as such."""
    store.connect(settings)
    fallen = sql.read(
        "SELECT a.unit_id FROM play_above a LEFT JOIN risk_score r ON r.unit_id = a.unit_id "
        "WHERE a.play_id = %s AND (r.risk IS NULL OR r.risk < %s)",
        (play_id, risk),
    )
    for some in _stretches([int(unit) for (unit,) in fallen]):
        sql.write(f"DELETE FROM play_above WHERE play_id = %s AND unit_id IN ({_listed(some)})", (play_id,))
    rows = sql.read(
        "SELECT r.unit_id FROM risk_score r LEFT JOIN play_above a "
        "ON a.play_id = %s AND a.unit_id = r.unit_id "
        f"WHERE r.risk >= %s AND a.unit_id IS NULL ORDER BY r.unit_id LIMIT {MOST}",
        (play_id, risk),
    )
    return [int(unit) for (unit,) in rows]


def note_above(settings: Settings, play_id: int, units: Sequence[int]) -> None:
    """Remember who is above the threshold of a play, after they were enrolled."""
    store.connect(settings)
    for some in _stretches(units):
        values = ", ".join(f"({int(play_id)}, {int(unit)})" for unit in some)
        sql.write(
            f"INSERT INTO play_above (play_id, unit_id) VALUES {values} "
            "ON CONFLICT (play_id, unit_id) DO NOTHING"
        )


def forget_above(settings: Settings, play_id: int) -> None:
    """Forget who was above: the play is launched with another threshold."""
    store.connect(settings)
    while sql.write(
        "DELETE FROM play_above WHERE play_id = %s AND unit_id IN "
        f"(SELECT unit_id FROM play_above WHERE play_id = %s LIMIT {sql.RANGE})",
        (play_id, play_id),
    ):
        pass


def read_until(settings: Settings) -> int | None:
    """The number up to which plays have read the ingest log; ``None`` where none goes on."""
    store.connect(settings)
    row = sql.one(
        "SELECT MIN(c.position) FROM play_cursor c WHERE c.source = 'log_row' "
        "AND EXISTS (SELECT 1 FROM play p WHERE c.play_id IN (0, p.id) AND (p.state = 'running' "
        "OR (c.play_id = 0 AND p.state = 'ended' AND EXISTS "
        "(SELECT 1 FROM enrolment e WHERE e.play_id = p.id AND e.ended_us IS NULL))))"
    )
    return None if row is None or row[0] is None else int(row[0])


def _from(after: int) -> int:
    return after if sql.is_sqlite() else after - _BACK


def _end(table: str, key: str) -> int:
    row = sql.one(f"SELECT COALESCE(MAX({key}), 0) FROM {table}")
    return int(row[0]) if row else 0


def _found(rows: Sequence[sql.Row], end: int) -> Found:
    found = [(int(unit), int(number)) for unit, number in rows]
    return found, min(end, found[-1][1]) if len(found) == MOST else end


def _stretches(units: Sequence[int]) -> list[Sequence[int]]:
    return [units[start : start + 2_000] for start in range(0, len(units), 2_000)]


def _listed(units: Sequence[int]) -> str:
    return ", ".join(str(int(unit)) for unit in units) or "NULL"


def cursors(settings: Settings, source: str) -> dict[int, int]:
    """Play to how far a source was read for it; 0: for all together."""
    store.connect(settings)
    rows = sql.read("SELECT play_id, position FROM play_cursor WHERE source = %s", (source,))
    return {int(play_id): int(position) for play_id, position in rows}


def forget_cursor(settings: Settings, play_id: int, source: str) -> None:
    """Forget how far a source was read for a play: it begins anew."""
    store.connect(settings)
    sql.write("DELETE FROM play_cursor WHERE play_id = %s AND source = %s", (play_id, source))
