"""Outside factors of a workspace, told apart from own faults: found by the nightly run, kept for the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.domain.period import date_of, day_number
from holdfast.learning.outside import Factor, OddDay, Stretch, odd_days, stretches
from holdfast.services.understand.odd_feasts import Calendars, DayFeast
from holdfast.services.understand.outside_days import DEEDS, WATCHED, Days, Losses, days_of, losses_of
from holdfast.services.understand.outside_season import Feast, feasts, months_of
from holdfast.services.whole_files import write_whole

if TYPE_CHECKING:
    from holdfast.services.foresee.snapshots import History
    from holdfast.settings import Settings
    from holdfast.store.outside_notes import Noted

MOST_KEPT = 40
"""So many odd days are kept, the clearest."""

FEWEST_OF_A_COUNTRY = 300
"""Losses of a country are looked at alone from so many on."""

_BEFORE_DAYS = 28
_FILE = "outside.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was unusual on a day: events of ``name`` came ``times`` as often as usual."""

    name: str
    came: int
    usual: float
    times: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Odd:
    """A day unlike the others. ``kind`` is "failed" (ours, by what stood out), "did" (we did something to
    many), "feast" (a public holiday, or the day before: ``feasts``) or "open" (nothing says whose it was).
    """

    day: date
    kind: str
    marks: tuple[Mark, ...]
    feasts: tuple[DayFeast, ...] = ()


@dataclass(frozen=True, slots=True)
class Wave:
    """Weeks in which more left, ``times`` as many as was to be expected by how long customers were there.

    ``sort`` is "contract" or "silent", ``country`` "" for the whole company; ``beside`` are the odd days
    that lie within it or up to four weeks before.
    """

    sort: str
    country: str
    start: date
    end: date
    lost: int
    times: float
    low: float
    high: float
    chance: float
    beside: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """What was found at the beginning of ``day``, of the days since ``since``."""

    day: date
    since: date
    odd: tuple[Odd, ...]
    waves: tuple[Wave, ...]
    months: Mapping[int, Factor]
    trend: Factor | None
    feasts: tuple[Feast, ...]


def note(settings: Settings, history: History, day: int) -> None:
    """Look at the whole company's days, and keep what the page shows."""
    keep(settings, look(settings, history, day))


def look(settings: Settings, history: History, day: int) -> Outside:
    """What sets days and weeks before the beginning of ``day`` apart."""
    found = days_of(settings, history, day)
    odd = odd_of(found)
    told = losses_of(settings, history, day)
    waves = tuple(_beside(each, odd) for each in waves_of(told))
    months, trend = months_of(found)
    return Outside(
        *(date_of(day), date_of(found.first_day), odd, waves, months, trend, feasts(found)),
    )


def odd_of(found: Days) -> tuple[Odd, ...]:
    """Days on which what is watched stood out, those with the most that stood out first to be kept."""
    looks = sum(len(each) for each in found.counts.values())
    by_day: dict[int, list[Mark]] = {}
    for name, counts in found.counts.items():
        for each in odd_days(counts, looks):
            if _says_something(name, each):
                mark = Mark(name, each.came, each.usual, each.times, each.low, each.high)
                by_day.setdefault(found.first_day + each.day, []).append(mark)
    calendars = Calendars(found) if by_day else None
    told = [_odd(day, day - found.first_day, marks, calendars) for day, marks in sorted(by_day.items())]
    clearest = sorted(told, key=lambda each: -max(abs(np.log(one.times)) for one in each.marks))[:MOST_KEPT]
    return tuple(sorted(clearest, key=lambda each: each.day, reverse=True))


def _says_something(name: str, each: OddDay) -> bool:
    """Whether it is what is watched for: more of what fails, less of what goes well, or a deed to many."""
    return WATCHED[name] == "both" or (each.times > 1) == (WATCHED[name] == "more")


def _odd(day: int, place: int, marks: Sequence[Mark], calendars: Calendars | None) -> Odd:
    kind, said = _kind(marks), [mark for mark in marks if WATCHED[mark.name] != "more"]
    if calendars is None or not said:
        return Odd(date_of(day), kind, tuple(marks))
    feasts = calendars.on(place, more=said[0].times > 1, failed=kind != "open")
    return Odd(date_of(day), "feast" if feasts and kind == "open" else kind, tuple(marks), feasts)


def _kind(marks: Sequence[Mark]) -> str:
    if any(mark.name in DEEDS for mark in marks):
        return "did"
    failed = sum(WATCHED[mark.name] == "more" for mark in marks)
    return "failed" if failed else "open"


def waves_of(told: Iterable[Losses]) -> list[Wave]:
    """Stretches of weeks in which more left, of the company and of its larger countries."""
    found: list[Wave] = []
    for each in told:
        if not each.country or each.lost.sum() >= FEWEST_OF_A_COUNTRY:
            found += [_wave(each, one) for one in stretches(each.lost, each.expected)]
    own = [wave for wave in found if not wave.country or not any(_same(wave, each) for each in found)]
    return sorted(own, key=lambda wave: wave.start, reverse=True)


def _same(wave: Wave, other: Wave) -> bool:
    """Whether a country's wave is that of the whole company."""
    together = other.start < wave.end and wave.start < other.end
    return not other.country and other.sort == wave.sort and together and wave.low <= other.times


def _wave(told: Losses, found: Stretch) -> Wave:
    start, end = (told.first_day + 7 * week for week in (found.first, found.stop))
    return Wave(
        *(told.sort, told.country, date_of(start), date_of(end), found.lost, found.times, found.low),
        *(found.high, found.chance, ()),
    )


def _beside(wave: Wave, odd: Sequence[Odd]) -> Wave:
    start, end = day_number(wave.start) - _BEFORE_DAYS, day_number(wave.end)
    return replace(wave, beside=tuple(each.day for each in odd if start <= day_number(each.day) < end))


def origin_of(wave: Wave, found: Outside, noted: Sequence[Noted]) -> str:
    """Whose a wave is, by what lies beside it: "ours", "outside" (noted), "country" (only there), "open"."""
    kinds = {each.day: each.kind for each in found.odd}
    if any(kinds.get(day) in ("failed", "did") for day in wave.beside):
        return "ours"
    if any(_meets(wave, each) for each in noted):
        return "outside"
    return "country" if wave.country else "open"


def _meets(wave: Wave, noted: Noted) -> bool:
    there = not noted.country or not wave.country or noted.country == wave.country
    until = noted.until or date_of(day_number(noted.start) + _BEFORE_DAYS)
    return there and noted.start < wave.end and wave.start <= until


def keep(settings: Settings, found: Outside) -> None:
    """Let ``found`` be what the page shows."""
    write_whole(settings.measured / _FILE, json.dumps(_as_json(found), ensure_ascii=False))


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _as_json(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    if hasattr(value, "__slots__"):
        return {name: _as_json(getattr(value, name)) for name in value.__slots__}
    return value


def read(settings: Settings) -> Outside | None:
    """What the last nightly run found; ``None`` before there was one."""
    try:
        kept = json.loads((settings.measured / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    day = date.fromisoformat
    return Outside(
        day=day(kept["day"]),
        since=day(kept["since"]),
        odd=tuple(
            Odd(
                *(day(each["day"]), each["kind"], tuple(Mark(**mark) for mark in each["marks"])),
                # A file that an older night kept knows of no feasts.
                tuple(DayFeast(**feast) for feast in each.get("feasts", ())),
            )
            for each in kept["odd"]
        ),
        waves=tuple(
            Wave(
                **{
                    **each,
                    "start": day(each["start"]),
                    "end": day(each["end"]),
                    "beside": tuple(day(one) for one in each["beside"]),
                }
            )
            for each in kept["waves"]
        ),
        months={int(month): Factor(**each) for month, each in kept["months"].items()},
        trend=None if kept["trend"] is None else Factor(**kept["trend"]),
        feasts=tuple(Feast(**{**each, "times": Factor(**each["times"])}) for each in kept["feasts"]),
    )
