"""Asking signals of many customers: the numbers as of days, whose answers count, and what a day changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics import panel
from holdfast.analytics.episodes import LAPSED, LEFT, RULE, Kept, step
from holdfast.analytics.feature import Feature, Trait
from holdfast.analytics.signalling import numbers_of, said
from holdfast.services.foresee.traits import Chosen, TraitsThen
from holdfast.services.warn.company import company_of
from holdfast.store.episodes import Begun, Changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.analytics.episodes import Step
    from holdfast.analytics.known_days import Company
    from holdfast.analytics.panel import Stays
    from holdfast.analytics.signal import Tuned
    from holdfast.analytics.signalling import Said
    from holdfast.analytics.snapshot import FeatureTable
    from holdfast.services.foresee.snapshots import History

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Marks = NDArray[np.bool_]

NEWS_DAYS = 2
"""What held already so many days earlier, by what is known now, is no news when an import tells of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The numbers of some signals, ready to be asked for as of ``days``."""

    history: History
    signals: Sequence[Tuned]
    features: tuple[Feature, ...]
    days: Sequence[int]

    def slices(self, units: Whole) -> Iterator[list[FeatureTable]]:
        """The numbers of the sorted ``units`` as of each day, customers in slices."""
        return self.history.numbers(self.features, self.days, units)


def asked(
    history: History, signals: Sequence[Tuned], days: Sequence[int], company: Company | None = None
) -> Asked:
    """Get ready to ask for the numbers of signals at the beginnings of ``days``, in order.

    ``company``, what its days counted, is told by who looks at a few customers only.
    """
    features = numbers_of(signals)
    known = company_of(history, features, days) if company is None else company
    basis = replace(history.basis, company=known)
    return Asked(_with_traits(replace(history, basis=basis), features), signals, features, days)


def not_gone(stays: Stays, day: int, units: Whole) -> Whole:
    """Those of the sorted ``units`` who have not left by the beginning of ``day``: nobody is warned of them.

    Who never was a customer has not left.
    """
    here = stays.unit[panel.present(stays, day)]
    left = np.setdiff1d(stays.unit[stays.start < day], here)
    return np.setdiff1d(units, left, assume_unique=True)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a signal says of the customers of a slice, sorted; ``strength`` and ``evidence`` of whom it
    ``holds`` only: so that of many customers little is kept.
    """

    unit: Whole
    holds: Marks
    over: Marks
    lapsed: Marks
    strength: Floats
    evidence: Mapping[str, Floats]


def hear(table: FeatureTable, tuned: Tuned) -> Heard:
    """What a signal says of the customers in ``table``."""
    told = said(tuned, table.columns)
    evidence = {
        each.name: np.asarray(table.columns[each.name][told.holds], np.float64)
        for each in tuned.signal.numbers
    }
    return Heard(table.unit_id, told.holds, told.over, told.lapsed, told.strength[told.holds], evidence)


def changes_of(kept: Kept, heard: Heard, tuned: Tuned, day: int, quiet: bool = False) -> Changes:
    """What a day changes of the customers of whom a signal was heard as of its end; ``quiet``: no news."""
    found = step(kept, heard.unit, heard.holds, heard.over, day, tuned.signal.cooldown_days)
    # Who begins is among those of whom it holds, both in order.
    place = np.searchsorted(np.flatnonzero(heard.holds), found.begins)
    begun = Begun(
        heard.unit[found.begins],
        day,
        heard.strength[place],
        {name: values[place] for name, values in heard.evidence.items()},
        np.full(len(found.begins), quiet),
    )
    why = _why(kept.unit[found.ends], heard)
    return Changes(begun, *_of_kept(kept, found, why, day))


def all_over(kept: Kept, units: Whole, day: int, tuned: Tuned) -> Changes:
    """What ends because the customer has left, or nothing is known of them any more."""
    nobody, everybody = np.zeros(len(units), bool), np.ones(len(units), bool)
    found = step(kept, units, nobody, everybody, day, tuned.signal.cooldown_days)
    nothing = Begun(units[:0], day, np.empty(0), {}, nobody[:0])
    return Changes(nothing, *_of_kept(kept, found, [LEFT] * len(found.ends), day))


def together(parts: Sequence[Changes]) -> Changes:
    """The changes of several slices on one day."""
    begun = [each.begun for each in parts]
    names = next((each.evidence for each in begun if each.evidence), {})
    some = [each for each in begun if len(each)]
    return Changes(
        Begun(
            np.concatenate([each.unit for each in begun]),
            begun[0].day,
            np.concatenate([each.strength for each in begun]),
            {name: np.concatenate([each.evidence[name] for each in some]) for name in names if some},
            np.concatenate([each.quiet for each in begun]),
        ),
        [ended for each in parts for ended in each.ended],
        [number for each in parts for number in each.opened],
        [pair for each in parts for pair in each.earlier],
    )


def no_news(
    history: History,
    found: Sequence[tuple[Tuned, Changes]],
    imported: Whole,
    at_day: int,
    company: Company | None = None,
) -> list[Changes]:
    """The changes of signals as of the beginning of ``at_day``, what is no news marked so.

    Of whom an import has just told, and the warning held already some days earlier by what is known now:
    it was only not known. An import of old events alarms nobody.
    """
    begun = [np.intersect1d(changes.begun.unit, imported) for _, changes in found]
    concerned = [each for each, units in zip(found, begun, strict=True) if len(units)]
    if not concerned:
        return [changes for _, changes in found]
    tuned, day = [each for each, _ in concerned], at_day - NEWS_DAYS
    ready = asked(history, tuned, [day], company)
    held: dict[str, list[Whole]] = {each.signal.name: [] for each in tuned}
    for (table,) in ready.slices(np.unique(np.concatenate(begun))):
        for each in tuned:
            held[each.signal.name].append(table.unit_id[say(table, each).holds])
    return [
        _marked(changes, np.concatenate([imported[:0], *held.get(each.signal.name, ())]))
        for each, changes in found
    ]


def _marked(changes: Changes, no_news_of: Whole) -> Changes:
    begun = changes.begun
    return replace(changes, begun=replace(begun, quiet=begun.quiet | np.isin(begun.unit, no_news_of)))


def say(table: FeatureTable, tuned: Tuned) -> Said:
    """What a signal says of the customers in ``table``."""
    return said(tuned, table.columns)


def _why(ended: Whole, heard: Heard) -> list[str]:
    """Why the episodes of ``ended`` customers, who are among those heard of, are over."""
    lapsed = heard.lapsed[np.searchsorted(heard.unit, ended)]
    return [LAPSED if each else RULE for each in lapsed.tolist()]


def _of_kept(
    kept: Kept, found: Step, why: Sequence[str], day: int
) -> tuple[list[tuple[int, int, str]], list[int], list[tuple[int, int]]]:
    ended = zip(kept.id[found.ends].tolist(), why, strict=True)
    return (
        [(number, day, reason) for number, reason in ended],
        kept.id[found.opens].tolist(),
        [(number, day) for number in kept.id[found.earlier].tolist()],
    )


def _with_traits(history: History, features: Sequence[Feature]) -> History:
    """The history with what was known of the traits that signals look at, beside its own."""
    needs = (need for each in features for need in each.needs.values())
    held = {each.name for each in history.traits.chosen}
    names = sorted({need.name for need in needs if isinstance(need, Trait)} - held)
    if not names:
        return history
    chosen = (*history.traits.chosen, *(Chosen(name, words=True) for name in names))
    return replace(history, traits=TraitsThen(history.settings, chosen))
