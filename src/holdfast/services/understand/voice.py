"""The voice of those who left: causes over time, by part of the customers and by money; counted at night."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.intervals import wilson
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.loss_causes import agreement
from holdfast.analytics.loss_evidence import KIND_NAMES, Kind
from holdfast.analytics.loss_groups import Group, StandsOut, gathered, groups, tenure
from holdfast.analytics.loss_shares import Shares, Voices, shares, voices
from holdfast.domain.origins import ORIGINS
from holdfast.domain.period import date_of, day_number
from holdfast.services.understand.drivers import Compared, compared
from holdfast.services.understand.themes import ShownTheme, themes
from holdfast.services.whole_files import write_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.loss_causes import Evidence
    from holdfast.services.measure.measure import Ready
    from holdfast.services.understand.telling import Gone
    from holdfast.settings import Settings

    Whole = NDArray[np.int64]

YEAR_DAYS, MONTHS = 365, 24
"""The voice is that of the last year; causes over time go back so many months."""

_FILE = "voice.json"


@dataclass(frozen=True, slots=True)
class CauseTold:
    """One cause in the last year: how often it was ``named``, with which ``money_minor`` a year, and which
    ``share`` of all losses it has by estimate, with the 95 % interval; of the money ``money_share``.
    """

    cause: str
    origin: str
    named: int
    money_minor: int
    share: float
    low: float
    high: float
    money_share: float


@dataclass(frozen=True, slots=True)
class OriginTold:
    """What share of all losses has an origin, by estimate with the 95 % interval; how often it was named."""

    origin: str
    named: int
    money_minor: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MonthTold:
    """The losses of a month, first day ``start``: how many, and how many of each named cause."""

    start: date
    losses: int
    causes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Agreed:
    """Of ``of`` losses with evidence of a ``kind`` beside own words, ``right`` named the same cause."""

    kind: str
    right: int
    of: int


@dataclass(frozen=True, slots=True)
class Voice:
    """What the last nightly run counted of the losses of a year before ``day``.

    ``unknown`` of ``losses`` have no known cause: a share from ``unknown_low`` to ``unknown_high`` of what
    would happen again. ``spoke`` said or chose something, or never paid. ``groups`` are by what the losses
    are parted ("country", "source", "how", "tenure", "segment": its key).
    """

    day: date
    losses: int
    unknown: int
    unknown_low: float
    unknown_high: float
    spoke: int
    money_minor: int
    unknown_money_minor: int
    causes: tuple[CauseTold, ...]
    origins: tuple[OriginTold, ...]
    months: tuple[MonthTold, ...]
    agreed: tuple[Agreed, ...]
    groups: Mapping[str, tuple[Group, ...]]
    themes: tuple[ShownTheme, ...]
    drivers: tuple[Compared, ...]
    ids: tuple[str, ...]


def note(settings: Settings, tables: Ready, gone: Gone) -> Voice:
    """Count what pages show of the losses, and keep it."""
    found = _counted(settings, tables, gone)
    write_whole(settings.measured / _FILE, json.dumps(_as_json(found), ensure_ascii=False))
    return found


def read(settings: Settings) -> Voice | None:
    """What the last nightly run counted; ``None`` before there was one."""
    try:
        kept = json.loads((settings.measured / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return _from_json(kept)


def _counted(settings: Settings, tables: Ready, gone: Gone) -> Voice:
    end = day_number(tables.until.over)
    inside = np.flatnonzero((gone.losses.left_day < end) & (gone.losses.left_day >= end - YEAR_DAYS))
    cause, money = gone.causes.cause[inside], gone.money[inside]
    unknown = int((cause < 0).sum())
    low, high = wilson(unknown, len(inside))
    heard = voices(gone.causes.evidence, len(gone), len(gone.ids), inside)
    return Voice(
        day=tables.until.over,
        losses=len(inside),
        unknown=unknown,
        unknown_low=low,
        unknown_high=high,
        spoke=int((heard.counts > 0).sum()),
        money_minor=int(money.sum()),
        unknown_money_minor=int(money[cause < 0].sum()),
        causes=_causes(gone, inside, heard),
        origins=_origins(gone, inside, heard),
        months=_months(tables, gone, end),
        agreed=_agreed(gone.causes.evidence, len(gone)),
        groups=_groups(settings, tables, gone, inside),
        themes=themes(settings, tables),
        drivers=compared(settings, _named_by_cause(gone, inside)),
        ids=gone.ids,
    )


def strata_of(gone: Gone, places: Whole) -> Whole:
    """How each loss came to be heard of: a bill never paid, a contract that ended, silence."""
    evidence = gone.causes.evidence
    unpaid = np.zeros(len(gone), bool)
    unpaid[evidence.loss[evidence.kind == Kind.UNPAID]] = True
    found: Whole = np.where(unpaid, 2, gone.losses.signed.astype(np.int64))[places]
    return found


def _causes(gone: Gone, inside: Whole, heard: Voices) -> tuple[CauseTold, ...]:
    strata, money, cause = strata_of(gone, inside), gone.money[inside], gone.causes.cause[inside]
    by_number, by_money = shares(heard, strata), shares(heard, strata, money)
    named = np.bincount(cause[cause >= 0], minlength=len(gone.ids))
    brought = np.bincount(cause[cause >= 0], money[cause >= 0], minlength=len(gone.ids))
    order = np.lexsort((np.arange(len(gone.ids)), -by_number.share)).tolist()
    return tuple(
        CauseTold(
            gone.ids[at],
            gone.origins[at],
            int(named[at]),
            round(float(brought[at])),
            *_told(by_number, at),
            round(float(by_money.share[at]), 5),
        )
        for at in order
        if named[at] or by_number.share[at] > 0
    )


def _origins(gone: Gone, inside: Whole, heard: Voices) -> tuple[OriginTold, ...]:
    names = tuple(ORIGINS)
    place = np.array([names.index(origin) for origin in gone.origins])
    weights = np.stack([heard.weights[:, place == at].sum(axis=1) for at in range(len(names))], axis=1)
    found = shares(Voices(weights, heard.counts), strata_of(gone, inside))
    cause, money = gone.causes.cause[inside], gone.money[inside]
    of = np.where(cause >= 0, place[cause], -1)
    return tuple(
        OriginTold(name, int((of == at).sum()), int(money[of == at].sum()), *_told(found, at))
        for at, name in enumerate(names)
    )


def _told(found: Shares, at: int) -> tuple[float, float, float]:
    return tuple(round(float(each[at]), 5) for each in (found.share, found.low, found.high))  # type: ignore[return-value]


def _months(tables: Ready, gone: Gone, end: int) -> tuple[MonthTold, ...]:
    first = int(gone.losses.left_day.min(initial=end - 1))
    periods = tables.plan.calendar.periods("month", date_of(first), date_of(end - 1))[-MONTHS:]
    left, cause = gone.losses.left_day, gone.causes.cause
    found = []
    for each in periods:
        rows = (left >= day_number(each.start)) & (left < min(day_number(each.end), end))
        times = np.bincount(cause[rows & (cause >= 0)], minlength=len(gone.ids))
        named = {gone.ids[at]: int(times[at]) for at in np.flatnonzero(times).tolist()}
        found.append(MonthTold(each.start, int(rows.sum()), named))
    return tuple(found)


def _agreed(evidence: Evidence, losses: int) -> tuple[Agreed, ...]:
    told = agreement(evidence, losses)
    return tuple(Agreed(KIND_NAMES[kind], right, of) for kind, (right, of) in told.items() if of)


def _groups(settings: Settings, tables: Ready, gone: Gone, inside: Whole) -> dict[str, tuple[Group, ...]]:
    losses, spells = gone.losses, gone.spells
    countries = np.array([*tables.company.countries], object)
    sources = np.array([*tables.company.sources], object)
    values = {
        "how": gone.how[inside],
        "tenure": tenure(losses.began_day, losses.decided_day)[inside],
        "country": countries[spells["country"][inside]],
        "source": sources[spells["source"][inside]],
    }
    cause, money = gone.causes.cause[inside], gone.money[inside]
    found = {name: groups(each, cause, money, len(gone.ids)) for name, each in values.items()}
    in_segment = _in_segments(settings, tables, gone, inside)
    return {**found, "segment": gathered(in_segment, cause, money, len(gone.ids))}


def _in_segments(
    settings: Settings, tables: Ready, gone: Gone, inside: Whole
) -> dict[str, NDArray[np.bool_]]:
    """By the key of a segment which of the losses ``inside`` are of customers who are in it, or still were
    when they decided to leave.
    """
    from holdfast.store import segment_reading

    if not len(inside):
        return {}
    unit, decided = gone.losses.unit[inside], gone.losses.decided_day[inside]
    places: dict[int, list[int]] = {}
    for at, each in enumerate(unit.tolist()):
        places.setdefault(each, []).append(at)
    starts = {day: day_start_us(day, tables.plan.zone) for day in np.unique(decided).tolist()}
    found: dict[str, NDArray[np.bool_]] = {}
    since = int(gone.losses.left_day[inside].min())
    for key, unit_id, out_us in segment_reading.of_losses(settings, since):
        for at in places.get(unit_id, ()):
            if out_us >= starts[int(decided[at])]:
                found.setdefault(key, np.zeros(len(inside), bool))[at] = True
    return found


def _named_by_cause(gone: Gone, inside: Whole) -> dict[str, int]:
    cause = gone.causes.cause[inside]
    times = np.bincount(cause[cause >= 0], minlength=len(gone.ids))
    return {gone.ids[at]: int(times[at]) for at in np.flatnonzero(times).tolist()}


def _as_json(found: Voice) -> dict[str, Any]:
    told = asdict(found)
    told["day"] = day_number(found.day)
    for month in told["months"]:
        month["start"] = day_number(month["start"])
    return told


def _from_json(kept: dict[str, Any]) -> Voice:
    parts: dict[str, Any] = {
        "day": date_of(kept["day"]),
        "causes": tuple(CauseTold(**each) for each in kept["causes"]),
        "origins": tuple(OriginTold(**each) for each in kept["origins"]),
        "months": tuple(MonthTold(**{**each, "start": date_of(each["start"])}) for each in kept["months"]),
        "agreed": tuple(Agreed(**each) for each in kept["agreed"]),
        "groups": {name: tuple(_group(each) for each in some) for name, some in kept["groups"].items()},
        "themes": tuple(ShownTheme(**_listed(each)) for each in kept["themes"]),
        "drivers": tuple(Compared(**each) for each in kept["drivers"]),
        "ids": tuple(kept["ids"]),
    }
    return Voice(**{**kept, **parts})


def _group(kept: Mapping[str, Any]) -> Group:
    return Group(
        *(kept["name"], kept["losses"], kept["known"], kept["money_minor"]),
        tuple((int(cause), int(times)) for cause, times in kept["causes"]),
        tuple(StandsOut(**each) for each in kept["stands_out"]),
    )


def _listed(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(map(_row, each)) if isinstance(each, list) else each for name, each in kept.items()}


def _row(each: Any) -> Any:
    return tuple(each) if isinstance(each, list) else each
