"""How a service tells what it is doing, without knowing who listens (terminal, page, test)."""

from __future__ import annotations

from typing import Protocol

from holdfast.domain.texts import Text


class Progress(Protocol):
    """Whoever wants to follow a long piece of work."""

    def step(self, name: Text, done: int, total: int | None) -> None:
        """``done`` of ``total`` units of the step called ``name`` are finished.

        ``total`` is ``None`` while it is unknown. Called at most some times a second, always from
        the thread that works; must return at once.
        """


class Silent:
    """Nobody listens."""

    def step(self, name: Text, done: int, total: int | None) -> None:
        """Let the news pass."""
