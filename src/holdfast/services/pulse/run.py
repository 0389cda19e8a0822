"""One turn of the loop: measure everything, say who will leave next, and keep what pages show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from holdfast.analytics.metric import Grain
from holdfast.domain.figures import Figure
from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.services.measure.alerts import churn_alerts
from holdfast.services.measure.measure import Ready, ready
from holdfast.services.measure.recommend import recommended_rule
from holdfast.services.measure.standing import standings
from holdfast.services.measure.until import measured_until
from holdfast.services.progress import Progress, Silent

if TYPE_CHECKING:
    from holdfast.services.foresee.loop import Foreseen
    from holdfast.services.warn.evaluate import Evaluated
    from holdfast.settings import Settings
    from holdfast.store.figures import Alert

GRAINS: tuple[Grain, ...] = ("history", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a turn of the loop did.

    ``as_of``: only the days before it counted. ``figures`` counts those that were computed,
    ``differing`` those of closed periods that are not as they were published. ``alerts`` are the new
    ones, in words. ``rule`` is the rule of who counts as lost that suits the data, with ``reason``.
    ``foreseen`` says who was scored by which model, or why nobody. ``warnings`` were raised of customers.
    """

    as_of: date
    customers: int
    figures: int
    differing: int
    seconds: float
    rule: str
    reason: Text
    foreseen: Foreseen | None = None
    warnings: int = 0
    alerts: list[dict[str, object]] = field(default_factory=list)


def run(
    settings: Settings,
    as_of: date | None = None,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> RunReport:
    """End what a killed process left, move and compact the log, measure, save figures and standings, foresee,
    let plays begin of what that said.

    Without ``as_of`` up to ``now``. Whatever fails leaves what was saved before as it was: figures
    are replaced at the end, in short transactions. Run again with the same data, it changes nothing.
    """
    from holdfast.services.act.plays.beat import beat_until_done
    from holdfast.services.collect.recover import recover, with_currency_of_now
    from holdfast.services.collect.segments.nightly import after_run
    from holdfast.services.foresee.write_back import write_back
    from holdfast.services.keep.compact import compact
    from holdfast.services.keep.move import move
    from holdfast.services.prove import counting
    from holdfast.services.pulse import when_again
    from holdfast.services.understand.between import read_texts
    from holdfast.services.understand.nightly import understand
    from holdfast.store import due_work

    began, now, progress = time.monotonic(), now or datetime.now(UTC), progress or Silent()
    recover(settings)
    settings = with_currency_of_now(settings)
    read_texts(settings, now_us=_microseconds(now), progress=progress)
    move(settings)
    compact(settings, progress=progress)
    until, read_us = measured_until(settings, as_of, now), _microseconds(now)
    touched = due_work.due(settings, read_us)
    settings.measured.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=settings.measured, prefix="run-") as folder,
        ready(settings, until, Path(folder), progress=progress, for_advice=True) as tables,
    ):
        figures = list(_figures(tables, progress))
        report = _save(settings, tables, figures, read_us, progress)
        foreseen, warned = _foresee(settings, tables, read_us, progress)
        understand(settings, tables, now_us=read_us, progress=progress)
        counting.note(settings, tables, now_us=read_us)
        report = replace(report, foreseen=foreseen, warnings=warned.began)
        if as_of is None:
            due_work.settle(settings, [(unit, mark, None) for unit, mark in touched])
        actual_us = max(read_us, time.time_ns() // 1_000)
        due_work.plan_checks(settings, when_again.planned(settings, tables), now_us=actual_us)
    _reach(settings, now, progress)
    progress.step(Text("Looking who is in which segment"), 0, None)
    after_run(settings, _microseconds(now))
    beat_until_done(settings, now)
    write_back(settings, now)
    _tell_scores(settings, report)
    return _noted(settings, replace(report, seconds=round(time.monotonic() - began, 2)), now)


def _figures(tables: Ready, progress: Progress) -> list[Figure]:
    found: list[Figure] = []
    for at, grain in enumerate(GRAINS):
        progress.step(Text("Answering every metric"), at, len(GRAINS))
        found += tables.figures(grain)
    progress.step(Text("Answering every metric"), len(GRAINS), len(GRAINS))
    return found


def _save(
    settings: Settings, tables: Ready, figures: list[Figure], now_us: int, progress: Progress
) -> RunReport:
    from holdfast.store.figures import save_alerts, save_figures
    from holdfast.store.standings import save_standings

    progress.step(Text("Saving figures"), 0, None)
    saved = save_figures(settings, figures, as_of=tables.until.over, now_us=now_us)
    progress.step(Text("Bringing the list of customers up to date"), 0, None)
    save_standings(settings, standings(tables), read_us=now_us)
    raised = save_alerts(settings, churn_alerts(figures, tables), now_us=now_us)
    _tell_alerts(settings, raised)
    advice = recommended_rule(tables)
    return RunReport(
        as_of=tables.until.end,
        customers=len(tables.company.first_seen),
        figures=len(figures),
        differing=saved.differing,
        seconds=0.0,
        rule=advice.rule,
        reason=advice.reason,
        alerts=[_told(alert) for alert in raised],
    )


def _foresee(
    settings: Settings, tables: Ready, now_us: int, progress: Progress
) -> tuple[Foreseen, Evaluated]:
    """Say who will leave next, and raise and end warnings; the list of customers is up to date by now. The
    worker goes on from there.

    Asked at the beginning of today: past dates, of which a model learns, had whole days behind them, and
    on half a day everybody looks a day more silent than they are.
    """
    from holdfast.services.foresee.live import foreseeing_of
    from holdfast.services.foresee.loop import foresee
    from holdfast.services.foresee.snapshots import open_history
    from holdfast.services.measure.live import learnt_of
    from holdfast.services.pulse import basis
    from holdfast.services.understand import looking, reasons
    from holdfast.services.warn import attention
    from holdfast.services.warn.company import company_now
    from holdfast.services.warn.evaluate import evaluate
    from holdfast.services.warn.hearing import tonight

    at_day = day_number(tables.until.over)
    with open_history(settings, tables=tables) as history:
        days = company_now(history, at_day)
        heard = tonight(settings, history, at_day, days)
        done = foresee(
            settings,
            heard.listening(),
            as_of=tables.until.over,
            now_us=now_us,
            progress=progress,
            read_us=now_us,
        )
        progress.step(Text("Counting who was contacted"), 0, None)
        attention.note(settings, history, at_day)
        warned = evaluate(settings, history, at_day=at_day, now_us=now_us, progress=progress, heard=heard)
        looking.look(settings, history, at_day, progress)
        reasons.grade(settings, history, at_day=at_day, now_us=now_us, progress=progress)
        learnt, foreseeing = learnt_of(tables), foreseeing_of(history, done.version)
    basis.announce(settings, learnt, foreseeing, days, read_us=now_us, now_us=now_us)
    return done, warned


def _reach(settings: Settings, now: datetime, progress: Progress) -> None:
    """Judge contact points and channels, now that everybody is measured and scored."""
    from holdfast.services.collect.care.refresh import refresh

    progress.step(Text("Judging contact points"), 0, None)
    refresh(settings, now_us=_microseconds(now))


def _tell_alerts(settings: Settings, raised: Sequence[Alert]) -> None:
    """Let other systems know what is unusual."""
    from holdfast.store.told_out import alerts_raised

    told = [
        {"code": each.code, "words": f"{each.strong} {each.words}", "since": each.since.isoformat()}
        for each in raised
    ]
    alerts_raised(settings, told, now_us=time.time_ns() // 1_000)


def _tell_scores(settings: Settings, report: RunReport) -> None:
    """Let other systems know that risks can be fetched."""
    from holdfast.store.told_out import scores_written

    foreseen = report.foreseen
    if foreseen is not None:
        told = {
            "as_of": report.as_of.isoformat(),
            "customers": foreseen.scored,
            "model": foreseen.version,
            "trained": foreseen.trained,
        }
        scores_written(settings, told, now_us=time.time_ns() // 1_000)


def _noted(settings: Settings, report: RunReport, now: datetime) -> RunReport:
    """Remember that the loop ran through, and what suits the data."""
    from holdfast.store.figures import note_run

    note_run(
        settings,
        as_of=report.as_of,
        finished_us=_microseconds(now),
        report={
            "customers": report.customers,
            "figures": report.figures,
            "differing": report.differing,
            "seconds": report.seconds,
            "rule": report.rule,
            "reason": report.reason,
        },
    )
    return report


def _told(alert: Alert) -> dict[str, object]:
    return {
        "code": alert.code,
        "words": Text("{strong} {words}", strong=alert.strong, words=alert.words),
        "since": alert.since,
        "period": {"start": alert.period.start, "end": alert.period.end, "kind": alert.period.kind},
    }


def _microseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
