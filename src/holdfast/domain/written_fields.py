"""Reads the fields and conditions of a template (:mod:`holdfast.domain.merge_fields` says what they mean)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from holdfast.domain.texts import Text

Writing = Literal["plain", "html", "quoted", "address", "href"]
"""How a value is written: as it is, for HTML, as a part of a link, as a whole link in plain text or HTML."""

LONGEST_FIELD = 100
DEEPEST = 8
MOST_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the customer; without a ``fallback`` who has none is sent nothing."""

    name: str
    fallback: str | None = None
    writing: Writing = "plain"


@dataclass(frozen=True, slots=True)
class If:
    """A part for whom ``name`` is known, or, with a ``value``, is that; ``otherwise`` for the rest."""

    name: str
    value: str | None
    then: Parts
    otherwise: Parts


Part = str | Field | If
Parts = tuple[Part, ...]


class WrongTemplate(Exception):  # noqa: N818  (merge_fields makes a refusal of it)
    """A template cannot be read: a stable ``code``, words, and where in it."""

    def __init__(self, code: str, words: Text, at: int) -> None:
        super().__init__(code)
        self.code, self.words, self.at = code, words, at


_TAG = re.compile(r"\{\{([^{}]*)\}\}")
_OPENS = re.compile(r"\{\{|\}\}")
_NAME = re.compile(r"\w[\w .:$-]*")


@dataclass(slots=True)
class _Open:
    """An ``{{#if}}`` that was not closed yet."""

    word: Literal["if", "unless"]
    name: str
    value: str | None
    at: int
    then: list[Part]
    otherwise: list[Part] | None = None

    def closed(self) -> If:
        then, otherwise = joined(tuple(self.then)), joined(tuple(self.otherwise or ()))
        if self.word == "unless":
            then, otherwise = otherwise, then
        return If(self.name, self.value, then, otherwise)


def read(template: str) -> Parts:
    """The parts of a template. Raises ``WrongTemplate``."""
    if len(template) > MOST_CHARACTERS:
        raise WrongTemplate("too_long", Text("it has more than {n} characters", n=MOST_CHARACTERS), 0)
    top: list[Part] = []
    opened: list[_Open] = []
    end = 0
    for tag in _TAG.finditer(template):
        _words(template, end, tag.start(), _here(top, opened))
        _tag(tag[1].strip(), tag.start(), top, opened)
        end = tag.end()
    _words(template, end, len(template), _here(top, opened))
    if opened:
        words = Text("{tag} is not closed", tag=f"{{{{#{opened[-1].word}}}}}")
        raise WrongTemplate("not_closed", words, opened[-1].at)
    return joined(tuple(top))


def _here(top: list[Part], opened: list[_Open]) -> list[Part]:
    if not opened:
        return top
    last = opened[-1]
    return last.then if last.otherwise is None else last.otherwise


def _words(template: str, start: int, end: int, into: list[Part]) -> None:
    """Words between tags; half a tag among them is a mistake."""
    words = template[start:end]
    if half := _OPENS.search(words):
        raise WrongTemplate("half_a_field", Text("{tag} stands alone", tag=half[0]), start + half.start())
    if words:
        into.append(words)


def _tag(inside: str, at: int, top: list[Part], opened: list[_Open]) -> None:
    word, _, rest = inside.partition(" ")
    if word in ("#if", "#unless"):
        if len(opened) >= DEEPEST:
            raise WrongTemplate("too_deep", Text("conditions lie more than {n} deep", n=DEEPEST), at)
        name, value = read_condition(rest, at)
        opened.append(_Open("if" if word == "#if" else "unless", name, value, at, []))
    elif inside in ("else", "/if", "/unless"):
        _other_or_end(inside, at, top, opened)
    else:
        _here(top, opened).append(_field(inside, at))


def _other_or_end(inside: str, at: int, top: list[Part], opened: list[_Open]) -> None:
    last = opened[-1] if opened else None
    if last is None or (inside != "else" and inside[1:] != last.word):
        raise WrongTemplate(
            "nothing_open", Text("nothing is open that {tag} belongs to", tag=f"{{{{{inside}}}}}"), at
        )
    if inside != "else":
        opened.pop()
        _here(top, opened).append(last.closed())
    elif last.otherwise is not None:
        raise WrongTemplate("second_else", Text("there is a second {tag}", tag="{{else}}"), at)
    else:
        last.otherwise = []


def _field(inside: str, at: int) -> Field:
    name, bar, fallback = (each.strip() for each in inside.partition("|"))
    if bar and not fallback:
        words = Text("the fallback of “{name}” is empty; use {tag}", name=name, tag="{{#if}}")
        raise WrongTemplate("empty_fallback", words, at)
    return Field(_named(name, at), fallback if bar else None)


def read_condition(rest: str, at: int) -> tuple[str, str | None]:
    """The field that a condition asks about, and the value it must have. Raises ``WrongTemplate``."""
    name, equals, value = (each.strip() for each in rest.partition("="))
    if equals and not value.strip("\"'"):
        raise WrongTemplate("empty_value", Text("“{name}” is compared with nothing", name=name), at)
    return _named(name, at), value.strip("\"'") if equals else None


def _named(name: str, at: int) -> str:
    if len(name) > LONGEST_FIELD or not _NAME.fullmatch(name):
        raise WrongTemplate("bad_name", Text("“{name}” is no name of a field", name=name[:40]), at)
    return name


def line_at(template: str, at: int) -> int:
    """The line in which a place lies, from 1."""
    return template.count("\n", 0, at) + 1


def line_of(template: str, name: str) -> int:
    """The line in which a field stands first, from 1."""
    found = next((each for each in _TAG.finditer(template) if name in each[1]), None)
    return line_at(template, found.start()) if found else 1


def joined(parts: Iterable[Part]) -> Parts:
    """The same parts with words that stand beside each other in one: rendered quicker."""
    together: list[Part] = []
    for part in parts:
        last = together[-1] if together else None
        if isinstance(part, If):
            together.append(If(part.name, part.value, joined(part.then), joined(part.otherwise)))
        elif isinstance(part, str) and isinstance(last, str):
            together[-1] = last + part
        elif part != "":
            together.append(part)
    return tuple(together)
