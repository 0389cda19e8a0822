"""Changes to the steps of a play: one added, changed, moved, taken away; ways of a step that parts them.

A place for a step is written as an address can carry it: ``before:s2``, ``end:s1:0`` (behind the last
step of the first way of ``s1``), ``end`` (behind all).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from holdfast.domain.plays import BRANCH, SPLIT, Path, Play, PlayStep, steps_of

Steps = tuple[PlayStep, ...]


def step_of(play: Play, step_id: str) -> PlayStep | None:
    """The step of an id; ``None`` where there is none."""
    return next((each for each in steps_of(play) if each.id == step_id), None)


def new_id(play: Play, do: str) -> str:
    """An id that no step has: ``message``, ``message_2`` ..."""
    taken = {each.id for each in steps_of(play)}
    number, found = 1, do
    while found in taken:
        number += 1
        found = f"{do}_{number}"
    return found


def before(step_id: str) -> str:
    """The place before a step."""
    return f"before:{step_id}"


def end_of(step_id: str, way: int) -> str:
    """The place at the end of a way."""
    return f"end:{step_id}:{way}"


def there_is(play: Play, at: str) -> bool:
    """Whether a place is one of this play."""
    what, _, rest = at.partition(":")
    if what == "before":
        return step_of(play, rest) is not None
    step_id, _, way = rest.rpartition(":")
    step = step_of(play, step_id)
    return at == "end" or (
        what == "end" and step is not None and way.isdecimal() and int(way) < len(step.paths)
    )


def added(play: Play, at: str, new: PlayStep) -> Play:
    """The play with a new step at a place; unchanged where there is no such place."""
    if at == "end":
        return replace(play, steps=(*play.steps, new))
    what, _, rest = at.partition(":")
    if what == "before":
        return _changed(play, rest, lambda step: (new, step))
    step_id, _, way = rest.rpartition(":")

    def lengthened(step: PlayStep) -> Steps:
        paths = [
            replace(path, steps=(*path.steps, new)) if str(number) == way else path
            for number, path in enumerate(step.paths)
        ]
        return (replace(step, paths=tuple(paths)),)

    return _changed(play, step_id, lengthened)


def put(play: Play, step: PlayStep) -> Play:
    """The play with another step in the place of the one of the same id."""
    return _changed(play, step.id, lambda _: (step,))


def removed(play: Play, step_id: str) -> Play:
    """The play without a step, and without what stands on its ways."""
    return _changed(play, step_id, lambda _: ())


def moved(play: Play, step_id: str, by: int) -> Play:
    """The play with a step one further up (``by`` < 0) or down: into a way, along, and out of it again."""
    steps, out = _moved(play.steps, step_id, by)
    return play if out is not None else replace(play, steps=steps)


def with_way(play: Play, step: PlayStep, way: int | None, path: Path) -> Play:
    """The play with another rule for a way, or with one way more; steps on it stay."""
    ways = list(step.paths)
    if way is not None and way < len(ways):
        ways[way] = replace(path, steps=ways[way].steps)
    elif step.do == BRANCH:
        ways.insert(len(ways) - 1, path)
    else:
        ways.append(path)
    return put(play, replace(step, paths=tuple(ways)))


def without_way(play: Play, step: PlayStep, way: int) -> Play:
    """The play without a way; by chance, the others share what it had."""
    ways = (*step.paths[:way], *step.paths[way + 1 :])
    return put(play, replace(step, paths=even(ways) if step.do == SPLIT else ways))


def even(ways: tuple[Path, ...]) -> tuple[Path, ...]:
    """Ways by chance with as equal shares as whole numbers allow."""
    if not ways:
        return ways
    share, over = divmod(100, len(ways))
    return tuple(replace(each, share=share + (number < over)) for number, each in enumerate(ways))


def _changed(play: Play, step_id: str, change: Callable[[PlayStep], Steps]) -> Play:
    def walk(steps: Steps) -> Steps:
        found: list[PlayStep] = []
        for step in steps:
            if step.id == step_id:
                found += change(step)
            else:
                paths = tuple(replace(path, steps=walk(path.steps)) for path in step.paths)
                found.append(replace(step, paths=paths))
        return tuple(found)

    return replace(play, steps=walk(play.steps))


def _moved(steps: Steps, step_id: str, by: int) -> tuple[Steps, PlayStep | None]:
    """The steps with one moved among them, and that one where it leaves them over their edge."""
    for place, step in enumerate(steps):
        if step.id == step_id:
            return _along(steps, place, by)
        for way, path in enumerate(step.paths):
            inner, out = _moved(path.steps, step_id, by)
            if inner is not path.steps:
                return _passed_on(steps, place, way, inner, out, by), None
    return steps, None


def _along(steps: Steps, place: int, by: int) -> tuple[Steps, PlayStep | None]:
    step, rest, beside = steps[place], (*steps[:place], *steps[place + 1 :]), place + (1 if by > 0 else -1)
    if not 0 <= beside < len(steps):
        return rest, step
    other = steps[beside]
    if other.paths:
        into = other.paths[0 if by > 0 else -1]
        longer = (step, *into.steps) if by > 0 else (*into.steps, step)
        opened = _with_steps(other, 0 if by > 0 else len(other.paths) - 1, longer)
        return tuple(opened if each is other else each for each in rest), None
    return (*rest[:beside], step, *rest[beside:]), None


def _passed_on(steps: Steps, place: int, way: int, inner: Steps, out: PlayStep | None, by: int) -> Steps:
    """The steps where one was moved on a way of one of them; ``out`` goes to the next way, or beside."""
    fork = _with_steps(steps[place], way, inner)
    if out is None:
        return (*steps[:place], fork, *steps[place + 1 :])
    following = way + (1 if by > 0 else -1)
    if 0 <= following < len(fork.paths):
        there = fork.paths[following].steps
        fork = _with_steps(fork, following, (out, *there) if by > 0 else (*there, out))
        return (*steps[:place], fork, *steps[place + 1 :])
    both = (fork, out) if by > 0 else (out, fork)
    return (*steps[:place], *both, *steps[place + 1 :])


def _with_steps(step: PlayStep, way: int, steps: Steps) -> PlayStep:
    ways = [replace(path, steps=steps) if number == way else path for number, path in enumerate(step.paths)]
    return replace(step, paths=tuple(ways))
