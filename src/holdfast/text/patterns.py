"""The small language in which phrases are written, and what it means as a regular expression.

A phrase is a row of words with gaps: ``(support|help desk) ..3 (bad|useless*)``.

========== ==========================================================================
``word``   this word; ``word*`` begins so, ``*word`` ends so; ``pay_pal`` with or without a blank
``(a|b)``  one of these; each may be a row of words of its own
``?(a|b)`` may stand there
``..3``    up to three words between (in Chinese characters), within the clause; ``..`` means three
``,,7``    up to seven words between, over a comma too, never over the end of a sentence
``#``      a number
``{name}`` the group of that name from ``[groups]``
========== ==========================================================================

A leading ``!`` says that no negation before the phrase turns it round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

_TOKEN = re.compile(r"(?:\.\.|,,)\d*(?=[\s)|]|$)|\?\(|[()|]|[^\s()|]+")
_GAP = re.compile(r"(\.\.|,,)(\d*)$")
_ANY_WORD = re.compile(r"[\w%$€£☺☹#]")
_NAME = re.compile(r"\{(\w+)\}")
ZH_NUMERALS = "一二两三四五六七八九十几数半多好"
_ZH_NUMBER = f"(?:[0-9]+|[{ZH_NUMERALS}]+)"
_MOST_LITERALS = 400
_ENDS = (")", "|")


class PhraseError(ValueError):
    """A phrase that cannot be read: what was found, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is written in a phrase, folded, with its stars."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to ``most`` words between two elements; ``far`` ones may cross a comma."""

    most: int
    far: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several rows of elements."""

    options: tuple[tuple[Element, ...], ...]
    optional: bool
    literals: dict[bool, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    """What :func:`literal_sets` found of it, by ``spaced``: a group stands in many phrases."""
    ways: dict[bool, Any] = field(default_factory=dict, compare=False, repr=False)
    """The steps by which :mod:`holdfast.text.matching` finds it, by ``spaced``."""


Element = Word | Gap | Choice


def expanded(phrase: str, groups: Mapping[str, str]) -> str:
    """``phrase`` with each ``{name}`` replaced by its group; PhraseError when there is no such group."""

    def group(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in groups:
            raise PhraseError(
                f"{phrase!r} names the group {name!r}, which [groups] does not have: add it there."
            )
        return f"({groups[name]})"

    return _NAME.sub(group, phrase)


def parse(phrase: str, groups: Mapping[str, str], fold: Callable[[str], str]) -> tuple[Element, ...]:
    """The elements of a phrase, its words folded as texts are; PhraseError says what is wrong with it."""
    return Reader(groups, fold).read(phrase)


Sign = str | Choice
"""A word, a gap, a bracket; or a group that is read already."""


class Reader:
    """Reads the phrases of one file, each group and each word of them once."""

    def __init__(self, groups: Mapping[str, str], fold: Callable[[str], str]) -> None:
        self._groups = groups
        self._fold = fold
        self._read: dict[str, Choice] = {}
        self._plain: dict[Sign, tuple[Element, ...]] = {}

    def read(self, phrase: str) -> tuple[Element, ...]:
        """The elements of a phrase, its words folded as texts are; PhraseError says what is wrong with it."""
        signs = [each for sign in _TOKEN.findall(phrase) for each in self._signs(sign, phrase)]
        row, rest = self._row(signs, 0, phrase)
        if rest != len(signs):
            raise PhraseError(f"{phrase!r} closes a bracket that was never opened.")
        _check(row, phrase)
        return row

    def _signs(self, sign: str, phrase: str) -> list[Sign]:
        """The sign, the group that it names, or what it is with the groups within it written out."""
        if "{" not in sign:
            return [sign]
        if _NAME.fullmatch(sign) is None:
            return list(_TOKEN.findall(expanded(sign, self._groups)))
        if sign not in self._read:
            written: list[Sign] = list(_TOKEN.findall(expanded(sign, self._groups)))
            choice, rest = self._choice(written, 1, phrase, optional=False)
            if rest != len(written):
                raise PhraseError(f"{phrase!r}: the group {sign} closes a bracket that was never opened.")
            self._read[sign] = choice
        return [self._read[sign]]

    def _row(self, signs: list[Sign], at: int, phrase: str) -> tuple[tuple[Element, ...], int]:
        """The elements from ``at`` up to the end of this alternative."""
        if at + 1 < len(signs) and isinstance(signs[at], str) and signs[at + 1] in _ENDS:
            known = self._plain.get(signs[at])
            if known is not None:
                return known, at + 1  # one word, as most alternatives are
        elements: list[Element] = []
        while at < len(signs) and (sign := signs[at]) not in _ENDS:
            at += 1
            if isinstance(sign, Choice):
                elements.append(sign)
            elif sign in ("(", "?("):
                choice, at = self._choice(signs, at, phrase, optional=sign == "?(")
                elements.append(choice)
            else:
                plain = self._plain.get(sign)
                if plain is None:
                    plain = self._plain[sign] = tuple(_of_sign(sign, self._fold, phrase))
                elements += plain
        return tuple(elements), at

    def _choice(self, signs: list[Sign], at: int, phrase: str, *, optional: bool) -> tuple[Choice, int]:
        options: list[tuple[Element, ...]] = []
        while True:
            row, at = self._row(signs, at, phrase)
            if not row:
                raise PhraseError(f"{phrase!r} has an empty alternative: take out the '|' or the brackets.")
            options.append(row)
            if at == len(signs):
                raise PhraseError(f"{phrase!r} opens a bracket and does not close it.")
            at += 1
            if signs[at - 1] == ")":
                return Choice(tuple(options), optional), at


def _of_sign(sign: str, fold: Callable[[str], str], phrase: str) -> Iterator[Element]:
    """A gap, or the words that a sign becomes when it is folded."""
    gap = _GAP.match(sign)
    if gap is not None:
        yield Gap(int(gap.group(2) or 3), gap.group(1) == ",,")
        return
    if "?" in sign or not _ANY_WORD.search(sign):
        raise PhraseError(
            f"{phrase!r} holds {sign!r}, which is no word: what may be missing is written ?(so)."
        )
    for word in _folded(sign, fold).split():
        yield Word(word)


def _folded(sign: str, fold: Callable[[str], str]) -> str:
    """The sign folded, with its stars put back on the word they stood at."""
    if sign == "#":
        return sign
    core = sign.strip("*")
    words = "_".join(fold(part) or part for part in core.split("_")) if "_" in core else fold(core) or core
    return ("*" if sign.startswith("*") else "") + words + ("*" if sign.endswith("*") else "")


def _check(row: tuple[Element, ...], phrase: str) -> None:
    """A phrase must be able to match, must not match everything, and must not begin or end loosely."""
    if not row:
        raise PhraseError(f"{phrase!r} has no words.")
    for end, place in ((row[0], "begins"), (row[-1], "ends")):
        if isinstance(end, Gap) or (isinstance(end, Choice) and end.optional):
            raise PhraseError(
                f"{phrase!r} {place} with a gap or with something that may be missing, which says nothing:"
                " take it out."
            )
    if any(isinstance(one, Gap) and isinstance(two, Gap) for one, two in pairwise(row)):
        raise PhraseError(f"{phrase!r} has two gaps in a row: make them one.")
    if not literal_sets(row, spaced=True):
        raise PhraseError(f"{phrase!r} holds no word that must be there: it would match nearly everything.")


def expression(row: tuple[Element, ...], *, spaced: bool) -> str:
    """The regular expression of a phrase over folded text (each word with a blank before it)."""
    body = _spaced(row) if spaced else _unspaced(row)
    return body + ("(?= )" if spaced else "")


def _spaced(row: tuple[Element, ...]) -> str:
    return "".join(_spaced_element(element) for element in row)


def _spaced_element(element: Element) -> str:
    match element:
        case Gap(most, far):
            return f"(?: {'[^ .]' if far else '[^ .,|]'}+){{0,{most}}}"
        case Word("#"):
            return r" [$€£₽¥]?\d[^ ]*"
        case Word(text):
            core = re.escape(text.strip("*")).replace("_", " ?")
            head = "[^ .,|]*" if text.startswith("*") else ""
            return f" {head}{core}{'[^ .,|]*' if text.endswith('*') else ''}"
        case Choice(options, optional):
            return f"(?:{'|'.join(_spaced(option) for option in options)}){'?' if optional else ''}"


def _unspaced(row: tuple[Element, ...]) -> str:
    return "".join(_unspaced_element(element) for element in row)


def _unspaced_element(element: Element) -> str:
    match element:
        case Gap(most, far):
            return f"{'[^.]' if far else '[^.,|]'}{{0,{most}}}"
        case Word(text):
            return re.escape(text.strip("*")).replace(r"\#", _ZH_NUMBER).replace("#", _ZH_NUMBER)
        case Choice(options, optional):
            return f"(?:{'|'.join(_unspaced(option) for option in options)}){'?' if optional else ''}"


def literal_sets(row: tuple[Element, ...], *, spaced: bool) -> list[frozenset[str]]:
    """For each part that must be there the strings of which one must stand in the text.

    The most telling first: long strings, few of them.
    """
    sets: list[frozenset[str]] = []
    run: list[str] = []
    for element in (*row, Gap(0, False)):
        if isinstance(element, Word) and element.text != "#":
            run.append(element.text)
            continue
        if run:
            sets.append(_of_run(run, spaced=spaced))
            run = []
        if isinstance(element, Choice) and not element.optional:
            found = _of_choice(element, spaced=spaced)
            if found:
                sets.append(found)
    return sorted((s for s in sets if s), key=_telling, reverse=True)


def _telling(literals: frozenset[str]) -> float:
    return min(map(len, literals)) - len(literals) / 12


def _of_choice(choice: Choice, *, spaced: bool) -> frozenset[str]:
    """One literal set over all alternatives; empty when an alternative has none."""
    if spaced not in choice.literals:
        choice.literals[spaced] = _gathered(choice, spaced=spaced)
    return choice.literals[spaced]


def _gathered(choice: Choice, *, spaced: bool) -> frozenset[str]:
    gathered: set[str] = set()
    for option in choice.options:
        if len(option) == 1 and isinstance(option[0], Word):  # nearly all of them
            found = _of_word(option[0].text, spaced=spaced)
        else:
            found = next(iter(literal_sets(option, spaced=spaced)), frozenset())
        if not found:
            return frozenset()
        gathered |= found
    return frozenset(gathered) if len(gathered) <= _MOST_LITERALS else frozenset()


@lru_cache(maxsize=20_000)
def _of_word(text: str, *, spaced: bool) -> frozenset[str]:
    """What :func:`_of_run` gives for a word on its own."""
    if not spaced or "_" in text:
        return _of_run([text], spaced=spaced)
    before, behind = ("" if star else " " for star in (text.startswith("*"), text.endswith("*")))
    return frozenset() if text == "#" else frozenset([before + text.strip("*") + behind])


def _of_run(words: list[str], *, spaced: bool) -> frozenset[str]:
    """The longest certain string of a row of words."""
    written = " ".join(words)
    if spaced and "*" not in written and "_" not in written:  # nearly all of them
        return frozenset([f" {written} "])
    if not spaced:
        pieces = [piece for piece in "".join(words).replace("*", "").split("#") if piece]
        return frozenset([max(pieces, key=len)]) if pieces else frozenset()
    runs, current = [], ""
    for word in words:
        if word.startswith("*"):
            runs.append(current)
            current = word.strip("*")
        else:
            current += " " + word.strip("*")
        if word.endswith("*"):
            runs.append(current)
            current = ""
    runs.append(current + " " if current else "")
    return _ways(max(runs, key=lambda run: len(run.strip(" _"))))


def _ways(run: str) -> frozenset[str]:
    """The run with each optional blank there and not there."""
    if run.count("_") > 3:
        return frozenset([max(run.split("_"), key=len)])
    ways = [""]
    for piece in re.split("(_)", run):
        ways = [way + end for way in ways for end in (("", " ") if piece == "_" else (piece,))]
    return frozenset(ways)
