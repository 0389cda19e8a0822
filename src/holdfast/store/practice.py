"""What our people practise: notes of a week, questions with answers, who learns beside whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

MOST = 500
"""Notes and questions that are read: the newest."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note or a question; see :class:`holdfast.store.models.PracticeNote`."""

    id: int
    title: str
    text: str
    choices: tuple[str, ...]
    right: int | None
    from_day: int
    made_us: int
    made_by: str


@dataclass(frozen=True, slots=True)
class Result:
    """How somebody answered: how many questions, how many of them right the first time, and the last."""

    person_id: int
    name: str
    questions: int
    right_first: int
    right_last: int


@dataclass(frozen=True, slots=True)
class Pair:
    """That ``person`` learns beside another."""

    id: int
    person_id: int
    person: str
    beside_id: int
    beside: str
    since_us: int


def notes(settings: Settings) -> list[Note]:
    """Every note and question, the newest week first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, title, text, choices, right_one, from_day, made_us, made_by FROM practice_note "
        f"ORDER BY from_day DESC, id DESC LIMIT {MOST}"
    )
    return [
        Note(number, title, text, tuple(sql.json_value(choices)), right, from_day, made_us, made_by)
        for number, title, text, choices, right, from_day, made_us, made_by in rows
    ]


def add(
    settings: Settings,
    title: str,
    text: str,
    choices: Sequence[str],
    right: int | None,
    from_day: int,
    *,
    by: str,
    now_us: int,
) -> int:
    """Keep a note or a question; its number."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO practice_note (title, text, choices, right_one, from_day, made_us, made_by) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
            (title, text, json.dumps(list(choices), ensure_ascii=False), right, from_day, now_us, by),
        )
    return int(row[0]) if row else 0


def remove(settings: Settings, note_id: int) -> bool:
    """Forget a note or a question with its answers; whether there was one."""
    store.connect(settings)
    with sql.short_write():
        sql.write("DELETE FROM practice_answer WHERE note_id = %s", (note_id,))
        return sql.write("DELETE FROM practice_note WHERE id = %s", (note_id,)) == 1


def answer(
    settings: Settings, note_id: int, person_id: int, chosen: int, is_right: bool, *, now_us: int
) -> None:
    """Keep what somebody answered."""
    store.connect(settings)
    with sql.short_write():
        sql.write(
            "INSERT INTO practice_answer (note_id, person_id, chosen, is_right, at_us) "
            "VALUES (%s, %s, %s, %s, %s)",
            (note_id, person_id, chosen, is_right, now_us),
        )


def answered(settings: Settings, person_id: int) -> dict[int, bool]:
    """Question to whether the last answer of this person was right."""
    store.connect(settings)
    rows = sql.read(
        "SELECT note_id, is_right FROM practice_answer WHERE person_id = %s ORDER BY id", (person_id,)
    )
    return {int(note): bool(right) for note, right in rows}


def results(settings: Settings) -> list[Result]:
    """Everybody who answered anything, by name. One statement."""
    store.connect(settings)
    rows = sql.read(
        "SELECT a.person_id, COALESCE(NULLIF(p.name, ''), p.email, ''), COUNT(*), "
        "SUM(CASE WHEN f.is_right THEN 1 ELSE 0 END), SUM(CASE WHEN l.is_right THEN 1 ELSE 0 END) FROM "
        "(SELECT person_id, MIN(id) AS first_id, MAX(id) AS last_id FROM practice_answer "
        "GROUP BY person_id, note_id) a JOIN practice_answer f ON f.id = a.first_id "
        "JOIN practice_answer l ON l.id = a.last_id LEFT JOIN person p ON p.id = a.person_id "
        "GROUP BY a.person_id, p.name, p.email ORDER BY 2, 1"
    )
    return [Result(int(row[0]), row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows]


def pairs(settings: Settings) -> list[Pair]:
    """Who learns beside whom now."""
    store.connect(settings)
    rows = sql.read(
        "SELECT x.id, x.person_id, COALESCE(NULLIF(p.name, ''), p.email, ''), x.beside_id, "
        "COALESCE(NULLIF(b.name, ''), b.email, ''), x.since_us FROM practice_pair x "
        "LEFT JOIN person p ON p.id = x.person_id LEFT JOIN person b ON b.id = x.beside_id "
        "WHERE x.until_us IS NULL ORDER BY 3, x.id"
    )
    return [Pair(*row) for row in rows]


def pair(settings: Settings, person_id: int, beside_id: int, *, by: str, now_us: int) -> None:
    """Let somebody learn beside another from now on, and beside nobody else."""
    store.connect(settings)
    with sql.short_write():
        _end(person_id, now_us)
        sql.write(
            "INSERT INTO practice_pair (person_id, beside_id, since_us, until_us, made_by) "
            "VALUES (%s, %s, %s, NULL, %s)",
            (person_id, beside_id, now_us, by),
        )


def part(settings: Settings, person_id: int, *, now_us: int) -> bool:
    """Let somebody learn beside nobody any more; whether they did."""
    store.connect(settings)
    with sql.short_write():
        return _end(person_id, now_us) > 0


def _end(person_id: int, now_us: int) -> int:
    return sql.write(
        "UPDATE practice_pair SET until_us = %s WHERE person_id = %s AND until_us IS NULL",
        (now_us, person_id),
    )
