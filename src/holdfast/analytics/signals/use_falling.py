"""C5: the customer uses less than the own habit lets expect, or nothing at all."""

from __future__ import annotations

from datetime import date, timedelta

from holdfast.analytics.habit_parts import FEWEST, habit
from holdfast.analytics.signal import Example, Setting, Shown, Signal, number
from holdfast.analytics.signal_parts import numbers_of
from holdfast.analytics.signal_strength import rare
from holdfast.domain.texts import Text

_number = numbers_of("use_falling", "use")
_AT = date(2024, 7, 1)


def _told(who: str, *stretches: tuple[int, int, int]) -> str:
    """A use every so many days, from so many days before :data:`_AT` until so many."""
    return "\n".join(
        f"{who} {_AT - timedelta(days=ago)} Feature_Used code=reports"
        for first, last, every in stretches
        for ago in range(first, last, -every)
    )


_EXAMPLES = (
    Example(
        "ann stops, bob does a third of it, cid goes on, dan did little before, eve came back",
        "\n".join(
            (
                _told("ann", (112, 20, 1)),
                _told("bob", (112, 28, 1), (28, 0, 4)),
                _told("cid", (112, 0, 2)),
                _told("dan", (110, 20, 14)),
                _told("eve", (112, 14, 1), (7, 0, 1)),
            )
        ),
        _AT,
        {"ann": True, "bob": True, "cid": False, "dan": None, "eve": False},
    ),
)

SIGNAL = Signal(
    name="use_falling",
    code="C5",
    title=Text("Use falls or stops"),
    meaning=Text(
        "The customer does clearly less than the own habit lets expect, or nothing any more. Weekdays, "
        "seasons, holidays and outages of the whole company are taken out."
    ),
    cause="use",
    numbers=(
        _number("week", Text("Actions a week, lately"), habit("week"), unit="score"),
        _number("usual_week", Text("Actions in a usual week"), habit("usual_week"), unit="score"),
        _number("change", Text("Part that is left of the usual use"), habit("change"), unit="share"),
        _number("silent", Text("Time without any use"), habit("silent"), unit="days"),
        _number("chance", Text("Usual quarters that show as much"), habit("chance"), unit="share"),
        _number("active", Text("Days with use in sixteen weeks of habit"), habit("active"), unit="days"),
    ),
    settings=(
        Setting(
            "false_alarms",
            Text("Customers warned of by mistake in a quarter"),
            *("share", 0.05, 0.01, 0.2),
        ),
    ),
    judged_if=lambda of: number("use_falling_chance", "known"),
    lapses_if=lambda _: number("use_falling_active", "below", FEWEST),
    when=lambda of: number("use_falling_chance", "at_most", of["false_alarms"]),
    ends_when=lambda of: number("use_falling_chance", "at_least", min(1.0, 10 * of["false_alarms"])),
    strength=rare("use_falling_chance"),
    evidence=(
        Shown("use_falling_week", "use_falling_usual_week"),
        Shown("use_falling_silent"),
        Shown("use_falling_chance"),
    ),
    examples=_EXAMPLES,
    cooldown_days=28,
)
