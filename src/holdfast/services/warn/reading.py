"""What pages, the API and commands show of warnings: who is warned of, why, and what signals are worth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from holdfast.analytics.evidence import evidence_words
from holdfast.analytics.scorecards import Scorecard, scorecard_from
from holdfast.analytics.signal import Signal
from holdfast.domain.period import date_of, day_number
from holdfast.domain.texts import Text
from holdfast.services.warn.catalogue import Listed, delivered, find, listed
from holdfast.store import episodes_reading, signal_settings

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.episodes_reading import KeptEpisode, Key

State = Literal["open", "snoozed", "over", "ended"]
"""Of an episode: it holds; it holds and is put off; the customer ended it; one of us did."""

WEEK, YEAR = 7, 365


@dataclass(frozen=True, slots=True)
class Raised:
    """An episode as it is shown: of whom, since when, why, and what of it was said.

    ``signal`` is ``None`` where its file or rule is gone: then ``title`` is its key. ``evidence`` are
    sentences, the most telling first, ``numbers`` what they are made of. ``began`` is the day whose events
    raised it, ``raised_us`` the moment. ``ended_why`` says why it is over by itself, as
    :mod:`holdfast.analytics.episodes` names it. ``first_look``: it held already when the signal was looked
    at for the first time. ``value_at_risk_minor`` and ``risk`` are ``None`` where nobody is scored.
    """

    episode_id: int
    unit_id: int
    name: str
    signal_key: str
    signal: Signal | None
    title: Text
    cause: str
    began: date
    raised_us: int
    strength: float
    evidence: tuple[Text, ...]
    numbers: Mapping[str, float]
    value_at_risk_minor: int | None
    risk: float | None
    currency: str
    state: State
    ended: date | None
    ended_by: str
    ended_why: str
    snoozed_until: date | None
    judged: bool | None
    judged_by: str
    first_look: bool
    storm_id: int | None
    acted_us: int | None
    acted_what: str


@dataclass(frozen=True, slots=True)
class RaisedPage:
    """A stretch of open episodes, the highest value at risk first; ``next`` is handed back as ``after``."""

    rows: tuple[Raised, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Storm:
    """A signal that was raised for far more ``customers`` on a day than the ``usual`` number: one thing."""

    storm_id: int
    signal_key: str
    title: Text
    day: date
    customers: int
    usual: float
    raised_us: int

    @property
    def words(self) -> Text:
        """What came over very many, as a sentence."""
        return Text(
            "{signal}: {n} customer on one day.",
            "{signal}: {n} customers on one day.",
            signal=self.title,
            n=self.customers,
        )


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal with its settings' ``values`` (all of them), what it raised, and its record, if any."""

    signal: Signal
    values: Mapping[str, float]
    changed: Mapping[str, float]
    on: bool
    own: bool
    says_something: bool | None
    scorecard: Scorecard | None
    open_count: int
    raised_last_7_days: int


def open_episodes(
    settings: Settings,
    seen_by: frozenset[int] | None,
    *,
    now: datetime,
    owner: int | None = None,
    signal: str = "",
    limit: int = 50,
    after: str | None = None,
    in_storms: bool = False,
) -> RaisedPage:
    """Whom to call first: open episodes, not put off, those of the highest value at risk first.

    ``seen_by`` are the only customers a reader may see (``None``: all), ``owner`` narrows to those that
    somebody looks after, ``signal`` to one signal. Those of storms are left out but for ``in_storms``.
    """
    found = episodes_reading.open_ranked(
        settings,
        today=today(settings, now),
        among=_narrowed(settings, seen_by, owner),
        keys=[signal] if signal else None,
        after=_key(after),
        limit=limit + 1,
        in_storms=in_storms,
    )
    shown = _shown(settings, found[:limit], now)
    return RaisedPage(tuple(shown), _next(found[limit - 1]) if len(found) > limit else None)


def customers_warned(settings: Settings, seen_by: frozenset[int] | None, *, now: datetime) -> int:
    """Of how many customers :func:`open_episodes` shows something."""
    return episodes_reading.customers_warned(settings, today=today(settings, now), among=seen_by)


def raised_since(
    settings: Settings, seen_by: frozenset[int] | None, since_us: int, *, now: datetime, limit: int
) -> list[Raised]:
    """Of :func:`open_episodes` those that are news since a moment."""
    found = episodes_reading.raised_since(
        settings, since_us, today=today(settings, now), among=seen_by, limit=limit
    )
    return _shown(settings, found, now)


def episodes_of(settings: Settings, unit_id: int, *, now: datetime) -> list[Raised]:
    """The episodes of one customer, open ones first, then the latest."""
    return _shown(settings, episodes_reading.of_units(settings, [unit_id]), now)


def one_episode(settings: Settings, episode_id: int, *, now: datetime) -> Raised | None:
    """One episode; ``None`` where there is none."""
    found = episodes_reading.one(settings, episode_id)
    return None if found is None else _shown(settings, [found], now)[0]


def walked(
    settings: Settings,
    seen_by: frozenset[int] | None,
    *,
    now: datetime,
    before_id: int | None = None,
    limit: int = 100,
    signal: str = "",
    only_open: bool = False,
) -> list[Raised]:
    """Episodes by their number, the newest first, from behind ``before_id`` on: what a program walks."""
    found = episodes_reading.walked(
        settings, among=seen_by, before_id=before_id, limit=limit, key=signal, only_open=only_open
    )
    return _shown(settings, found, now)


def storms(settings: Settings, *, now: datetime, days: int = WEEK, signal: str = "") -> list[Storm]:
    """Storms of the last days, the newest first; ``signal`` narrows to those of one signal."""
    titles = _signals(settings)
    return [
        Storm(
            each.id,
            each.signal_key,
            _title(titles.get(each.signal_key), each.signal_key),
            date_of(each.day),
            each.customers,
            each.usual,
            each.raised_us,
        )
        for each in episodes_reading.storms(settings, since_day=today(settings, now) - days)
        if signal in ("", each.signal_key)
    ]


def one_cause(found: Sequence[Storm]) -> list[tuple[Storm, ...]]:
    """Storms of one day together, the largest first: what breaks on one day shows in several signals."""
    return [
        tuple(sorted(together, key=lambda each: -each.customers))
        for _, together in groupby(found, key=lambda each: each.day)
    ]


def signal_list(
    settings: Settings, *, now: datetime, seen_by: frozenset[int] | None = None
) -> list[SignalRow]:
    """Every signal with its settings and its record."""
    since = today(settings, now) - WEEK
    counted = episodes_reading.counts(settings, since_day=since, among=seen_by)
    cards, names = signal_settings.scorecards(settings), _names(settings)
    rows = []
    for each in listed(settings):
        key = each.signal.name
        card = cards.get(key)
        told = None if card is None else replace(scorecard_from(card.content), stale=card.rule != each.rule)
        rows.append(_row(settings, each, told, counted.get(key, (0, 0)), names))
    return rows


def one_signal(
    settings: Settings, key: str, *, now: datetime, seen_by: frozenset[int] | None = None
) -> SignalRow:
    """One signal; refuses ``no_such_signal``."""
    find(settings, key)
    return next(row for row in signal_list(settings, now=now, seen_by=seen_by) if row.signal.name == key)


def today(settings: Settings, now: datetime) -> int:
    """The number of the workspace's day."""
    return day_number(settings.now(now).astimezone(settings.zone).date())


def _row(
    settings: Settings,
    each: Listed,
    card: Scorecard | None,
    counted: tuple[int, int],
    names: Mapping[str, int] | None,
) -> SignalRow:
    from holdfast.services.warn.catalogue import says_something

    return SignalRow(
        signal=each.signal,
        values=each.tuned.settings,
        changed=each.tuned.values,
        on=each.on,
        own=each.kept is not None,
        says_something=None if names is None else says_something(each.signal, names),
        scorecard=card,
        open_count=counted[0],
        raised_last_7_days=counted[1],
    )


def _names(settings: Settings) -> Mapping[str, int] | None:
    """The events there are by name, as the last run counted them; ``None`` before the first."""
    from holdfast.store import basis

    kept = basis.current(settings)
    try:
        return None if kept is None else dict(kept.content["learnt"]["census"]["names"])
    except (KeyError, TypeError):
        return None


def _signals(settings: Settings) -> dict[str, Signal]:
    return {each.signal.name: each.signal for each in listed(settings)}


def _shown(settings: Settings, found: Sequence[KeptEpisode], now: datetime) -> list[Raised]:
    if not found:
        return []
    own = any(each.signal_key not in delivered() for each in found)
    known = _signals(settings) if own else delivered()
    day = today(settings, now)
    return [_raised(settings, each, known.get(each.signal_key), day) for each in found]


def _raised(settings: Settings, each: KeptEpisode, signal: Signal | None, day: int) -> Raised:
    told = () if signal is None else evidence_words(signal, each.evidence, currency=settings.currency)
    snoozed = each.snoozed_until_day
    return Raised(
        episode_id=each.id,
        unit_id=each.unit_id,
        name=each.name,
        signal_key=each.signal_key,
        signal=signal,
        title=_title(signal, each.signal_key),
        cause="" if signal is None else signal.cause,
        began=date_of(each.began_day),
        raised_us=each.raised_us,
        strength=each.strength,
        evidence=told,
        numbers=each.evidence,
        value_at_risk_minor=each.value_at_risk_minor,
        risk=each.risk,
        currency=settings.currency,
        state=_state(each, day),
        ended=None if each.ended_day is None else date_of(each.ended_day),
        ended_by=each.ended_by,
        ended_why=each.ended_why,
        snoozed_until=None if snoozed is None or snoozed <= day else date_of(snoozed),
        judged=each.judged_right,
        judged_by=each.judged_by,
        first_look=each.quiet,
        storm_id=each.storm_id,
        acted_us=each.acted_us,
        acted_what=each.acted_what,
    )


def _state(each: KeptEpisode, day: int) -> State:
    if each.ended_day is not None:
        return "ended" if each.ended_by else "over"
    snoozed = each.snoozed_until_day
    return "snoozed" if snoozed is not None and snoozed > day else "open"


def _title(signal: Signal | None, key: str) -> Text:
    return Text("{name}", name=key) if signal is None else signal.title


def _narrowed(settings: Settings, seen_by: frozenset[int] | None, owner: int | None) -> frozenset[int] | None:
    from holdfast.store.portfolio import portfolio

    if owner is None:
        return seen_by
    theirs = portfolio(settings, owner)
    return theirs if seen_by is None else theirs & seen_by


def _key(after: str | None) -> Key | None:
    try:
        value, unit, number = json.loads(after or "")
        return int(value), int(unit), int(number)
    except (ValueError, TypeError):
        return None


def _next(last: KeptEpisode) -> str:
    value = episodes_reading.UNKNOWN if last.value_at_risk_minor is None else last.value_at_risk_minor
    return json.dumps([value, last.unit_id, last.id])
