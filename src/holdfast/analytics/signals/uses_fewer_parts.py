"""C17: the customer still uses the product, but ever fewer parts of it."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import FIRST_SEEN, count, distinct, known_for, named, part
from holdfast.analytics.signal import Example, Setting, Shown, Signal, both, either, number
from holdfast.analytics.signal_parts import numbers_of, one_less
from holdfast.domain.texts import Text

_number = numbers_of("uses_fewer_parts", "use")

_USED = named("Feature Used")
_NOW, _BEFORE = 42, 84
_PARTS = {"now": distinct("code", _USED, _NOW), "before": distinct("code", _USED, _BEFORE, _NOW)}

SIGNAL = Signal(
    name="uses_fewer_parts",
    code="C17",
    title=Text("Uses ever fewer parts of the product"),
    meaning=Text(
        "The customer still comes, but uses only a few of the parts that were in use six weeks before. "
        "The more of a product is in use, the harder it is to leave."
    ),
    cause="use",
    numbers=(
        _number("now", Text("Parts used in the last 42 days"), _PARTS["now"], days=_NOW),
        _number("before", Text("Parts used in the 42 days before"), _PARTS["before"], days=_BEFORE),
        _number("uses", Text("Times used in the last 42 days"), count(_USED, _NOW), days=_NOW),
        _number(
            "left",
            Text("Parts in use now, of those before"),
            {**_PARTS, "known": FIRST_SEEN},
            known_for(_BEFORE, part("now", "before")),
            unit="share",
            days=_BEFORE,
        ),
    ),
    settings=(
        Setting("uses", Text("Times used in 42 days, at least"), "count", 8, 1, 200),
        Setting("before", Text("Parts in use before, at least"), "count", 4, 2, 50),
        Setting("left", Text("Of these still in use, at most"), "share", 0.5, 0.1, 0.9),
    ),
    judged_if=lambda _: number("uses_fewer_parts_left", "known"),
    lapses_if=lambda _: number("uses_fewer_parts_before", "below", 1),
    when=lambda of: both(
        number("uses_fewer_parts_uses", "at_least", of["uses"]),
        number("uses_fewer_parts_before", "at_least", of["before"]),
        number("uses_fewer_parts_left", "at_most", of["left"]),
    ),
    ends_when=lambda of: either(
        number("uses_fewer_parts_left", "at_least", (1 + of["left"]) / 2),
        number("uses_fewer_parts_before", "below", of["before"] / 2),
    ),
    strength=one_less("uses_fewer_parts_left"),
    evidence=(
        Shown("uses_fewer_parts_now", "uses_fewer_parts_before"),
        Shown("uses_fewer_parts_left"),
        Shown("uses_fewer_parts_uses"),
    ),
    examples=(
        Example(
            "ann used four parts and uses one, bob uses all, cid is seldom there, dan is new",
            """
            ann  2024-01-10  Feature_Used code=reports
            ann  2024-04-20  Feature_Used code=reports
            ann  2024-04-21  Feature_Used code=alerts
            ann  2024-04-22  Feature_Used code=export
            ann  2024-04-23  Feature_Used code=teams
            ann  2024-06-03  Feature_Used code=reports
            ann  2024-06-05  Feature_Used code=reports
            ann  2024-06-10  Feature_Used code=reports
            ann  2024-06-12  Feature_Used code=reports
            ann  2024-06-17  Feature_Used code=reports
            ann  2024-06-19  Feature_Used code=reports
            ann  2024-06-24  Feature_Used code=reports
            ann  2024-06-26  Feature_Used code=reports
            bob  2024-01-10  Feature_Used code=reports
            bob  2024-04-20  Feature_Used code=reports
            bob  2024-04-21  Feature_Used code=alerts
            bob  2024-04-22  Feature_Used code=export
            bob  2024-04-23  Feature_Used code=teams
            bob  2024-06-03  Feature_Used code=reports
            bob  2024-06-05  Feature_Used code=alerts
            bob  2024-06-10  Feature_Used code=export
            bob  2024-06-12  Feature_Used code=teams
            bob  2024-06-17  Feature_Used code=reports
            bob  2024-06-19  Feature_Used code=alerts
            bob  2024-06-24  Feature_Used code=export
            bob  2024-06-26  Feature_Used code=teams
            cid  2024-01-10  Feature_Used code=reports
            cid  2024-04-20  Feature_Used code=reports
            cid  2024-04-21  Feature_Used code=alerts
            cid  2024-04-22  Feature_Used code=export
            cid  2024-04-23  Feature_Used code=teams
            cid  2024-06-20  Feature_Used code=reports
            dan  2024-06-20  Feature_Used code=reports
            """,
            date(2024, 7, 1),
            {"ann": True, "bob": False, "cid": False, "dan": None},
        ),
    ),
    watch=("Feature Used",),
    cooldown_days=28,
)
