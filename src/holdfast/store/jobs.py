"""When each of the worker's jobs is due, and how it went last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class JobState:
    """A job: when it is due next, when it ran last, and what was wrong then."""

    name: str
    due_us: int
    last_us: int | None
    trouble: Text | None


def claim(settings: Settings, name: str, now_us: int, next_us: int) -> bool:
    """Whether the job is due and ours: it is due again at ``next_us``, so nobody else gets it before.

    A job that is not known yet is due at once.
    """
    store.connect(settings)
    changed = sql.write(
        "UPDATE job SET due_us = %s WHERE name = %s AND due_us <= %s", (next_us, name, now_us)
    )
    if changed:
        return True
    if sql.one("SELECT 1 FROM job WHERE name = %s", (name,)) is not None:
        return False
    return bool(
        sql.write(
            "INSERT INTO job (name, due_us) VALUES (%s, %s) ON CONFLICT (name) DO NOTHING", (name, next_us)
        )
    )


def note(
    settings: Settings, name: str, *, last_us: int, trouble: Text | None, again_us: int | None = None
) -> None:
    """Say how a job went; ``again_us`` makes it due sooner than planned."""
    from holdfast.store.written import as_json

    store.connect(settings)
    written = None if trouble is None else json.dumps(as_json(trouble))
    sql.write(
        "UPDATE job SET last_us = %s, trouble = %s, "
        "due_us = CASE WHEN due_us > %s THEN %s ELSE due_us END WHERE name = %s",
        (last_us, written, again_us or 2**62, again_us or 2**62, name),
    )


def listed(settings: Settings) -> list[JobState]:
    """Every job that ever was due, by name."""
    store.connect(settings)
    return [
        JobState(name, due, last, _text(trouble))
        for name, due, last, trouble in sql.read(
            "SELECT name, due_us, last_us, trouble FROM job ORDER BY name"
        )
    ]


def _text(written: Any) -> Text | None:
    from holdfast.store.written import from_json

    if written is None:
        return None
    said = from_json(json.loads(written) if isinstance(written, str) else written)
    return said if isinstance(said, Text) else None
