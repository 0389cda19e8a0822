"""Where one customer is reached: each contact point with how good it is, and what our people did with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.notes import among

Action = Literal["added", "checked", "ended", "restored"]


@dataclass(frozen=True, slots=True)
class PointChange:
    """What one of us did with a contact point; ``instead`` took the place of an ended one, where any did."""

    kind: str
    value: str
    action: str
    instead: str
    at_us: int
    made_by: str


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point of a customer; ``state`` is "" before the first look at it.

    ``ended`` is what one of us did last, where that ended it; ``changes`` all of it, the oldest first.
    """

    kind: str
    value: str
    source: str
    state: str
    used_us: int | None
    life_us: int | None
    bounced_us: int | None
    refused_us: int | None
    checked_us: int | None
    changes: tuple[PointChange, ...]

    @property
    def ended(self) -> PointChange | None:
        """Who ended it when; ``None`` where it holds."""
        last = next((each for each in reversed(self.changes) if each.action != "checked"), None)
        return last if last is not None and last.action == "ended" else None


def points_of(settings: Settings, subjects: Sequence[int], unit_id: int) -> list[Point]:
    """Every contact point of a customer, ended ones too; two statements."""
    store.connect(settings)
    changes: dict[tuple[str, str], list[PointChange]] = {}
    for row in sql.read(
        "SELECT kind, value, action, instead, at_us, made_by FROM point_change "
        f"WHERE subject_id IN {among(subjects)} ORDER BY id"
    ):
        change = PointChange(*row)
        changes.setdefault((change.kind, change.value), []).append(change)
    rows = sql.read(
        "SELECT p.kind, p.value, MIN(COALESCE(i.source, '')), MIN(COALESCE(s.state, '')), MAX(s.used_us), "
        "MAX(s.life_us), MAX(s.bounced_us), MAX(s.refused_us), MAX(s.checked_us) "
        "FROM contact_point p LEFT JOIN import i ON i.id = p.import_id "
        "LEFT JOIN point_state s ON s.unit_id = %s AND s.kind = p.kind AND s.value = p.value "
        f"WHERE p.subject_id IN {among(subjects)} AND (p.import_id IS NULL OR i.state = 'done') "
        "GROUP BY p.kind, p.value ORDER BY p.kind, p.value",
        (unit_id,),
    )
    return [
        Point(
            kind,
            value,
            source,
            state,
            used,
            life,
            bounced,
            refused,
            checked,
            tuple(changes.get((kind, value), ())),
        )
        for kind, value, source, state, used, life, bounced, refused, checked in rows
    ]


def note_change(settings: Settings, subject_id: int, change: PointChange) -> None:
    """Keep what one of us did with a contact point. Joins the caller's transaction, where there is one."""
    store.connect(settings)
    sql.write(
        "INSERT INTO point_change (subject_id, kind, value, action, instead, at_us, made_by) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            subject_id,
            change.kind,
            change.value,
            change.action,
            change.instead,
            change.at_us,
            change.made_by,
        ),
    )


def add_point(settings: Settings, subject_id: int, kind: str, value: str, *, import_id: int) -> None:
    """Give a subject a contact point, unless it has it. Joins the transaction of the caller, if any."""
    store.connect(settings)
    sql.write(
        "INSERT INTO contact_point (subject_id, kind, value, import_id, also) "
        "SELECT %s, %s, %s, %s, '' WHERE NOT EXISTS (SELECT 1 FROM contact_point p "
        "JOIN import i ON i.id = p.import_id AND i.state = 'done' "
        "WHERE p.subject_id = %s AND p.kind = %s AND p.value = %s)",
        (subject_id, kind, value, import_id, subject_id, kind, value),
    )
