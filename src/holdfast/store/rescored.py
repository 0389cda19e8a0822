"""What the worker says of a few customers: their rows of the list, their risks, all at once or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import basis, risk, sql, standings, told_out
from holdfast.store.risk import Score
from holdfast.store.standings import Standings

AT_ONCE = 200
"""Customers in one transaction: on SQLite it then holds the write lock for well under 100 ms."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """What was found of some customers.

    ``unit_of`` names every subject of each, ``gone`` are ids that are no customer any more. ``scores``
    are those of who is present, ``None`` where nobody can be foreseen; ``as_of_day`` is today.
    ``read_us`` is when the events were read, ``basis_version`` by which basis they were understood.
    """

    unit_of: Mapping[int, int]
    gone: Sequence[int]
    standings: Standings
    scores: Sequence[Score] | None
    as_of_day: int
    model_version: int | None
    read_us: int
    basis_version: int


def save(settings: Settings, found: Rescored) -> bool:
    """Write what was found, some customers at a time; ``False`` when another basis holds by now.

    What was written before it was noticed is looked at again by whoever announced the other one.
    """
    store.connect(settings)
    by_unit: dict[int, dict[int, int]] = {}
    for subject, unit in found.unit_of.items():
        by_unit.setdefault(unit, {})[subject] = unit
    units = sorted(by_unit)
    scores = {each.unit_id: each for each in found.scores or ()}
    gone, named = list(found.gone), False
    for first in range(0, max(len(units), 1), AT_ONCE):
        some = units[first : first + AT_ONCE]
        unit_of = {subject: unit for each in some for subject, unit in by_unit[each].items()}
        held, named_some = _save_some(settings, found, some, unit_of, scores, gone if first == 0 else [])
        named = named or named_some
        if not held:
            return False
    if named:
        standings.merge_search_index()
    return True


def _save_some(
    settings: Settings,
    found: Rescored,
    units: Sequence[int],
    unit_of: Mapping[int, int],
    scores: Mapping[int, Score],
    gone: Sequence[int],
) -> tuple[bool, bool]:
    """Whether the basis still held, and whether anybody has another name or address now."""
    listed = standings.stage_standings(settings, found.standings, unit_of)
    staged = {unit for (unit,) in sql.read("SELECT unit_id FROM staged_standing")}
    named = bool(sql.one("SELECT 1 FROM staged_standing WHERE search IS NOT NULL LIMIT 1"))
    gone = [*gone, *(unit for unit in units if unit not in staged)]
    present = [scores[unit] for unit in units if unit in scores and unit in staged]
    risks = risk.stage_scores(present, found.as_of_day) if found.scores is not None else 0
    with sql.short_write():
        held = basis.still_holds(found.basis_version)
        if held:
            standings.write_staged_standings(listed, gone, read_us=found.read_us)
            if found.scores is not None:
                told_out.bands_changed(settings, 1, risks, read_us=found.read_us, now_us=found.read_us)
                risk.write_staged_scores(1, risks, found.model_version, read_us=found.read_us)
                risk.forget_unstaged([*units, *gone])
    sql.drop("staged_standing")
    if found.scores is not None:
        sql.drop("staged_risk")
    return held, named
