"""What plays truly did in the demo company: the company against its twin in which nobody was approached.

Told twice: by the day on which people made up their minds, which nobody sees, and by what the product sees,
going by the rules, days and margins by which the page of a play measures it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.outcomes import Outcomes
from holdfast.domain.moments import microseconds
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.services.collect.demo import MARGIN, Company, Planted
from holdfast.services.progress import Progress, Silent
from holdfast.services.prove import counting
from holdfast.settings import Settings
from holdfast.simulate.effects import true_effect
from holdfast.simulate.people import person_of
from holdfast.store import plays, plays_felt, plays_proved, readers
from holdfast.store.plays_proved import KeptProof

if TYPE_CHECKING:
    from holdfast.services.measure.measure import Ready
    from holdfast.store.plays import KeptPlay

Whole = NDArray[np.int64]
_GUEST = "G"
"""What the second id of somebody who bought without an account begins with."""


@dataclass(frozen=True, slots=True)
class _Treated:
    """Who was treated by a play, and on which day each entered; ``decided`` is what its proof goes by."""

    play: KeptPlay
    decided: KeptProof
    unit: Whole
    day: Whole


def effects(settings: Settings, company: Company, progress: Progress) -> Iterator[dict[str, object]]:
    """What each play truly did to those it treated and who were followed to the end."""
    with _tables(settings) as tables:  # what the first count of a play decides, the truth goes by too
        counting.note(settings, tables, now_us=microseconds(datetime.now(UTC)))
    treated = [each for each in _treated(settings) if len(each.unit)]
    today = day_number(company.world.scenario.date_of(company.world.day))
    seen: Mapping[str, Planted] = {}
    if any((each.day + each.decided.follow_days < today).any() for each in treated):
        progress.step(Text("Asking what would have been without the plays"), 0, None)
        seen = dict(_seen(settings, company, treated, today))
    keys = plays_felt.customers(settings)
    for each in treated:
        told = seen.get(each.play.key)
        yield _felt(company, each, keys) | {"seen": None if told is None else asdict(told)}


def _treated(settings: Settings) -> Iterator[_Treated]:
    zone_us = counting.zone_us(settings, datetime.now(UTC))
    for play in plays.listed(settings):
        if play.launched_us is None:
            continue
        decided = plays_proved.kept(settings, play.id) or counting.begun(settings, play)
        entries = plays_proved.entries(
            settings, play.id, zone_us=zone_us, currency=settings.currency or NO_CURRENCY, spent={}
        )
        chosen = np.array(entries.treated, bool)
        unit, day = np.array(entries.unit, np.int64), np.array(entries.day, np.int64)
        yield _Treated(play, decided, unit[chosen], day[chosen])


def _felt(company: Company, treated: _Treated, keys: Mapping[int, str]) -> dict[str, object]:
    """By when people made up their minds, in the company and in its twin."""
    first, days = day_number(company.world.scenario.start), treated.decided.follow_days
    some = [
        (person_of(keys[unit]), day - first)
        for unit, day in zip(treated.unit.tolist(), treated.day.tolist(), strict=True)
        if not keys.get(unit, _GUEST).startswith(_GUEST)
    ]
    person, day = np.array(some, np.int64).reshape(-1, 2).T
    found = true_effect(company.world, company.twin, person, day, days)
    return {
        "play": treated.play.key,
        "horizon_days": days,
        "treated": found.people,
        "left": found.left,
        "would_have_left": found.would_have_left,
        "difference": found.difference,
    }


def _seen(
    settings: Settings, company: Company, treated: Sequence[_Treated], today: int
) -> Iterator[tuple[str, Planted]]:
    """By what the product sees, of the customers whom it knows in both."""
    units = {unit for each in treated for unit in each.unit.tolist()}
    own, keys = _outcomes(settings, units), plays_felt.customers(settings)
    with company.imported_twin(settings, Silent()) as twin:
        links = readers.unit_links(twin)
        of = dict(zip(links.subject_id.tolist(), links.unit_id.tolist(), strict=True))
        there = {key: of.get(number, number) for number, key in plays_felt.customers(twin).items()}
        same = {unit: there[keys[unit]] for unit in units if keys.get(unit) in there}
        untouched = _outcomes(twin, set(same.values()))
    for each in treated:
        over = (each.day + each.decided.follow_days < today) & np.isin(each.unit, list(same))
        if over.any():
            yield each.play.key, _planted(each, over, same, own, untouched, settings.margin or MARGIN)


def _planted(
    treated: _Treated,
    over: NDArray[np.bool_],
    same: Mapping[int, int],
    own: Outcomes,
    untouched: Outcomes,
    margin: float,
) -> Planted:
    unit, day, days = treated.unit[over], treated.day[over], treated.decided.follow_days
    there = np.array([same[each] for each in unit.tolist()], np.int64)
    could, cap = own.present(unit, day), treated.decided.cap_minor
    earned, otherwise = own.amount(unit, day, days) * margin, untouched.amount(there, day, days) * margin
    if cap is not None:
        earned, otherwise = np.clip(earned, -cap, cap), np.clip(otherwise, -cap, cap)
    return Planted(
        int(could.sum()),
        int(own.left(unit[could], day[could], days).sum()),
        int(untouched.left(there[could], day[could], days).sum()),
        float((earned - otherwise).mean()),
    )


def _outcomes(settings: Settings, units: set[int]) -> Outcomes:
    with _tables(settings) as tables:
        return counting.outcomes(settings, tables, units)


@contextmanager
def _tables(settings: Settings) -> Iterator[Ready]:
    from holdfast.services.measure.measure import ready
    from holdfast.services.measure.until import measured_until

    until = measured_until(settings, None, datetime.now(UTC))
    settings.measured.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=settings.measured, prefix="twin-") as folder,
        ready(settings, until, Path(folder)) as tables,
    ):
        yield tables
