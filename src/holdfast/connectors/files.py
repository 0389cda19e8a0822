"""Files as tables: what format, how written, which columns.

:func:`sniff` only looks (the first megabyte); :func:`holdfast.connectors.plain.make_plain` then
makes the file readable for the engine.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from holdfast.connectors import delimited, encodings
from holdfast.connectors.refusals import cut_file, empty_file, header_only, not_this_format
from holdfast.connectors.streams import GZIP_MAGIC, head_of, is_gzip
from holdfast.domain.imports import MapOptions, TabularSource
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": (Text("an old Excel workbook (.xls)"), Text("Save it as .xlsx or CSV.")),
    b"SQLite format 3": (Text("an SQLite database"), Text("Use --from sqlite:///FILE --query SQL.")),
    b"%PDF": (Text("a PDF"), Text("Export the table as CSV or XLSX.")),
    b"\x89PNG": (Text("a picture"), Text("Export the table as CSV or XLSX.")),
    b"ORC": (Text("an ORC file"), Text("Convert it to Parquet.")),
    b"Obj\x01": (Text("an Avro file"), Text("Convert it to Parquet.")),
    b"BZh": (Text("a bzip2 file"), Text("Unpack it first.")),
    b"\xfd7zXZ": (Text("an xz file"), Text("Unpack it first.")),
    b"\x28\xb5\x2f\xfd": (Text("a Zstandard file"), Text("Unpack it first.")),
}


def sniff(path: Path, options: MapOptions | None = None) -> TabularSource:
    """The table in ``path``: format, encoding, delimiter, header, columns and a sample of rows.

    ``options`` of a map overrule what is found. Raises ``Refusal``: ``no_file``, ``empty_file``,
    ``header_only``, ``not_this_format``, ``cut_file``, ``zip_bomb``, ``unknown_encoding``,
    ``unknown_sheet``.
    """
    options = options or MapOptions()
    if not path.is_file():
        raise Refusal(
            "no_file",
            found=Text("There is no file {file}.", file=str(path)),
            expected=Text("A file in CSV, XLSX, JSON Lines or Parquet, perhaps gzipped."),
            remedy=Text("Check the name and the folder."),
        )
    packed = is_gzip(path)
    head, complete = head_of(path, packed=packed)
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise empty_file(path)
    source = TabularSource(path, "csv", (), _table_name(path), "gzip" if packed else None)
    if head.startswith(_PARQUET):
        return _parquet(source)
    if head.startswith(_ZIP):
        from holdfast.connectors.sheets import sniff_sheet

        return sniff_sheet(replace(source, format="xlsx"), options)
    _refuse_foreign(path, head)
    return _text(source, head, options, complete=complete)


def _table_name(path: Path) -> str:
    """The file's name without its endings: "orders" of orders.csv.gz."""
    name = path.name
    for ending in (".gz", ".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson", ".json", ".parquet", ".pq"):
        name = name.removesuffix(ending) if name.lower().endswith(ending) else name
    return name or path.stem


def _parquet(source: TabularSource) -> TabularSource:
    """A Parquet file ends as it begins; one that was cut does not."""
    if source.compression is None:
        with source.path.open("rb") as file:
            file.seek(0, io.SEEK_END)
            file.seek(max(0, file.tell() - 4))
            if file.read(4) != _PARQUET:
                raise cut_file(source.path)
    return replace(source, format="parquet", plain=source.compression is None, first_line=1)


def _refuse_foreign(path: Path, head: bytes) -> None:
    for magic, (what, remedy) in _FOREIGN.items():
        if head.startswith(magic):
            raise not_this_format(path, what, remedy)
    if head.startswith(GZIP_MAGIC):
        raise not_this_format(path, Text("gzip within gzip"), Text("Unpack it once."))


def _text(source: TabularSource, head: bytes, options: MapOptions, *, complete: bool) -> TabularSource:
    encoding = (
        encodings.named_encoding(options.encoding) if options.encoding else encodings.detect_encoding(head)
    )
    text = head.decode(encoding, errors="replace").removeprefix("\ufeff")
    _refuse_binary(source.path, text)
    source = replace(source, encoding=encoding, lone_cr="\r" in text and "\n" not in text)
    if text.lstrip().startswith(("{", "[")) and not options.delimiter:
        from holdfast.connectors.json_lines import sniff_json

        return sniff_json(replace(source, format="jsonl"), text)
    if not complete:
        text = _whole_lines(text, "\r" if source.lone_cr else "\n")
    return _delimited(source, text, options)


def _whole_lines(text: str, line_end: str) -> str:
    end = text.rfind(line_end)
    return text[: end + 1] if end >= 0 else text


def _refuse_binary(path: Path, text: str) -> None:
    """Control characters in plenty are no text; single NUL bytes are rejected row by row."""
    start = text[:20_000]
    strange = sum(character < " " and character not in "\t\r\n\x0c\x1a" for character in start)
    if strange > max(8, len(start) // 20):
        raise not_this_format(
            path,
            Text("no text and no table that is known"),
            Text("Export it as CSV or XLSX; nothing was imported."),
        )


def _delimited(source: TabularSource, text: str, options: MapOptions) -> TabularSource:
    text = _below_titles(text.replace("\0", ""), options.first_row - 1)
    quote = options.quote or delimited.find_quote(text)
    delimiter = options.delimiter or delimited.find_delimiter(text, quote)
    rows = delimited.split_rows(text, delimiter, quote)
    if not rows:
        raise empty_file(source.path)
    header = options.header if options.header is not None else delimited.has_header(rows)
    columns = delimited.column_names(rows[0], header=header)
    body = rows[1:] if header else rows
    if not body:
        raise header_only(source.path, columns)
    return replace(
        source,
        delimiter=delimiter,
        quote="" if delimiter == delimited.WHITESPACE else quote,
        header=header,
        columns=columns,
        sample=delimited.as_sample(body, len(columns)),
        first_line=(2 if header else 1) + options.first_row - 1,
        skipped=options.first_row - 1,
    )


def _below_titles(text: str, lines: int) -> str:
    """The text without its first lines, which are no part of the table."""
    stream = io.StringIO(text, newline="")  # str.splitlines would end lines at form feeds, too
    for _ in range(lines):
        stream.readline()
    return stream.read()
