"""How large a file is, as people say it."""

from __future__ import annotations

from holdfast.domain.texts import Text
from holdfast.language import Reader


def size_words(size: int, reader: Reader) -> str:
    """A number of bytes in the unit that suits it."""
    if size < 1_000:
        return reader.say(Text("{n} byte", "{n} bytes", n=size))
    if size < 1_000_000:
        return reader.say(Text("{size} KB", size=reader.number(size / 1_000, 0)))
    if size < 1_000_000_000:
        return reader.say(Text("{size} MB", size=reader.number(size / 1_000_000, 1)))
    return reader.say(Text("{size} GB", size=reader.number(size / 1_000_000_000, 1)))
