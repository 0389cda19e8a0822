"""What customers were granted: dated, with amount and reason, once only; booked by a person for now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

State = Literal["open", "booked", "withdrawn"]


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant to be made; with the same ``key`` it is made once."""

    key: str
    subject_id: int
    enrolment_id: int | None
    kind: str
    amount: int
    unit: str
    currency: str
    reason: str
    made_by: str
    until_us: int | None = None
    task_id: int | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant as it stands beside the customer."""

    id: int
    kind: str
    amount: int
    unit: str
    currency: str
    reason: str
    made_us: int
    made_by: str
    until_us: int | None
    task_id: int | None
    state: State
    enrolment_id: int | None


def add(settings: Settings, new: NewGrant, *, now_us: int) -> bool:
    """Grant something, in the caller's transaction; whether it is new."""
    store.connect(settings)
    return bool(
        sql.write(
            "INSERT INTO granted (key, subject_id, enrolment_id, kind, amount, unit, currency, reason, "
            "made_us, made_by, until_us, task_id, state) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'open') ON CONFLICT (key) DO NOTHING",
            (
                *(new.key, new.subject_id, new.enrolment_id, new.kind, new.amount, new.unit, new.currency),
                *(new.reason, now_us, new.made_by, new.until_us, new.task_id),
            ),
        )
    )


def of_customer(settings: Settings, subjects: Sequence[int], limit: int = 50) -> list[Granted]:
    """What a customer (all its ids) was granted, the latest first."""
    store.connect(settings)
    listed = ", ".join(str(int(each)) for each in subjects) or "NULL"
    rows = sql.read(
        "SELECT id, kind, amount, unit, currency, reason, made_us, made_by, until_us, task_id, state, "
        f"enrolment_id FROM granted WHERE subject_id IN ({listed}) ORDER BY id DESC LIMIT {int(limit)}"
    )
    return [Granted(*row) for row in rows]


def set_state(settings: Settings, grant_id: int, state: State) -> bool:
    """Say that a grant was booked or withdrawn; whether it was open."""
    store.connect(settings)
    return bool(
        sql.write("UPDATE granted SET state = %s WHERE id = %s AND state = 'open'", (state, grant_id))
    )
