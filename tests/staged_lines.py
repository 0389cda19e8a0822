"""Stages made from a few lines in memory, in the shape that the engine's staging leaves."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.imports import Staged
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows
from holdfast.services.collect.take_in import Intake, take_in
from holdfast.services.progress import Silent
from holdfast.services.visible import finished_events
from holdfast.settings import Settings

DAY_US = 86_400_000_000
NOW_US = 1_700_000_000_000_000


@dataclass(frozen=True)
class Line:
    """One line of an orders file; lines that are equal are honest identical lines."""

    customer: str
    day: int = 0
    amount: int = 100
    own_id: str | None = None
    email: str | None = None
    country: str | None = None
    text: str | None = None

    def key(self, occurrence: int) -> bytes:
        content = self.own_id or f"{self.customer}|{self.day}|{self.amount}|{occurrence}"
        return hashlib.md5(content.encode(), usedforsecurity=False).digest()


def keys_of(lines: Sequence[Line]) -> list[bytes]:
    seen: Counter[Line] = Counter()
    keys = []
    for line in lines:
        keys.append(line.key(seen[line]))
        seen[line] += 1
    return keys


def stage_lines(lines: Sequence[Line], *, rejected: int = 0) -> Callable[[Settings, Path], Staged]:
    """What staging would leave of ``lines``: events, subjects, traits, texts."""

    def stage(_: Settings, folder: Path) -> Staged:
        with EmbeddedEngine(temp=folder) as engine:
            events = _events(engine, folder / "events.parquet", lines)
            subjects = _subjects(engine, folder / "subjects.parquet", lines)
            traits = _traits(engine, folder / "traits.parquet", lines)
            texts = _texts(engine, folder / "texts.parquet", lines)
        moments = [NOW_US + line.day * DAY_US for line in lines]
        return Staged(
            folder=folder,
            rows_read=len(lines) + rejected,
            rows_rejected=rejected,
            reject_reasons={"no_customer": rejected} if rejected else {},
            suspicious=(),
            unattributed={},
            currencies={"EUR": len(lines)} if lines else {},
            first_at_us=min(moments, default=None),
            last_at_us=max(moments, default=None),
            columns={},
            events=events,
            subjects=subjects,
            traits=traits,
            texts=texts,
        )

    return stage


def import_lines(settings: Settings, lines: Sequence[Line], *, rejected: int = 0) -> Any:
    """Import ``lines`` as orders; the report."""
    intake = Intake("orders", "shop", ("orders.csv",), stage_lines(lines, rejected=rejected))
    return take_in(settings, intake, now_us=NOW_US, progress=Silent())


def visible_keys(settings: Settings) -> list[bytes]:
    """The keys of every event that counts, sorted; a key that counts twice is there twice."""
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        found = engine.rows("SELECT event_key FROM events ORDER BY 1", {"events": finished_events(settings)})
    return [bytes(key) for (key,) in found]


def _write(
    engine: EmbeddedEngine, path: Path, columns: dict[str, list[Any]], types: dict[str, str]
) -> Path | None:
    if not next(iter(columns.values())):
        return None
    rows = Rows({name: columns[name] for name in types}, types=types)
    engine.write("SELECT * FROM staged", {"staged": rows}, path)
    return path


def _events(engine: EmbeddedEngine, path: Path, lines: Sequence[Line]) -> Path | None:
    not_yet = ("seq", "bucket", "slot", "subject_id", "source", "import_id")
    types = {"line": "BIGINT", "namespace": "VARCHAR", "subject_key": "VARCHAR"}
    types |= {name: kind for name, kind in LAKE_COLUMNS.items() if name not in not_yet}
    columns: dict[str, list[Any]] = {name: [None] * len(lines) for name in types}
    keys = keys_of(lines)
    columns |= {
        "line": list(range(2, len(lines) + 2)),
        "namespace": ["customer"] * len(lines),
        "subject_key": [line.customer for line in lines],
        "event_key": keys,
        "message_id": [line.own_id for line in lines],
        "at_us": [NOW_US + line.day * DAY_US for line in lines],
        "known_us": [NOW_US + line.day * DAY_US for line in lines],
        "name": ["Order Completed"] * len(lines),
        "object_kind": ["order"] * len(lines),
        "object_id": [key.hex() for key in keys],
        "amount_minor": [line.amount for line in lines],
        "currency": ["EUR"] * len(lines),
    }
    return _write(engine, path, columns, types)


def _subjects(engine: EmbeddedEngine, path: Path, lines: Sequence[Line]) -> Path | None:
    told: dict[str, list[Line]] = {}
    for line in lines:
        told.setdefault(line.customer, []).append(line)
    emails = {customer: next((x.email for x in about if x.email), None) for customer, about in told.items()}
    columns = {
        "namespace": ["customer"] * len(told),
        "subject_key": list(told),
        "first_at_us": [NOW_US + min(x.day for x in about) * DAY_US for about in told.values()],
        "email": list(emails.values()),
        "phone": [None] * len(told),
        "name": [f"Name of {customer}" for customer in told],
        "account_key": [None] * len(told),
        "row_count": [len(about) for about in told.values()],
    }
    types = dict.fromkeys(columns, "VARCHAR") | {"first_at_us": "BIGINT", "row_count": "BIGINT"}
    return _write(engine, path, columns, types)


def _traits(engine: EmbeddedEngine, path: Path, lines: Sequence[Line]) -> Path | None:
    told = [line for line in lines if line.country]
    columns = {
        "namespace": ["customer"] * len(told),
        "subject_key": [line.customer for line in told],
        "trait": ["country"] * len(told),
        "value": [line.country for line in told],
        "valid_from_us": [NOW_US + line.day * DAY_US for line in told],
        "known_us": [NOW_US + line.day * DAY_US for line in told],
        "immutable": [False] * len(told),
    }
    types = dict.fromkeys(columns, "VARCHAR") | {
        "valid_from_us": "BIGINT",
        "known_us": "BIGINT",
        "immutable": "BOOLEAN",
    }
    return _write(engine, path, columns, types)


def _texts(engine: EmbeddedEngine, path: Path, lines: Sequence[Line]) -> Path | None:
    told = [(line, key) for line, key in zip(lines, keys_of(lines), strict=True) if line.text]
    columns = {
        "event_key": [key for _, key in told],
        "namespace": ["customer"] * len(told),
        "subject_key": [line.customer for line, _ in told],
        "at_us": [NOW_US + line.day * DAY_US for line, _ in told],
        "kind": ["ticket"] * len(told),
        "text": [line.text for line, _ in told],
    }
    types = dict.fromkeys(columns, "VARCHAR") | {"event_key": "BLOB", "at_us": "BIGINT"}
    return _write(engine, path, columns, types)


__all__ = ["DAY_US", "NOW_US", "Line", "import_lines", "keys_of", "stage_lines", "visible_keys"]
