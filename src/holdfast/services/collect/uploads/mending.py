"""Rows that an import could not take: shown with their cells, mended, and only they sent again."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from holdfast.connectors.delimited import split_rows
from holdfast.connectors.rows import KEPT_OF_RAW
from holdfast.domain.imports import ColumnMap
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.uploads import files
from holdfast.services.collect.uploads.bring_in import ask_import
from holdfast.services.collect.uploads.look import as_chosen, look, map_in, without_file_options
from holdfast.settings import Settings
from holdfast.store import imports, uploads
from holdfast.store.imports import ImportRecord
from holdfast.store.uploads import NewUpload, UploadRecord

NEVER = frozenset({"erased", "not_in_encoding", "nul_byte", "line_too_long", "not_json", "cut_line"})
"""Reasons that no cell can be mended for: what stood there is lost, or must not come back."""

_MOST_EDITED = 1_000


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A rejected row: where it stood, why, and how it was written; ``taker`` is the file that it was in."""

    line: int
    code: str
    raw: str
    taker: UploadRecord | None

    @property
    def cells(self) -> Mapping[str, str] | None:
        """Its cells by column, ``None`` where it has none to mend."""
        return _cells(self.code, self.raw, self.taker)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A page of rejected rows that nobody has sent again yet; ``reasons`` counts all of them.

    ``columns`` are those of the file, ``after`` is the line to go on from (``None`` at the end).
    ``may_mend``: the import came by the page, so that it is known how to read its rows again.
    """

    columns: tuple[str, ...]
    rows: tuple[RejectedRow, ...]
    reasons: Mapping[str, int]
    numbered_by: str
    after: int | None
    may_mend: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """How all rows that were rejected for one reason are mended.

    ``date_format``, ``decimal`` and ``currency`` are options of a map; ``column`` with ``value``
    and ``instead`` replaces a cell ("" is an empty one).
    """

    date_format: str = ""
    decimal: str = ""
    currency: str = ""
    column: str = ""
    value: str = ""
    instead: str = ""


def rejects_file(settings: Settings, import_id: int) -> Path | None:
    """The file of rejected rows of an import, ``None`` without any."""
    path = settings.imports / str(import_id) / "rejects.csv.gz"
    return path if path.is_file() else None


def rejected(
    settings: Settings, import_id: int, *, code: str = "", after: int = 0, most: int = 25
) -> Rejected:
    """The rejected rows of an import that are still to be mended, ``most`` of them from line ``after`` on."""
    taker = uploads.of_import(settings, import_id)
    columns = columns_of(taker)
    reasons: Counter[str] = Counter()
    shown: list[RejectedRow] = []
    more = False
    for row in _open_rows(settings, import_id, taker):
        reasons[row.code] += 1
        if row.line <= after or (code and row.code != code):
            continue
        if len(shown) < most:
            shown.append(row)
        else:
            more = True
    columns = columns or tuple(dict.fromkeys(name for row in shown for name in row.cells or {}))
    numbered_by = _numbered_by(rejects_file(settings, import_id))
    last = shown[-1].line if more else None
    return Rejected(columns, tuple(shown), dict(reasons), numbered_by, last, taker is not None)


def columns_of(taker: UploadRecord | None) -> tuple[str, ...]:
    """The columns of the file that an import took, none where it came by another way."""
    return tuple(taker.layout.get("columns", ())) if taker else ()


def send_edited(
    settings: Settings,
    import_id: int,
    edits: Mapping[int, Mapping[str, str]],
    *,
    by_id: int | None,
    now_us: int,
) -> int:
    """Send the rows whose cells were changed again; the number of the file that they make.

    ``edits`` gives cells by line and column. Rows that are as they were are left out. Refuses
    ("nothing_mended") where none is different, and lines that are not among the rejected.
    """
    taker = _taker(settings, import_id)
    changed: dict[int, dict[str, str]] = {}
    for row in _open_rows(settings, import_id, taker):
        typed = edits.get(row.line)
        if typed is None or (before := row.cells) is None:
            continue
        cells = {**before, **{name: value for name, value in typed.items() if name in before}}
        if cells != before:
            changed[row.line] = cells
    if not changed or len(changed) > _MOST_EDITED:
        raise Refusal(
            "nothing_mended",
            found=Text("No cell is different from what was rejected."),
            expected=Text("At least one changed row."),
            remedy=Text("Change what is wrong in a row, then send it again."),
        )
    return _send(settings, taker, changed.values(), {"lines": sorted(changed)}, Rule(), by_id, now_us)


def send_by_rule(
    settings: Settings, import_id: int, code: str, rule: Rule, *, by_id: int | None, now_us: int
) -> int:
    """Send all rows again that were rejected for ``code``, mended by ``rule``; the number of their file."""
    taker = _taker(settings, import_id)
    rows = (
        _by_rule(cells, rule)
        for row in _open_rows(settings, import_id, taker)
        if row.code == code and (cells := row.cells) is not None
    )
    return _send(settings, taker, rows, {"codes": [code]}, rule, by_id, now_us)


def _by_rule(cells: Mapping[str, str], rule: Rule) -> Mapping[str, str]:
    if rule.column and cells.get(rule.column, "").strip() == rule.value.strip():
        return {**cells, rule.column: rule.instead}
    return cells


def _send(
    settings: Settings,
    taker: UploadRecord,
    rows: Iterable[Mapping[str, str]],
    sent: Mapping[str, Any],
    rule: Rule,
    by_id: int | None,
    now_us: int,
) -> int:
    """Make a file of the rows, look at it, and ask for its import at once."""
    assert taker.import_id is not None  # noqa: S101  (it was found by it)
    record = imports.get(settings, taker.import_id)
    chosen = as_chosen(_map(taker, record, rule))
    columns = taker.layout["columns"]
    with files.receiving(settings) as arrived, arrived.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerow(columns)
        count = 0
        for cells in rows:
            written.writerow([cells.get(name, "") for name in columns])
            count += 1
    if not count:
        arrived.unlink()
        raise _no_such_rows()
    new = NewUpload(_name(taker), arrived.stat().st_size, taker.kind, chosen, taker.import_id, sent)
    number = files.receive(settings, arrived, new, by_id=by_id, now_us=now_us)
    look(settings, number, now_us=now_us)
    if uploads.get(settings, number).state != "looked":  # nothing stands in the rows
        files.forget(settings, number)
        raise _no_such_rows()
    ask_import(settings, number, by_id=by_id, now_us=now_us)
    return number


def _map(taker: UploadRecord, record: ImportRecord, rule: Rule) -> ColumnMap:
    """The map of the import, its values read as they were among all others, mended by the rule."""
    column_map = without_file_options(map_in(taker))
    shown = record.report.get("written")
    pins = dict(shown) if isinstance(shown, Mapping) else {}
    pins |= {
        name: value
        for name, value in (
            ("date_format", rule.date_format),
            ("decimal", rule.decimal),
            ("currency", rule.currency),
        )
        if value
    }
    options = replace(column_map.options, encoding="utf-8", delimiter=",", quote='"', header=True, **pins)
    return replace(column_map, options=options)


def _name(taker: UploadRecord) -> str:
    stem = taker.name.split(".")[0].removesuffix(_MENDED)
    return f"{stem}{_MENDED}.csv"


_MENDED = " (mended)"


def _taker(settings: Settings, import_id: int) -> UploadRecord:
    taker = uploads.of_import(settings, import_id)
    if taker is None:
        raise Refusal(
            "not_by_page",
            found=Text("Import {id} did not come by the import page.", id=str(import_id)),
            expected=Text("Rows are mended here when their file was brought here."),
            remedy=Text("Mend the file and import it again: rows that were taken are recognised."),
        )
    return taker


def _no_such_rows() -> Refusal:
    return Refusal(
        "nothing_mended",
        found=Text("No rejected row is left that could be mended so."),
        expected=Text("Rows that were rejected for this reason."),
        remedy=Text("Look at the list again; somebody may have sent them already."),
    )


def _open_rows(settings: Settings, import_id: int, taker: UploadRecord | None) -> Iterator[RejectedRow]:
    """Rejected rows, in the order of the file, but for those that were sent again."""
    path = rejects_file(settings, import_id)
    if path is None:
        return
    lines, codes = _sent(settings, import_id)
    for line, code, raw in _read(path):
        row = RejectedRow(line, code, raw, taker)
        if line not in lines and (code not in codes or row.cells is None):  # these no rule has sent
            yield row


def _sent(settings: Settings, import_id: int) -> tuple[set[int], set[str]]:
    """Lines and reasons that were sent again, by files that are on their way or in."""
    lines: set[int] = set()
    codes: set[str] = set()
    for child in uploads.mending(settings, import_id):
        if child.state not in ("asked", "done") or child.sent is None or _is_undone(settings, child):
            continue
        lines.update(child.sent.get("lines", ()))
        codes.update(child.sent.get("codes", ()))
    return lines, codes


def _is_undone(settings: Settings, child: UploadRecord) -> bool:
    return (
        child.state == "done"
        and child.import_id is not None
        and imports.get(settings, child.import_id).state == "undone"
    )


def _read(path: Path) -> Iterator[tuple[int, str, str]]:
    csv.field_size_limit(64 << 20)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows, None)
        for line, code, _, raw in rows:
            yield int(line), code, raw


def _numbered_by(path: Path | None) -> str:
    if path is None:
        return "line"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        return str(next(csv.reader(text))[0])


def _cells(code: str, raw: str, taker: UploadRecord | None) -> Mapping[str, str] | None:
    """The cells of a rejected row: kept as JSON, or as the line that could not be parted."""
    if code in NEVER:
        return None
    if raw.startswith("{"):
        try:
            return {name: "" if cell is None else str(cell) for name, cell in json.loads(raw).items()}
        except (ValueError, AttributeError):
            pass
    if taker is None or len(raw) >= KEPT_OF_RAW:
        return None
    return _parted(raw, taker.layout["columns"], taker.layout["delimiter"], code)


def _parted(raw: str, columns: Sequence[str], delimiter: str, code: str) -> Mapping[str, str] | None:
    """A line parted into cells: missing ones are empty, those beyond the header stay with the last."""
    rows = split_rows(raw, delimiter, "" if code == "broken_quotes" else '"')
    if not rows or not columns:
        return None
    cells = [cell.strip() for cell in rows[0]]
    kept, beyond = cells[: len(columns)], cells[len(columns) :]
    kept += [""] * (len(columns) - len(kept))
    if beyond:
        kept[-1] = delimiter.join([kept[-1], *beyond])
    return dict(zip(columns, kept, strict=True))
