"""Whom a change concerns: by its rule, and by the wish that it fulfils (F5, F6); kept as a list."""

from __future__ import annotations

from datetime import datetime

from holdfast.domain.moments import microseconds
from holdfast.domain.written_expressions import parse
from holdfast.services.act import feature_wishes
from holdfast.services.act.changes.entering import find
from holdfast.services.act.plays.enrolling import everybody_in
from holdfast.settings import Settings
from holdfast.store import cases, changes, identity_live, plays_known, standings
from holdfast.store.cases import Wanted
from holdfast.store.changes import KeptChange


def draw_up(settings: Settings, kept: KeptChange, now: datetime) -> KeptChange:
    """Find the customers anew and keep them; who left is not among them, who was told stays.

    A change with neither rule nor wish concerns nobody.
    """
    units = set(wished_by(settings, kept.wish)) if kept.wish else set()
    if kept.rule is not None:
        units |= set(everybody_in(settings, parse(kept.rule), now).tolist())
    units -= set(plays_known.lost(settings, sorted(units)))
    money = standings.yearly_of(settings, units)
    listed = {unit: money[unit] for unit in units if unit in money}
    changes.list_anew(settings, kept, listed, now_us=microseconds(settings.now(now)))
    return find(settings, kept.key)


def wished_by(settings: Settings, wish: str) -> list[int]:
    """The customers who wished for something, as the register of wishes has it."""
    wanted = " ".join(wish.casefold().split())
    rows = cases.listed(settings, Wanted(kind=feature_wishes.KIND), feature_wishes.MOST)
    subjects = {each.subject_id for each in rows if " ".join(each.title.casefold().split()) == wanted}
    return sorted(set(identity_live.units_of(settings, subjects).values()))
