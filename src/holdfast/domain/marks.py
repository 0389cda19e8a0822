"""Simple marks in the words of a message: ``**strong**``, ``*emphasis*``, ``[words](https://…)``.

They are those of Markdown that everybody knows; a backslash before a sign takes its meaning away. Marks are
looked for around fields and inside conditions, never across the edge of a condition: what comes out is
always whole, whatever a condition decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from holdfast.domain.written_fields import Field, If, Part, Parts, joined


class Marks(Protocol):
    """How marks are written: as HTML, as plain text."""

    def words(self, words: str) -> str:
        """Words without a mark."""

    def field(self, field: Field) -> Field:
        """A value of the customer."""

    def strong(self, inside: Parts) -> Parts:
        """What stands out."""

    def emphasis(self, inside: Parts) -> Parts:
        """What is stressed."""

    def link(self, inside: Parts, link: Parts) -> Parts:
        """Words that lead somewhere."""


def marked(parts: Parts, marks: Marks) -> Parts:
    """``parts`` with their marks written as ``marks`` say."""
    words, others = _flat(parts)
    return joined(tuple(_marked(words, others, marks)))


def links_in(parts: Parts) -> Iterator[Parts]:
    """Where the links in ``parts`` lead."""
    words, others = _flat(parts)
    for found in _MARK.finditer(words):
        if found["link"] is not None:
            yield _back(found["link"], others)
        inside = found["strong"] or found["emphasis"]
        if inside is not None:
            yield from links_in(_back(inside, others))
    for other in others:
        if isinstance(other, If):
            yield from links_in(other.then)
            yield from links_in(other.otherwise)


_MARK = re.compile(
    r"\\(?P<sign>[\\*\[\]])"
    r"|\*\*(?=\S)(?P<strong>.{1,1000}?)(?<=\S)\*\*"
    r"|\*(?=[^\s*])(?P<emphasis>[^*]{1,1000}?)(?<=\S)\*"
    r"|\[(?P<words>[^\[\]]{1,500})\]\((?P<link>[^()\s]{1,2000})\)",
    re.DOTALL,
)
_OTHER = re.compile("\x02([0-9]+)\x03")
"""A field or a condition, by its place in the list: no message holds these signs."""


def _flat(parts: Parts) -> tuple[str, list[Field | If]]:
    """The words in one, with a sign where a field or a condition stands."""
    words: list[str] = []
    others: list[Field | If] = []
    for part in parts:
        if isinstance(part, str):
            words.append(part.replace("\x02", "").replace("\x03", ""))
        else:
            words.append(f"\x02{len(others)}\x03")
            others.append(part)
    return "".join(words), others


def _back(words: str, others: list[Field | If]) -> Parts:
    found: list[Part] = []
    for place, piece in enumerate(_OTHER.split(words)):
        if place % 2:
            found.append(others[int(piece)])
        elif piece:
            found.append(piece)
    return tuple(found)


def _marked(words: str, others: list[Field | If], marks: Marks) -> Iterator[Part]:
    end = 0
    for found in _MARK.finditer(words):
        yield from _unmarked(words[end : found.start()], others, marks)
        yield from _mark(found, others, marks)
        end = found.end()
    yield from _unmarked(words[end:], others, marks)


def _mark(found: re.Match[str], others: list[Field | If], marks: Marks) -> Iterator[Part]:
    if found["sign"] is not None:
        yield marks.words(found["sign"])
    elif found["strong"] is not None:
        yield from marks.strong(tuple(_marked(found["strong"], others, marks)))
    elif found["emphasis"] is not None:
        yield from marks.emphasis(tuple(_marked(found["emphasis"], others, marks)))
    else:
        inside = tuple(_unmarked(found["words"], others, marks))
        yield from marks.link(inside, _back(found["link"], others))


def _unmarked(words: str, others: list[Field | If], marks: Marks) -> Iterator[Part]:
    for part in _back(words, others):
        if isinstance(part, str):
            yield marks.words(part)
        elif isinstance(part, Field):
            yield marks.field(part)
        else:
            yield If(part.name, part.value, marked(part.then, marks), marked(part.otherwise, marks))
