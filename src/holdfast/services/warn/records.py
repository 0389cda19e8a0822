"""The records of all signals: made of a replay and of what became of real warnings, kept, and made anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.replayed import Replayed, worth
from holdfast.analytics.scorecards import Scorecard
from holdfast.domain.period import date_of
from holdfast.services.progress import Progress, Silent
from holdfast.services.warn.catalogue import listed, says_something
from holdfast.services.warn.reading import today as today_of
from holdfast.store import episodes_judged, owners_counted, signal_settings

if TYPE_CHECKING:
    from holdfast.analytics.signal import Tuned
    from holdfast.services.warn.sample import Sample
    from holdfast.settings import Settings

STALE_DAYS = 7
"""A record that is older is made anew."""

ANSWERED_DAYS = 91
"""Of the warnings of so many days it is said when they were answered."""


def make(
    settings: Settings,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
    days: int | None = None,
) -> list[Scorecard]:
    """Make the record of every signal that is on anew, and keep it.

    Refuses (``no_run_yet``) before the loop has run once.
    """
    from holdfast.services.warn.replay import MOST_DAYS, RECORD_CUSTOMER_DAYS, past_days, replay
    from holdfast.services.warn.sample import sampled

    now, most_days = now or datetime.now(UTC), days or MOST_DAYS
    with sampled(settings, RECORD_CUSTOMER_DAYS // most_days, now) as sample:
        signals = [each for each in listed(settings) if each.on and says_something(each.signal, sample.names)]
        tuned = [each.tuned for each in signals]
        found = replay(sample, tuned, past_days(sample, most_days), progress or Silent())
        cards = [
            scorecard(settings, sample, each, mine, _others(tuned, found, each), now)
            for each, mine in zip(tuned, found, strict=True)
        ]
    _keep(settings, [(card, each.rule) for card, each in zip(cards, signals, strict=True)], now)
    return cards


def are_due(settings: Settings, now: datetime) -> bool:
    """Whether there is no record yet, one of another rule, or the newest is old.

    A signal that came to others that have theirs waits for it until the newest is old.
    """
    from holdfast.store import episodes

    asked, kept = episodes.looked(settings), signal_settings.scorecards(settings)
    today = today_of(settings, now)
    on = {each.signal.name: each.rule for each in listed(settings) if each.on and each.signal.name in asked}
    newest = max((card.made_day for card in kept.values()), default=None)
    if not on or (newest is not None and newest == today and not _changed(on, kept)):
        return False
    return newest is None or today - newest >= STALE_DAYS or _changed(on, kept)


def _changed(on: dict[str, str], kept: dict[str, signal_settings.KeptScorecard]) -> bool:
    """Whether a signal is asked by another rule than that of its record."""
    return any(key in kept and kept[key].rule != rule for key, rule in on.items())


def scorecard(
    settings: Settings,
    sample: Sample,
    tuned: Tuned,
    found: Replayed,
    others: Sequence[tuple[str, Replayed]],
    now: datetime,
) -> Scorecard:
    """The record of one signal by its replay, beside those of the others."""
    told = worth(found, sample.history.stays, settings.risk.horizon_days, sample.grace)
    asked = found.days[-1] - found.days[0] + 1 if found.days else 1
    weeks, size = asked / 7, max(len(sample.units), 1)
    weekly = len(found.unit) / weeks * sample.customers / size
    owners = owners_counted.owners(settings)
    stayed = None if told.lift.with_warning is None else 1 - told.lift.with_warning
    raised, unanswered, hours = _answers(settings, tuned.signal.name, now)
    return Scorecard(
        signal=tuned.signal.name,
        values=tuned.settings,
        from_day=date_of(found.days[0] if found.days else sample.history.end_day),
        to_day=date_of(sample.history.end_day),
        horizon_days=settings.risk.horizon_days,
        customers=len(sample.units),
        all_customers=sample.customers,
        episodes=len(found.unit),
        warned=len(np.unique(found.unit)),
        weekly=weekly,
        days_warned=told.days_warned,
        matured=told.matured,
        left_with=told.lift.with_warning,
        left_without=told.lift.without,
        lift=told.lift.ratio,
        lift_low=told.lift.low,
        lift_high=told.lift.high,
        lead_days=told.lead_days,
        overlap=_overlap(found, others),
        false_weekly=None if stayed is None else weekly * stayed / max(owners, 1),
        owners=owners,
        verdict=told.verdict,
        raised=raised,
        answered_hours=hours,
        unanswered=unanswered,
        made_on=date_of(today_of(settings, now)),
    )


def _others(tuned: Sequence[Tuned], found: Sequence[Replayed], mine: Tuned) -> list[tuple[str, Replayed]]:
    pairs = zip(tuned, found, strict=True)
    return [(each.signal.name, replayed) for each, replayed in pairs if each is not mine]


def _overlap(found: Replayed, others: Sequence[tuple[str, Replayed]]) -> tuple[tuple[str, float], ...]:
    """Which share of the episodes began while one of another signal was open, the largest first."""
    if not len(found.unit):
        return ()
    shares = [(name, float(other.open_at(found.unit, found.began).mean())) for name, other in others]
    return tuple(sorted(((name, share) for name, share in shares if share > 0), key=lambda each: -each[1]))


def _answers(settings: Settings, key: str, now: datetime) -> tuple[int, float | None, float | None]:
    """Real warnings of the last quarter, the share nobody answered, and the median hours to an answer."""
    since_us = int((now - timedelta(days=ANSWERED_DAYS)).timestamp() * 1_000_000)
    raised, silent, delays = episodes_judged.answers(settings, since_us=since_us).get(key, (0, 0, []))
    hours = float(np.median(delays)) / 3_600_000_000 if delays else None
    return raised, silent / raised if raised else None, hours


def _keep(settings: Settings, cards: Sequence[tuple[Scorecard, str]], now: datetime) -> None:
    today, now_us = today_of(settings, now), int(now.timestamp() * 1_000_000)
    for card, rule in cards:
        content = card.as_json()
        signal_settings.save_scorecard(settings, card.signal, rule, content, made_day=today, now_us=now_us)
    signal_settings.forget_scorecards(settings, {card.signal for card, _ in cards})
