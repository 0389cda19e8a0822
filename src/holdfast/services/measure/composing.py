"""The overview put together from saved figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

from holdfast.analytics.intervals import more_than_chance
from holdfast.domain.figures import Figure
from holdfast.domain.money import Money
from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.services.measure.key_figures import key_figures
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
    Recount,
    Stat,
)
from holdfast.services.measure.remarks import cohort_remark, curve_remark, place_remark

if TYPE_CHECKING:
    from holdfast.settings import Settings

PERIODS_SHOWN = 13
"""A year and the same period of the year before."""

_FEWEST_COHORTS = 3

_NOTHING = Text("Nothing has been measured yet: import the company's files and run the loop.")

Key = tuple[str, str, str | None]
"""Metric, definition, group."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was read for one period. ``chosen`` and ``history`` are figures by metric, definition and
    group; ``churn`` those of all periods shown, oldest first; ``before`` those of the period before;
    ``again`` what those of ``chosen`` are by now that came out differently.
    """

    period: Period
    periods: tuple[Period, ...]
    as_of: date
    chosen: Mapping[Key, Figure]
    before: Mapping[Key, Figure]
    history: Mapping[Key, Figure]
    churn: Sequence[Figure]
    alert: Alert | None
    again: Mapping[Key, Recount]


def nothing_yet() -> Overview:
    """The overview before the first run."""
    return Overview(
        None, (), None, _NOTHING, (), None, (), (), None, (), (), None, (), None, (), (), nothing=_NOTHING
    )


def read_saved(settings: Settings, kind: str, start: date | None) -> Saved | None:
    """Everything the overview needs, in six statements; ``None`` where no period is over yet."""
    from holdfast.store import figures as store

    run = store.last_run(settings)
    if run is None:
        return None
    periods = tuple(each for each in store.periods(settings, kind) if each.end <= run.as_of)
    if not periods:
        return None
    at = next((at for at, each in enumerate(periods) if each.start == start), 0)
    shown = periods[at : at + PERIODS_SHOWN]
    before = shown[1] if len(shown) > 1 else shown[0]
    near = store.read_figures(settings, kind, from_day=before.start, to_day=shown[0].end)
    churn = store.read_figures(
        settings, kind, metrics=("churn_rate",), from_day=shown[-1].start, to_day=shown[0].end
    )
    history = store.read_figures(
        settings,
        "history",
        metrics=(
            "cohorts",
            "lifetime_curve",
            "lifetime_value",
            "value_to_cost",
            "acquisition_cost",
            "never_customers",
        ),
    )
    return Saved(
        period=shown[0],
        periods=periods,
        as_of=run.as_of,
        chosen=_by_key(each.figure for each in near if each.figure.period == shown[0]),
        before=_by_key(each.figure for each in near if each.figure.period == before != shown[0]),
        history=_by_key(each.figure for each in history),
        churn=[each.figure for each in churn if _is_rate(each.figure)],
        alert=_alert(store.alerts(settings), shown[0]),
        again={
            _key(each.figure): Recount(each.recomputed, each.why)
            for each in near
            if each.recomputed is not None and each.figure.period == shown[0]
        },
    )


def compose(saved: Saved) -> Overview:
    """The overview of what was read."""
    sentence, emphasis = _sentence(saved)
    cohorts = _cohorts(saved.history)
    curves = _curves(saved.history)
    return Overview(
        period=saved.period,
        periods=saved.periods,
        as_of=saved.as_of,
        sentence=sentence,
        emphasis=emphasis,
        alert=saved.alert,
        stats=tuple(_with_recounts(saved)),
        churn=tuple(_rate_point(figure) for figure in saved.churn),
        usual=_usual(saved.churn),
        ledger=tuple(_ledger(saved)),
        cohorts=cohorts,
        cohort_remark=cohort_remark(cohorts),
        curves=curves,
        curve_remark=curve_remark(curves),
        places=tuple(_places(saved.chosen)),
        definitions=tuple(_definitions(saved)),
        counted_again=tuple(dict.fromkeys(why for each in saved.again.values() for why in each.why)),
    )


def _by_key(figures: Iterable[Figure]) -> dict[Key, Figure]:
    return {_key(each): each for each in figures}


def _key(figure: Figure) -> Key:
    return figure.metric, figure.definition, figure.group


def _with_recounts(saved: Saved) -> Iterable[Stat]:
    """The key figures; figures of all history have no other count, for they are replaced."""
    for stat in key_figures(saved.chosen, saved.before, saved.history):
        of_period = stat.figure.period == saved.period
        yield replace(stat, again=saved.again.get(_key(stat.figure)) if of_period else None)


def _is_rate(figure: Figure) -> bool:
    return figure.definition == "lost_of_start" and figure.group is None


def _alert(alerts: Sequence[Any], period: Period) -> Alert | None:
    """The alert that was raised for the period shown."""
    for each in alerts:
        if each.period == period:
            return Alert(each.code, each.strong, each.words, each.since)
    return None


def _sentence(saved: Saved) -> tuple[Text, tuple[str, ...]]:
    people = saved.chosen.get(("ledger", "people", None))
    money = saved.chosen.get(("money_lost", "actual", None))
    if people is None:
        return Text("In {period} nothing was counted.", period=saved.period), ()
    lost, won, back = (_count(people.terms.get(line)) for line in ("left", "new", "won_back"))
    values: dict[str, object] = {"period": saved.period, "won": won, "back": back}
    if not lost:
        return Text("In {period} nobody left. You won {won}, and {back} came back.", **values), ()
    values["left"] = Text("{n} customer left", "{n} customers left", n=lost)
    if money is None or money.value is None or not money.value:
        return Text("In {period} {left}. You won {won}, and {back} came back.", **values), ("left",)
    values["money"] = _money(money)
    return (
        Text(
            "In {period} {left}, and {money} a year went with them. You won {won}, and {back} came back.",
            **values,
        ),
        ("left", "money"),
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _money(figure: Figure) -> Money:
    return Money.of(str(figure.value), figure.unit)


def _rate_point(figure: Figure) -> RatePoint:
    value, low, high = (
        None if each is None else float(each) for each in (figure.value, figure.low, figure.high)
    )
    return RatePoint(figure.period, value, low, high, figure.reason)


def _usual(churn: Sequence[Figure]) -> float | None:
    """The median of the periods before the one shown: what is usual."""
    known = [float(figure.value) for figure in churn[:-1] if figure.value is not None]
    return median(known) if len(known) >= _FEWEST_COHORTS else None


_LEDGER = (
    ("", "start", "opening", Text("At the start")),
    ("+", "new", "new", Text("New")),
    ("+", "won_back", "won_back", Text("Came back")),
    ("+", "more", "more", Text("Bought more")),
    ("-", "less", "less", Text("Bought less")),
    ("-", "left", "left", Text("Left")),
    ("=", "end", "closing", Text("At the end")),
)


def _ledger(saved: Saved) -> Iterable[LedgerLine]:
    (people, people_now), (money, money_now) = (_ledger_in(saved, name) for name in ("people", "money"))
    if people is None or money is None:
        return
    for op, term, code, name in _LEDGER:
        heads, amount = _heads(people, term), _amount(money, term)
        heads_now = _heads(people_now, term) if people_now else heads
        amount_now = _amount(money_now, term) if money_now else amount
        yield LedgerLine(
            op,
            code,
            name,
            heads,
            amount,
            None if heads_now == heads else heads_now,
            None if amount_now == amount else amount_now,
        )


def _ledger_in(saved: Saved, definition: str) -> tuple[Figure | None, Figure | None]:
    """The ledger as published and, where it differs, as counted again."""
    key = ("ledger", definition, None)
    again = saved.again.get(key)
    return saved.chosen.get(key), again.now if again else None


def _heads(people: Figure, term: str) -> int | None:
    heads = people.terms.get(term)
    return heads if isinstance(heads, int) else None


def _amount(money: Figure, term: str) -> Money:
    return Money.of(str(money.terms[term]), money.unit)


def _cohorts(history: Mapping[Key, Figure]) -> tuple[CohortLine, ...]:
    figure = history.get(("cohorts", "", None))
    rows: Sequence[Mapping[str, Any]] = figure.rows if figure is not None else ()
    return tuple(
        CohortLine(Period(row["start"], row["end"], "month"), int(row["size"]), tuple(row["shares"]))
        for row in rows
    )


_CURVES = (
    ("kind=contract", "contract", Text("Subscription")),
    ("kind=shop", "shop", Text("Shop")),
    (None, "all", Text("All customers")),
)


def _curves(history: Mapping[Key, Figure]) -> tuple[Curve, ...]:
    """By kind where there are both, else of all."""
    found: list[Curve] = []
    for group, name, title in _CURVES:
        figure = history.get(("lifetime_curve", "", group))
        if figure is not None and figure.rows and not (group is None and found):
            points = tuple(CurvePoint(**row) for row in figure.rows)  # type: ignore[arg-type]
            found.append(Curve(name, title, points, None if figure.value is None else float(figure.value)))
    return tuple(found)


def _places(chosen: Mapping[Key, Figure]) -> Iterable[Place]:
    whole = chosen.get(("churn_rate", "lost_of_start", None))
    if whole is None or whole.value is None:
        return
    lost, start = _count(whole.terms.get("lost")), _count(whole.terms.get("start"))
    for trait in ("country", "source"):
        figures = [
            figure
            for (metric, definition, group), figure in chosen.items()
            if metric == "churn_rate"
            and definition == "lost_of_start"
            and (group or "").startswith(f"{trait}=")
        ]
        groups = [_group(figure, lost, start, len(figures)) for figure in figures if figure.value is not None]
        if groups:
            groups.sort(key=lambda group: -group.value)
            yield Place(trait, float(whole.value), tuple(groups), place_remark(groups))


def _group(figure: Figure, lost: int, start: int, groups: int) -> GroupRate:
    """One group against all others; the more groups are looked at, the more it takes to stand out."""
    own_lost, own_start = _count(figure.terms.get("lost")), _count(figure.terms.get("start"))
    others_lost, others_start = lost - own_lost, start - own_start
    higher = more_than_chance(others_lost, others_start, own_lost, own_start)
    lower = more_than_chance(own_lost, own_start, others_lost, others_start)
    return GroupRate(
        group=(figure.group or "").partition("=")[2],
        value=float(figure.value or 0),
        low=float(figure.low if figure.low is not None else figure.value or 0),
        high=float(figure.high if figure.high is not None else figure.value or 0),
        lost=own_lost,
        start=own_start,
        differs=start > own_start and min(higher, lower) < 0.025 / max(1, groups),
    )


_DEFINITIONS = (
    ("lost_of_start", Text("Lost ÷ customers at the start")),
    ("lost_of_acquired", Text("Lost ÷ acquired in the period")),
    ("contract_ended", Text("Subscriptions cancelled")),
    ("silent", Text("Shop: silent longer than usual")),
    ("money", Text("Money: yearly money lost ÷ yearly money")),
)


def _definitions(saved: Saved) -> Iterable[DefinitionLine]:
    for definition, name in _DEFINITIONS:
        figure = saved.chosen.get(("churn_rate", definition, None))
        if figure is not None:
            yield DefinitionLine(
                definition,
                name,
                _division(figure),
                figure,
                chosen=definition == "lost_of_start",
                again=saved.again.get(_key(figure)),
            )


def _division(figure: Figure) -> Text:
    """The two numbers of a rate, amounts as money."""
    lost, of = (
        figure.terms.get(name) for name in ("lost", "acquired" if "acquired" in figure.terms else "start")
    )
    return Text("{lost} ÷ {of}", lost=lost, of=of)
