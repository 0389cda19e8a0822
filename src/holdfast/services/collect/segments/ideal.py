"""Who the ideal customer is, and how many of each source of customers are like that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.ideal_fit import (
    Counted,
    Fit,
    GroupFit,
    Part,
    Telling,
    fit_of,
    group_fits,
    telling_traits,
)
from holdfast.analytics.segment_columns import Column, Numbers, Words, word_column
from holdfast.domain.expression import Looked, as_number
from holdfast.domain.texts import Text
from holdfast.services.collect.segments.define import find
from holdfast.services.collect.segments.leaves import Asked, asked
from holdfast.services.collect.segments.rules import rules_of
from holdfast.store import ideal_customers, segment_leaves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.settings import Settings

    Marks = NDArray[np.bool_]

PRESENT = ("new", "active", "dormant", "returning", "won_back")
BEST_SHARE = 0.25
"""Without a segment the ideal customers are those of the older half (by first order) who are still
there and among the quarter of that half that spent most. Who came later could not be one yet."""

ALSO = ("country",)
"""Facts that describe a customer beside the traits."""

_NOT = ("source", "stage", "name")


@dataclass(frozen=True, slots=True)
class IdealCustomers:
    """What is known of the ideal customers.

    ``segment_key`` names their segment, "" the best by value and stay. Where nothing can be told,
    ``reason`` says why. ``looked_at`` are the traits that were compared; ``could`` counts those of whom
    it can be told whether they are ideal.
    """

    segment_key: str
    customers: int
    ideal: int
    could: int
    looked_at: tuple[str, ...]
    telling: tuple[Telling, ...]
    sources: tuple[GroupFit, ...]
    decided: int
    fitting: int
    prospects: int
    reason: Text | None
    computed_us: int = 0


def choose(settings: Settings, segment_key: str) -> None:
    """Let the customers of a segment be the ideal ones; "" takes the best by value and stay."""
    ideal_customers.choose(settings, find(settings, segment_key).key if segment_key else "")


def found(settings: Settings) -> IdealCustomers | None:
    """What the last look found; ``None`` before the first."""
    kept = ideal_customers.found(settings)
    if kept is None:
        return None
    content, computed_us = kept
    return IdealCustomers(
        **{
            **content,
            "telling": tuple(Telling(**each) for each in content["telling"]),
            "sources": tuple(_source(each) for each in content["sources"]),
            "computed_us": computed_us,
        }
    )


def look(settings: Settings, now_us: int) -> IdealCustomers:
    """Compare the ideal customers with all others, and everybody with them; keep what is found."""
    key = ideal_customers.chosen(settings)
    with asked(settings, now_us, rules_of(settings)) as everybody:
        prospect = everybody.marks(segment_leaves.with_words(settings, "standing", "kind", ["prospect"]))
        ideal, could = (each & ~prospect for each in _ideal(everybody, key))
        columns = _columns(everybody)
        sources = _facts(everybody, "source")
        units, at_us = everybody.units, everybody.moment.now_us
    telling = telling_traits(columns, ideal, could & ~ideal)
    fit = fit_of(telling, columns)
    who = Counted(~prospect, could, ideal)
    told = IdealCustomers(
        segment_key=key,
        customers=int((~prospect).sum()),
        ideal=int(ideal.sum()),
        could=int(could.sum()),
        looked_at=tuple(columns),
        telling=tuple(telling),
        sources=tuple(group_fits(sources, who, fit, telling, columns)),
        decided=int((fit.decided & ~prospect).sum()),
        fitting=int((fit.fits & ~prospect).sum()),
        prospects=int(prospect.sum()),
        reason=_reason(ideal, columns, telling),
        computed_us=at_us,
    )
    _save(settings, told, units, fit, prospect)
    return told


def _source(kept: dict[str, Any]) -> GroupFit:
    return GroupFit(**{**kept, "ideal": Part(**kept["ideal"]), "fitting": Part(**kept["fitting"])})


def _ideal(everybody: Asked, key: str) -> tuple[Marks, Marks]:
    """Who is ideal, and who could be."""
    if key:
        return everybody.meets(everybody.rules[key]), everybody.everyone
    settings = everybody.settings
    present = everybody.marks(segment_leaves.with_words(settings, "standing", "state", PRESENT))
    first, spent = (_number(everybody, column) for column in ("first_day", "amount_minor"))
    known = ~np.isnan(first)
    if not known.any():
        return ~everybody.everyone, ~everybody.everyone
    could = known & (first <= np.median(first[known]))
    return could & present & (spent > 0) & (spent >= np.quantile(spent[could], 1 - BEST_SHARE)), could


def _number(everybody: Asked, column: str) -> NDArray[np.float64]:
    units, values = segment_leaves.column_of(everybody.settings, "standing", column)
    found = np.full(len(everybody.units), np.nan)
    place = everybody.places(units)
    found[place[place >= 0]] = values[place >= 0]
    return found


def _columns(everybody: Asked) -> dict[str, Column]:
    """What describes customers: traits that are no names, ids, or outcomes; and facts."""
    from holdfast.services.foresee.traits import choose_traits

    found: dict[str, Column] = {}
    for chosen in choose_traits(everybody.settings):
        if chosen.name not in (*_NOT, *ALSO):
            column = everybody.trait(Looked("trait", chosen.name))
            found[chosen.name] = column if chosen.words else _as_numbers(column)
    return found | {name: _facts(everybody, name) for name in ALSO}


def _as_numbers(column: Column) -> Column:
    if not isinstance(column, Words):
        return column
    numbers = [as_number(word) for word in column.words]
    told = np.array([np.nan if each is None else each for each in (*numbers, None)], np.float64)
    return Numbers(told[column.place])


def _facts(everybody: Asked, name: str) -> Words:
    words = segment_leaves.words_of(everybody.settings, name)
    return word_column([words.get(unit) for unit in everybody.units.tolist()])


def _reason(ideal: Marks, columns: Mapping[str, Column], telling: list[Telling]) -> Text | None:
    if telling:
        return None
    if not ideal.any():
        return Text("Nobody is an ideal customer yet.")
    if not columns:
        return Text("Nothing is known of the customers that could describe them.")
    return Text("Nothing that is known of the ideal customers sets them apart from the others.")


def _save(
    settings: Settings, told: IdealCustomers, units: NDArray[np.int64], fit: Fit, prospect: Marks
) -> None:
    content = {name: value for name, value in asdict(told).items() if name != "computed_us"}
    content["reason"] = told.reason  # a sentence stays one
    rows = np.flatnonzero(prospect)
    fits = (
        (int(units[row]), int(fit.agreeing[row]), int(fit.known[row]), bool(fit.fits[row]))
        for row in rows.tolist()
    )
    ideal_customers.save(settings, content, fits, now_us=told.computed_us)
