"""Ready-made segments: proposed from the data of now, made as ordinary ones that anybody may edit.

Boundaries are numbers of today, written into the rules: whether a customer is among the best must not
change because another one bought. Making a set again leaves those that are there as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics import segment_groups as groups
from holdfast.domain.expression import as_number
from holdfast.domain.money import NO_CURRENCY, exponent
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import parse
from holdfast.services.collect.segments.bought import most_bought
from holdfast.services.collect.segments.define import create, slug
from holdfast.services.collect.segments.moments import moment_of
from holdfast.store import segment_leaves, segments, trait_history

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.segments import KeptSegment

MOST_GROUPS = 12
"""So many groups of products are made at most: those that most customers bought of."""

MOST_WORDS = 8
"""So many values of a trait become groups: the most frequent."""

_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """A segment that could be made: its key, its name, its rule as JSON."""

    key: str
    title: Text
    rule: dict[str, Any]


SETS: dict[str, tuple[Text, Text]] = {
    "rfm": (
        Text("How lately and how often they buy"),
        Text("Ten groups by days since the last order and number of orders (RFM), and the big spenders."),
    ),
    "abc": (
        Text("How much they bring"),
        Text("A brings 80 % of the money, B the next 15 %, C the rest."),
    ),
    "products": (
        Text("What they bought"),
        Text("A group for each category of products, or each of the most bought products."),
    ),
    "people": (
        Text("Who they are"),
        Text("Groups by the values of what is known of them: age, place, kind of company."),
    ),
    "prospects": (
        Text("Who is no customer yet"),
        Text("Prospects, all of them and by source."),
    ),
}
"""The sets by name, with what they are and what is in them."""


def proposed(settings: Settings, name: str, now_us: int) -> list[Proposed]:
    """What the set ``name`` would be here; none where the data say nothing of the kind."""
    if name not in SETS:
        raise Refusal(
            "no_such_set",
            found=Text("No ready-made set is called {name}.", name=name[:100]),
            expected=Text("One of: {names}.", names=", ".join(SETS)),
            remedy=Text("Choose one of them; nothing was changed."),
        )
    return list(_MADE[name](settings, now_us))


def make(
    settings: Settings, name: str, say: Callable[[Text], str], *, made_by: str = "", now_us: int
) -> list[KeptSegment]:
    """Make those of the set that are not there yet; refuses (``nothing_to_make``) where there is none.

    ``say`` writes their names in the language of whoever makes them.
    """
    found = proposed(settings, name, now_us)
    if not found:
        raise Refusal(
            "nothing_to_make",
            found=Text("The data say nothing of which these groups could be made."),
            expected=Text("Customers with orders, categories, or traits."),
            remedy=Text("Import them and run the loop; nothing was changed."),
        )
    there = segments.listed(settings)
    keys, titles = {each.key for each in there}, {each.title.casefold() for each in there}
    return [
        create(
            *(settings, say(each.title), parse(each.rule)),
            made_by=made_by,
            now_us=now_us,
            key=each.key,
            ready=name,
        )
        for each in found
        if slug(each.key) not in keys and say(each.title).casefold() not in titles
    ]


def _rfm(settings: Settings, now_us: int) -> Iterator[Proposed]:
    units, orders = segment_leaves.column_of(settings, "standing", "orders")
    with_day, last_day = segment_leaves.column_of(settings, "standing", "last_day")
    bought = np.intersect1d(units[orders > 0], with_day, assume_unique=True)
    if not len(bought):
        return
    orders = orders[np.searchsorted(units, bought)]
    days = moment_of(settings, now_us).today - last_day[np.searchsorted(with_day, bought)]
    recency, frequency = groups.recency_bounds(np.maximum(days, 0)), groups.frequency_bounds(orders)
    for each in groups.RFM_GROUPS:
        conditions: list[dict[str, Any]] = [{"fact": "orders", "at_least": 1}]
        conditions += _recent(each.recency, recency)
        conditions += _often(each.frequency, frequency)
        yield Proposed(f"rfm-{each.key}", each.title, {"all": conditions})
    spent = segment_leaves.column_of(settings, "standing", "amount_minor")[1]
    top = float(np.quantile(spent[spent > 0], 0.8)) if (spent > 0).any() else 0.0
    if top > 0:
        rule = {"fact": "spent", "at_least": _major(settings, top)}
        yield Proposed("rfm-big-spenders", Text("Big spenders"), rule)


def _recent(band: tuple[int, int], most: tuple[int, ...]) -> list[dict[str, Any]]:
    """Conditions of recency; ``most`` are the most days of bands 5, 4, 3, 2."""
    lowest, highest = band
    found: list[dict[str, Any]] = []
    if lowest > 1:
        found.append({"fact": "last_order", "at_most": most[groups.BANDS - lowest]})
    if highest < groups.BANDS:
        found.append({"fact": "last_order", "above": most[groups.BANDS - highest - 1]})
    return found


def _often(band: tuple[int, int], fewest: tuple[int, ...]) -> list[dict[str, Any]]:
    """Conditions of frequency; ``fewest`` are the fewest orders of bands 2, 3, 4, 5."""
    lowest, highest = band
    found: list[dict[str, Any]] = []
    if lowest > 1:
        found.append({"fact": "orders", "at_least": fewest[lowest - 2]})
    if highest < groups.BANDS:
        found.append({"fact": "orders", "below": fewest[highest - 1]})
    return found


def _abc(settings: Settings, now_us: int) -> Iterator[Proposed]:
    bounds = groups.value_bounds(segment_leaves.column_of(settings, "standing", "amount_minor")[1])
    if bounds is None:
        return
    a, b = (_major(settings, each) for each in bounds)
    yield Proposed("abc-a", Text("A: bring most of the money"), {"fact": "spent", "at_least": a})
    if b < a:
        between = {"all": [{"fact": "spent", "at_least": b}, {"fact": "spent", "below": a}]}
        yield Proposed("abc-b", Text("B: bring some of it"), between)
    rest = {"all": [{"fact": "orders", "at_least": 1}, {"fact": "spent", "below": min(a, b)}]}
    yield Proposed("abc-c", Text("C: bring the rest"), rest)


def _products(settings: Settings, now_us: int) -> Iterator[Proposed]:
    event, option, names = most_bought(settings, MOST_GROUPS, now_us)
    for name, shown in names:
        title = Text("Bought: {what}", what=shown)
        yield Proposed(f"bought-{name}", title, {"event": event, option: [name], "at_least": 1})


def _people(settings: Settings, now_us: int) -> Iterator[Proposed]:
    from holdfast.services.foresee.traits import choose_traits

    for chosen in choose_traits(settings):
        values = [
            each for each in trait_history.trait_sample(settings, chosen.name, most=_SAMPLE) if each.strip()
        ]
        if chosen.words:
            yield from _words(chosen.name, values)
        else:
            yield from _numbers(chosen.name, values)


def _words(trait: str, values: list[str]) -> Iterator[Proposed]:
    different, counts = np.unique(np.array(values), return_counts=True)
    for place in np.argsort(-counts, kind="stable")[:MOST_WORDS].tolist():
        value = str(different[place])
        title = Text("{trait}: {value}", trait=_plain(trait), value=value)
        yield Proposed(f"{trait}-{value}", title, {"trait": trait, "is": value})


def _numbers(trait: str, values: list[str]) -> Iterator[Proposed]:
    numbers = np.array([number for each in values if (number := as_number(each)) is not None])
    cuts = groups.number_bands(numbers) if len(numbers) else ()
    ends = (None, *cuts, None)
    for low, high in pairwise(ends):
        if low is None and high is None:
            return
        name = _plain(trait)
        rule: dict[str, Any]
        if low is None:
            title, rule = Text("{trait} below {high}", trait=name, high=high), {"trait": trait, "below": high}
        elif high is None:
            title, rule = Text("{trait} from {low}", trait=name, low=low), {"trait": trait, "at_least": low}
        else:
            title = Text("{trait} from {low} to {high}", trait=name, low=low, high=high)
            rule = {"all": [{"trait": trait, "at_least": low}, {"trait": trait, "below": high}]}
        yield Proposed(f"{trait}-{low}-{high}", title, rule)


def _prospects(settings: Settings, now_us: int) -> Iterator[Proposed]:
    prospects = segment_leaves.with_words(settings, "standing", "kind", ["prospect"])
    if not len(prospects):
        return
    everyone: dict[str, Any] = {"fact": "kind", "is": "prospect"}
    yield Proposed("prospects", Text("Prospects"), everyone)
    sources = segment_leaves.words_of(settings, "source")
    different, counts = np.unique(
        np.array([sources[unit] for unit in prospects.tolist() if unit in sources]), return_counts=True
    )
    for place in np.argsort(-counts, kind="stable")[:MOST_WORDS].tolist():
        source = str(different[place])
        rule = {"all": [everyone, {"fact": "source", "is": source}]}
        yield Proposed(f"prospects-{source}", Text("Prospects from {source}", source=_plain(source)), rule)


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _major(settings: Settings, minor: float) -> float:
    digits = exponent(settings.currency or NO_CURRENCY)
    return round(float(minor / 10**digits), digits)


_MADE: dict[str, Callable[[Settings, int], Iterator[Proposed]]] = {
    "rfm": _rfm,
    "abc": _abc,
    "products": _products,
    "people": _people,
    "prospects": _prospects,
}
