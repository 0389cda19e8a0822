"""What customers wrote at given moments: the words behind facts that only say who and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


class Written(NamedTuple):
    """A text, where it was written ("ticket", "message", "survey", ...), when, and in which language, as it
    was read ("" where nobody read it).
    """

    kind: str
    text: str
    at_us: int
    language: str


def texts_at(settings: Settings, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Written]:
    """The texts by (subject, moment in microseconds); those of undone imports or erased are left out."""
    store.connect(settings)
    found: dict[tuple[int, int], Written] = {}
    for first in range(0, len(keys), _AT_ONCE):
        some = sorted(set(keys[first : first + _AT_ONCE]))
        subjects = sorted({subject for subject, _ in some})
        moments = sorted({at_us for _, at_us in some})
        rows = sql.read(
            "SELECT t.subject_id, t.at_us, t.kind, t.text, r.language FROM customer_text t "
            "LEFT JOIN text_reading r ON r.event_key = t.event_key "
            f"WHERE t.subject_id IN ({_marks(subjects)}) AND t.at_us IN ({_marks(moments)}) "
            "AND (t.import_id IS NULL OR t.import_id IN (SELECT id FROM import WHERE state = 'done')) "
            "ORDER BY t.id",
            [*subjects, *moments],
        )
        wanted = set(some)
        for subject, at_us, kind, text, language in rows:
            if (subject, at_us) in wanted:
                found[subject, at_us] = Written(kind, text, at_us, language or "")
    return found


_AT_ONCE = 400


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
