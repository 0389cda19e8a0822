"""Wishes for features: what customers want built, how many want it, and what they bring (F6).

A wish is a case of the kind "wish": written down by hand, out of a conversation or by a program, promised
for a day, and answered with a way round until it is built. The same words are the same wish.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.store.cases import UNDER_WAY, Case, Wanted

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.work import SeenBy

KIND = "wish"
MOST = 2_000
"""So many of the newest wishes are gathered."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What ``customers`` want, who bring ``yearly_minor`` a year; ``waiting`` of the cases are under way.

    ``promised_us`` is the first day that was promised to one of these; ``outcome`` and ``reason`` the newest
    answer ("way_round", "built", ...; "": none yet).
    """

    title: str
    customers: int
    yearly_minor: int
    waiting: int
    promised_us: int | None
    outcome: str
    reason: str


def register(settings: Settings, seen_by: SeenBy | None = None) -> list[Wish]:
    """Every wish, those that wait first, then by the money of who wants it."""
    from holdfast.store import cases, identity_live, standings

    rows = cases.listed(settings, Wanted(kind=KIND, seen_by=seen_by), MOST)
    unit_of = identity_live.units_of(settings, {each.subject_id for each in rows})
    money = standings.yearly_of(settings, set(unit_of.values()))
    by_title: dict[str, list[Case]] = {}
    for each in rows:
        by_title.setdefault(" ".join(each.title.casefold().split()), []).append(each)
    found = [_wish(some, {unit_of[each.subject_id] for each in some}, money) for some in by_title.values()]
    return sorted(found, key=lambda wish: (not wish.waiting, -wish.yearly_minor, -wish.customers, wish.title))


def _wish(some: Sequence[Case], units: set[int], money: dict[int, int]) -> Wish:
    """``some`` are the cases of one wish, what moved last first."""
    waiting = [each for each in some if each.state in UNDER_WAY]
    answered = next((each for each in some if each.outcome), None)
    return Wish(
        title=some[0].title,
        customers=len(units),
        yearly_minor=sum(money.get(unit, 0) for unit in units),
        waiting=len(waiting),
        promised_us=min((each.due_us for each in waiting if each.due_us is not None), default=None),
        outcome="" if answered is None else answered.outcome,
        reason="" if answered is None else answered.reason,
    )
