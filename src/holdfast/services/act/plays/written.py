"""A play as it is written, with the options of its steps: each read by the file of its step."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Any, cast

from holdfast import registry
from holdfast.domain import plays as p
from holdfast.domain.expression import Expression
from holdfast.domain.plays import Play, PlayStep
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_plays import as_json, parse, read_play
from holdfast.domain.written_values import bad_play
from holdfast.steps.contract import Step, options_of

_log = logging.getLogger("holdfast.worker")


@dataclass(frozen=True, slots=True)
class Ready:
    """A play that can be walked: where each step leads, its file, and its options as that reads them."""

    play: Play
    places: Mapping[str, p.Place]
    options: Mapping[str, Any]

    @property
    def first(self) -> str:
        """The step with which it begins."""
        return self.play.steps[0].id

    def step(self, step_id: str) -> Step:
        """The file of a step."""
        return steps()[self.places[step_id].step.do]

    @property
    def rules(self) -> tuple[Expression, ...]:
        """Every rule that is asked of customers, those in options of steps too."""
        return (*p.rules_in(self.play), *_rules_of(self.options.values()))

    @property
    def listens(self) -> frozenset[str]:
        """Names of events that may concern a customer under way."""
        named = [
            event for number, options in self.options.items() for event in self.step(number).listens(options)
        ]
        return p.events_in(self.play) | frozenset(named) | _HEARD_FOR.keys() & _words(self.play)


_HEARD_FOR: Mapping[str, str] = {"Message Received": "replied"}


def _words(play: Play) -> frozenset[str]:
    """Events that words among the exits stand for."""
    wanted = {each.word for each in play.exits if each.word is not None}
    return frozenset(event for event, word in _HEARD_FOR.items() if word in wanted)


@cache
def steps() -> Mapping[str, Step]:
    """Every step there is, by name."""
    return {name: cast(Step, part.declared) for name, part in registry.parts("steps").items()}


def read(written: object) -> Ready:
    """The play of what JSON holds, ready to be walked. Refuses ("bad_play") with the place."""
    play = read_play(written) if isinstance(written, str) else parse(written)
    return ready(play)


def ready(play: Play) -> Ready:
    """A play with the options of its steps read. Refuses ("bad_play")."""
    options = {step.id: _options(step, at) for step, at in _with_places(play)}
    return Ready(play, p.places(play), options)


@lru_cache(maxsize=256)
def kept(version_id: int, made_us: int, written: str) -> Ready:
    """:func:`read` of a version that was kept: it never changes."""
    return read(written)


@lru_cache(maxsize=256)
def readable(version_id: int, made_us: int, written: str) -> Ready | None:
    """:func:`kept`, for who looks at all plays: ``None`` for one that cannot be read any more.

    The package that brought one of its steps may be gone; the other plays go on. It is told once.
    """
    try:
        return kept(version_id, made_us, written)
    except Refusal as refusal:
        _log.error("version %d of a play cannot be read any more: %s", version_id, refusal)
        return None


def _options(step: PlayStep, at: str) -> Any:
    found = steps().get(step.do)
    if found is None:
        raise bad_play(Text("{key} is one of {known}", key="do", known=list(steps())), f"{at}.do")
    return options_of(found, step.options, at)


def _with_places(play: Play) -> Iterator[tuple[PlayStep, str]]:
    def walk(steps: tuple[PlayStep, ...], at: str) -> Iterator[tuple[PlayStep, str]]:
        for number, step in enumerate(steps):
            place = f"{at}[{number}]"
            yield step, place
            for way, path in enumerate(step.paths):
                others = step.do == p.BRANCH and way == len(step.paths) - 1
                yield from walk(path.steps, f"{place}.else" if others else f"{place}.paths[{way}].steps")

    yield from walk(play.steps, "play.steps")


def _rules_of(options: Any) -> Iterator[Expression]:
    for each in options:
        for one in fields(each):
            value = getattr(each, one.name)
            if one.metadata.get("kind") == "rule" and value is not None:
                yield value


def written_as(play: Play) -> dict[str, Any]:
    """A play as it is written to a file, and read from one."""
    return as_json(play)


def no_such_play(key: str) -> Refusal:
    """The refusal of a key under which there is no play."""
    return Refusal(
        "no_such_play",
        found=Text("No play has the key {key}.", key=key),
        expected=Text("The key of a play, as the list of plays shows it."),
        remedy=Text("Look for it in the list; nothing was changed."),
    )
