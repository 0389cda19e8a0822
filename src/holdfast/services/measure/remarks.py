"""What the overview's pictures show, in one sentence each, where it is more than chance."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.analytics.intervals import differs
from holdfast.domain.texts import Text
from holdfast.services.measure.overview import CohortLine, Curve, GroupRate

_FEWEST_COHORTS = 3
_REMARK_AGES = (2, 1)


def cohort_remark(lines: Sequence[CohortLine]) -> Text | None:
    """Whether those who began lately stay as long as those before; ``None`` where chance explains it."""
    for age in _REMARK_AGES:
        old_enough = [line for line in lines if len(line.shares) > age]
        lately, earlier = old_enough[-_FEWEST_COHORTS:], old_enough[:-_FEWEST_COHORTS]
        if len(earlier) < _FEWEST_COHORTS:
            continue
        here, of = _stayed(lately, age)
        there, of_before = _stayed(earlier, age)
        if not differs(there, of_before, here, of):
            continue
        values: dict[str, object] = {
            "month": lately[0].period,
            "now": round(100 * here / of),
            "before": round(100 * there / of_before),
            "n": age,
        }
        if here / of < there / of_before:
            return Text(
                "Those who began since {month} leave sooner: {now} of 100 are left after {n} month; "
                "it used to be {before}.",
                "Those who began since {month} leave sooner: {now} of 100 are left after {n} months; "
                "it used to be {before}.",
                **values,
            )
        return Text(
            "Those who began since {month} stay longer: {now} of 100 are left after {n} month; "
            "it used to be {before}.",
            "Those who began since {month} stay longer: {now} of 100 are left after {n} months; "
            "it used to be {before}.",
            **values,
        )
    return None


def _stayed(lines: Sequence[CohortLine], age: int) -> tuple[int, int]:
    return sum(round(line.size * line.shares[age]) for line in lines), sum(line.size for line in lines)


def curve_remark(curves: Sequence[Curve]) -> Text | None:
    """When half of them are gone, of the curve that gets there first."""
    half = [curve for curve in curves if curve.median_months is not None]
    if not half:
        return Text("More than half are still there at the end of the data.") if curves else None
    first = min(half, key=lambda curve: curve.median_months or 0.0)
    months = round(first.median_months or 0.0)
    words = {
        "shop": Text(
            "Half of the shop's customers are gone after {n} month.",
            "Half of the shop's customers are gone after {n} months.",
            n=months,
        ),
        "contract": Text(
            "Half of the subscribers are gone after {n} month.",
            "Half of the subscribers are gone after {n} months.",
            n=months,
        ),
        "all": Text(
            "Half of the customers are gone after {n} month.",
            "Half of the customers are gone after {n} months.",
            n=months,
        ),
    }
    return words[first.group]


def place_remark(groups: Sequence[GroupRate]) -> Text:
    """Which groups differ from the rest."""
    standing_out = [group.group for group in groups if group.differs]
    if not standing_out:
        return Text("None differs from the rest by more than chance.")
    if len(standing_out) == 1:
        return Text("Only {group} differs from the rest by more than chance.", group=standing_out[0])
    return Text("{groups} differ from the rest by more than chance.", groups=standing_out)
