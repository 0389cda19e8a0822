"""What is said about files that cannot be read."""

from __future__ import annotations

from pathlib import Path

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text


def empty_file(path: Path) -> Refusal:
    """The refusal for a file without anything in it."""
    return Refusal(
        "empty_file",
        found=Text("{file} is empty.", file=path.name),
        expected=Text("A table with a header and rows."),
        remedy=Text("Export it again; nothing was imported."),
    )


def header_only(path: Path, columns: tuple[str, ...]) -> Refusal:
    """The refusal for a file that has a header and no rows."""
    return Refusal(
        "header_only",
        found=Text(
            "{file} has a header ({columns}) and no rows.", file=path.name, columns=", ".join(columns)
        ),
        expected=Text("At least one row."),
        remedy=Text("Export it again; if the first row is no header, say header = false in the map."),
    )


def not_this_format(path: Path, what: Text, remedy: Text) -> Refusal:
    """The refusal for a file that is something else."""
    return Refusal(
        "not_this_format",
        found=Text("{file} is {what}.", file=path.name, what=what),
        expected=Text("CSV, XLSX, JSON Lines or Parquet, perhaps gzipped."),
        remedy=remedy,
    )


def cut_file(path: Path) -> Refusal:
    """The refusal for a file that ends in the middle."""
    return Refusal(
        "cut_file",
        found=Text("{file} ends in the middle or is damaged.", file=path.name),
        expected=Text("A whole file."),
        remedy=Text("Copy or download it again; nothing was imported."),
    )


def zip_bomb(path: Path, times: int) -> Refusal:
    """The refusal for a packed file from which far too much comes out."""
    return Refusal(
        "zip_bomb",
        found=Text(
            "{file} grows to more than {times} times its size when unpacked.",
            file=path.name,
            times=times,
        ),
        expected=Text("A packed table grows 3 to 30 times."),
        remedy=Text("If it is really yours, unpack it first and import the unpacked file."),
    )
