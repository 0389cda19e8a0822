"""An overview as the loop would leave it: the company of the look's mock pages."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

from holdfast.domain.figures import Figure
from holdfast.domain.money import Money
from holdfast.domain.period import Period
from holdfast.domain.texts import Share, Text
from holdfast.services.measure.overview import (
    Alert,
    CohortLine,
    Curve,
    CurvePoint,
    DefinitionLine,
    GroupRate,
    LedgerLine,
    Overview,
    Place,
    RatePoint,
    Stat,
)

RATES = [2.0, 2.1, 2.2, 2.4, 2.1, 2.0, 1.9, 1.8, 1.9, 1.8, 1.9, 2.1, 2.3]
KEPT = (1.0, 0.91, 0.86, 0.83, 0.80, 0.78, 0.76, 0.75, 0.73, 0.71)


def month(number: int) -> Period:
    """The month that is ``number`` months after January 2025."""
    year, of_year = 2025 + number // 12, number % 12 + 1
    following = date(year + of_year // 12, of_year % 12 + 1, 1)
    return Period(date(year, of_year, 1), following, "month")


OCTOBER = month(21)


def figure(value: float | Decimal | None, unit: str, definition: str = "lost_of_start") -> Figure:
    reason = Text("Nobody was a customer at the start.") if value is None else None
    return Figure("churn_rate", definition, OCTOBER, value, unit, Text("lost / start"), reason=reason)


def stats() -> tuple[Stat, ...]:
    return (
        Stat(
            Text("Customers who left"),
            figure(412 / 18206, "share"),
            Text("of {n}", n=18206),
            Text("{points} points more than in {before}", points=Decimal("0.2"), before=month(20)),
            False,
            True,
            Text("{lost} ÷ {start} at the start", lost=412, start=18206),
            Text("{lost} ÷ {start} = {share}", lost=412, start=18206, share=Share(412 / 18206, 2)),
            (
                (Text("Definition"), Text("Lost in the period ÷ customers at its start")),
                (
                    Text("Likely range"),
                    Text("{low} to {high} (95%)", low=Share(0.0206, 2), high=Share(0.0249, 2)),
                ),
                (Text("Left out"), Text("{n} visitors who never bought", n=1120)),
            ),
        ),
        Stat(
            Text("Money that left with them"),
            figure(Decimal("12945"), "EUR"),
            Text("a year"),
            Text("{a} a head; the others spend {b}", a=Money(3142, "EUR"), b=Money(2400, "EUR")),
            None,
            None,
            Text("{share} of {money}", share=Share(0.03), money=Money(43680000, "EUR")),
            Text("What the {n} brought in the year before they left", n=412),
            (),
        ),
        Stat(
            Text("Revenue kept from customers"),
            figure(0.981, "share"),
            None,
            Text("{share} before they bought more", share=Share(0.961)),
            True,
            True,
            Text("net revenue retention"),
            Text("{a} ÷ {b}", a=428575, b=436800),
            ((Text("Gross"), Text("{share}", share=Share(0.961))),),
        ),
        Stat(
            Text("What a customer is worth"),
            figure(None, "EUR"),
            None,
            None,
            None,
            None,
            Text("average order × orders × margin × lifetime"),
            Text("Average order × orders a year × margin × years"),
            (),
        ),
    )


def ledger() -> tuple[LedgerLine, ...]:
    return tuple(
        LedgerLine(op, code, Text(name), people, Money(minor, "EUR"))
        for op, code, name, people, minor in (
            ("", "opening", "At the start", 18206, 43680000),
            ("+", "new", "New", 964, 2241050),
            ("+", "won_back", "Came back", 138, 310520),
            ("+", "more", "Bought more", None, 893000),
            ("-", "less", "Bought less", None, 421000),
            ("-", "left", "Left", 412, 1294500),
            ("=", "closing", "At the end", 18896, 45409070),
        )
    )


def curve(group: str, name: str, rate: float, median: float | None) -> Curve:
    points = tuple(
        CurvePoint(
            t,
            math.exp(-rate * t**0.7),
            max(0, math.exp(-rate * t**0.7) - 0.001 * t),
            min(1, math.exp(-rate * t**0.7) + 0.001 * t),
        )
        for t in range(25)
    )
    return Curve(group, Text(name), points, median)


def example_overview() -> Overview:
    """October 2026 at Cornflower Coffee."""
    churn = tuple(
        RatePoint(month(9 + i), r / 100, r / 100 - 0.0021, r / 100 + 0.0021) for i, r in enumerate(RATES)
    )
    places = (
        ("Romania", "RO", 0.031, 0.026, 0.036, 132, 4310, True),
        ("Bulgaria", "BG", 0.022, 0.017, 0.028, 55, 2480, False),
        ("Kazakhstan", "KZ", 0.021, 0.015, 0.028, 40, 1905, False),
        ("Iran", "IR", 0.020, 0.014, 0.027, 35, 1771, False),
        ("Ireland", "IE", 0.019, 0.016, 0.023, 117, 6120, False),
    )
    return Overview(
        period=OCTOBER,
        periods=tuple(month(number) for number in range(21, -1, -1)),
        as_of=date(2026, 11, 16),
        sentence=Text(
            "In {period} {lost} customers left, and {money} a year went with them. "
            "You won {won}, and {back} came back.",
            period=OCTOBER,
            lost=412,
            money=Money(1294500, "EUR"),
            won=964,
            back=138,
        ),
        emphasis=("lost", "money"),
        alert=Alert(
            "churn_rising",
            Text("Churn has risen {n} months in a row.", n=3),
            Text("Most of the rise is in {place}.", place="Romania"),
            date(2026, 8, 1),
        ),
        stats=stats(),
        churn=churn,
        usual=0.0204,
        ledger=ledger(),
        cohorts=tuple(CohortLine(month(12 + i), 812 + 17 * i, KEPT[: 10 - i]) for i in range(10)),
        cohort_remark=Text("Those who joined since August leave sooner."),
        curves=(curve("contract", "Subscription", 0.042, None), curve("shop", "Shop", 0.088, 19)),
        curve_remark=Text("Half of the shop’s customers are gone after {n} months.", n=19),
        places=(
            Place(
                "country",
                0.0226,
                tuple(
                    GroupRate(code, rate, low, high, lost, start, differs)
                    for _, code, rate, low, high, lost, start, differs in places
                ),
                Text("Only {place} differs from the rest by more than chance.", place="Romania"),
            ),
        ),
        definitions=tuple(
            DefinitionLine(
                code,
                Text(name),
                Text("{a} ÷ {b}", a=a, b=b),
                figure(a / b if b else None, "share", code),
                chosen,
            )
            for code, name, a, b, chosen in (
                ("lost_of_start", "Lost ÷ customers at the start", 412, 18206, True),
                ("lost_of_acquired", "Lost ÷ acquired in the period", 412, 964, False),
                ("contract", "Subscriptions cancelled", 260, 13706, False),
                ("shop", "Shop: silent longer than usual", 152, 0, False),
            )
        ),
    )
