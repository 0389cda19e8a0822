"""The library of ready plays: one JSON file a play, in ``ready/`` beside this one, in every language.

A file is a play as :mod:`holdfast.domain.written_plays` reads it, but for this: words of ours (titles,
scripts, reasons) stand once per language (``{"en": ..., "fa": ...}``), ``meets`` names the
requirements that it meets, and ``feast`` a day of the calendar that decides when it is sent. A file that is
dropped there is found, tested and documented.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.domain.plays import Play
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.plays import written

FOLDER = Path(__file__).parent / "ready"
OURS = ("title", "description", "script", "text", "questions", "reason")
"""What of a play and its steps is written for our own people, once per language."""

_FILE = frozenset({"meets", "feast"})
_USUAL = "en"


@dataclass(frozen=True, slots=True)
class ReadyPlay:
    """A ready play: whom it meets (``C8``), in which languages it is written, and the play itself."""

    key: str
    meets: tuple[str, ...]
    feast: str
    content: Mapping[str, Any]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it is written."""
        return tuple(self.content["title"])

    @property
    def signal(self) -> str:
        """The signal that begins it, "" for none."""
        return str(self.content["trigger"].get("signal", ""))

    def title(self, language: str) -> str:
        """What it is called."""
        return str(_said(self.content["title"], language))

    def description(self, language: str) -> str:
        """What it does."""
        return str(_said(self.content["description"], language))

    def written(self, language: str) -> dict[str, Any]:
        """The play as JSON, for people who speak ``language``; messages stay in every language."""
        told = _in_language(self.content, language)
        return {name: value for name, value in told.items() if name not in _FILE}

    def play(self, language: str) -> Play:
        """The play, for people who speak ``language``."""
        return _parsed(self.key, language if language in self.languages else _USUAL)


@cache
def every() -> tuple[ReadyPlay, ...]:
    """All ready plays: those that answer a signal in the order of the signals, then the scenarios by key."""
    found = [_read(path) for path in FOLDER.glob("*.json")]
    return tuple(sorted(found, key=_place))


def one(key: str) -> ReadyPlay:
    """The ready play of this key. Refuses ("no_such_ready_play")."""
    for each in every():
        if each.key == key:
            return each
    raise Refusal(
        "no_such_ready_play",
        found=Text("The library has no play {key}.", key=key[:80]),
        expected=Text("One of: {names}.", names=", ".join(each.key for each in every())),
        remedy=Text("Choose one of them; nothing was changed."),
    )


def for_signal(name: str) -> tuple[ReadyPlay, ...]:
    """The ready plays that a signal begins."""
    return tuple(each for each in every() if each.signal == name)


def scenarios() -> tuple[ReadyPlay, ...]:
    """The ready plays that no signal begins: greetings, win-back, notices and their kin."""
    return tuple(each for each in every() if not each.signal)


@cache
def _parsed(key: str, language: str) -> Play:
    return written.read(one(key).written(language)).play


def _read(path: Path) -> ReadyPlay:
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["key"] != path.stem:
        raise ValueError(f"{path.name}: a ready play is called as its file, not {content['key']!r}")
    return ReadyPlay(content["key"], tuple(content["meets"]), content.get("feast", ""), content)


def _place(play: ReadyPlay) -> tuple[int, str]:
    numbers = [int(each[1:]) for each in play.meets if each.startswith("C")]
    return (min(numbers) if play.signal else 1_000, play.key)


def _said(words: Any, language: str) -> Any:
    """Words in a language, in English where there are none in it."""
    return words.get(language, words[_USUAL]) if isinstance(words, Mapping) else words


def _in_language(part: Any, language: str) -> Any:
    """A part of the file with our own words in one language."""
    if isinstance(part, list):
        return [_in_language(each, language) for each in part]
    if not isinstance(part, Mapping):
        return part
    return {
        name: value
        if name == "content"
        else _said(value, language)
        if name in OURS
        else _in_language(value, language)
        for name, value in part.items()
    }
