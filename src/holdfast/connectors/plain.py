"""Makes what was found readable for the engine: text in UTF-8 with one delimiter, or Parquet.

A text that is so already is only read through once, and stays where it is. Everything else is
written anew into the stage folder: other encodings, other line ends, packed files, blanks as
delimiters, workbooks, JSON Lines. Lines that cannot be taken over (bytes that are no text, NUL,
no JSON) are put aside with their number.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from holdfast.connectors import delimited
from holdfast.connectors.encodings import detect_encoding
from holdfast.connectors.rows import DroppedRows, plain_rows
from holdfast.connectors.streams import CHUNK, LONGEST_LINE, ChunkReader, chunks_of, numbered_lines
from holdfast.domain.imports import TabularSource

Report = Callable[[str, int, int], None]

_ODD_BYTES_KEPT = 1 << 20
_TAIL = 4096


def make_plain(source: TabularSource, folder: Path, report: Report | None = None) -> TabularSource:
    """``source`` as the engine reads it; new files go into ``folder``.

    ``report`` is told "read", the bytes done and their total. Raises ``Refusal`` (``cut_file``,
    ``zip_bomb``). A source that is plain already comes back as it is.
    """
    report = report or (lambda step, done, total: None)
    folder.mkdir(parents=True, exist_ok=True)
    match source.format:
        case _ if source.plain:
            return source
        case "parquet":
            return replace(source, path=_unpacked(source, folder, ".parquet"), compression=None, plain=True)
        case "xlsx":
            from holdfast.connectors.sheets import plain_sheet

            return plain_sheet(source, folder)
        case "jsonl":
            from holdfast.connectors.json_lines import plain_json

            with _lines(source) as lines:
                return plain_json(source, lines, folder)
        case _:
            return _plain_text(source, folder, report)


def _plain_text(source: TabularSource, folder: Path, report: Report) -> TabularSource:
    if source.delimiter == delimited.WHITESPACE:
        return _plain_blanks(source, folder)
    if source.encoding not in ("utf-8", "utf-8-sig") or source.lone_cr or source.skipped:
        return _rewritten(source, folder)
    if source.compression:
        source = replace(source, path=_unpacked(source, folder, ".csv"), compression=None)
    seen = _read_through(source.path, report)
    if seen.clean:
        return replace(source, plain=True, line_ends=seen.line_ends, first_line=2 if source.header else 1)
    if seen.odd and source.encoding == "utf-8":
        source = replace(source, encoding=detect_encoding(seen.odd))
    return _rewritten(source, folder)


def _unpacked(source: TabularSource, folder: Path, ending: str) -> Path:
    path = folder / f"unpacked-{source.table}{ending}"
    with path.open("wb") as file:
        for chunk in chunks_of(source.path, packed=source.compression is not None):
            file.write(chunk)
    return path


@dataclass(slots=True)
class _Seen:
    """What reading through a text has shown.

    ``carriage_returns`` and ``pairs`` (with a line feed) tell how its lines end; ``odd`` are some
    of its lines that are no UTF-8.
    """

    line_ends: int = 0
    carriage_returns: int = 0
    pairs: int = 0
    clean: bool = True
    odd: bytes = b""


def _read_through(path: Path, report: Report) -> _Seen:
    """Count the lines up to the last that is not blank; see whether any is no UTF-8, has NUL, never ends."""
    seen, total, done = _Seen(), path.stat().st_size, 0
    tail = b""
    for chunk in _whole_line_chunks(path):
        seen.line_ends += chunk.count(b"\n")
        seen.clean = seen.clean and b"\0" not in chunk and len(chunk) <= 2 * CHUNK
        seen.carriage_returns += chunk.count(b"\r") if b"\r" in chunk else 0
        seen.pairs += chunk.count(b"\r\n") if b"\r" in chunk else 0
        if not chunk.isascii() and not _is_utf8(chunk):
            seen.clean = False
            seen.odd += _odd_lines(chunk, _ODD_BYTES_KEPT - len(seen.odd))
        done, tail = done + len(chunk), (tail + chunk[-_TAIL:])[-_TAIL:]
        report("read", done, total)
    # One way of ending lines throughout: the engine's reader gives up where they are mixed.
    pure = seen.carriage_returns == seen.pairs and seen.pairs in (0, seen.line_ends)
    seen.clean = seen.clean and pure
    written = tail.rstrip(b"\r\n")
    seen.line_ends += (len(written) < len(tail)) - tail[len(written) :].count(b"\n")
    seen.line_ends += written == tail
    return seen


def _whole_line_chunks(path: Path) -> Iterator[bytes]:
    """The bytes in pieces that end with a line, so that no character is cut."""
    left = b""
    for chunk in chunks_of(path, packed=False):
        end = chunk.rfind(b"\n") + 1
        if not end and len(left) < 2 * CHUNK:
            left += chunk
            continue
        if not end:
            yield left + chunk
            left = b""
            continue
        yield left + chunk[:end]
        left = chunk[end:]
    if left:
        yield left


def _is_utf8(chunk: bytes) -> bool:
    try:
        codecs.utf_8_decode(chunk, "strict", True)
    except UnicodeDecodeError:
        return False
    return True


def _odd_lines(chunk: bytes, room: int) -> bytes:
    odd = (line for line in chunk.splitlines(keepends=True) if not line.isascii())
    return b"".join(odd)[: max(room, 0)]


def _lines(source: TabularSource) -> io.TextIOWrapper:
    """The lines of a text; what its encoding does not have becomes U+FFFD."""
    stream = io.BufferedReader(ChunkReader(source.path, packed=source.compression is not None), CHUNK)
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    return io.TextIOWrapper(stream, encoding, errors="replace", newline=None if source.lone_cr else "\n")


def _rewritten(source: TabularSource, folder: Path) -> TabularSource:
    """The text in UTF-8 with line feeds, without the lines that cannot be taken over."""
    path = folder / f"plain-{source.table}.csv"
    last = 0
    with (
        _lines(source) as lines,
        path.open("w", encoding="utf-8", newline="", buffering=CHUNK) as written,
        DroppedRows(folder, source.table) as dropped,
    ):
        for number, line in numbered_lines(lines):
            last = number if line.strip() else last
            if number <= source.skipped:
                continue
            if number == source.skipped + 1 and source.header:
                written.write(_one_line(line.replace("\0", "")))
            elif code := _unreadable(line):
                dropped.add(number, code, line)
            else:
                written.write(_one_line(line))
    return replace(
        source,
        path=path,
        compression=None,
        encoding="utf-8",
        lone_cr=False,
        plain=True,
        line_ends=last - dropped.count,
        first_line=(2 if source.header else 1) + source.skipped,
        dropped=dropped.path if dropped.count else None,
    )


def _plain_blanks(source: TabularSource, folder: Path) -> TabularSource:
    """Cells between blanks as a plain table, numbered by line."""
    with (
        _lines(source) as lines,
        DroppedRows(folder, source.table) as dropped,
        plain_rows(folder, source.table) as written,
    ):
        for number, line in numbered_lines(lines):
            cells = line.split()
            if not cells or number <= source.skipped + (1 if source.header else 0):
                continue
            if code := _unreadable(line) or _wrong_width(len(cells), len(source.columns)):
                dropped.add(number, code, line)
            else:
                written.write(number, cells)
    return written.source(source, source.columns, dropped)


def _one_line(line: str) -> str:
    """The line with a line feed, and no carriage return left in it."""
    return line.replace("\r\n", "\n").replace("\r", " ")


def _unreadable(line: str) -> str:
    """Why a line cannot be taken over, "" when it can."""
    if "\ufffd" in line:
        return "not_in_encoding"
    if "\0" in line:
        return "nul_byte"
    return "line_too_long" if len(line) > LONGEST_LINE else ""


def _wrong_width(found: int, expected: int) -> str:
    if found == expected:
        return ""
    return "too_few_cells" if found < expected else "too_many_cells"
