"""What each rule of who counts as lost would mean on the data, so that one can be chosen with open eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.services.measure.measure import Ready, ready
from holdfast.services.measure.recommend import recommended_rule
from holdfast.services.measure.standing import standings
from holdfast.services.measure.until import measured_until
from holdfast.services.progress import Progress
from holdfast.settings import LostRule, LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.recommend import Recommendation
    from holdfast.settings import Settings

YEAR_DAYS = 365
FIXED_DAYS = 90
"""The silence that *fixed* is tried with, where nobody has said another."""

LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One rule: of ``customers`` that there ever were, ``lost`` count as lost at the end of the data, and
    ``left_in_year`` of the ``present_year_ago`` left within the last year.

    ``days`` is the silence after which somebody counts as lost, ``None`` where it differs by customer.
    """

    rule: LostRule
    after_days: int | None
    days: int | None
    customers: int
    lost: int
    present_year_ago: int
    left_in_year: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """All rules that say something here, up to the day ``until``; the recommended one with its reason."""

    until: date
    rules: tuple[Weighed, ...]
    rule: LostRule
    after_days: int | None
    activity: str
    reason: Text


def weigh(settings: Settings, *, now: datetime, progress: Progress) -> Weighing:
    """Build the kept tables once under each rule that the data speak to, and count who is lost.

    Nothing is kept of it. Rules without anything to judge by are left out: contracts where there are
    none, categories where products have none.
    """
    until = measured_until(settings, None, now)
    weighed: list[Weighed] = []
    advice: Recommendation | None = None
    settings.measured.mkdir(parents=True, exist_ok=True)
    tried: Sequence[LostSettings] = (_mixed(settings),)
    while len(weighed) < len(tried):
        lost = tried[len(weighed)]
        progress.step(Text("Trying each rule on the data"), len(weighed), len(tried) if advice else None)
        with (
            TemporaryDirectory(dir=settings.measured, prefix="run-") as folder,
            ready(replace(settings, lost=lost), until, Path(folder), for_advice=advice is None) as tables,
        ):
            if advice is None:
                advice = recommended_rule(tables)
                tried = _worth_trying(settings, tables, advice)
            weighed.append(_count(tables, lost, day_number(until.end)))
    assert advice is not None  # noqa: S101  (at least one rule was tried)
    progress.step(Text("Trying each rule on the data"), len(tried), len(tried))
    return Weighing(until.end, tuple(weighed), advice.rule, advice.after_days, advice.activity, advice.reason)


def _mixed(settings: Settings) -> LostSettings:
    return replace(settings.lost, rule="mixed", after_days=None)


def _worth_trying(settings: Settings, tables: Ready, advice: Recommendation) -> list[LostSettings]:
    """The rules that can be told apart here; the first is the one that was tried already."""
    rules: list[LostRule] = ["mixed"]
    if tables.kept.has_contracts:
        rules.append("contract")
    if tables.kept.receipts or tables.kept.names:
        rules += ["company", "own_rhythm"]
    if len(tables.kept.usual.categories) > 1:
        rules.append("category")
    tried = [replace(settings.lost, rule=rule, after_days=None) for rule in rules]
    fixed = settings.lost.after_days or advice.after_days or FIXED_DAYS
    return [*tried, replace(settings.lost, rule="fixed", after_days=fixed)]


def _count(tables: Ready, lost: LostSettings, end_day: int) -> Weighed:
    import numpy as np

    stands = standings(tables)
    state = np.asarray(stands.state)
    real = state != ""
    first = np.ma.filled(np.ma.asarray(stands.first_day), end_day)
    left = np.ma.filled(np.ma.asarray(stands.left_day), end_day)
    ago = end_day - YEAR_DAYS
    there = real & (first < ago) & (left >= ago)
    usual = tables.kept.usual.days if lost.rule == "company" else None
    return Weighed(
        lost.rule,
        lost.after_days,
        lost.after_days or usual,
        int(real.sum()),
        int((state == LAPSED).sum()),
        int(there.sum()),
        int((there & (left < end_day)).sum()),
    )
