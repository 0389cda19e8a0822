"""Changes of ours counted: how many customers each concerns, who was told, who answered, who left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Concerned:
    """So many customers, who bring ``yearly_minor`` a year; ``told`` of them know, from ``first_us`` on."""

    customers: int = 0
    yearly_minor: int = 0
    told: int = 0
    first_us: int | None = None


def counts(settings: Settings) -> dict[str, Concerned]:
    """Change to how many it concerns; one statement for all."""
    store.connect(settings)
    rows = sql.read(
        "SELECT change_key, COUNT(*), COALESCE(SUM(yearly_minor), 0), COUNT(told_us), MIN(told_us) "
        "FROM change_concerned GROUP BY change_key"
    )
    return {key: Concerned(int(n), int(minor), int(told), first) for key, n, minor, told, first in rows}


def dearest(settings: Settings, key: str, most: int, only: Collection[int] | None = None) -> list[int]:
    """Those who bring most; ``only`` narrows to customers that somebody may see."""
    store.connect(settings)
    rows = sql.read(
        "SELECT unit_id FROM change_concerned WHERE change_key = %s ORDER BY yearly_minor DESC, unit_id",
        (key,),
    )
    found = (int(unit) for (unit,) in rows if only is None or unit in only)
    return [unit for unit, _ in zip(found, range(most), strict=False)]


def reached(settings: Settings, key: str, play_key: str, since_us: int) -> list[int]:
    """Who was not told yet, and since then got a message of the play, or was called because of it."""
    store.connect(settings)
    rows = sql.read(
        "SELECT c.unit_id FROM change_concerned c WHERE c.change_key = %s AND c.told_us IS NULL "
        "AND c.unit_id IN (SELECT t.unit_id FROM touch t WHERE t.state = 'sent' AND t.changed_us >= %s "
        "AND t.asked_by = %s UNION ALL SELECT k.subject_id FROM task k WHERE k.state = 'done' "
        "AND k.closed_us >= %s AND k.origin = 'play' AND k.origin_key = %s) ORDER BY c.unit_id",
        (key, since_us, f"play {play_key}", since_us, play_key),
    )
    return [int(unit) for (unit,) in rows]


def not_in_play(settings: Settings, key: str, play_id: int) -> list[int]:
    """Who is on the list, was not told, and never entered the play."""
    store.connect(settings)
    rows = sql.read(
        "SELECT c.unit_id FROM change_concerned c WHERE c.change_key = %s AND c.told_us IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.play_id = %s AND e.unit_id = c.unit_id) "
        "ORDER BY c.unit_id",
        (key, play_id),
    )
    return [int(unit) for (unit,) in rows]


def told(settings: Settings, key: str) -> dict[int, int]:
    """Customer to when they were told."""
    store.connect(settings)
    rows = sql.read(
        "SELECT unit_id, told_us FROM change_concerned WHERE change_key = %s AND told_us IS NOT NULL", (key,)
    )
    return {int(unit): int(at_us) for unit, at_us in rows}


def left_since(settings: Settings, key: str, found_us: int) -> tuple[int, int]:
    """How many left since they were told, and how many of those who were not told since the list was made."""
    store.connect(settings)
    row = sql.one(
        f"SELECT COUNT(DISTINCT CASE WHEN c.told_us IS NOT NULL AND l.left_day > c.told_us / {DAY_US} "
        "THEN c.unit_id END), "
        f"COUNT(DISTINCT CASE WHEN c.told_us IS NULL AND l.left_day > %s THEN c.unit_id END) "
        "FROM change_concerned c JOIN loss l ON l.unit_id = c.unit_id WHERE c.change_key = %s",
        (found_us // DAY_US, key),
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def wrote(settings: Settings, since_us: int) -> list[tuple[int, int, int]]:
    """(subject, when last, when last complaining, 0: never) of who wrote since then, each once."""
    store.connect(settings)
    rows = sql.read(
        "SELECT subject_id, MAX(at_us), MAX(CASE WHEN bad = 1 THEN at_us ELSE 0 END) FROM ("
        "SELECT subject_id, at_us, CASE WHEN sentiment = 'negative' THEN 1 ELSE 0 END AS bad "
        "FROM text_reading WHERE at_us >= %s UNION ALL "
        "SELECT m.subject_id, m.at_us, 0 FROM inbox_conversation v "
        "JOIN inbox_message m ON m.conversation_id = v.id "
        "WHERE v.last_us >= %s AND m.at_us >= %s AND m.incoming UNION ALL "
        "SELECT subject_id, made_us, 1 FROM customer_case WHERE made_us >= %s AND kind = 'complaint'"
        ") AS said GROUP BY subject_id",
        (since_us,) * 4,
    )
    return [(int(subject), int(last_us), int(bad_us)) for subject, last_us, bad_us in rows]
