"""The steps of a play as they are drawn: one column from top to bottom, branches side by side.

One shape for all pages that show a play: as it runs (who is where), as it was rehearsed, as it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from holdfast.domain import plays as p
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.act.plays.written import Ready
from holdfast.store.plays_reading import Counts
from holdfast.web.pages.plays import words
from holdfast.web.pages.plays.words import PlayNames

SIDE_BY_SIDE = 3
"""So many ways stand side by side; more, and ways within ways, one below the other."""


@dataclass(frozen=True, slots=True)
class Passed:
    """How many customers went through a step, and how many are there now."""

    through: int = 0
    here: int = 0


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as it is drawn; ``css`` is its kind, ``id`` that in the play, "" for what is no step of it.

    ``url`` opens it, ``add_url`` adds a step before it; "" where that is not offered.
    """

    id: str
    icon: str
    title: str
    sub: str
    css: str = ""
    through: str = ""
    here: str = ""
    url: str = ""
    add_url: str = ""
    open: bool = False
    ways: tuple[ShownWay, ...] = ()
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class ShownWay:
    """One way of a step that parts them; ``add_url`` adds a step at its end."""

    words: str
    steps: tuple[ShownStep, ...]
    through: str = ""
    add_url: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a play is drawn: for whom, and what is beside each step.

    ``counted`` are customers by step; ``url`` and ``add_url`` lead on from a step (``add_url`` of a way's
    end gets the step, the number of the way, and "").
    """

    reader: Reader
    names: PlayNames
    counted: Mapping[str, Passed] | None = None
    url: Callable[[str], str] = lambda step_id: ""
    add_url: Callable[[str, int | None], str] = lambda step_id, way: ""
    open: str = ""


def steps(ready: Ready, drawing: Drawing) -> tuple[ShownStep, ...]:
    """The steps of a play, without what begins and what ends it."""
    return _shown(ready.play.steps, ready, drawing, 0)


def around(
    ready: Ready, drawing: Drawing, counted: Counts | None = None
) -> tuple[ShownStep, ShownStep | None, ShownStep | None]:
    """What begins the play, who is held out, and the goal; ``None`` where there is none.

    With ``counted``: how many entered, were held out, met the goal.
    """
    play, reader, names = ready.play, drawing.reader, drawing.names
    told = counted or Counts()
    entered = told.under_way + told.done + told.left + told.held_out
    audience = words.rule(play.audience, names, reader)
    begins = words.trigger_words(play.trigger, names, reader)
    start = ShownStep("", "quiet", begins, audience, "step-start", _number(entered, reader))
    held = None
    if play.hold_out > 0:
        title = reader.say(Text("{share} are held out", share=Share(play.hold_out, 0)))
        sub = reader.say(Text("they get nothing, so that we can tell"))
        held = ShownStep("", "people", title, sub, "step-wait", _number(told.held_out, reader))
    goal = words.goal_words(play, names, reader)
    if not goal:
        return start, held, None
    title = reader.say(Text("Goal: {goal}", goal=goal))
    sub = reader.say(Text("leaves the play at once"))
    return start, held, ShownStep("", "flag", title, sub, "step-end", _number(told.goals, reader))


def _shown(
    sequence: tuple[PlayStep, ...], ready: Ready, drawing: Drawing, deep: int
) -> tuple[ShownStep, ...]:
    return tuple(_step(each, ready, drawing, deep) for each in sequence)


def _step(step: PlayStep, ready: Ready, drawing: Drawing, deep: int) -> ShownStep:
    reader, names = drawing.reader, drawing.names
    passed = None if drawing.counted is None else drawing.counted.get(step.id, Passed())
    return ShownStep(
        step.id,
        words.ICONS.get(step.do, "act"),
        words.step_title(step, reader),
        words.step_sub(step, ready.options[step.id], names, reader),
        css="step-wait" if step.do in ("wait", "end") else "",
        through="" if passed is None else _number(passed.through, reader),
        here="" if passed is None else _number(passed.here, reader),
        url=drawing.url(step.id),
        add_url=drawing.add_url(step.id, None),
        open=step.id == drawing.open,
        ways=tuple(_way(step, number, ready, drawing, deep) for number in range(len(step.paths))),
        stacked=deep > 0 or len(step.paths) > SIDE_BY_SIDE,
    )


def _way(step: PlayStep, number: int, ready: Ready, drawing: Drawing, deep: int) -> ShownWay:
    path = step.paths[number]
    return ShownWay(
        words.path_words(step, number, drawing.names, drawing.reader),
        _shown(path.steps, ready, drawing, deep + 1),
        _entered(path, drawing),
        drawing.add_url(step.id, number),
    )


def _entered(path: p.Path, drawing: Drawing) -> str:
    """How many went this way: those who came to its first step."""
    if drawing.counted is None or not path.steps:
        return ""
    first = drawing.counted.get(path.steps[0].id, Passed())
    return _number(first.through + first.here, drawing.reader)


def _number(count: int, reader: Reader) -> str:
    return "" if not count else reader.number(count)
