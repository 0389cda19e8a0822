"""How far the work is: bars on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

EVERY_SECONDS = 5.0
"""How often a plain line repeats how far one step is."""


class Showing(Protocol):
    """What services report to, and what can be put aside while a person is asked something."""

    def step(self, name: Text, done: int, total: int | None) -> None:
        """As :meth:`holdfast.services.progress.Progress.step`."""

    def aside(self) -> AbstractContextManager[None]:
        """Nothing is drawn inside the block."""


@contextmanager
def shown(say: Callable[[Text], str], *, terminal: bool) -> Iterator[Showing]:
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
        drawn = _Bars(say, bars)
        yield drawn
        drawn.finish()


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

    def aside(self) -> AbstractContextManager[None]:
        """Lines stay where they are: there is nothing to put aside."""
        return nullcontext()

    def _due(self) -> bool:
        return self._clock() - self._said_at >= EVERY_SECONDS


def _amount(done: int, total: int | None) -> Text | None:
    if not total:
        return Text("{done}", done=done) if done else None
    return Text("{done}/{total}", done=done, total=total)


class _Bars:
    """One bar a step; a step that is done again (the next file) takes its bar again."""

    def __init__(self, say: Callable[[Text], str], bars: Bars) -> None:
        self._say, self._bars = say, bars
        self._tasks: dict[str, TaskID] = {}
        self._open: TaskID | None = None

    def step(self, name: Text, done: int, total: int | None) -> None:
        words = self._say(name)
        if words not in self._tasks:
            self._tasks[words] = self._bars.add_task(words, total=total)
        task = self._tasks[words]
        if task != self._open:
            self.finish()
        self._bars.update(task, completed=done, total=total or None)
        self._open = task

    def finish(self) -> None:
        """The last step is over, also where nobody knew how much it was."""
        if self._open is not None:
            last = next(task for task in self._bars.tasks if task.id == self._open)
            if last.total is None:
                self._bars.update(last.id, total=last.completed or 1, completed=last.completed or 1)

    @contextmanager
    def aside(self) -> Iterator[None]:
        self._bars.stop()
        try:
            yield
        finally:
            self._bars.start()
