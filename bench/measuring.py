"""What benchmarks share: processor time, memory, and a line of the table."""

from __future__ import annotations

import contextlib
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One measured figure.

    ``value`` in ``unit``; ``ratio`` to ``floor`` (what that is stands in its name); ``goal`` says in
    words what the figure should be, ``met`` whether it is.
    """

    name: str
    value: float
    unit: str
    floor: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None

    def words(self) -> str:
        """The line as it is printed."""
        ratio = f"{self.ratio:8.2f}x {self.floor}" if self.ratio is not None else ""
        verdict = {True: "met", False: "NOT MET", None: ""}[self.met]
        digits = 4 if abs(self.value) < 1 else 2
        figure = f"{self.value:12,.{digits}f} {self.unit:14}"
        return f"{self.name:58} {figure} {ratio:44} {self.goal:34} {verdict}".rstrip()


def cpu_seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """Median processor time (user and system, all threads, finished children too) of ``work``."""
    taken = []
    for _ in range(repeats):
        before = _cpu()
        work()
        taken.append(_cpu() - before)
    return statistics.median(taken)


def wall_milliseconds(work: Callable[[], object], repeats: int) -> list[float]:
    """Wall time of each of ``repeats`` runs, sorted."""
    taken = []
    for _ in range(repeats):
        before = time.perf_counter()
        work()
        taken.append((time.perf_counter() - before) * 1000)
    return sorted(taken)


def p95(sorted_values: list[float]) -> float:
    """The 95th percentile of sorted values (nearest rank)."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * 0.95))]


def forget_peak() -> float:
    """Let :func:`peak_megabytes` begin anew, where the system can (Linux); answer what is held now, in MB."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_megabytes()


def peak_megabytes() -> float:
    """The largest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
