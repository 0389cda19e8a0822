"""What our own people wrote and changed about one customer, and how the risk moved, as one timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.notes import among

MOVED = 0.05
"""A risk that moved so much since the row before, or passed a threshold of the team, is a moment."""

LONGEST = 1_000
"""Moments in one stretch at most, where a single moment holds very many."""

_NOON_US = 11 * 3_600_000_000
"""Scores belong to a day, not a moment: about its noon it is the same day in nearly every time zone."""


@dataclass(frozen=True, slots=True)
class OwnMoment:
    """A moment of ours: ``what`` is "note", "document", "owner", "trait", "point", "task", "case" or "score".

    ``id`` is that of the note, document, trait row, task or case; ``name`` the document's name, the trait,
    the kind of contact point, the owner's name or a title; ``text`` the note, the new value, the address, or
    what was written beside it; ``was`` what was there before (a trait's value, the address that took its
    place, the note's earlier texts as JSON, what was done with a contact point, what happened with a task
    or case and how it ended). ``figure`` is the size of a document, the new risk, ``former`` the old.
    """

    at_us: int
    what: str
    id: int
    by: str
    name: str
    text: str
    was: str
    figure: float | None
    former: float | None


def moments_of(
    settings: Settings,
    subjects: Sequence[int],
    unit_id: int,
    *,
    before_us: int | None,
    limit: int,
    thresholds: tuple[float, float],
) -> tuple[list[OwnMoment], int]:
    """About ``limit`` moments before one (``None``: the newest of all), and how many there are before it.

    One statement. ``thresholds`` are the risks from which the team watches and acts. A stretch ends
    between two moments: on a workspace's own clock many may have the same.
    """
    store.connect(settings)
    rows = sql.read(
        f"WITH own AS ({_own(subjects, unit_id, thresholds)}), "
        "theirs AS (SELECT * FROM own WHERE at_us < %s), "
        f"newest AS (SELECT at_us FROM theirs ORDER BY at_us DESC LIMIT {int(limit)}) "
        "SELECT at_us, what, id, made_by, name, text, was, figure, former, (SELECT COUNT(*) FROM theirs) "
        "FROM theirs WHERE at_us >= (SELECT MIN(at_us) FROM newest) "
        f"ORDER BY at_us DESC, what, id DESC LIMIT {LONGEST}",
        (2**62 if before_us is None else before_us,),
    )
    found = [OwnMoment(*_plain(row[:-1])) for row in rows]
    return found, int(rows[0][-1]) if rows else 0


def count_of(
    settings: Settings, subjects: Sequence[int], unit_id: int, *, thresholds: tuple[float, float]
) -> int:
    """How many moments of ours there are."""
    store.connect(settings)
    row = sql.one(f"SELECT COUNT(*) FROM ({_own(subjects, unit_id, thresholds)}) own")
    return int(row[0]) if row else 0


def _plain(row: Sequence[Any]) -> Sequence[Any]:
    *said, figure, former = row
    return (*said, None if figure is None else float(figure), None if former is None else float(former))


def _own(subjects: Sequence[int], unit_id: int, thresholds: tuple[float, float]) -> str:
    watch, act = (repr(float(each)) for each in thresholds)
    return _OWN.format(
        among=among(subjects), unit=int(unit_id), moved=MOVED, watch=watch, act=act, noon=_NOON_US
    )


_OWN = """
SELECT at_us, 'note' AS what, id, made_by, '' AS name, text, CAST(earlier AS TEXT) AS was,
       CAST(NULL AS DOUBLE PRECISION) AS figure, CAST(NULL AS DOUBLE PRECISION) AS former
FROM note WHERE subject_id IN {among} AND deleted_us IS NULL
UNION ALL
SELECT at_us, 'document', id, made_by, name, media_type, '', size, NULL
FROM document WHERE subject_id IN {among} AND deleted_us IS NULL
UNION ALL
SELECT o.from_us, 'owner', o.id, o.set_by, COALESCE(NULLIF(p.name, ''), p.email, ''), '', '', NULL, NULL
FROM owner o LEFT JOIN person p ON p.id = o.person_id WHERE o.subject_id IN {among}
UNION ALL
SELECT t.valid_from_us, 'trait', t.id, e.made_by, t.trait, t.value,
       COALESCE((SELECT w.value FROM trait_row w LEFT JOIN import v ON v.id = w.import_id
                 WHERE w.subject_id IN {among} AND w.trait = t.trait
                 AND (w.import_id IS NULL OR v.state = 'done')
                 AND (w.valid_from_us, w.id) < (t.valid_from_us, t.id)
                 ORDER BY w.valid_from_us DESC, w.known_us DESC, w.id DESC LIMIT 1), ''), NULL, NULL
FROM trait_row t JOIN trait_edit e ON e.row_id = t.id WHERE t.subject_id IN {among}
UNION ALL
SELECT at_us, 'point', id, made_by, kind, value, action || ' ' || instead, NULL, NULL
FROM point_change WHERE subject_id IN {among}
UNION ALL
SELECT w.at_us, 'task', t.id, w.made_by, t.title, w.text, w.what || ' ' || w.became, NULL, NULL
FROM task t JOIN work_change w ON w.task_id = t.id
WHERE t.subject_id IN {among} AND w.what IN ('made', 'finished', 'dropped')
UNION ALL
SELECT w.at_us, 'case', c.id, w.made_by, c.title, w.text, w.what || ' ' || w.became, NULL, NULL
FROM customer_case c JOIN work_change w ON w.case_id = c.id
WHERE c.subject_id IN {among} AND w.what IN ('made', 'solved', 'reopened')
UNION ALL
SELECT day * 86400000000 + {noon}, 'score', 0, '', '', '', '', risk, former FROM (
    SELECT CAST(day AS BIGINT) AS day, risk, LAG(risk) OVER (ORDER BY day) AS former
    FROM risk_history WHERE unit_id = {unit}
) h WHERE former IS NOT NULL AND (ABS(risk - former) >= {moved}
    OR (risk >= {watch}) <> (former >= {watch}) OR (risk >= {act}) <> (former >= {act}))
"""
