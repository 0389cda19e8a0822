"""Customers at risk in the reader's words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee.health import scale_of
from holdfast.services.foresee.reading import AtRisk, Consequence, Criteria, Driver, RiskRow, Sort
from holdfast.settings import Settings
from holdfast.web.figures import country_name
from holdfast.web.lists import Head
from holdfast.web.pages.at_risk.asked import SORTS, Asked
from holdfast.web.pages.customers.words import state_words

DRIVERS_SHOWN = 2
"""Drivers named in a row; the rest is counted."""

BANDS: dict[int, Text] = {
    1: Text("calm"),
    2: Text("watch"),
    3: Text("high"),
    4: Text("urgent"),
}
HEADS: dict[Sort, Text] = {
    "name": Text("Customer"),
    "value_at_risk": Text("Value at risk"),
    "risk": Text("Risk"),
}
SORTED_BY: dict[Sort, Text] = {
    "name": Text("by name"),
    "value_at_risk": Text("by value at risk"),
    "risk": Text("by risk"),
}


@dataclass(frozen=True, slots=True)
class ShownRisk:
    """A probability as a number, a length of 100 with a notch at the team's threshold, and a word."""

    share: str
    width: str
    mark: str
    band: int
    word: str


@dataclass(frozen=True, slots=True)
class ShownDriver:
    """What raises ("up") or lowers ("down") the risk."""

    words: str
    sign: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One customer at risk as it is written."""

    url: str
    name: str
    sub: str
    value: str
    risk: ShownRisk
    health: str
    change: str
    drivers: tuple[ShownDriver, ...]
    more: str
    likely: str


def shown_row(row: RiskRow, criteria: Criteria, reader: Reader) -> ShownRow:
    """One customer in a row."""
    more = len(row.drivers) - DRIVERS_SHOWN
    return ShownRow(
        url=reverse("customer", args=[row.unit_id]),
        name=row.name or reader.say(Text("Customer {id}", id=str(row.unit_id))),
        sub=" · ".join(
            part for part in (country_name(row.country, reader.code), state_words(row.state, reader)) if part
        ),
        value=money_at_risk(row, reader),
        risk=shown_risk(row.risk, criteria, reader),
        health=health_words(row.risk, criteria, reader),
        change=change_words(row.change, reader),
        drivers=tuple(shown_driver(driver, reader) for driver in raising_first(row.drivers)[:DRIVERS_SHOWN]),
        more=f"+{reader.number(more)}" if more > 0 else "",
        likely=likely_words(row, reader),
    )


def money_at_risk(row: RiskRow, reader: Reader) -> str:
    """What is expected to go with a customer, in whole units: it is an estimate."""
    return whole_money(row.value_at_risk_minor, row.currency, reader)


def whole_money(minor: int, currency: str, reader: Reader) -> str:
    """An estimated amount without its cents."""
    return reader.money(Money(minor, currency or NO_CURRENCY), 0)


def shown_risk(risk: float, criteria: Criteria, reader: Reader) -> ShownRisk:
    """A probability with its band."""
    band = band_of(risk, criteria)
    return ShownRisk(
        share=risk_share(risk, reader),
        width=f"{100 * risk:.1f}",
        mark=f"{min(98.5, max(0.0, 100 * criteria.act_from - 0.75)):.2f}",
        band=band,
        word=reader.say(BANDS[band]),
    )


def risk_share(risk: float, reader: Reader) -> str:
    """A probability in whole per cent; near the ends with a digit, and never a bare 0 or 100."""
    if 0.01 <= risk <= 0.99:
        return reader.share(risk, 0)
    return reader.share(min(0.999, max(0.001, risk)), 1)


def band_of(risk: float, criteria: Criteria) -> int:
    """1 calm, 2 watch (from where the team watches), 3 high (half-way to acting), 4 urgent (to act on)."""
    if risk >= criteria.act_from:
        return 4
    if risk >= (criteria.act_from + criteria.watch_from) / 2:
        return 3
    return 2 if risk >= criteria.watch_from else 1


def raising_first(drivers: Sequence[Driver]) -> list[Driver]:
    """What raises the risk, then what lowers it, each the strongest first."""
    return sorted(drivers, key=lambda driver: (driver.effect <= 0, -abs(driver.effect)))


def shown_driver(driver: Driver, reader: Reader) -> ShownDriver:
    """A driver as a sentence with its direction."""
    return ShownDriver(reader.say(driver.words), "up" if driver.effect > 0 else "down")


def health_words(risk: float, criteria: Criteria, reader: Reader) -> str:
    """The risk as a health of 0 to 100."""
    return reader.say(Text("health {n}", n=reader.number(round(scale_of(criteria).health(risk)))))


def change_words(change: float | None, reader: Reader) -> str:
    """What changed since a week ago; "" below half a point and where there was no risk a week ago."""
    if change is None or not (points := round(100 * change)):
        return ""
    said = Text(
        "{points} point in a week", "{points} points in a week", points=reader.signed(points), n=abs(points)
    )
    return reader.say(said)


def likely_words(row: RiskRow, reader: Reader) -> str:
    """When leaving is most likely, in weeks from the day of the scoring."""
    if row.likely_from is None or row.likely_to is None:
        return reader.gettext("not clear yet")
    first = max(0, (row.likely_from - row.as_of).days) // 7
    last = max(1, math.ceil((row.likely_to - row.as_of).days / 7))
    if first == 0:
        return reader.say(Text("within {n} week", "within {n} weeks", n=last))
    return reader.say(Text("in {first} to {n} week", "in {first} to {n} weeks", first=first, n=last))


def sentence(everyone: Consequence, horizon_days: int, workspace: Settings, reader: Reader) -> Markup:
    """How many are expected to leave, and what goes with them."""
    money = Money(everyone.value_at_risk_minor, workspace.currency or NO_CURRENCY)
    return reader.say_html(
        Text(
            "Of {everyone}, about {leaving} will leave within {days} days and take about {money} with them.",
            everyone=Text("{n} customer", "{n} customers", n=everyone.customers),
            leaving=round(everyone.expected_right),
            days=horizon_days,
            money=Money(round_minor(money), money.currency),
        ),
        strong=("leaving", "money"),
    )


def round_minor(money: Money) -> int:
    """The amount to two figures that count: it is an estimate."""
    if not money.minor:
        return 0
    step = 10 ** max(0, len(str(abs(money.minor))) - 2)
    return int(round(money.minor / step) * step)


def to_act_on(acting: Consequence, reader: Reader) -> tuple[str, str]:
    """From where on the team acts, and what that means."""
    strong = Text("Your team acts from {share}.", share=Share(acting.threshold, 0))
    words = Text(
        "That is {n} customer. About {right} of them would really leave; acting on all takes {hours} hours.",
        "That is {n} customers. About {right} of them would really leave; acting on all takes {hours} hours.",
        n=acting.customers,
        right=round(acting.expected_right),
        hours=round(acting.hours),
    )
    return reader.say(strong), reader.say(words)


def heads(asked: Asked, horizon_days: int, reader: Reader) -> dict[str, Head]:
    """The columns that sort, each with the address that sorts by it."""
    words = {sort: reader.say(HEADS[sort]) for sort in SORTS}
    within = Text("Risk in {n} day", "Risk in {n} days", n=horizon_days)
    words["risk"] = reader.say(within)
    return {
        sort: Head(
            words[sort],
            address(asked.sorted_by(sort)),
            ("ascending" if sort == "name" else "descending") if sort == asked.sort else "",
            sort == "value_at_risk",
        )
        for sort in SORTS
    }


def shown_so_far(page: AtRisk, rows: Sequence[object], asked: Asked, reader: Reader) -> str:
    """What of the list stands on the page, and as of when."""
    shown = Text(
        "{shown} of {n} customer, {sorted}.",
        "{shown} of {n} customers, {sorted}.",
        shown=len(rows),
        n=page.total,
        sorted=SORTED_BY[asked.sort],
    )
    if page.as_of is None:
        return reader.say(shown)
    return f"{reader.say(shown)} {reader.say(Text('As of {day}.', day=page.as_of))}"


def address(asked: Asked) -> str:
    """Where a list is found."""
    return reverse("at_risk") + asked.query()
