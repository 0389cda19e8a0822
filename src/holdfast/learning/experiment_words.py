"""What a play's verdict says to people, sentence by sentence."""

from __future__ import annotations

from math import ceil

from holdfast.domain.money import Money
from holdfast.domain.texts import Share, Text
from holdfast.learning.experiment_estimates import Estimate


def helps_words(found: Estimate) -> Text:
    """Fewer of the treated left."""
    return Text(
        "It helps: {treated} of the treated left, and {held_out} of those held out. That is {points} "
        "percentage points fewer (between {low} and {high}).",
        **_shares(found),
        points=points(found.difference),
        low=points(found.high),
        high=points(found.low),
    )


def harms_words(found: Estimate) -> Text:
    """More of the treated left."""
    return Text(
        "It harms: {treated} of the treated left, and {held_out} of those held out. That is {points} "
        "percentage points more (between {low} and {high}).",
        **_shares(found),
        points=points(found.difference),
        low=points(found.low),
        high=points(found.high),
    )


def no_difference_words(found: Estimate) -> Text:
    """The interval holds 0, and nothing that would be worth while."""
    return Text(
        "It makes no difference larger than {points} percentage points: {treated} of the treated left, and "
        "{held_out} of those held out.",
        **_shares(found),
        # Rounded up: what is said not to be there must not be.
        points=ceil(max(-found.low, found.high) * 1000) / 10,
    )


def cannot_tell_words(found: Estimate, weeks: int | None, closed: bool) -> tuple[Text, Text]:
    """The interval holds 0 and more: how long it takes, and what is possible."""
    possible = Text(
        "Anything between {fewer} percentage points fewer and {more} percentage points more who leave is "
        "possible.",
        fewer=points(found.low),
        more=points(found.high),
    )
    return _waiting(weeks, closed), possible


def _waiting(weeks: int | None, closed: bool) -> Text:
    if closed:
        return Text("It cannot be told whether it helps, and nobody else will enter.")
    if weeks is None:
        return Text(
            "It cannot be told yet whether it helps, and at this pace it would take longer than five years."
        )
    return Text(
        "It cannot be told yet whether it helps: about {n} more week.",
        "It cannot be told yet whether it helps: about {n} more weeks.",
        n=weeks,
    )


def early_words() -> Text:
    """The always-valid interval left out 0 before the end."""
    return Text("That is clear already, before the planned end.")


def money_words(amount: Money, low: Money, high: Money) -> Text:
    """What margin less cost comes to."""
    if low.minor > 0:
        return Text(
            "It paid: {profit} more margin than it cost (between {low} and {high}).",
            profit=amount,
            low=low,
            high=high,
        )
    if high.minor < 0:
        return Text(
            "It did not pay: it cost {loss} more than it brought in margin (between {low} and {high}).",
            loss=_opposite(amount),
            low=_opposite(high),
            high=_opposite(low),
        )
    return Text(
        "Whether it paid cannot be told: the margin it brought, less its cost, lies between {low} "
        "and {high}.",
        low=low,
        high=high,
    )


def heavy_words(found: Estimate) -> Text:
    """One customer decides the margin."""
    return Text(
        "One customer alone makes up {share} of the spread of the margin, so do not build on the money: "
        "count very large amounts as a smaller one, fixed beforehand, and look again.",
        share=Share(found.heaviest or 0.0, 0),
    )


def left_out_words(customers: int) -> Text:
    """Customers who entered while there was only one arm."""
    return Text(
        "One customer is left out who entered while nobody, or everybody, was held out.",
        "{n} customers are left out who entered while nobody, or everybody, was held out.",
        n=customers,
    )


def not_over_words(seen: int, planned: int) -> Text:
    """Why there is no figure for the planned end yet."""
    return Text(
        "The planned end has not come: {seen} of {planned} customers have been followed to the end.",
        seen=seen,
        planned=planned,
    )


def points(difference: float) -> float:
    """The size of a difference of shares in percentage points, as finely as it is worth saying."""
    size = abs(difference) * 100
    return round(size, 1 if size >= 0.1 else 2)


def _shares(found: Estimate) -> dict[str, object]:
    return {"treated": Share(found.treated), "held_out": Share(found.held_out)}


def _opposite(amount: Money) -> Money:
    return Money(-amount.minor, amount.currency)
