"""One customer's history as an import leaves it: any events, traits, texts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.imports import Staged
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import Rows
from holdfast.services.collect.take_in import Intake, take_in
from holdfast.services.progress import Silent
from holdfast.settings import Settings
from web.kept import once

NOT_YET = ("seq", "bucket", "slot", "subject_id", "source", "import_id")
EVENT_TYPES = {"line": "BIGINT", "namespace": "VARCHAR", "subject_key": "VARCHAR"} | {
    name: kind for name, kind in LAKE_COLUMNS.items() if name not in NOT_YET
}


@dataclass(frozen=True)
class Happened:
    """One event: ``at`` in ISO (UTC), further columns of the lake in ``more``."""

    at: str
    name: str
    amount: int | None = None
    text: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def at_us(self) -> int:
        return int(datetime.fromisoformat(self.at).replace(tzinfo=UTC).timestamp() * 1_000_000)


@dataclass(frozen=True)
class Person:
    """Who it happened to."""

    key: str
    name: str
    history: tuple[Happened, ...]
    email: str | None = None
    phone: str | None = None
    traits: dict[str, str] = field(default_factory=dict)


def bring(settings: Settings, *people: Person) -> None:
    """Import these people with all that happened to them; into a new workspace what the same import left."""
    once(settings, repr(people), lambda: _import(settings, people))


def _import(settings: Settings, people: tuple[Person, ...]) -> None:
    first = min(event.at_us for person in people for event in person.history)

    def stage(_: Settings, folder: Path) -> Staged:
        with EmbeddedEngine(temp=folder) as engine:
            paths = {
                name: _write(engine, folder / f"{name}.parquet", columns, types)
                for name, (columns, types) in _tables(people).items()
            }
        return Staged(
            folder=folder,
            rows_read=sum(len(person.history) for person in people),
            rows_rejected=0,
            reject_reasons={},
            suspicious=(),
            unattributed={},
            currencies={"EUR": 1},
            first_at_us=first,
            last_at_us=max(event.at_us for person in people for event in person.history),
            columns={},
            **paths,
        )

    take_in(settings, Intake("events", "shop", ("events.csv",), stage), now_us=first, progress=Silent())


def unit_of(key: str) -> int:
    """The id a person was given."""
    from holdfast.store.models import Subject

    return int(Subject.objects.get(key=key).pk)


def _tables(people: tuple[Person, ...]) -> dict[str, tuple[dict[str, list[Any]], dict[str, str]]]:
    told = [(person, event) for person in people for event in person.history]
    events: dict[str, list[Any]] = {name: [None] * len(told) for name in EVENT_TYPES}
    keys = [_key(number, person, event) for number, (person, event) in enumerate(told)]
    events |= {
        "line": list(range(2, len(told) + 2)),
        "namespace": ["customer"] * len(told),
        "subject_key": [person.key for person, _ in told],
        "event_key": keys,
        "at_us": [event.at_us for _, event in told],
        "known_us": [event.at_us for _, event in told],
        "name": [event.name for _, event in told],
        "amount_minor": [event.amount for _, event in told],
        "currency": [None if event.amount is None else "EUR" for _, event in told],
    }
    for column in ("object_kind", "object_id", "quantity", "product_id", "code", "score"):
        events[column] = [event.more.get(column) for _, event in told]
    events["quantity"] = [None if value is None else Decimal(value) for value in events["quantity"]]
    subjects = {
        "namespace": ["customer"] * len(people),
        "subject_key": [person.key for person in people],
        "first_at_us": [min(event.at_us for event in person.history) for person in people],
        "email": [person.email for person in people],
        "phone": [person.phone for person in people],
        "name": [person.name for person in people],
        "account_key": [None] * len(people),
        "row_count": [len(person.history) for person in people],
    }
    traits = [(person, name, value) for person in people for name, value in person.traits.items()]
    written = [(person, event, key) for (person, event), key in zip(told, keys, strict=True) if event.text]
    return {
        "events": (events, EVENT_TYPES),
        "subjects": (subjects, _types(subjects, first_at_us="BIGINT", row_count="BIGINT")),
        "traits": _traits(traits),
        "texts": _texts(written),
    }


def _traits(told: list[tuple[Person, str, str]]) -> tuple[dict[str, list[Any]], dict[str, str]]:
    columns = {
        "namespace": ["customer"] * len(told),
        "subject_key": [person.key for person, _, _ in told],
        "trait": [name for _, name, _ in told],
        "value": [value for _, _, value in told],
        "valid_from_us": [person.history[0].at_us for person, _, _ in told],
        "known_us": [person.history[0].at_us for person, _, _ in told],
        "immutable": [False] * len(told),
    }
    return columns, _types(columns, valid_from_us="BIGINT", known_us="BIGINT", immutable="BOOLEAN")


def _texts(told: list[tuple[Person, Happened, bytes]]) -> tuple[dict[str, list[Any]], dict[str, str]]:
    columns: dict[str, list[Any]] = {
        "event_key": [key for _, _, key in told],
        "namespace": ["customer"] * len(told),
        "subject_key": [person.key for person, _, _ in told],
        "at_us": [event.at_us for _, event, _ in told],
        "kind": ["message"] * len(told),
        "text": [event.text for _, event, _ in told],
    }
    return columns, _types(columns, event_key="BLOB", at_us="BIGINT")


def _types(columns: dict[str, list[Any]], **others: str) -> dict[str, str]:
    return dict.fromkeys(columns, "VARCHAR") | others


def _key(number: int, person: Person, event: Happened) -> bytes:
    content = f"{number}|{person.key}|{event.at}|{event.name}|{event.amount}"
    return hashlib.md5(content.encode(), usedforsecurity=False).digest()


def _write(
    engine: EmbeddedEngine, path: Path, columns: dict[str, list[Any]], types: dict[str, str]
) -> Path | None:
    if not next(iter(columns.values())):
        return None
    rows = Rows({name: columns[name] for name in types}, types=types)
    engine.write("SELECT * FROM staged", {"staged": rows}, path)
    return path
