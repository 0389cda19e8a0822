"""The suppression list as people change it: one address, a whole file, or off the list with the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from holdfast.domain.phones import e164
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

MOST_BYTES = 20_000_000
"""Bytes of a file of addresses."""

_LONGEST_NOTE = 500
_AT_ONCE = 200
"""Addresses in one transaction."""

_SHOWN_WRONG = 10
_HEADS = ("email", "e-mail", "address", "mail", "email address", "e-mail address")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: addresses ``added``, on the list ``already``, and lines that hold none.

    ``wrong`` counts those; ``lines`` are the numbers of the first few.
    """

    added: int
    already: int
    wrong: int
    lines: tuple[int, ...]


def add(settings: Settings, address: str, *, note: str, by: str, now_us: int) -> bool:
    """Put an address, or a number, on the list; whether it was not there. Refuses ("bad_address")."""
    from holdfast.store import suppression

    number = e164(address) if address.strip().startswith("+") else ""
    found = _address(address)
    if found is None and not number:
        raise Refusal(
            "bad_address",
            found=Text("{address} is neither an e-mail address nor a number.", address=address[:100]),
            expected=Text("An address like niamh@example.com, or a number like +353851234567."),
            remedy=Text("Mend the address; nothing was changed."),
        )
    channels = suppression.BY_NUMBER if number else ("email",)
    new = [
        suppression.New(channel, number or found or "", "by_hand", note.strip()[:_LONGEST_NOTE], made_by=by)
        for channel in channels
    ]
    return bool(suppression.suppress(settings, new, now_us=now_us))


def add_file(settings: Settings, content: bytes, *, name: str, by: str, now_us: int) -> Imported:
    """Put every address of a CSV file on the list: its column "email", or its first column.

    Lines without an address are passed over and counted. Refuses ("too_large", "not_text") files that
    cannot be read.
    """
    from holdfast.store import sql, suppression

    added = already = wrong = 0
    lines: list[int] = []
    some: list[suppression.New] = []

    def keep() -> None:
        nonlocal added, already
        with sql.short_write():
            new = suppression.suppress(settings, some, now_us=now_us)
        added, already = added + new, already + len(some) - new
        some.clear()

    for line, written in _rows(content):
        address = _address(written)
        if address is None:
            wrong += 1
            lines += [line] if len(lines) < _SHOWN_WRONG else []
            continue
        some.append(suppression.New("email", address, "import", source=name[:200], made_by=by))
        if len(some) == _AT_ONCE:
            keep()
    keep()
    return Imported(added, already, wrong, tuple(lines))


def lift(settings: Settings, entry_id: int, *, note: str, by: str, now_us: int) -> None:
    """Take an address off the list. Refuses ("no_reason") without one, ("not_listed") what is not on it."""
    from holdfast.store import suppression

    if not note.strip():
        raise Refusal(
            "no_reason",
            found=Text("No reason was given."),
            expected=Text(
                "Why mails may go to this address again, like: the customer asked for it by phone."
            ),
            remedy=Text("Write the reason; it stays in the history."),
        )
    done = suppression.lift(settings, entry_id, by=by, note=note.strip()[:_LONGEST_NOTE], now_us=now_us)
    if not done:
        raise Refusal(
            "not_listed",
            found=Text("The address is not on the list any more."),
            expected=Text("An address that is on the list."),
            remedy=Text("Look at the list again; nothing was changed."),
        )


def _rows(content: bytes) -> Iterator[tuple[int, str]]:
    """(line, what stands in the column of addresses)."""
    rows = csv.reader(io.StringIO(_text(content)), delimiter=_delimiter(content))
    try:
        yield from _read(rows)
    except csv.Error as error:
        raise _no_text() from error


def _read(rows: Any) -> Iterator[tuple[int, str]]:
    column = 0
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if rows.line_num == 1:
            heads = [cell.strip().lower() for cell in row]
            found = next((heads.index(head) for head in _HEADS if head in heads), None)
            if found is not None:
                column = found
                continue
        yield rows.line_num, row[column] if column < len(row) else ""


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Refusal(
            "too_large",
            found=Text("The file has {n} byte.", "The file has {n} bytes.", n=len(content)),
            expected=Text(
                "A file of addresses has at most {n} byte.",
                "A file of addresses has at most {n} bytes.",
                n=MOST_BYTES,
            ),
            remedy=Text("Split it and import the parts; nothing was changed."),
        )
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        raise _no_text() from error


def _no_text() -> Refusal:
    return Refusal(
        "not_text",
        found=Text("The file is no CSV file in UTF-8."),
        expected=Text("A CSV file with one address a line."),
        remedy=Text("Save it as CSV in UTF-8 and import it again."),
    )


def _delimiter(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    return max((",", ";", "\t"), key=lambda mark: first.count(mark.encode()))


def _address(written: str) -> str | None:
    """A mail address in small letters; ``None`` for what has no "@" between two parts, or two of them."""
    address = written.strip().strip("<>").lower()
    name, at, domain = address.partition("@")
    good = at and name and "." in domain.strip(".") and "@" not in domain and address.isprintable()
    return address if good and " " not in address and len(address) <= 254 else None
