"""Everything that is known of one person, as files that this person can read (N1)."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import date_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.spreadsheets import FORMULA_SIGNS
from holdfast.domain.texts import Text
from holdfast.services.keep.erase.sent import events_sent
from holdfast.services.keep.erase.wanted import wanted_of
from holdfast.services.keep.erase.whom import Whom
from holdfast.settings import Settings

_INTERNAL = frozenset(
    {"also", "search", "name_key", "last_key", "fingerprint", "read_us", "stored", "mark", "bucket", "slot"}
)
"""Columns that only help to find a row, or say where a file lies."""

_EVENTS = Text("Events: what happened, when, and how it is known")
_IMPORTS = Text("Where it came from: the files and sources that brought something")
_SENT = Text("Messages of programs that wait, or could not be understood, as they were sent")

_READ_ME = (
    Text(
        "This is everything that {company} knows of {name}, as of {moment}.", company="", name="", moment=""
    ),
    Text("person.json holds all of it in one file; the tables hold the same, to be read with a spreadsheet."),
    Text("Moments are in UTC. Amounts are in the currency beside them."),
)


@dataclass(slots=True)
class PersonExport:
    """What was written: rows by table, events, documents."""

    file: str
    tables: dict[str, int] = field(default_factory=dict)
    events: int = 0
    documents: int = 0

    def as_json(self) -> dict[str, Any]:
        """The keys that ``holdfast person --json`` documents."""
        return {
            "file": self.file,
            "tables": self.tables,
            "events": self.events,
            "documents": self.documents,
        }


def export_person_to(
    settings: Settings, whom: Whom, to: Path, *, now: datetime, say: Callable[[Text], str] = str
) -> PersonExport:
    """Write everything about ``whom`` into the ZIP file ``to``, whole or not at all, for its owner only.

    Refuses a file that is there already, and a folder that is not.
    """
    if to.exists() or not to.parent.is_dir():
        raise Refusal(
            "place_taken" if to.exists() else "no_folder",
            found=Text("{file} cannot be written.", file=str(to)),
            expected=Text("A new file in a folder that is there."),
            remedy=Text("Name another file."),
        )
    beside = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            done = export_person(settings, whom, file, now=now, say=say)
        beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)
    done.file = str(to)
    return done


def export_person(
    settings: Settings, whom: Whom, to: IO[bytes], *, now: datetime, say: Callable[[Text], str] = str
) -> PersonExport:
    """Write a ZIP of JSON and CSV with everything about ``whom``; ``say`` puts sentences into a language.

    Every table that holds customers (:mod:`holdfast.store.personal`), all events of the event log and of
    the ingest log, texts, scores, links between ids, documents, and the imports that brought anything.
    """
    from holdfast.store import personal

    done = PersonExport("")
    whole: dict[str, Any] = {
        "company": settings.name,
        "made_at": now.astimezone(UTC).isoformat(),
        "kind": whom.kind,
        "name": whom.name,
    }
    ids = _ids(settings, whom)
    brought: set[int] = set()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        files: list[tuple[str, Text]] = []
        for table, holding in sorted(personal.holdings().items()):
            rows = [_shown(row, ids) for row in personal.rows(table, holding, whom.subjects)]
            brought.update(row["import_id"] for row in rows if row.get("import_id") is not None)
            if rows and holding.shown:
                whole[table] = rows
                files.append((_write_table(packed, table, rows), holding.words))
                done.tables[table] = len(rows)
        events = list(_events(settings, whom, ids))
        brought.update(each["import_id"] for each in events if each["import_id"] is not None)
        for name, words, rows in (
            ("events", _EVENTS, events),
            ("imports", _IMPORTS, _imports(settings, brought)),
            ("sent", _SENT, _sent(settings, whom)),
        ):
            if rows:
                whole[name] = rows
                files.append((_write_table(packed, name, rows), words))
        done.events = len(events)
        done.documents = _documents(settings, whom, packed)
        packed.writestr("person.json", json.dumps(whole, ensure_ascii=False, indent=1))
        packed.writestr("README.txt", _read_me(settings, whom, now, files, say))
    return done


def _ids(settings: Settings, whom: Whom) -> dict[int, str]:
    from holdfast import store
    from holdfast.store import personal

    store.connect(settings)
    rows = personal.rows("subject", personal.HOLDINGS["subject"], whom.subjects)
    return {row["id"]: f"{row['namespace']}:{row['key']}" for row in rows}


def _shown(row: Mapping[str, Any], ids: Mapping[int, str]) -> dict[str, Any]:
    """A row with moments and days as people write them, and the id it is about in place of our number."""
    found: dict[str, Any] = {}
    for column, value in row.items():
        if column in ("subject_id", "unit_id") and value in ids:
            found.setdefault("id", ids[value])
        elif column not in _INTERNAL:
            found[_called(column)] = _value(column, value)
    return found


def _called(column: str) -> str:
    """``first_us`` is ``first_at`` where its values are moments."""
    name = column.removesuffix("_us")
    return name if name in (column, "at") else f"{name}_at"


def _value(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column.endswith("_us"):
        return _moment(value)
    if column == "day" or column.endswith("_day"):
        return date_of(value).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return float(value) if isinstance(value, Decimal) else value


def _moment(at_us: int) -> str | None:
    """ISO 8601; nothing for what holds from the beginning of time."""
    if at_us < -62_000_000_000_000_000:
        return None
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    return at.isoformat().replace("+00:00", "Z")


def _events(settings: Settings, whom: Whom, ids: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Every event, the oldest first; those of the ingest log too."""
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import events_of

    columns = [name for name in LAKE_COLUMNS if name not in _INTERNAL]
    among = ", ".join(str(int(subject)) for subject in whom.subjects)
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=300) as engine:
        for some in engine.stream(
            f"SELECT {', '.join(columns)} FROM events WHERE subject_id IN ({among}) "
            "ORDER BY at_us, event_key",
            {"events": events_of(settings, whom.subjects)},
        ):
            for row in some:
                yield _event(dict(zip(columns, row, strict=True)), ids)


def _event(row: dict[str, Any], ids: Mapping[int, str]) -> dict[str, Any]:
    minor = row.pop("amount_minor")
    amount = None if minor is None else str(Money(minor, row["currency"] or NO_CURRENCY).amount)
    details = row.pop("details")
    shown = _shown(row, ids)
    return {**shown, "amount": amount, "details": json.loads(details) if details else None}


def _imports(settings: Settings, brought: Iterable[int]) -> list[dict[str, Any]]:
    from holdfast.store import imports

    wanted = set(brought)
    return [
        {
            "import_id": each.id,
            "kind": each.kind,
            "source": each.source,
            "files": list(each.files),
            "at": _moment(each.started_us),
        }
        for each in reversed(imports.list_imports(settings))
        if each.id in wanted
    ]


def _sent(settings: Settings, whom: Whom) -> list[dict[str, Any]]:
    wanted = wanted_of(settings, whom.subjects)
    return [{"place": table, "sent": written} for table, written in events_sent(settings, wanted)]


def _documents(settings: Settings, whom: Whom, packed: zipfile.ZipFile) -> int:
    from holdfast.store import documents

    number = 0
    for each in documents.of(settings, whom.subjects, limit=10_000):
        for path in (settings.folder / "documents").rglob(each.stored):
            number += 1
            packed.write(path, f"documents/{number:03d}-{_plain_name(each.name)}")
    return number


def _plain_name(name: str) -> str:
    """A name that is one name on every system."""
    return "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in name)[-120:]


def _write_table(packed: zipfile.ZipFile, name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    head = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO(newline="")
    written = csv.writer(text)
    written.writerow(head)
    written.writerows([_cell(row.get(column)) for column in head] for row in rows)
    # The mark tells Excel that it is UTF-8.
    packed.writestr(f"{name}.csv", "\ufeff" + text.getvalue())
    return f"{name}.csv"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and not number else text


def _read_me(
    settings: Settings,
    whom: Whom,
    now: datetime,
    files: Sequence[tuple[str, Text]],
    say: Callable[[Text], str],
) -> str:
    first, *rest = _READ_ME
    told = Text(first.msgid, company=settings.name, name=whom.name, moment=now.astimezone(UTC).isoformat())
    lines = [say(told), "", *(say(each) for each in rest), ""]
    return "\n".join([*lines, *(f"{name}: {say(words)}" for name, words in sorted(files)), ""])
