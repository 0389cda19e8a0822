"""C6: the next purchase is overdue against the own rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from holdfast.analytics.feature import PURCHASE, Asked, CompanyDays, Gaps, Needed, Worked
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import floats, numbers_of
from holdfast.analytics.signal_strength import rare
from holdfast.domain.texts import Text
from holdfast.learning.overdue import chance_of_silence, days_of_company

_TWO_YEARS = 728
_YEAR = 364

_NEEDS: Mapping[str, Asked] = {
    "gaps": Gaps("number", PURCHASE, _TWO_YEARS),
    "mean": Gaps("mean", PURCHASE, _TWO_YEARS),
    "spread": Gaps("spread", PURCHASE, _TWO_YEARS),
    "since": Gaps("since", PURCHASE, _TWO_YEARS),
    "company": CompanyDays("purchases", PURCHASE, _YEAR),
}

_number = numbers_of("overdue", "use")


def _look(needed: Needed) -> Mapping[str, NDArray[np.generic]]:
    since = floats(needed, "since")
    counted = days_of_company(since, floats(needed, "company"))
    gaps, mean, spread = (floats(needed, word) for word in ("gaps", "mean", "spread"))
    return {
        "since": since,
        "usual": mean,
        "gaps": np.nan_to_num(gaps, nan=0.0),
        "chance": chance_of_silence(gaps, mean, spread, counted),
    }


def _look_at(column: str) -> Worked:
    return Worked(column, _NEEDS, _look)


_EXAMPLES = (
    Example(
        "ann bought every four weeks and stopped, bob is not due yet, cid bought twice, dan just came back",
        """
        ann  2024-01-01  order 20
        ann  2024-01-29  order 20
        ann  2024-02-26  order 20
        ann  2024-03-25  order 20
        bob  2024-02-05  order 20
        bob  2024-03-11  order 20
        bob  2024-04-15  order 20
        bob  2024-05-27  order 20
        cid  2024-01-08  order 20
        cid  2024-01-20  order 20
        dan  2024-01-01  order 20
        dan  2024-01-29  order 20
        dan  2024-02-26  order 20
        dan  2024-03-25  order 20
        dan  2024-06-30  order 20
        """,
        date(2024, 7, 1),
        {"ann": True, "bob": False, "cid": None, "dan": False},
    ),
)

SIGNAL = Signal(
    name="overdue",
    code="C6",
    title=Text("The next purchase is overdue"),
    meaning=Text(
        "The customer used to buy in a rhythm and is late against it: later than such a rhythm explains. "
        "Quiet days of the whole company count less."
    ),
    cause="use",
    numbers=(
        _number("since", Text("Time since the last purchase"), _look_at("since"), unit="days"),
        _number("usual", Text("Usual time between purchases"), _look_at("usual"), unit="days"),
        _number("gaps", Text("Purchases again in two years"), _look_at("gaps")),
        _number(
            "chance", Text("Quarters in which such a rhythm is so late"), _look_at("chance"), unit="share"
        ),
    ),
    settings=(
        Setting(
            "false_alarms",
            Text("Customers warned of by mistake in a quarter"),
            *("share", 0.05, 0.01, 0.2),
        ),
        Setting("gaps", Text("Purchases again from which there is a rhythm"), "count", 2, 2, 12),
    ),
    judged_if=lambda of: number("overdue_gaps", "at_least", of["gaps"]),
    lapses_if=lambda of: number("overdue_gaps", "below", of["gaps"]),
    when=lambda of: both(
        number("overdue_chance", "at_most", of["false_alarms"]), number("overdue_since", "above", 1)
    ),
    ends_when=lambda of: either(
        number("overdue_since", "at_most", 1),
        number("overdue_chance", "at_least", min(1.0, 10 * of["false_alarms"])),
    ),
    strength=rare("overdue_chance"),
    evidence=(Shown("overdue_since", "overdue_usual"), Shown("overdue_gaps"), Shown("overdue_chance")),
    examples=_EXAMPLES,
    cooldown_days=14,
    watch=("Order Completed", "Payment Completed"),
)
