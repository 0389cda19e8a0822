"""Files and servers of other programs, read for what they know of consent."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from holdfast.connectors import archives, delimited, encodings
from holdfast.connectors.consents import mailchimp, mautic, table
from holdfast.connectors.consents.apis import Mailchimp, Mautic
from holdfast.connectors.consents.contract import Bad, Reader, Row, Told
from holdfast.connectors.outward import Door
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

FORMATS: dict[str, tuple[Text, Reader]] = {
    "mailchimp": (Text("Mailchimp: the export of an audience"), mailchimp.read_export),
    "mautic": (Text("Mautic: contacts with who must not be contacted"), mautic.read_csv),
    "csv": (Text("CSV: an address, yes or no, and what proves it"), table.read_table),
}
"""What can be brought: by name, what it is, and how its rows are read."""

MOST_BYTES = 50_000_000
"""Bytes of a file; of an archive also what comes out of it."""


def read_files(files: Sequence[tuple[str, Path]], form: str) -> Iterator[Told | Bad]:
    """What files say, each given with its name; archives are unpacked.

    Refuses ("unknown_format", "too_large", "not_text" and what the format itself refuses).
    """
    if form not in FORMATS:
        raise Refusal(
            "unknown_format",
            found=Text("There is no format {name}.", name=form[:40]),
            expected=Text("One of {names}.", names=", ".join(FORMATS)),
            remedy=Text("Choose one of these; nothing was imported."),
        )
    reader = FORMATS[form][1]
    for name, path in files:
        if path.stat().st_size > MOST_BYTES:
            raise _too_large(name)
        if archives.is_archive(path):
            yield from _unpacked(path, reader)
        else:
            yield from reader(name, _rows(name, path.read_bytes()))


def read_server(
    form: str, door: Door, *, address: str = "", user: str = "", secret: str = "", audience: str = ""
) -> Iterator[Told | Bad]:
    """What a server of Mailchimp (an ``audience``) or Mautic (an ``address``, a ``user``) says of all."""
    if form == "mailchimp":
        return mailchimp.read_members(Mailchimp(secret, audience, door, address).members())
    if form == "mautic":
        return mautic.read_contacts(Mautic(address, user, secret, door).contacts())
    raise Refusal(
        "unknown_format",
        found=Text("There is no server of the format {name}.", name=form[:40]),
        expected=Text("One of {names}.", names="mailchimp, mautic"),
        remedy=Text("Choose one of these; nothing was imported."),
    )


def _unpacked(path: Path, reader: Reader) -> Iterator[Told | Bad]:
    with tempfile.TemporaryDirectory(prefix="holdfast-") as folder:
        found = archives.unpack(path, Path(folder), most_bytes=MOST_BYTES)
        for name, part in found:
            if name.lower().endswith((".csv", ".txt")):
                yield from reader(name, _rows(name, part.read_bytes()))


def _rows(name: str, content: bytes) -> Iterable[Row]:
    """The rows below the header, each with its place."""
    text = _text(name, content)
    csv.field_size_limit(1 << 20)
    read = csv.reader(io.StringIO(text, newline=""), delimiter=delimited.find_delimiter(text[:200_000]))
    header: list[str] = []
    try:
        for cells in read:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip().lower() for cell in cells]
                continue
            # Mailchimp names two columns alike: the first that says something counts.
            row: dict[str, str] = {}
            for column, cell in zip(header, cells, strict=False):
                row[column] = row.get(column, "").strip() or cell
            yield f"{name}, line {read.line_num}", row
    except csv.Error as error:
        raise _no_text(name) from error


def _text(name: str, content: bytes) -> str:
    try:
        return (
            content.decode(encodings.detect_encoding(content[:1_000_000]))
            .removeprefix("\ufeff")
            .replace("\0", "")
        )
    except (UnicodeDecodeError, LookupError) as error:
        raise _no_text(name) from error


def _too_large(name: str) -> Refusal:
    return Refusal(
        "too_large",
        found=Text("{file} is too large.", file=name[:80]),
        expected=Text("A file of consents has at most {n} bytes.", n=MOST_BYTES),
        remedy=Text("Split it and import the parts; nothing was changed."),
    )


def _no_text(name: str) -> Refusal:
    return Refusal(
        "not_text",
        found=Text("{file} is no CSV file.", file=name[:80]),
        expected=Text("A CSV file with the names of its columns in the first line."),
        remedy=Text("Save it as CSV in UTF-8 and import it again."),
    )
