"""Outside factors in sentences: the same on the page and on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from holdfast.domain.origins import ORIGINS as CAUSE_ORIGINS
from holdfast.domain.texts import Share, Text
from holdfast.learning.outside import Factor
from holdfast.services.understand.feast_days import name_of
from holdfast.services.understand.odd_feasts import DayFeast
from holdfast.services.understand.outside import Mark, Odd, Outside, Wave
from holdfast.services.understand.outside_causes import NamedMore, WavePart
from holdfast.services.understand.outside_season import Feast

NOBODY_LOOKED = Text("The nightly run has not looked at the company's days yet.")
KINDS: dict[str, Text] = {
    "failed": Text("something of ours failed"),
    "did": Text("we changed something"),
    "feast": Text("a public holiday"),
    "open": Text("nothing says whose it was"),
}
ORIGINS: dict[str, Text] = {
    "ours": Text("after something of ours"),
    "outside": Text("with an outside event that you noted"),
    "country": Text("in one country only: look there"),
    "open": Text("nothing says whose it was"),
}
SORTS: dict[str, Text] = {
    "contract": Text("contracts that ended"),
    "silent": Text("customers who stopped buying"),
}
WATCHED_WORDS: dict[str, Text] = {
    "Checkout Failed": Text("customers who could not pay"),
    "Payment Failed": Text("customers with a declined payment"),
    "Renewal Failed": Text("customers who could not renew"),
    "Ticket Opened": Text("customers who asked for help"),
    "Ticket Reopened": Text("customers who asked again"),
    "Dispute Opened": Text("customers who took a payment back"),
    "Order Cancelled": Text("customers who called an order off"),
    "Account Deleted": Text("customers who deleted their account"),
    "Feature Used": Text("customers who used the product"),
    "Signed In": Text("customers who signed in"),
    "Order Completed": Text("customers who bought"),
    "Change Announced": Text("customers who were told of a change"),
    "Subscription Changed": Text("customers whose subscription changed"),
}


def summary(found: Outside) -> Text:
    """What stands out."""
    failed = sum(each.kind == "failed" for each in found.odd)
    days = Text("On {n} day something of ours failed.", "On {n} days something of ours failed.", n=failed)
    waves = Text(
        "In {n} stretch of weeks more left than usual.",
        "In {n} stretches of weeks more left than usual.",
        n=len(found.waves),
    )
    return Text("{days} {waves}", days=days, waves=waves)


def mark(each: Mark) -> Text:
    """What was unusual on a day."""
    return Text(
        "{what}: {came} instead of {usual}",
        what=WATCHED_WORDS.get(each.name, Text("{name}", name=each.name)),
        came=each.came,
        usual=round(each.usual),
    )


def odd(each: Odd) -> Text:
    """Whose a day was, by what stood out on it."""
    return KINDS[each.kind]


def wave(each: Wave) -> Text:
    """Weeks in which more left."""
    return Text(
        "{what}: {lost}, {times} times as many as was to be expected (likely {low} to {high})",
        what=SORTS[each.sort],
        lost=each.lost,
        times=round(each.times, 1),
        low=round(each.low, 1),
        high=round(each.high, 1),
    )


def change(factor: Factor) -> Text:
    """A factor as more or less of something."""
    values = {
        "share": Share(abs(factor.times - 1), 0),
        "low": Share(abs(factor.low - 1), 0),
        "high": Share(abs(factor.high - 1), 0),
    }
    if not factor.certain:
        return Text("no difference beyond chance")
    if factor.times > 1:
        return Text("{share} more (likely {low} to {high})", **values)
    low, high = values["high"], values["low"]
    return Text("{share} less (likely {low} to {high})", share=values["share"], low=low, high=high)


def feast(each: Feast, language: str) -> Text:
    """Before a holiday, or on it and after."""
    name = name_of(each.name, each.country, language)
    if each.before:
        return Text("two weeks before: {name}", name=name)
    return Text("on it and the week after: {name}", name=name)


def day_feasts(
    feasts: Iterable[DayFeast],
    language: str,
    countries: Callable[[list[str]], str] = ", ".join,
) -> list[Text]:
    """The public holidays that a day is, or the next one; ``countries`` writes codes of countries."""
    by_name: dict[tuple[bool, str], list[str]] = {}
    for each in feasts:
        by_name.setdefault((each.eve, name_of(each.name, each.country, language)), []).append(each.country)
    return [
        Text("the day before a public holiday: {name} ({where})", name=name, where=countries(codes))
        if eve
        else Text("public holiday: {name} ({where})", name=name, where=countries(codes))
        for (eve, name), codes in by_name.items()
    ]


def named_more(each: NamedMore, cause: str) -> Text:
    """Weeks in which a cause was named more than else."""
    return Text(
        "{cause}: named {n} time, {times} times its usual part (likely {low} to {high})",
        "{cause}: named {n} times, {times} times its usual part (likely {low} to {high})",
        cause=cause,
        n=each.came,
        times=round(each.times, 1),
        low=round(each.low, 1),
        high=round(each.high, 1),
    )


def part(each: WavePart) -> Text:
    """Which part of a wave was whose, against other times."""
    return Text(
        "{origin}: {share} of those whose cause is known (likely {low} to {high}), at other times {usual}",
        origin=next(words for name, words in CAUSE_ORIGINS.items() if name == each.origin),
        share=Share(each.named / each.of, 0),
        low=Share(each.low, 0),
        high=Share(each.high, 0),
        usual=Share(each.usual, 0),
    )
