"""Episodes follow the customer they are about: when two become one, and when that is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, stretches

if TYPE_CHECKING:
    from holdfast.store.readers import UnitLinks

AT_ONCE = 100


def astray(settings: Settings, unit_of: Mapping[int, int]) -> list[tuple[int, int]]:
    """(episode, unit of now) of those raised for these subjects that stand under another unit."""
    store.connect(settings)
    found = []
    for some in stretches(sorted(unit_of)):
        rows = sql.read(f"SELECT id, subject_id, unit_id FROM episode WHERE subject_id IN {among(some)}")
        found += [(int(id_), unit_of[subject]) for id_, subject, unit in rows if unit != unit_of[subject]]
    return found


def astray_among_all(settings: Settings, links: UnitLinks) -> list[tuple[int, int]]:
    """:func:`astray` of everybody, by the links of now (subject to unit; who is not named is their own)."""
    store.connect(settings)
    unit_of: dict[int, int] = dict(zip(links.subject_id.tolist(), links.unit_id.tolist(), strict=True))
    found = []
    for rows in sql.stream("SELECT id, subject_id, unit_id FROM episode"):
        for number, subject, unit in rows:
            now = unit_of.get(int(subject), int(subject))
            if unit != now:
                found.append((int(number), now))
    return found


def follow(settings: Settings, moved: Sequence[tuple[int, int]], day: int, *, now_us: int) -> None:
    """Put episodes under the units they are about now.

    Of two that are open for one signal the elder goes on, the other one in it; where they are apart
    again, it goes on by itself.
    """
    store.connect(settings)
    for first in range(0, len(moved), AT_ONCE):
        some = moved[first : first + AT_ONCE]
        with sql.short_write():
            for number, unit in some:
                _move(number, unit, day, now_us)
            numbers = among([number for number, _ in some])
            for number, unit, key in sql.read(_APART.format(numbers=numbers)):
                _go_on(int(number), int(unit), key)


_APART = """
SELECT e.id, e.unit_id, e.signal_key FROM episode e JOIN episode o ON o.id = e.merged_into
WHERE (e.id IN {numbers} OR e.merged_into IN {numbers}) AND e.unit_id <> o.unit_id ORDER BY e.id
"""


def _move(number: int, unit: int, day: int, now_us: int) -> None:
    row = sql.one("SELECT signal_key, began_day, ended_day FROM episode WHERE id = %s", (number,))
    if row is None:
        return
    key, began, ended = row
    other = None
    if ended is None:
        other = sql.one(
            "SELECT id, began_day FROM episode WHERE unit_id = %s AND signal_key = %s AND ended_day IS NULL "
            "AND id <> %s",
            (unit, key, number),
        )
    if other is not None:
        elder, younger = sorted([(int(began), number), (int(other[1]), int(other[0]))])
        sql.write(
            "UPDATE episode SET merged_into = %s, ended_day = %s, ended_us = %s WHERE id = %s",
            (elder[1], day, now_us, younger[1]),
        )
    sql.write("UPDATE episode SET unit_id = %s WHERE id = %s", (unit, number))


def _go_on(number: int, unit: int, key: str) -> None:
    is_open = sql.one(
        "SELECT 1 FROM episode WHERE unit_id = %s AND signal_key = %s AND ended_day IS NULL", (unit, key)
    )
    if is_open is None:
        sql.write(
            "UPDATE episode SET merged_into = NULL, ended_day = NULL, ended_us = NULL WHERE id = %s",
            (number,),
        )
