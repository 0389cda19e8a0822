"""ZIP archives of tables: taken apart into a folder, file by file, never trusting what they say."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from holdfast.connectors.refusals import cut_file, empty_file, not_this_format, zip_bomb
from holdfast.connectors.streams import FREELY_EXPANDED, MOST_TIMES
from holdfast.domain.documents import clean_name
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

MOST_FILES = 50
"""Files that an archive may hold."""

_CHUNK = 1 << 20
_MAGIC = b"PK\x03\x04"
_IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db")
_ENCRYPTED = 0x1


def is_archive(path: Path) -> bool:
    """Whether ``path`` is a ZIP archive of files: workbooks are ZIP archives, too, and are none."""
    with path.open("rb") as file:
        if file.read(4) != _MAGIC:
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not any(name.endswith("workbook.xml") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def unpack(path: Path, folder: Path, *, most_bytes: int) -> Iterator[tuple[str, Path]]:
    """The files of the archive, each unpacked into ``folder`` under a number, with its own name.

    A name says where a file wants to lie, so it is only shown. What comes out is counted as it comes:
    more than ``most_bytes``, or far more than the archive's size, is refused ("zip_bomb"), whatever
    the archive says of itself; so are more files than :data:`MOST_FILES`, archives within, passwords.
    """
    allowed = min(most_bytes, max(FREELY_EXPANDED, path.stat().st_size * MOST_TIMES))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = _parts(path, archive)
            for number, part in enumerate(parts):
                target = folder / str(number)
                allowed -= _write(path, archive, part, target, allowed)
                yield clean_name(part.filename) or f"file {number + 1}", target
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise cut_file(path) from error


def _parts(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = [
        part
        for part in archive.infolist()
        if not part.is_dir() and part.file_size and not any(sign in part.filename for sign in _IGNORED)
    ]
    if not parts:
        raise empty_file(path)
    if len(parts) > MOST_FILES:
        raise Refusal(
            "too_many_files",
            found=Text("{file} holds {n} files.", file=path.name, n=len(parts)),
            expected=Text("An archive may hold {most} files.", most=MOST_FILES),
            remedy=Text("Unpack it and bring the files in smaller groups; nothing was imported."),
        )
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise not_this_format(
            path,
            Text("locked with a password"),
            Text("Save it without a password; nothing was imported."),
        )
    return parts


def _write(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, target: Path, allowed: int) -> int:
    """Unpack one file; how many bytes came out."""
    written = 0
    with archive.open(part) as packed, target.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            if not written and chunk.startswith(_MAGIC) and b"[Content_Types].xml" not in chunk[:4096]:
                raise not_this_format(path, Text("an archive within an archive"), Text("Unpack it once."))
            written += len(chunk)
            if written > allowed:
                raise zip_bomb(path, MOST_TIMES)
            file.write(chunk)
    return written
