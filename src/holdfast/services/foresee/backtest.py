"""Would we have known? Past dates played again, kept, and shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee import keeping
from holdfast.services.foresee.reading import Backtest, DriftState
from holdfast.services.progress import Progress, Silent

if TYPE_CHECKING:
    from holdfast.services.foresee.replaying import Replay
    from holdfast.services.foresee.snapshots import History, Panel
    from holdfast.settings import Settings

ASSUMPTION = Text(
    "Every event counts from the moment at which it was known; events of files that do not say when "
    "they became known are taken as known when they happened."
)
TOO_SHORT = Text(
    "Not enough history for a backtest: a past date needs outcomes that were known by then to learn "
    "from, and its own outcome must be known by now. Choose a shorter horizon, or bring more history."
)


def saved(settings: Settings) -> Backtest | None:
    """The backtest that was made last."""
    from holdfast.store import risk

    kept = risk.last_backtest(settings)
    return None if kept is None else keeping.backtest(kept)


def backtest(
    settings: Settings,
    *,
    as_of: date | None = None,
    now: datetime | None = None,
    most: int = 6,
    progress: Progress | None = None,
) -> Backtest:
    """Play up to ``most`` past dates again and keep what came of it.

    At each date a model learns only from outcomes that were mature by then, and names who will leave;
    both plain rivals learn from the same rows. Where history is too short, the answer says so.
    """
    from holdfast.services.foresee.snapshots import open_history

    told = progress or Silent()
    told.step(Text("Reading what customers bought"), 0, None)
    with open_history(settings, as_of=as_of, now=now) as history:
        made_on = history.ready.until.end
        try:
            return _played(settings, history, made_on, most, told)
        except Refusal as refusal:
            if refusal.code != "horizon_too_long":
                raise
            return _save(settings, _without(settings, made_on))


def keep(
    settings: Settings,
    panel: Panel,
    replays: Sequence[Replay],
    drift: DriftState | None,
    made_on: date,
) -> Backtest:
    """Keep what came of ``replays``; of none, that history is too short."""
    from holdfast.store.health_samples import save_samples

    if not replays:
        return _save(settings, _without(settings, made_on))
    save_samples(settings, {each.day: each.health for each in replays})
    return _save(settings, _told(panel.horizon_days, replays, drift, made_on))


def _played(settings: Settings, history: History, made_on: date, most: int, progress: Progress) -> Backtest:
    from holdfast.services.foresee.replaying import drift_state, judged, watch_over
    from holdfast.services.foresee.training import past_panel, replays_of

    progress.step(Text("Looking at customers of past dates"), 0, None)
    panel = past_panel(history, settings.risk.horizon_days, most)
    replays = replays_of(panel, most, progress)
    if not replays:
        return _save(settings, _without(settings, made_on))
    newest, today = replays[-1], day_number(history.ready.until.over)
    now, watched = history.snapshot(today), watch_over(newest.model, panel, today)
    drift = drift_state(watched, panel.table.features, now.columns, judged(newest))
    return keep(settings, panel, replays, drift, made_on)


def _told(horizon_days: int, replays: Sequence[Replay], drift: DriftState | None, made_on: date) -> Backtest:
    from holdfast.services.foresee.replaying import curve, differences, graded

    return Backtest(
        moments=tuple(graded([each]) for each in replays),
        total=graded(replays),
        differences=differences(replays),
        drift_alarm=drift is not None and drift.alarm,
        drift=drift,
        calibration=curve(replays),
        assumption=ASSUMPTION,
        made_on=made_on,
        horizon_days=horizon_days,
        reason=None,
    )


def _without(settings: Settings, made_on: date) -> Backtest:
    horizon = settings.risk.horizon_days
    return Backtest((), None, {}, False, None, (), ASSUMPTION, made_on, horizon, TOO_SHORT)


def _save(settings: Settings, found: Backtest) -> Backtest:
    from holdfast.store import risk

    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    risk.save_backtest(settings, keeping.told(found), made_day=day_number(found.made_on), now_us=now_us)
    return found
