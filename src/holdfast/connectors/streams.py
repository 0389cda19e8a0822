"""The bytes of a file, unpacked, with a limit on what may come out."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from holdfast.connectors.refusals import cut_file, zip_bomb

CHUNK = 4 << 20
"""Bytes read at once."""

HEAD = 1 << 20
"""Bytes looked at to find out how a file is written."""

FREELY_EXPANDED = 256 << 20
"""Bytes that may come out of a packed file however small it is."""

MOST_TIMES = 150
"""How many times its packed size a file may grow beyond that; tables grow 3 to 30 times."""

LONGEST_LINE = 2_000_000
"""Characters of the longest line that is taken."""

GZIP_MAGIC = b"\x1f\x8b"


def is_gzip(path: Path) -> bool:
    """Whether ``path`` begins like a gzip file."""
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


def head_of(path: Path, *, packed: bool) -> tuple[bytes, bool]:
    """The first bytes of the unpacked file, and whether that is all of it.

    Raises ``Refusal`` (``cut_file``) when a packed file ends or breaks within them.
    """
    with open_bytes(path, packed=packed) as stream:
        head = stream.read(HEAD + 1)
    return head[:HEAD], len(head) <= HEAD


def chunks_of(path: Path, *, packed: bool) -> Iterator[bytes]:
    """The unpacked bytes, a few megabytes at a time.

    Raises ``Refusal``: ``cut_file`` when a packed file ends too early, ``zip_bomb`` when far more
    comes out than goes in.
    """
    allowed = max(FREELY_EXPANDED, path.stat().st_size * MOST_TIMES) if packed else None
    expanded = 0
    with open_bytes(path, packed=packed) as stream:
        while chunk := stream.read(CHUNK):
            expanded += len(chunk)
            if allowed is not None and expanded > allowed:
                raise zip_bomb(path, MOST_TIMES)
            yield chunk


@contextmanager
def open_bytes(path: Path, *, packed: bool) -> Iterator[IO[bytes]]:
    """The unpacked bytes as a stream; what breaks while it is read becomes a ``Refusal``."""
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            yield stream  # type: ignore[misc]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise cut_file(path) from error


def numbered_lines(stream: IO[str]) -> Iterator[tuple[int, str]]:
    """The lines with their numbers from 1; of a line beyond :data:`LONGEST_LINE` only its beginning."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        yield number, line
        while len(line) > LONGEST_LINE and not line.endswith("\n"):
            line = stream.readline(LONGEST_LINE + 1)


class ChunkReader(io.RawIOBase):
    """A stream over :func:`chunks_of`, so that its limits hold for readers of lines, too."""

    def __init__(self, path: Path, *, packed: bool) -> None:
        super().__init__()
        self._chunks = chunks_of(path, packed=packed)
        self._left = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer`` with the next bytes; 0 at the end."""
        if not self._left:
            self._left = next(self._chunks, b"")
        taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)
