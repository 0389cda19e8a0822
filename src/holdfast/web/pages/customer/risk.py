"""How likely one customer leaves, why, when, and what goes with them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from holdfast.domain.period import date_of, day_number
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee import reading
from holdfast.services.foresee.reading import Criteria, CustomerRisk, Driver, RiskRow
from holdfast.web.charts import history
from holdfast.web.charts.canvas import Chart, Picture, Size
from holdfast.web.pages.at_risk.words import (
    ShownRisk,
    change_words,
    likely_words,
    money_at_risk,
    risk_share,
    shown_risk,
    whole_money,
)
from holdfast.web.pages.customer.health import HealthCard, health_card
from holdfast.web.workspace import present

if TYPE_CHECKING:
    from holdfast.settings import Settings

EFFECTS_SHOWN = 8
"""Drivers with a bar of their own; the rest is one bar."""

HISTORY_DAYS = 364


@dataclass(frozen=True, slots=True)
class Effect:
    """What a driver adds in points of risk, with a length of 100; ``sign`` is "up" or "down"."""

    words: str
    points: str
    width: str
    sign: str


@dataclass(frozen=True, slots=True)
class RiskCard:
    """The risk at the head of a customer's page; without one ``reason`` says why."""

    reason: str
    name: str = ""
    risk: ShownRisk | None = None
    change: str = ""
    value: str = ""
    value_below: str = ""
    likely: str = ""
    likely_below: str = ""
    times: str = ""
    times_below: str = ""
    effects: tuple[Effect, ...] = ()
    effects_note: str = ""
    chart: Chart | None = None
    health: HealthCard | None = None


def risk_card(workspace: Settings, unit_id: int, reader: Reader, criteria: Criteria) -> RiskCard:
    """What the loop has said of one customer."""
    found = reading.customer_risk(workspace, unit_id)
    if found.latest is None:
        return RiskCard(reason=reader.say(found.reason) if found.reason else "")
    found, latest = _until(present(workspace).astimezone(workspace.zone).date(), found, found.latest)
    card = shown_card(found, latest, criteria, workspace.risk.horizon_days, reader)
    return replace(card, health=health_card(found, criteria, reader))


def _until(today: date, found: CustomerRisk, latest: RiskRow) -> tuple[CustomerRisk, RiskRow]:
    """What is known at the end of today was asked as of tomorrow's beginning; a reader calls it today's."""
    told = {min(day, today): risk for day, risk in sorted(found.history)}
    latest = replace(latest, as_of=min(latest.as_of, today))
    return replace(found, latest=latest, history=tuple(told.items())), latest


def shown_card(
    found: CustomerRisk, latest: RiskRow, criteria: Criteria, horizon_days: int, reader: Reader
) -> RiskCard:
    """The card in the reader's words."""
    risk = risk_share(latest.risk, reader)
    value = whole_money(latest.value_minor, latest.currency, reader)
    times = Text("{times}×", times=round(latest.risk / found.base_risk, 1)) if found.base_risk else None
    average = Text("the average customer: {risk}", risk=risk_share(found.base_risk, reader))
    within = Text("Risk to leave within {n} day", "Risk to leave within {n} days", n=horizon_days)
    return RiskCard(
        reason="",
        name=reader.say(within),
        risk=shown_risk(latest.risk, criteria, reader),
        change=change_words(latest.change, reader) or reader.say(Text("as of {day}", day=latest.as_of)),
        value=money_at_risk(latest, reader),
        value_below=reader.say(Text("of the {money} they may still bring", money=value)),
        likely=likely_words(latest, reader),
        likely_below=_span(latest, reader),
        times=reader.say(times) if times else "",
        times_below=reader.say(average) if times else "",
        effects=effects(found.drivers, latest.risk, found.base_risk, reader),
        effects_note=reader.say(
            Text(
                "Points of risk against the average customer ({base}); together they make {risk}.",
                base=risk_share(found.base_risk, reader),
                risk=risk,
            )
        ),
        chart=history_chart(found, criteria, reader),
    )


def _span(row: RiskRow, reader: Reader) -> str:
    if row.likely_from is None or row.likely_to is None:
        return ""
    return reader.span(row.likely_from, row.likely_to)


def effects(drivers: tuple[Driver, ...], risk: float, base_risk: float, reader: Reader) -> tuple[Effect, ...]:
    """Drivers in points of risk, those that raise it first, each group by size.

    Drivers add up in log-odds; each gets its part of the way from the average customer's risk to
    this one's in proportion to that, so that the points add up as well, in no order of their own.
    """
    way = points_per_log_odds(risk, base_risk)
    by_size = sorted(drivers, key=lambda driver: -abs(driver.effect))
    shown = [(reader.say(driver.words), way * driver.effect) for driver in by_size[:EFFECTS_SHOWN]]
    rest = risk - base_risk - sum(points for _, points in shown)
    if base_risk and abs(rest) >= 0.005:
        shown.append((reader.gettext("Everything else together"), rest))
    most = max((abs(points) for _, points in shown), default=0.0) or 1.0
    ordered = sorted(shown, key=lambda each: (each[1] <= 0, -abs(each[1])))
    return tuple(_effect(words, points, most, reader) for words, points in ordered)


def points_per_log_odds(risk: float, base_risk: float) -> float:
    """How much risk one unit of log-odds stands for between two risks (the slope of the secant)."""
    low, high = (min(1 - 1e-9, max(1e-9, share)) for share in (base_risk or risk, risk))
    difference = _log_odds(high) - _log_odds(low)
    return (high - low) / difference if abs(difference) > 1e-6 else high * (1 - high)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def _effect(words: str, points: float, most: float, reader: Reader) -> Effect:
    hundredth = 100 * points
    rounded = round(hundredth) if abs(hundredth) >= 1 else round(hundredth, 1)
    said = Text("{points} point", "{points} points", points=reader.signed(rounded), n=abs(rounded))
    return Effect(words, reader.say(said), f"{100 * abs(points) / most:.1f}", "up" if points > 0 else "down")


def history_chart(found: CustomerRisk, criteria: Criteria, reader: Reader) -> Chart | None:
    """The risk over the last year; ``None`` before there are two days to compare.

    What is kept are the days on which it had changed; the day of the last scoring ends the line.
    """
    if found.latest is None:
        return None
    told = dict(found.history) | {found.latest.as_of: found.latest.risk}
    first = day_number(found.latest.as_of) - HISTORY_DAYS
    scored = [
        history.Scored(day_number(day), risk)
        for day, risk in sorted(told.items())
        if day_number(day) >= first
    ]
    words = history.HistoryWords(
        finding=_finding(scored, reader),
        threshold=reader.say(Text("act from {share}", share=Share(criteria.act_from, 0))),
        say_day=lambda day: reader.day(date_of(day), year=False, short=True),
        say_share=reader.share,
    )
    wide, narrow = (
        history.risk_history(
            scored, criteria.act_from, size, words, mirrored=reader.language.direction == "rtl"
        )
        for size in (Size(664, 220, "when-wide"), Size(358, 210, "when-narrow"))
    )
    if not wide:
        return None
    return Chart(
        Picture(wide, narrow),
        "",
        (reader.gettext("Day"), reader.gettext("Risk")),
        tuple((reader.day(date_of(each.day)), risk_share(each.share, reader)) for each in reversed(scored)),
    )


def _finding(scored: list[history.Scored], reader: Reader) -> str:
    return reader.say(
        Text(
            "Risk over time: {first} on {begin}, {last} on {end}",
            first=Share(scored[0].share, 0),
            begin=date_of(scored[0].day),
            last=Share(scored[-1].share, 0),
            end=date_of(scored[-1].day),
        )
    )
