"""Finds every message that the code says: in Python by its syntax tree, in templates by Jinja's.

A message is a literal given to ``Text``, ``gettext``, ``ngettext``, ``pgettext``, ``_``, or, in a
template, ``t`` and ``th``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.language.po import Key, has_words

if TYPE_CHECKING:
    from jinja2 import Environment

SOURCE = Path(__file__).parents[1]

_PLAIN, _PLURAL, _CONTEXT = ("gettext", "_"), ("ngettext", "Text", "t", "th"), ("pgettext",)
_CALLS = (*_PLAIN, *_PLURAL, *_CONTEXT)
_TEMPLATES = {".html", ".jinja", ".txt", ".svg", ".xml"}


@dataclass(slots=True)
class Message:
    """One message: its id, its plural and context where it has them, and the files that say it."""

    msgid: str
    plural: str | None = None
    context: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """How the catalogue finds it."""
        return self.msgid if self.context is None else (self.context, self.msgid)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of a translating function as written: its name, its words, and where."""

    function: str
    words: tuple[str | None, ...]
    place: str


@cache
def extract(source: Path = SOURCE) -> dict[Key, Message]:
    """Every message in the Python files and templates under ``source``, by key.

    Left out: calls whose first argument is no literal (see :func:`computed`), and messages without
    a word of their own, such as "{a} ÷ {b}".
    """
    found: dict[Key, Message] = {}
    for call in _calls(source):
        message = _message(call)
        if message is None or not has_words(message.msgid):
            continue
        known = found.setdefault(message.key, message)
        known.plural = known.plural or message.plural
        known.files |= message.files
    return found


def computed(source: Path = SOURCE) -> list[str]:
    """Places where a translating function is given something else than a literal.

    Nobody can translate that. Left out: a variable called ``message`` and the ``msgid`` of another
    text, which pass on what was a literal elsewhere.
    """
    return [
        f"{call.place}: {call.function}() of something computed"
        for call in _calls(source)
        if call.words[:1] == (None,) and not call.place.startswith("language/")
    ]


def _calls(source: Path) -> Iterator[_Call]:
    for path in sorted(source.rglob("*")):
        place = path.relative_to(source).as_posix()
        if path.suffix == ".py":
            yield from _python_calls(path.read_text(encoding="utf-8"), place)
        elif path.suffix in _TEMPLATES and "static" not in path.parts:
            yield from _template_calls(path.read_text(encoding="utf-8"), place)


def _python_calls(text: str, place: str) -> Iterator[_Call]:
    for node in ast.walk(ast.parse(text, place)):
        if isinstance(node, ast.Call) and (name := _called(node.func)) in _CALLS and not _passes_on(node):
            words = tuple(_literal(argument) for argument in node.args[:2])
            yield _Call(name, words, place)


def _passes_on(call: ast.Call) -> bool:
    """Whether the call says again what is a literal elsewhere: ``message``, or ``text.msgid``."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Name):
        return first.id == "message"
    return isinstance(first, ast.Attribute) and first.attr == "msgid"


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _literal(argument: ast.expr) -> str | None:
    value = argument.value if isinstance(argument, ast.Constant) else None
    return value if isinstance(value, str) else None


def _template_calls(text: str, place: str) -> Iterator[_Call]:
    from jinja2 import nodes

    for call in _environment().parse(text, place).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in _CALLS:
            words = (node.value if isinstance(node, nodes.Const) else None for node in call.args[:2])
            yield _Call(call.node.name, tuple(w if isinstance(w, str) else None for w in words), place)


@cache
def _environment() -> Environment:
    from jinja2 import Environment

    return Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])  # noqa: S701  (only parses)


def _message(call: _Call) -> Message | None:
    first, second = (*call.words, None, None)[:2]
    if first is None:
        return None
    if call.function in _CONTEXT:
        return Message(second, context=first, files={call.place}) if second else None
    plural = second if call.function in _PLURAL else None
    return Message(first, plural, files={call.place})
