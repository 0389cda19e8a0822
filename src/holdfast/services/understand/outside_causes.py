"""Weeks in which one cause stands out among those who left, and which part of a wave was whose.

Found by the nightly run once it has looked for the cause of each loss, and kept for the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.intervals import wilson
from holdfast.analytics.loss_groups import TENURE_BOUNDS
from holdfast.domain.origins import ORIGINS
from holdfast.domain.period import date_of, day_number
from holdfast.learning.cause_waves import EVERYWHERE, CauseWave, Named, cause_waves
from holdfast.services.understand import outside
from holdfast.services.whole_files import write_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.understand.outside import Wave
    from holdfast.services.understand.telling import Gone
    from holdfast.settings import Settings

FEWEST_KNOWN = 10
"""With fewer known causes nothing is said of whose a wave was."""

_FILE = "outside-causes.json"


@dataclass(frozen=True, slots=True)
class NamedMore:
    """From ``start`` to before ``end`` a cause was named ``came`` times, ``times`` as often as its usual part
    of the losses, with the 95 % interval; in ``country``, "" for the whole company.
    """

    country: str
    cause: str
    origin: str
    start: date
    end: date
    came: int
    times: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True)
class WavePart:
    """Of ``of`` losses of a wave whose cause is known ``named`` have this origin, a share from ``low`` to
    ``high``; at other times it is ``usual``.
    """

    origin: str
    named: int
    of: int
    low: float
    high: float
    usual: float


@dataclass(frozen=True, slots=True)
class WaveParts:
    """Whose the wave of a ``sort`` was that began on ``start`` in ``country``."""

    sort: str
    country: str
    start: date
    parts: tuple[WavePart, ...]


@dataclass(frozen=True, slots=True)
class ByCause:
    """What was found of ``known`` losses with a known cause."""

    known: int
    named: tuple[NamedMore, ...]
    waves: tuple[WaveParts, ...]

    def parts_of(self, wave: Wave) -> tuple[WavePart, ...]:
        """Whose a wave was; empty where too few causes are known."""
        same = (wave.sort, wave.country, wave.start)
        return next((each.parts for each in self.waves if (each.sort, each.country, each.start) == same), ())


NOTHING = ByCause(0, (), ())


def note(settings: Settings, gone: Gone, countries: Sequence[str], until: int) -> None:
    """Look at the causes of all losses before ``until``, and keep what stands out."""
    told = outside.read(settings)
    keep(settings, look(gone, countries, until, () if told is None else told.waves))


def look(gone: Gone, countries: Sequence[str], until: int, waves: Iterable[Wave]) -> ByCause:
    """Causes that stand out for some weeks, and whose each wave of losses was."""
    names = np.array([*countries, ""], object)
    known = np.flatnonzero(gone.causes.cause >= 0)
    if not len(known):
        return NOTHING
    losses, cause = gone.losses, gone.causes.cause[known]
    place = gone.spells["country"][known]
    day = losses.decided_day[known]
    tenure = np.searchsorted(TENURE_BOUNDS, day - losses.began_day[known], side="right")
    stratum = (2 * tenure + losses.signed[known]).astype(np.int64)
    # Weeks end with the last day, so that the newest is whole.
    begin = until - 7 * (-(-(until - int(day.min())) // 7))
    somewhere = np.where(names[place] == "", -1, place).astype(np.int64)
    found = cause_waves(Named(cause, somewhere, stratum, np.maximum(day - begin, 0) // 7))
    when = np.where(losses.signed[known], losses.left_day[known], day)
    of_origin = np.array(gone.origins, object)[cause]
    whole = [_parts(each, losses.signed[known], names[place], when, of_origin) for each in waves]
    return ByCause(
        len(known),
        tuple(_named(gone, each, names, begin) for each in found),
        tuple(each for each in whole if each.parts),
    )


def _named(gone: Gone, each: CauseWave, names: NDArray[np.object_], begin: int) -> NamedMore:
    country = "" if each.place == EVERYWHERE else str(names[each.place])
    start, end = (date_of(begin + 7 * week) for week in (each.first, each.stop))
    return NamedMore(
        *(country, gone.ids[each.cause], gone.origins[each.cause], start, end, each.came),
        *(each.times, each.low, each.high, each.chance),
    )


def _parts(
    wave: Wave,
    signed: NDArray[np.bool_],
    country: NDArray[np.object_],
    when: NDArray[np.int64],
    origin: NDArray[np.object_],
) -> WaveParts:
    of_sort = (signed == (wave.sort == "contract")) & ((country == wave.country) | (wave.country == ""))
    during = (when >= day_number(wave.start)) & (when < day_number(wave.end))
    inside, else_ = of_sort & during, of_sort & ~during
    of, rest = int(inside.sum()), int(else_.sum())
    told = []
    for name in ORIGINS if min(of, rest) >= FEWEST_KNOWN else ():
        named = int((origin[inside] == name).sum())
        low, high = wilson(named, of)
        told.append(WavePart(name, named, of, low, high, float((origin[else_] == name).mean())))
    return WaveParts(wave.sort, wave.country, wave.start, tuple(told))


def keep(settings: Settings, found: ByCause) -> None:
    """Let ``found`` be what the page shows."""
    write_whole(settings.measured / _FILE, json.dumps(asdict(found), default=date.isoformat))


def read(settings: Settings) -> ByCause:
    """What the last nightly run found; nothing before there was one."""
    try:
        kept = json.loads((settings.measured / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return NOTHING
    day = date.fromisoformat
    return ByCause(
        kept["known"],
        tuple(
            NamedMore(**{**each, "start": day(each["start"]), "end": day(each["end"])})
            for each in kept["named"]
        ),
        tuple(
            WaveParts(
                *(each["sort"], each["country"], day(each["start"])),
                tuple(WavePart(**part) for part in each["parts"]),
            )
            for each in kept["waves"]
        ),
    )
