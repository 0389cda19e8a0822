"""Long work that somebody asked for on a page: claimed by one process at a time, with how far it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.one_at_a_time import one_at_a_time
from holdfast.store.written import as_json, from_json

Kind = Literal["look", "import", "undo", "weigh", "run", "invent", "rehearse", "dry_run"]

HELD_SECONDS = 20.0
"""So long a process is believed to be at work after it was last heard of."""

MOST_ATTEMPTS = 3
"""Work whose process was ended from outside so often is given up."""

KEPT_DAYS = 90
"""What has ended is forgotten after so long."""

_OPEN = "state IN ('waiting', 'running')"


@dataclass(frozen=True, slots=True)
class Asked:
    """One piece of work: ``state`` is waiting, running, done or failed.

    ``done`` of ``total`` units of ``step`` are finished (``None``: unknown); ``attempts`` counts how
    often a process took it up.
    """

    id: int
    kind: str
    about_id: int | None
    state: str
    step: Text | None
    done: int
    total: int | None
    result: Any
    trouble: Text | None
    attempts: int
    holder: str
    by_id: int | None
    asked_us: int
    finished_us: int | None

    @property
    def open(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in ("waiting", "running")


_COLUMNS = (
    "id, kind, about_id, state, step, done, total, result, trouble, attempts, holder, by_id, "
    "asked_us, finished_us"
)


def ask(settings: Settings, kind: Kind, about_id: int | None, *, by_id: int | None, now_us: int) -> int:
    """Ask for work; its number. The same work that has not ended yet is not asked for twice."""
    with one_at_a_time(settings, "asked_work"):
        found = sql.one(
            f"SELECT id FROM asked_work WHERE kind = %s AND COALESCE(about_id, 0) = %s AND {_OPEN}",
            (kind, about_id or 0),
        )
        if found is not None:
            return int(found[0])
        (number,) = sql.one(
            "INSERT INTO asked_work (kind, about_id, state, done, attempts, holder, held_until_us, by_id, "
            "asked_us) VALUES (%s, %s, 'waiting', 0, 0, '', 0, %s, %s) RETURNING id",
            (kind, about_id, by_id, now_us),
        ) or (0,)
        return int(number)


def get(settings: Settings, number: int) -> Asked | None:
    """One piece of work by its number."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM asked_work WHERE id = %s", (number,))
    return None if row is None else _asked(row)


def latest(settings: Settings, kind: Kind, about_id: int | None = None) -> Asked | None:
    """The last of its kind that was asked for, about the same thing."""
    store.connect(settings)
    row = sql.one(
        f"SELECT {_COLUMNS} FROM asked_work WHERE kind = %s AND COALESCE(about_id, 0) = %s "
        "ORDER BY id DESC LIMIT 1",
        (kind, about_id or 0),
    )
    return None if row is None else _asked(row)


def unfinished(settings: Settings) -> list[Asked]:
    """Work that waits or goes on, the oldest first."""
    store.connect(settings)
    return [_asked(row) for row in sql.read(f"SELECT {_COLUMNS} FROM asked_work WHERE {_OPEN} ORDER BY id")]


def is_waiting(settings: Settings, now_us: int, *, is_gone: Callable[[str], bool]) -> bool:
    """Whether there is work that nobody is at."""
    store.connect(settings)
    return any(
        state == "waiting" or until <= now_us or is_gone(holder)
        for state, until, holder in sql.read(
            f"SELECT state, held_until_us, holder FROM asked_work WHERE {_OPEN}"
        )
    )


def claim(settings: Settings, holder: str, *, now_us: int, is_gone: Callable[[str], bool]) -> Asked | None:
    """The oldest work that nobody is at, from now on held by ``holder``; ``None`` without any."""
    store.connect(settings)
    rows = sql.read(f"SELECT {_COLUMNS}, held_until_us FROM asked_work WHERE {_OPEN} ORDER BY id")
    for *row, until in rows:
        asked = _asked(row)
        if asked.state == "running" and until > now_us and not is_gone(asked.holder):
            continue
        changed = sql.write(
            "UPDATE asked_work SET state = 'running', holder = %s, held_until_us = %s, "
            "attempts = attempts + 1 WHERE id = %s AND state = %s AND holder = %s AND attempts = %s",
            (holder, now_us + _held_us(), asked.id, asked.state, asked.holder, asked.attempts),
        )
        if changed:
            return get(settings, asked.id)
    return None


def hold(settings: Settings, number: int, holder: str, now_us: int) -> bool:
    """Say that the process is still at it; false when the work was taken from it."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE asked_work SET held_until_us = %s WHERE id = %s AND holder = %s AND state = 'running'",
            (now_us + _held_us(), number, holder),
        )
    )


def note_step(settings: Settings, number: int, step: Text, done: int, total: int | None) -> None:
    """Say how far the work is."""
    store.connect(settings)
    sql.write(
        "UPDATE asked_work SET step = %s, done = %s, total = %s WHERE id = %s AND state = 'running'",
        (json.dumps(as_json(step)), done, total, number),
    )


def put_back(settings: Settings, number: int) -> None:
    """Let the work wait again: something else is at work that it has to wait for."""
    store.connect(settings)
    sql.write(
        "UPDATE asked_work SET state = 'waiting', holder = '', attempts = attempts - 1 "
        "WHERE id = %s AND state = 'running'",
        (number,),
    )


def end(
    settings: Settings, number: int, *, now_us: int, result: object = None, trouble: Text | None = None
) -> None:
    """Note that the work has ended, well or (with ``trouble``) not; old work is forgotten."""
    store.connect(settings)
    sql.write(
        "UPDATE asked_work SET state = %s, result = %s, trouble = %s, finished_us = %s, holder = '' "
        f"WHERE id = %s AND {_OPEN}",
        (
            "failed" if trouble else "done",
            None if result is None else json.dumps(as_json(result)),
            None if trouble is None else json.dumps(as_json(trouble)),
            now_us,
            number,
        ),
    )
    sql.write("DELETE FROM asked_work WHERE finished_us < %s", (now_us - KEPT_DAYS * 86_400_000_000,))


def _held_us() -> int:
    return int(HELD_SECONDS * 1_000_000)


def _asked(row: Any) -> Asked:
    number, kind, about_id, state, step, done, total, result, trouble, attempts, holder, *rest = row
    return Asked(
        number,
        kind,
        about_id,
        state,
        _text(step),
        done,
        total,
        from_json(sql.json_value(result)),
        _text(trouble),
        attempts,
        holder,
        *rest,
    )


def _text(written: Any) -> Text | None:
    said = from_json(sql.json_value(written))
    return said if isinstance(said, Text) else None
