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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

_TOKEN = re.compile(r"(?:\.\.|,,)\d*(?=[\s)|]|$)|\?\(|[()|]|[^\s()|]+")
_GAP = re.compile(r"(\.\.|,,)(\d*)$")
_NAME = re.compile(r"\{(\w+)\}")
_ZH_NUMBER = "(?:[0-9]+|[一二两三四五六七八九十几数半多好]+)"
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


def parse(
    phrase: str,
    groups: Mapping[str, str],
    fold: Callable[[str], str],
    read: dict[str, Choice] | None = None,
) -> tuple[Element, ...]:
    """The elements of a phrase, its words folded as texts are; PhraseError says what is wrong with it.

    ``read`` keeps the groups that were read, for the other phrases of a file.
    """
    read = {} if read is None else read
    signs = [each for sign in _TOKEN.findall(phrase) for each in _signs(sign, phrase, groups, fold, read)]
    row, rest = _row(signs, 0, fold, phrase)
    if rest != len(signs):
        raise PhraseError(f"{phrase!r} closes a bracket that was never opened.")
    _check(row, phrase)
    return row


Sign = str | Choice
"""A word, a gap, a bracket; or a group that is read already."""


def _signs(
    sign: str, phrase: str, groups: Mapping[str, str], fold: Callable[[str], str], read: dict[str, Choice]
) -> list[Sign]:
    """The sign, the group that it names, or what it is with the groups within it written out."""
    found = _NAME.fullmatch(sign)
    if found is None:
        return [sign] if "{" not in sign else list(_TOKEN.findall(expanded(sign, groups)))
    if sign not in read:
        written: list[Sign] = list(_TOKEN.findall(expanded(sign, groups)))
        choice, rest = _choice(written, 1, fold, phrase, optional=False)
        if rest != len(written):
            raise PhraseError(f"{phrase!r}: the group {sign} closes a bracket that was never opened.")
        read[sign] = choice
    return [read[sign]]


def _row(
    signs: list[Sign], at: int, fold: Callable[[str], str], phrase: str
) -> tuple[tuple[Element, ...], int]:
    """The elements from ``at`` up to the end of this alternative."""
    elements: list[Element] = []
    while at < len(signs) and signs[at] not in _ENDS:
        sign = signs[at]
        if isinstance(sign, Choice):
            elements.append(sign)
            at += 1
            continue
        if sign in ("(", "?("):
            choice, at = _choice(signs, at + 1, fold, phrase, optional=sign == "?(")
            elements.append(choice)
            continue
        gap = _GAP.match(sign)
        if gap:
            elements.append(Gap(int(gap.group(2) or 3), gap.group(1) == ",,"))
        else:
            if "?" in sign or not re.search(r"[\w%$€£☺☹#]", sign):
                raise PhraseError(
                    f"{phrase!r} holds {sign!r}, which is no word: what may be missing is written ?(so)."
                )
            elements += [Word(word) for word in _folded(sign, fold).split()]
        at += 1
    return tuple(elements), at


def _folded(sign: str, fold: Callable[[str], str]) -> str:
    """The sign folded, with its stars put back on the word they stood at."""
    if sign == "#":
        return sign
    words = "_".join(fold(part) or part for part in sign.strip("*").split("_"))
    return ("*" if sign.startswith("*") else "") + words + ("*" if sign.endswith("*") else "")


def _choice(
    signs: list[Sign], at: int, fold: Callable[[str], str], phrase: str, *, optional: bool
) -> tuple[Choice, int]:
    options: list[tuple[Element, ...]] = []
    while True:
        row, at = _row(signs, at, fold, phrase)
        if not row:
            raise PhraseError(f"{phrase!r} has an empty alternative: take out the '|' or the brackets.")
        options.append(row)
        if at == len(signs):
            raise PhraseError(f"{phrase!r} opens a bracket and does not close it.")
        at += 1
        if signs[at - 1] == ")":
            return Choice(tuple(options), optional), at


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
    return min(len(literal) for literal in literals) - len(literals) / 12


def _of_choice(choice: Choice, *, spaced: bool) -> frozenset[str]:
    """One literal set over all alternatives; empty when an alternative has none."""
    if spaced not in choice.literals:
        choice.literals[spaced] = _gathered(choice, spaced=spaced)
    return choice.literals[spaced]


def _gathered(choice: Choice, *, spaced: bool) -> frozenset[str]:
    gathered: set[str] = set()
    for option in choice.options:
        sets = literal_sets(option, spaced=spaced)
        if not sets:
            return frozenset()
        gathered |= sets[0]
    return frozenset(gathered) if len(gathered) <= _MOST_LITERALS else frozenset()


def _of_run(words: list[str], *, spaced: bool) -> frozenset[str]:
    """The longest certain string of a row of words."""
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
