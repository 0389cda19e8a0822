"""Files that people brought to the import page, as the database knows them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.written import as_json, from_json


@dataclass(frozen=True, slots=True)
class UploadRecord:
    """A file: ``state`` is new (not looked at), looked, asked, done, refused or gone.

    ``layout`` says how it is written (plain JSON), ``chosen`` which column is which. ``mends_id`` is
    the import whose rejected rows it holds, ``sent`` which of them.
    """

    id: int
    name: str
    size_bytes: int
    state: str
    kind: str
    layout: Mapping[str, Any]
    chosen: Mapping[str, Any]
    import_id: int | None
    mends_id: int | None
    sent: Mapping[str, Any] | None
    trouble: Text | None
    by_id: int | None
    made_us: int
    changed_us: int


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What is known of a file when it is there."""

    name: str
    size_bytes: int
    kind: str = ""
    chosen: Mapping[str, Any] = field(default_factory=dict)
    mends_id: int | None = None
    sent: Mapping[str, Any] | None = None


_COLUMNS = (
    "id, name, size_bytes, state, kind, layout, chosen, import_id, mends_id, sent, trouble, by_id, "
    "made_us, changed_us"
)
_JSON = frozenset({"layout", "chosen", "sent"})


def begin(settings: Settings, new: NewUpload, *, by_id: int | None, now_us: int) -> int:
    """Note a file (state new) and give it its number."""
    store.connect(settings)
    (number,) = sql.one(
        "INSERT INTO upload (name, size_bytes, state, kind, layout, chosen, mends_id, sent, by_id, made_us, "
        "changed_us) VALUES (%s, %s, 'new', %s, '{}', %s, %s, %s, %s, %s, %s) RETURNING id",
        (
            new.name,
            new.size_bytes,
            new.kind,
            json.dumps(new.chosen),
            new.mends_id,
            None if new.sent is None else json.dumps(new.sent),
            by_id,
            now_us,
            now_us,
        ),
    ) or (0,)
    return int(number)


def change(
    settings: Settings, number: int, *, now_us: int, state: str = "", trouble: Text | None = None, **new: Any
) -> None:
    """Change what is known of a file; its trouble is what is given here, else it is over."""
    store.connect(settings)
    columns: dict[str, Any] = {
        "changed_us": now_us,
        "trouble": None if trouble is None else json.dumps(as_json(trouble)),
    }
    if state:
        columns["state"] = state
    for name, value in new.items():
        if name not in ("kind", "layout", "chosen", "import_id"):
            raise ValueError(f"{name} of an upload does not change")
        columns[name] = json.dumps(value) if name in _JSON else value
    set_ = ", ".join(f"{name} = %s" for name in columns)
    sql.write(f"UPDATE upload SET {set_} WHERE id = %s", (*columns.values(), number))


def ask_once(settings: Settings, number: int, now_us: int) -> bool:
    """Say that the file is to be imported; false when somebody was quicker, or it is not ready."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE upload SET state = 'asked', trouble = NULL, changed_us = %s "
            "WHERE id = %s AND state IN ('looked', 'refused')",
            (now_us, number),
        )
    )


def get(settings: Settings, number: int) -> UploadRecord:
    """One file by its number; refuses ("no_such_upload") one that was never given."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM upload WHERE id = %s", (number,))
    if row is None:
        raise Refusal(
            "no_such_upload",
            found=Text("There is no file {id} here.", id=str(number)),
            expected=Text("A file that somebody brought to the import page."),
            remedy=Text("Choose one of the list, or bring the file again."),
        )
    return _record(row)


def listed(settings: Settings, states: Sequence[str]) -> list[UploadRecord]:
    """Files in one of ``states``, the newest first."""
    store.connect(settings)
    marks = ", ".join(["%s"] * len(states))
    rows = sql.read(f"SELECT {_COLUMNS} FROM upload WHERE state IN ({marks}) ORDER BY id DESC", states)
    return [_record(row) for row in rows]


def of_import(settings: Settings, import_id: int) -> UploadRecord | None:
    """The file that an import took, ``None`` for one that came by another way."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM upload WHERE import_id = %s", (import_id,))
    return None if row is None else _record(row)


def mending(settings: Settings, import_id: int) -> list[UploadRecord]:
    """The files with mended rows of an import, in the order in which they were sent."""
    store.connect(settings)
    rows = sql.read(f"SELECT {_COLUMNS} FROM upload WHERE mends_id = %s ORDER BY id", (import_id,))
    return [_record(row) for row in rows]


def forget(settings: Settings, number: int) -> bool:
    """Forget a file that is not being imported; whether there was one."""
    store.connect(settings)
    return bool(
        sql.write(
            "DELETE FROM upload WHERE id = %s AND state IN ('new', 'looked', 'refused', 'gone')", (number,)
        )
    )


def _record(row: sql.Row) -> UploadRecord:
    number, name, size, state, kind, layout, chosen, import_id, mends_id, sent, trouble, *rest = row
    said = from_json(sql.json_value(trouble))
    return UploadRecord(
        number,
        name,
        size,
        state,
        kind,
        sql.json_value(layout),
        sql.json_value(chosen),
        import_id,
        mends_id,
        sql.json_value(sent),
        said if isinstance(said, Text) else None,
        *rest,
    )
