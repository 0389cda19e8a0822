"""Measuring a workspace: every metric, over all of history or period by period."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from holdfast.analytics.asked import Company, ask
from holdfast.analytics.metric import Grain
from holdfast.domain.figures import Figure
from holdfast.domain.period import day_number
from holdfast.services.measure.answer import answer, metrics
from holdfast.services.measure.build import Engine, Kept, Plan, build
from holdfast.services.measure.gather import company, known
from holdfast.services.measure.source import workspace_source
from holdfast.services.measure.until import Until, measured_until
from holdfast.services.progress import Progress

if TYPE_CHECKING:
    from holdfast.settings import Settings

EngineName = Literal["embedded", "spark"]

MEMORY_MB = 700
"""What an engine may hold in memory before it spills to disk."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The ``figures`` of the days before ``as_of``, amounts in ``currency``."""

    as_of: date
    currency: str
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Ready:
    """Kept tables, ready to be asked by ``engine``."""

    engine: Engine
    kept: Kept
    plan: Plan
    company: Company
    until: Until

    def figures(self, grain: Grain) -> list[Figure]:
        """Every metric, for each period of this kind."""
        asked = ask(grain, self.kept.first_day, day_number(self.until.end), self.company, self.plan.calendar)
        asked = replace(asked, over_day=day_number(self.until.over))
        return answer(self.engine, self.kept.tables, asked, metrics())


def measure(
    settings: Settings,
    *,
    as_of: date | None = None,
    period: Literal["month", "quarter", "year"] | None = None,
    engine: EngineName = "embedded",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Every metric of a workspace: over all that is known, or for each ``period``.

    Only what happened before the day ``as_of``, and was known by then, counts; without one, what
    has happened up to ``now`` (see :func:`holdfast.services.measure.until.measured_until`). No
    figures where there is no event. Refuses the engine "spark" where there is no Spark.
    """
    until = measured_until(settings, as_of, now or datetime.now(UTC))
    with (
        TemporaryDirectory(dir=_scratch(settings), prefix="measure-") as folder,
        ready(settings, until, Path(folder), engine=engine, progress=progress) as tables,
    ):
        return Measured(until.end, tables.kept.currency, tables.figures(period or "history"))


@contextmanager
def ready(
    settings: Settings,
    until: Until,
    folder: Path,
    *,
    engine: EngineName = "embedded",
    progress: Progress | None = None,
    for_advice: bool = False,
) -> Iterator[Ready]:
    """Build the kept tables of a workspace in ``folder`` and keep the engines open inside the block.

    ``for_advice`` counts also what only the recommendation of a rule needs.
    """
    from holdfast.engines.embedded import EmbeddedEngine

    source = workspace_source(settings)
    found = known(settings, day_number(until.end), for_advice=for_advice)
    with (
        EmbeddedEngine(temp=_scratch(settings), memory_mb=MEMORY_MB) as embedded,
        _asked(settings, engine, embedded) as reader,
    ):
        kept = build(reader, embedded, source, found.plan, folder, progress)
        about = company(settings, reader, source, found, kept)
        yield Ready(reader, kept, found.plan, about, until)


@contextmanager
def _asked(settings: Settings, engine: EngineName, embedded: Engine) -> Iterator[Engine]:
    """The engine that reads the log and answers the metrics."""
    if engine == "embedded":
        yield embedded
        return
    from holdfast.engines.spark import SparkEngine

    with SparkEngine(temp=_scratch(settings) / "spark") as spark:
        yield spark


def _scratch(settings: Settings) -> Path:
    settings.measured.mkdir(parents=True, exist_ok=True)
    return settings.measured
