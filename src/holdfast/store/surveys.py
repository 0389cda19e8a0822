"""Questions that were asked of customers and what was answered; hand-written SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_AT_ONCE = 50
_COLUMNS = (
    "key, token, play_key, step_id, subject_id, kind, code, language, question, choices, asked_us, ends_us"
)


@dataclass(frozen=True, slots=True)
class NewAsked:
    """A question to be kept; with the same ``key`` it is kept once."""

    key: str
    token: str
    play_key: str
    step_id: str
    subject_id: int
    kind: str
    code: str
    language: str
    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked of one customer, and whether it was answered."""

    id: int
    play_key: str
    step_id: str
    subject_id: int
    kind: str
    code: str
    language: str
    question: str
    choices: tuple[str, ...]
    ends_us: int
    answered_us: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A step that asks: how many were sent its question, how many answered, when last."""

    play_key: str
    step_id: str
    kind: str
    code: str
    question: str
    choices: tuple[str, ...]
    language: str
    sent: int
    answered: int
    last_us: int | None


def add(settings: Settings, asked: Sequence[NewAsked], *, asked_us: int, ends_us: int) -> None:
    """Keep questions, in the caller's transaction."""
    store.connect(settings)
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        place = f"({', '.join(['%s'] * 12)}, FALSE)"
        values = [
            value
            for each in some
            for value in (
                *(each.key, each.token, each.play_key, each.step_id, each.subject_id, each.kind, each.code),
                *(each.language, each.question, json.dumps(each.choices, ensure_ascii=False)),
                *(asked_us, ends_us),
            )
        ]
        sql.write(
            f"INSERT INTO survey_asked ({_COLUMNS}, has_words) VALUES {', '.join([place] * len(some))} "
            "ON CONFLICT (key) DO NOTHING",
            values,
        )


def by_token(settings: Settings, token: str) -> Asked | None:
    """The question of a link."""
    store.connect(settings)
    row = sql.one(
        "SELECT id, play_key, step_id, subject_id, kind, code, language, question, choices, ends_us, "
        "answered_us FROM survey_asked WHERE token = %s",
        (token,),
    )
    if row is None:
        return None
    number, play_key, step_id, subject_id, kind, code, language, question, choices, *ends = row
    chosen, (ends_us, answered_us) = tuple(sql.json_value(choices)), ends
    told = (play_key, step_id, subject_id, kind, code, language, question)
    return Asked(number, *told, chosen, ends_us, answered_us)


def answer(settings: Settings, asked_id: int, score: int | None, *, words: bool, now_us: int) -> bool:
    """Keep an answer, in the caller's transaction; whether it is the first one."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE survey_asked SET answered_us = %s, score = %s, has_words = %s "
            "WHERE id = %s AND answered_us IS NULL",
            (now_us, score, words, asked_id),
        )
    )


def note_sent(settings: Settings, touch_ids: Sequence[int], *, now_us: int) -> list[tuple[int, int, str]]:
    """(touch, subject, code) of the questions among messages that went out; each is told once."""
    store.connect(settings)
    listed = ", ".join(str(int(each)) for each in touch_ids) or "NULL"
    rows = sql.read(
        "SELECT t.id, a.id, a.subject_id, a.code FROM touch t JOIN survey_asked a ON a.key = t.key "
        f"WHERE t.id IN ({listed}) AND a.sent_us IS NULL"
    )
    if rows:
        ids = ", ".join(str(int(row[1])) for row in rows)
        sql.write(f"UPDATE survey_asked SET sent_us = %s WHERE id IN ({ids})", (now_us,))
    return [(int(touch), int(subject), str(code)) for touch, _, subject, code in rows]


def counted(settings: Settings, play_key: str = "") -> list[Counted]:
    """Every step that asked somebody (of one play), with the newest wording; what was answered last first."""
    store.connect(settings)
    where, values = ("WHERE play_key = %s ", (play_key,)) if play_key else ("", ())
    rows = sql.read(
        "SELECT a.play_key, a.step_id, n.kind, n.code, n.question, n.choices, n.language, a.sent, "
        "a.answered, a.last_us FROM (SELECT play_key, step_id, COUNT(answered_us) AS answered, "
        "COUNT(COALESCE(sent_us, answered_us)) AS sent, MAX(answered_us) AS last_us, MAX(id) AS newest "
        f"FROM survey_asked {where}GROUP BY play_key, step_id) a JOIN survey_asked n ON n.id = a.newest "
        "ORDER BY COALESCE(a.last_us, 0) DESC, a.play_key, a.step_id",
        values,
    )
    return [_counted(row) for row in rows]


def _counted(row: sql.Row) -> Counted:
    play_key, step_id, kind, code, question, choices, language, sent, answered, last_us = row
    chosen = tuple(sql.json_value(choices))
    return Counted(play_key, step_id, kind, code, question, chosen, language, sent, answered, last_us)


def scores(settings: Settings, play_key: str, step_id: str) -> list[tuple[str, int | None, int]]:
    """(kind, mark, how many gave it) of one step; ``None``: answered in words alone."""
    store.connect(settings)
    rows = sql.read(
        "SELECT kind, score, COUNT(*) FROM survey_asked WHERE play_key = %s AND step_id = %s "
        "AND answered_us IS NOT NULL GROUP BY kind, score",
        (play_key, step_id),
    )
    return [(str(kind), None if score is None else int(score), int(count)) for kind, score, count in rows]


def over_time(
    settings: Settings, play_key: str, step_id: str, *, since_us: int, width_us: int
) -> list[tuple[int, int, float | None]]:
    """(number of the stretch since then, answers, their mean mark) of one step; empty ones are left out."""
    store.connect(settings)
    rows = sql.read(
        "SELECT (answered_us - %s) / %s AS stretch, COUNT(*), AVG(score) FROM survey_asked "
        "WHERE play_key = %s AND step_id = %s AND answered_us >= %s GROUP BY 1 ORDER BY 1",
        (since_us, width_us, play_key, step_id, since_us),
    )
    return [(int(place), int(count), None if mean is None else float(mean)) for place, count, mean in rows]


def said(settings: Settings, play_key: str, step_id: str, most: int) -> list[tuple[int, int, int | None]]:
    """(subject, when, mark) of the newest answers of one step that have words."""
    store.connect(settings)
    rows = sql.read(
        "SELECT subject_id, answered_us, score FROM survey_asked WHERE play_key = %s AND step_id = %s "
        "AND answered_us IS NOT NULL AND has_words ORDER BY answered_us DESC, id DESC LIMIT %s",
        (play_key, step_id, most),
    )
    return [(int(who), int(at_us), None if score is None else int(score)) for who, at_us, score in rows]
