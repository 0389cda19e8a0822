"""Finds phrases in a folded text word by word, without compiling a regular expression of each.

A regular expression spells out each word of each group, so compiling one takes longer than reading a text,
and most phrases are tried a few times in the life of a process. Here a group is read once for all the
phrases that name it, into its options by how their first word begins. What is found is what the expression
of :func:`holdfast.text.patterns.expression` finds; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product

from holdfast.text.patterns import ZH_NUMERALS, Element, Gap, Word

_STOP = re.compile("[.,|]")
"""Over these neither a star nor a gap reaches."""
_NUMBER = re.compile(r"[$€£₽¥]?\d")
_ZH_NUMBER = re.compile(f"[0-9]+|[{ZH_NUMERALS}]+")
_HEAD = 2
"""So many letters of a word are the head by which options are looked up; in Chinese one."""

Row = tuple["Step", ...]


@dataclass(frozen=True, slots=True)
class Starred:
    """A word of which one end is open, or both."""

    core: str
    open_before: bool
    open_behind: bool

    def fits(self, word: str) -> bool:
        """Whether ``word`` is this one: its open ends hold no mark."""
        if not self.open_before:  # as most
            end = len(self.core)
            rest = self.open_behind and _STOP.search(word, end) is None
            return word.startswith(self.core) and (rest or len(word) == end)
        at = word.find(self.core)
        while at >= 0:
            end = at + len(self.core)
            before = at == 0 or _STOP.search(word, 0, at) is None
            if before and (end == len(word) or (self.open_behind and _STOP.search(word, end) is None)):
                return True
            at = word.find(self.core, at + 1)
        return False


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""


@dataclass(frozen=True, slots=True)
class Ways:
    """One of several rows, the first that fits."""

    by_word: Mapping[str, Sequence[tuple[int, Row]]]
    """For each word with which a row begins all rows that can begin so, and how many of their steps it is."""
    by_head: Mapping[str, Sequence[Row]]
    """For each head the rows that can begin with any other word of it."""
    others: Sequence[Row]
    """The rows that may begin with any head."""
    optional: bool


Step = str | Starred | Number | Gap | Ways
Beginnings = tuple[Collection[str], Collection[str]]
"""The words with which a row can begin, and the heads of others."""
Then = tuple[Row, int, "Then"] | None
"""What is still to be found: a row, from which step on, and what comes after it."""


class SpacedText:
    """A folded text of words with blanks between. A place is the number of a word."""

    def __init__(self, text: str) -> None:
        self.words = text[1:].split(" ")  # the last is empty: the end
        self.heads: Sequence[str] = [word[:_HEAD] for word in self.words]
        self._places: list[int] | None = None

    def past(self, step: str | Starred, at: int) -> int:
        """The place behind a word that stands at ``at``; -1 when another does."""
        word = self.words[at]
        return at + 1 if word == step or (not isinstance(step, str) and step.fits(word)) else -1

    def starts(self, words: Collection[str], heads: Collection[str]) -> Sequence[int]:
        """Where a row stands that begins with one of some words, or with another of some heads."""
        if not heads:
            return [at for at, word in enumerate(self.words) if word in words]
        return [at for at, word in enumerate(self.words) if word in words or word[:_HEAD] in heads]

    def reach(self, gap: Gap, at: int) -> int:
        """The last place to which a gap may reach from ``at``."""
        most = min(at + gap.most, len(self.words) - 1)
        while at < most:
            word = self.words[at]
            if "." in word or (not gap.far and ("," in word or "|" in word)):
                break
            at += 1
        return at

    def numbers(self, at: int) -> Sequence[int]:
        """The places behind a number at ``at``, the longest first."""
        return (at + 1,) if _NUMBER.match(self.words[at]) else ()

    def place(self, at: int) -> int:
        """Where in the text a place is: the blank before a word."""
        if self._places is None:
            self._places = list(accumulate((len(word) + 1 for word in self.words), initial=0))
        return self._places[at]


class UnspacedText:
    """A folded text without blanks. A place is the number of a character."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.words: Sequence[str] = [*text, ""]
        self.heads = self.words

    def past(self, step: str | Starred, at: int) -> int:
        """See :class:`SpacedText`; a star means nothing here."""
        word = step if isinstance(step, str) else step.core
        return at + len(word) if self._text.startswith(word, at) else -1

    def starts(self, words: Collection[str], heads: Collection[str]) -> Sequence[int]:
        """See :class:`SpacedText`; a word is a character."""
        return [at for at, head in enumerate(self.heads) if head in words or head in heads]

    def reach(self, gap: Gap, at: int) -> int:
        """See :class:`SpacedText`."""
        most, stops = min(at + gap.most, len(self._text)), "." if gap.far else ".,|"
        while at < most and self._text[at] not in stops:
            at += 1
        return at

    def numbers(self, at: int) -> Sequence[int]:
        """See :class:`SpacedText`."""
        found = _ZH_NUMBER.match(self._text, at)
        return range(found.end(), at, -1) if found else ()

    def place(self, at: int) -> int:
        """See :class:`SpacedText`."""
        return at


Seen = SpacedText | UnspacedText
"""A folded text as phrases are looked for in it."""


def seen(text: str, *, spaced: bool) -> Seen:
    """A folded text, ready to be looked through."""
    return SpacedText(text) if spaced else UnspacedText(text)


def places(row: Row, beginnings: Beginnings | None, text: Seen) -> Iterator[tuple[int, int]]:
    """From where to where a row stands, from left to right, none over another."""
    end = 0
    for start in range(len(text.words)) if beginnings is None else text.starts(*beginnings):
        if start >= end:
            found = _end(text, start, row, 0, None)
            if found > start:
                yield text.place(start), text.place(found)
                end = found


def _end(text: Seen, at: int, row: Row, number: int, then: Then) -> int:
    """The end of the steps of ``row`` from ``number`` on, and what comes ``then``; -1 where they are not."""
    while True:
        while number == len(row):
            if then is None:
                return at
            row, number, then = then
        step = row[number]
        number += 1
        if isinstance(step, str):
            at = text.past(step, at)
            if at < 0:
                return -1
        elif isinstance(step, Ways):
            end = _end_of_ways(text, at, step, (row, number, then))
            if end >= 0 or not step.optional:
                return end
        else:
            return _end_behind(_stops(text, at, step), text, (row, number, then))


def _end_of_ways(text: Seen, at: int, ways: Ways, then: tuple[Row, int, Then]) -> int:
    """The end by the first of some ways that leads to one."""
    known = ways.by_word.get(text.words[at])
    if known is not None:
        for begun, option in known:
            end = _end(text, at + begun, option, begun, then)
            if end >= 0:
                return end
        return -1
    for option in ways.by_head.get(text.heads[at], ways.others):
        first = option[0]
        if isinstance(first, (str, Starred)):  # most fail at their first word
            behind = text.past(first, at)
            end = _end(text, behind, option, 1, then) if behind >= 0 else -1
        else:
            end = _end(text, at, option, 0, then)
        if end >= 0:
            return end
    return -1


def _stops(text: Seen, at: int, step: Starred | Number | Gap) -> Sequence[int]:
    """Where a step that may end in several places does, in the order in which they are tried."""
    if isinstance(step, Gap):
        return range(text.reach(step, at), at - 1, -1)
    if isinstance(step, Number):
        return text.numbers(at)
    behind = text.past(step, at)
    return (behind,) if behind >= 0 else ()


def _end_behind(stops: Sequence[int], text: Seen, then: tuple[Row, int, Then]) -> int:
    for stop in stops:
        end = _end(text, stop, *then)
        if end >= 0:
            return end
    return -1


def steps(row: Sequence[Element], *, spaced: bool) -> Row:
    """The elements of a phrase as steps to find it by."""
    if len(row) == 1:
        return _steps(row[0], spaced=spaced)
    return tuple(step for element in row for step in _steps(element, spaced=spaced))


def _steps(element: Element, *, spaced: bool) -> Row:
    if isinstance(element, Gap):
        return (element,)
    if isinstance(element, Word):
        return _of_word(element.text) if spaced else _of_characters(element.text)
    if spaced not in element.ways:
        rows = [steps(option, spaced=spaced) for option in element.options]
        element.ways[spaced] = _ways(rows, optional=element.optional, spaced=spaced)
    return (element.ways[spaced],)


@lru_cache(maxsize=20_000)
def _of_word(text: str) -> Row:
    """A word; each blank that may be missing makes two ways of it."""
    if text == "#":
        return (Number(),)
    core = text.strip("*")
    if "_" not in core:
        return (_word(core, before=text.startswith("*"), behind=text.endswith("*")),)
    parts, rows = core.split("_"), []
    for blanks in product((" ", ""), repeat=len(parts) - 1):
        words = "".join(part + blank for part, blank in zip(parts, (*blanks, ""), strict=True)).split(" ")
        last = len(words) - 1
        rows.append(
            tuple(
                _word(
                    word,
                    before=place == 0 and text.startswith("*"),
                    behind=place == last and text.endswith("*"),
                )
                for place, word in enumerate(words)
            )
        )
    return (_ways(rows, optional=False, spaced=True),)


def _word(core: str, *, before: bool, behind: bool) -> str | Starred:
    return Starred(core, before, behind) if before or behind else core


def _of_characters(text: str) -> Row:
    """Chinese: what stands between numbers."""
    pieces = re.split("(#)", text.strip("*"))
    return tuple(Number() if piece == "#" else piece for piece in pieces if piece)


def _ways(rows: Sequence[Row], *, optional: bool, spaced: bool) -> Ways:
    begun = [beginnings_of(row, spaced=spaced) for row in rows]
    told = [beginnings for beginnings in begun if beginnings is not None]
    by_word: dict[str, list[tuple[int, Row]]] = {word: [] for words, _ in told for word in words}
    by_head: dict[str, list[Row]] = {head: [] for _, heads in told for head in heads}
    others = [row for row, beginnings in zip(rows, begun, strict=True) if beginnings is None]
    alike: dict[str, list[str]] = {}
    for word in by_word:
        alike.setdefault(word[:_HEAD], []).append(word)
    for row, beginnings in zip(rows, begun, strict=True):
        words, heads = beginnings or (by_word, by_head)
        for word in words:
            by_word[word].append((int(isinstance(row[0], str)), row))
        for head in heads:
            by_head[head].append(row)
            for word in alike.get(head, ()):
                if word not in words and _may_begin(row[0], word):
                    by_word[word].append((int(isinstance(row[0], Starred)), row))
    return Ways(by_word, by_head, others, optional)


def _may_begin(first: Step, word: str) -> bool:
    return not isinstance(first, Starred) or first.fits(word)


def beginnings_of(row: Row, *, spaced: bool) -> Beginnings | None:
    """With what a row can begin; None for anything."""
    first = row[0]
    if isinstance(first, str):
        return ((first,), ()) if spaced else ((), (first[:1],))
    if isinstance(first, Starred) and not first.open_before and len(first.core) >= _HEAD:
        return (), (first.core[:_HEAD],)
    if isinstance(first, Ways) and not first.optional and not first.others:
        return first.by_word, first.by_head
    return None
