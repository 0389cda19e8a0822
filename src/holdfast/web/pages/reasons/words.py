"""Reasons and their grades in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from holdfast.analytics.reason import WINDOW_DAYS
from holdfast.analytics.reason_grading import FEWEST, GRADES, LOSSES, Difference, Grade, Tally, Trend
from holdfast.domain.origins import ORIGINS
from holdfast.domain.texts import Days, Share, Text
from holdfast.language import Reader
from holdfast.services.understand.graded import MeasureRow, ReasonRow, counted
from holdfast.services.warn.catalogue import delivered as signals
from holdfast.store.reason_bounds import Bounds
from holdfast.store.reason_grades import Behind
from holdfast.web.pages.at_risk.words import whole_money

TRENDS: dict[Trend, Text] = {
    "better": Text("less than before"),
    "worse": Text("more than before"),
    "unclear": Text("as before, as far as can be said"),
}
BADGES: dict[Grade, str] = {"good": "good", "weak": "weak", "bad": "bad"}
"""How a grade looks; the word always stands in it."""


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """One measure: what it says now and before, its bounds, who left after it, and what would supply it."""

    title: str
    formula: str
    grade: str
    badge: str
    unsure: str
    share: str
    counted: str
    likely: str
    before: str
    trend: str
    trend_kind: str
    bounds: str
    ours: str
    name: str
    weak: str
    bad: str
    after: str
    missing: bool
    needs: tuple[str, ...]
    events: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownReason:
    """One reason: its grade by the measure that decides, all measures, and the customers and money behind."""

    key: str
    url: str
    title: str
    meaning: str
    origin: str
    grade: str
    badge: str
    decided: ShownMeasure | None
    measures: tuple[ShownMeasure, ...]
    missing: tuple[ShownMeasure, ...]
    customers: str
    money: str
    behind: str
    losses: str
    first: str
    sources: tuple[tuple[str, str], ...]
    signals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """A customer behind a reason: what happened, and what they bring in a year."""

    name: str
    url: str
    what: str
    money: str


def sentence(rows: list[ReasonRow], reader: Reader) -> Markup:
    """How many reasons are bad, and with which to begin."""
    found = counted(rows)
    bad, weak, good = (found[grade] for grade in ("bad", "weak", "good"))
    said = Text(
        "Of {all} reasons why customers leave, you are bad at {bad}, weak at {weak} and good at {good}.",
        all=len(rows),
        bad=bad,
        weak=weak,
        good=good,
    )
    if unclear := len(rows) - bad - weak - good:
        said = Text(
            "Of {all} reasons why customers leave, you are bad at {bad}, weak at {weak} and good at {good}; "
            "of {unclear} nothing can be said yet.",
            **said.values,
            unclear=unclear,
        )
    told = reader.say_html(said, strong=("bad",))
    first = rows[0]
    if first.grade not in ("bad", "weak"):
        return told
    begin = Text(
        "Begin with: {reason} ({n} customer, who brings {money} a year).",
        "Begin with: {reason} ({n} customers, who bring {money} a year).",
        reason=first.reason.title,
        n=first.customers,
        money=whole_money(first.money_minor, first.currency, reader),
    )
    return told + " " + reader.say_html(begin, strong=("reason",)) + " " + _losses(first, reader)


def as_of(row: ReasonRow, reader: Reader) -> str:
    """Over which days the measures look."""
    return reader.say(
        Text(
            "The {days} before {day}, each customer once. A grade needs {fewest} customers whom the measure "
            "concerns; intervals are 95 %. Where the bounds between good, weak and bad lie is judgement, "
            "ours or yours where you set them, not that of a study.",
            days=Days(WINDOW_DAYS),
            day=row.day,
            fewest=FEWEST,
        )
    )


def shown(row: ReasonRow, reader: Reader) -> ShownReason:
    """A reason as pages show it."""
    reason = row.reason
    measures = {id(each): measure(each, reader) for each in row.measures}
    known = signals()
    return ShownReason(
        key=reason.name,
        url=reverse("reason", args=[reason.name]),
        title=reader.say(reason.title),
        meaning=reader.say(reason.meaning),
        origin=reader.say(ORIGINS[reason.origin]),
        grade=reader.say(GRADES[row.grade]),
        badge=BADGES.get(row.grade, ""),
        decided=None if row.decided_by is None else measures[id(row.decided_by)],
        measures=tuple(measures[id(each)] for each in row.measures if not each.graded.missing),
        missing=tuple(measures[id(each)] for each in row.missing),
        customers=reader.number(row.customers),
        money=whole_money(row.money_minor, row.currency, reader),
        behind=_behind(row, reader),
        losses=_losses(row, reader),
        first=reader.say(reason.first),
        sources=tuple((each.language, each.words) for each in reason.sources),
        signals=tuple(
            (reader.say(known[name].title), reverse("signal", args=[name]))
            for name in reason.signals
            if name in known
        ),
    )


def measure(row: MeasureRow, reader: Reader) -> ShownMeasure:
    """One measure as pages show it."""
    graded = row.graded
    change = graded.change
    return ShownMeasure(
        title=reader.say(row.title),
        formula=reader.say(row.formula),
        grade=reader.say(GRADES[graded.grade]),
        badge=BADGES.get(graded.grade, ""),
        unsure=_unsure(graded.may_also_be, reader),
        share=_share(graded.now, reader) if graded.now.enough else "",
        counted=_counted(graded.now, row, reader),
        likely=_likely(graded.now, reader) if graded.now.enough else "",
        before=_share(graded.before, reader) if graded.before and graded.before.enough else "",
        trend="" if change is None or graded.trend is None else _trend(graded.trend, change, reader),
        trend_kind=graded.trend or "",
        bounds=_bounds(graded.weak_from, graded.bad_from, reader),
        ours="" if row.ours is None else _ours(row.ours, reader) if row.set_by_people else "",
        name=graded.name,
        weak=_typed(graded.weak_from),
        bad=_typed(graded.bad_from),
        after=_after(row, reader),
        missing=graded.missing,
        needs=tuple(reader.say(each) for each in row.need.words),
        events=row.need.events,
        files=row.need.files,
    )


def person(behind: Behind, row: ReasonRow, name: str, reader: Reader) -> ShownPerson:
    """A customer behind a reason."""
    titles = {each.graded.name: each.title for each in row.measures}
    return ShownPerson(
        name=name,
        url=reverse("customer", args=[behind.unit_id]),
        what="; ".join(reader.say(titles[each]) for each in behind.measures if each in titles),
        money=whole_money(behind.yearly_minor, row.currency, reader),
    )


def _behind(row: ReasonRow, reader: Reader) -> str:
    return reader.say(
        Text(
            "It happened to {n} customer in 12 weeks, who brings {money} a year.",
            "It happened to {n} customers in 12 weeks, who bring {money} a year.",
            n=row.customers,
            money=whole_money(row.money_minor, row.currency, reader),
        )
    )


def _losses(row: ReasonRow, reader: Reader) -> str:
    if not row.losses:
        return ""
    return reader.say(
        Text(
            "{n} customer left for it, and {money} a year with them.",
            "{n} customers left for it, and {money} a year with them.",
            n=row.losses,
            money=whole_money(row.losses_money_minor, row.currency, reader),
        )
    )


def _unsure(grades: tuple[Grade, ...], reader: Reader) -> str:
    if not grades:
        return ""
    if len(grades) == 1:
        return reader.say(Text("may also be {grade}", grade=GRADES[grades[0]]))
    grade, other = (GRADES[each] for each in grades)
    return reader.say(Text("may also be {grade} or {other}", grade=grade, other=other))


def _share(tally: Tally, reader: Reader) -> str:
    return "" if tally.share is None else reader.share(tally.share)


def _bound(share: float) -> Share:
    return Share(share, 0 if round(100 * share, 6).is_integer() else 1)


def _bounds(weak: float, bad: float, reader: Reader) -> str:
    return reader.say(Text("weak from {weak}, bad from {bad}", weak=_bound(weak), bad=_bound(bad)))


def _ours(bounds: Bounds, reader: Reader) -> str:
    said = Text(
        "weak from {weak}, bad from {bad}", weak=_bound(bounds.weak_from), bad=_bound(bounds.bad_from)
    )
    return reader.say(Text("set by you; ours: {bounds}", bounds=said))


def _typed(share: float) -> str:
    """A bound as a field shows it, in per cent."""
    return f"{100 * share:.6g}"


def _counted(tally: Tally, row: MeasureRow, reader: Reader) -> str:
    if row.graded.missing:
        return ""
    if row.graded.name == LOSSES:
        return reader.say(Text("{n} of {all} losses", "{n} of {all} losses", n=tally.hits, all=tally.of))
    return reader.say(Text("{n} of {all} customers", "{n} of {all} customers", n=tally.hits, all=tally.of))


def _likely(tally: Tally, reader: Reader) -> str:
    low, high = tally.interval
    return reader.say(Text("{low} to {high}", low=Share(low), high=Share(high)))


def _points(value: float, reader: Reader) -> str:
    return reader.signed(round(100 * value, 1), 1)


def _trend(trend: Trend, change: Difference, reader: Reader) -> str:
    return reader.say(
        Text(
            "{trend}: {points} points ({low} to {high})",
            trend=TRENDS[trend],
            points=_points(change.value, reader),
            low=_points(change.low, reader),
            high=_points(change.high, reader),
        )
    )


def _after(row: MeasureRow, reader: Reader) -> str:
    """Whether those to whom it happened left more often."""
    graded = row.graded
    difference = graded.leave_more
    if difference is None or graded.left_with is None or graded.left_without is None:
        return ""
    told = Text(
        "{with_it} of them left within {days}, of the others {without} (difference {low} to {high} points)",
        with_it=Share(graded.left_with.share or 0.0),
        without=Share(graded.left_without.share or 0.0),
        days=Days(WINDOW_DAYS),
        low=_points(difference.low, reader),
        high=_points(difference.high, reader),
    )
    return reader.say(told)
