"""How much each of our own people has to do, and what they got done: sums over tasks and cases."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, stretches

MOST_DONE = 200_000
"""Closed tasks that a report looks at."""


@dataclass(frozen=True, slots=True)
class Load:
    """What waits for somebody (``person_id`` ``None``: for nobody), and what they closed lately.

    ``open`` are tasks that are not put off, ``put_off`` the others; ``minutes`` are of the closed ones of
    which somebody said how long they took.
    """

    person_id: int | None
    open: int = 0
    late: int = 0
    week: int = 0
    put_off: int = 0
    closed: int = 0
    minutes: int = 0
    cases: int = 0


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A task that somebody closed."""

    by: str
    kind: str
    state: str
    outcome: str
    closed_us: int
    minutes: int | None
    subject_id: int | None


def loads(settings: Settings, *, now_us: int, week_ends_us: int, since_us: int) -> list[Load]:
    """What waits for everybody who has any, and what was closed since then. Two statements."""
    store.connect(settings)
    awake = "(t.snoozed_until_us IS NULL OR t.snoozed_until_us <= %s)"
    rows = sql.read(
        "SELECT t.owner_id, "
        f"SUM(CASE WHEN t.state = 'open' AND {awake} THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN t.state = 'open' AND {awake} AND t.due_us < %s THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN t.state = 'open' AND {awake} AND t.due_us < %s THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN t.state = 'open' AND NOT {awake} THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN t.state <> 'open' THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN t.state <> 'open' THEN COALESCE(t.minutes, 0) ELSE 0 END) "
        "FROM task t WHERE t.state = 'open' OR t.closed_us >= %s GROUP BY t.owner_id",
        (now_us, now_us, now_us, now_us, week_ends_us, now_us, since_us),
    )
    cases: dict[int | None, int] = dict(
        sql.read(
            "SELECT owner_id, COUNT(*) FROM customer_case WHERE state IN ('open', 'waiting') "
            "GROUP BY owner_id"
        )
    )
    found = [
        Load(
            whose,
            int(open_),
            int(late),
            int(week),
            int(put_off),
            int(closed),
            int(minutes),
            cases.pop(whose, 0),
        )
        for whose, open_, late, week, put_off, closed, minutes in rows
    ]
    return [*found, *(Load(person, cases=int(count)) for person, count in cases.items())]


def names(settings: Settings) -> dict[int, str]:
    """Everybody's name, or address, who signs in or did."""
    store.connect(settings)
    return dict(sql.read("SELECT id, COALESCE(NULLIF(name, ''), email) FROM person"))


def done(settings: Settings, *, since_us: int, until_us: int) -> list[DoneTask]:
    """The tasks that were closed in a stretch of time, the latest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT closed_by, kind, state, outcome, closed_us, minutes, subject_id FROM task "
        "WHERE state IN ('done', 'dropped') AND closed_us >= %s AND closed_us < %s "
        f"ORDER BY closed_us DESC LIMIT {MOST_DONE}",
        (since_us, until_us),
    )
    return [DoneTask(*row) for row in rows]


def left_days(settings: Settings, units: list[int]) -> dict[int, int | None]:
    """Customer to the day since which they count as lost, ``None`` for who has not left."""
    store.connect(settings)
    found: dict[int, int | None] = {}
    for some in stretches(sorted(units)):
        found.update(sql.read(f"SELECT unit_id, left_day FROM standing WHERE unit_id IN {among(some)}"))
    return found


def open_tasks_of(settings: Settings, person_id: int | None, limit: int) -> list[int]:
    """The numbers of somebody's open tasks, put off or not, what is due first first; ``None``: nobody's."""
    store.connect(settings)
    whose = "owner_id IS NULL" if person_id is None else f"owner_id = {int(person_id)}"
    rows = sql.read(
        f"SELECT id FROM task WHERE state = 'open' AND {whose} "
        f"ORDER BY COALESCE(due_us, {2**59}), priority, id LIMIT {int(limit)}"
    )
    return [int(number) for (number,) in rows]


def open_cases_of(settings: Settings, person_id: int, limit: int) -> list[int]:
    """The numbers of the cases that somebody looks after and that are not over."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id FROM customer_case WHERE state IN ('open', 'waiting') AND owner_id = %s "
        f"ORDER BY id LIMIT {int(limit)}",
        (person_id,),
    )
    return [int(number) for (number,) in rows]


def names_by_email(settings: Settings) -> dict[str, str]:
    """Everybody's name by the address with which they sign in, or did."""
    store.connect(settings)
    return dict(sql.read("SELECT email, COALESCE(NULLIF(name, ''), email) FROM person"))
