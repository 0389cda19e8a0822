"""Look for words in bytes: plain files, and what is packed in gzip, ZIP and office documents."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_AT_ONCE = 4 << 20
_MOST_UNPACKED = 4 << 30
"""A package that unpacks to more than this is not looked through further; it is said so."""

_MOST_INSIDE = 64 << 20
"""A package inside a package is unpacked up to this size, and so deep:"""
_DEEPEST = 3

_CLOSED = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x1f\x9d",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc",
)
"""How files begin whose content is packed in a way that is not unpacked here."""

_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)


@dataclass(slots=True)
class Looked:
    """What was looked through: files, packages, bytes (unpacked), and what could not be unpacked."""

    files: int = 0
    packed: int = 0
    size: int = 0
    closed: int = 0


class Words:
    """Words to look for, in all the ways in which they can be written in a file."""

    def __init__(self, words: Iterable[str]) -> None:
        ways = {way for word in words for way in _ways(word)}
        self._ways = tuple(sorted(ways))
        self._longest = max(map(len, self._ways), default=0)

    def in_file(self, path: Path, looked: Looked) -> bool:
        """Whether a word stands in a file, or in what is packed in it; counts what was looked through."""
        try:
            with path.open("rb") as file:
                looked.files += 1
                return self._inside(file, looked, 0)
        except FileNotFoundError:  # somebody's temporary file, gone by now
            return False

    def in_bytes(self, content: bytes) -> bool:
        """Whether a word stands in these bytes."""
        folded = content.lower()
        return any(way in folded for way in self._ways)

    def _inside(self, file: IO[bytes], looked: Looked, depth: int) -> bool:
        head = file.read(8)
        file.seek(0)
        if depth < _DEEPEST and head.startswith((b"\x1f\x8b", b"PK")):
            looked.packed += 1
            try:
                return self._in_gzip(file, looked) if head[0] == 0x1F else self._in_zip(file, looked, depth)
            except _BROKEN:
                looked.closed += 1
                file.seek(0)
        looked.closed += head.startswith(_CLOSED)
        return self._in_stream(file, looked)

    def _in_stream(self, stream: IO[bytes], looked: Looked) -> bool:
        kept, found = b"", False
        while chunk := stream.read(_AT_ONCE):
            looked.size += len(chunk)
            window = kept + chunk.lower()
            found = found or any(way in window for way in self._ways)
            kept = window[-self._longest :] if self._longest else b""
        return found

    def _in_gzip(self, file: IO[bytes], looked: Looked) -> bool:
        with gzip.GzipFile(fileobj=file) as unpacked:
            return self._in_stream(unpacked, looked)  # type: ignore[arg-type]

    def _in_zip(self, file: IO[bytes], looked: Looked, depth: int) -> bool:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
            if sum(member.file_size for member in members) > _MOST_UNPACKED:
                looked.closed += 1
                return False
            named = any(self.in_bytes(member.filename.encode()) for member in members)
            inside = [self._in_member(package, member, looked, depth) for member in members]
            return named or any(inside)

    def _in_member(
        self, package: zipfile.ZipFile, member: zipfile.ZipInfo, looked: Looked, depth: int
    ) -> bool:
        with package.open(member) as stream:
            if member.file_size <= _MOST_INSIDE:
                return self._inside(io.BytesIO(stream.read()), looked, depth + 1)
            return self._in_stream(stream, looked)


def _ways(word: str) -> Sequence[bytes]:
    """A word as bytes in lower case: as it is, with large letters beyond ASCII, and as JSON writes it."""
    spelled = {word, word.upper(), word.title(), word.capitalize()}
    ways = {each.encode().lower() for each in spelled}
    ways |= {json.dumps(each)[1:-1].encode().lower() for each in spelled}
    return sorted(ways)
