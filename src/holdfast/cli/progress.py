"""How far the work is: bars on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from holdfast.services.progress import Progress

EVERY_SECONDS = 5.0
"""How often a plain line repeats how far one step is."""


@contextmanager
def shown(say: Callable[[Text], str], *, terminal: bool) -> Iterator[Progress]:
    """Bars where a person looks at a ``terminal``, lines where the output is kept."""
    if not terminal:
        yield Lines(say)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    with Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bars:
        yield _Bars(say, bars)


class Lines:
    """Says when a step begins and ends, and now and then how far it is."""

    def __init__(self, say: Callable[[Text], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._clock = say, clock
        self._step = ""
        self._said_at = 0.0
        self._said: tuple[int, int | None] | None = None

    def step(self, name: Text, done: int, total: int | None) -> None:
        """Print a line if it says something new."""
        words, ended = self._say(name), total is not None and done >= total
        new = words != self._step
        if not new and ((done, total) == self._said or not (ended or self._due())):
            return
        self._step, self._said_at, self._said = words, self._clock(), (done, total)
        amount = _amount(done, total)
        print(words if amount is None else f"{words} {self._say(amount)}", file=sys.stderr, flush=True)

    def _due(self) -> bool:
        return self._clock() - self._said_at >= EVERY_SECONDS


def _amount(done: int, total: int | None) -> Text | None:
    if not total:
        return Text("{done}", done=done) if done else None
    return Text("{done}/{total}", done=done, total=total)


class _Bars:
    def __init__(self, say: Callable[[Text], str], bars: Bars) -> None:
        self._say, self._bars = say, bars
        self._tasks: dict[str, TaskID] = {}

    def step(self, name: Text, done: int, total: int | None) -> None:
        words = self._say(name)
        if words not in self._tasks:
            self._tasks[words] = self._bars.add_task(words, total=total)
        self._bars.update(self._tasks[words], completed=done, total=total)
