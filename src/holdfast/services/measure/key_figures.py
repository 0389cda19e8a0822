"""The four key figures at the top of the overview, each with the formula behind it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from holdfast.domain.figures import Figure
from holdfast.domain.money import Money
from holdfast.domain.texts import Share, Text
from holdfast.services.measure.overview import Stat

Figures = Mapping[tuple[str, str, str | None], Figure]
Facts = tuple[tuple[Text, Text], ...]

_LOST_MEANS = Text("the last contract ended, or silent for longer than the rule allows")


def key_figures(chosen: Figures, before: Figures, history: Figures) -> tuple[Stat, ...]:
    """Who left, what left with them, what is kept, and what a customer is worth."""
    stats = (_left(chosen, before, history), _money(chosen, before), _kept(chosen), _worth(history))
    return tuple(stat for stat in stats if stat is not None)


def _left(chosen: Figures, before: Figures, history: Figures) -> Stat | None:
    rate = chosen.get(("churn_rate", "lost_of_start", None))
    if rate is None:
        return None
    lost, start = rate.terms.get("lost"), rate.terms.get("start")
    change, good, up = _change(rate, before.get(("churn_rate", "lost_of_start", None)))
    facts = [
        (Text("Definition"), Text("Lost in the period ÷ customers at its start")),
        (Text("Lost means"), _LOST_MEANS),
    ]
    if rate.low is not None and rate.high is not None:
        likely = Text("{low} to {high} (95%)", low=Share(float(rate.low), 2), high=Share(float(rate.high), 2))
        facts.append((Text("Likely range"), likely))
    never = history.get(("never_customers", "", None))
    if never is not None and isinstance(never.value, int) and never.value:
        left_out = Text(
            "{n} who was never really a customer", "{n} who were never really customers", n=never.value
        )
        facts.append((Text("Left out"), left_out))
    return Stat(
        name=Text("Customers who left"),
        figure=rate,
        beside=Text("of {n}", n=start),
        change=change,
        change_good=good,
        change_up=up,
        summary=Text("{lost} ÷ {start} at the start", lost=lost, start=start),
        worked=_division(rate, lost, start),
        facts=tuple(facts),
    )


def _division(figure: Figure, above: object, below: object) -> Text:
    if figure.value is None:
        return Text("{above} ÷ {below}", above=above, below=below)
    return Text("{above} ÷ {below} = {share}", above=above, below=below, share=Share(float(figure.value), 2))


def _change(now: Figure, before: Figure | None) -> tuple[Text | None, bool | None, bool | None]:
    """The change since the period before in percentage points, whether it is good, and whether it is up."""
    if before is None or before.value is None or now.value is None:
        return None, None, None
    points = round(Decimal(str((float(now.value) - float(before.value)) * 100)), 1)
    if points == 0:
        return Text("as in {before}", before=before.period), None, None
    if points > 0:
        return Text("{points} points more than in {before}", points=points, before=before.period), False, True
    return Text("{points} points less than in {before}", points=-points, before=before.period), True, False


def _money(chosen: Figures, before: Figures) -> Stat | None:
    actual = chosen.get(("money_lost", "actual", None))
    rate = chosen.get(("churn_rate", "money", None))
    people = chosen.get(("ledger", "people", None))
    if actual is None or rate is None or people is None:
        return None
    total = _of(rate.terms.get("start"), actual.unit)
    summary = Text("yearly money of those who left")
    if rate.value is not None and total is not None:
        summary = Text("{share} of {money}", share=Share(float(rate.value)), money=total)
    change, good, up = _more_money(actual, before.get(("money_lost", "actual", None)))
    a_head = _a_head(actual, total, people)
    return Stat(
        name=Text("Money that left with them"),
        figure=actual,
        beside=Text("a year"),
        change=change or a_head,
        change_good=good,
        change_up=up,
        summary=summary,
        worked=Text("What those who left brought in a year, as it was when they were last there"),
        facts=(*(((Text("A head"), a_head),) if a_head and change else ()), *_by_formula(chosen)),
    )


def _more_money(now: Figure, before: Figure | None) -> tuple[Text | None, bool | None, bool | None]:
    """The change of what left since the period before, whether it is good, and whether it is up."""
    if before is None or before.value is None or now.value is None or before.unit != now.unit:
        return None, None, None
    more = Decimal(str(now.value)) - Decimal(str(before.value))
    if not more:
        return Text("as in {before}", before=before.period), None, None
    money = Money.of(str(abs(more)), now.unit)
    if more > 0:
        return Text("{money} more than in {before}", money=money, before=before.period), False, True
    return Text("{money} less than in {before}", money=money, before=before.period), True, False


def _a_head(actual: Figure, total: Money | None, people: Figure) -> Text | None:
    """What one who left brought against one who stayed."""
    lost, start = people.terms.get("left"), people.terms.get("start")
    if actual.value is None or total is None or not isinstance(lost, int) or not isinstance(start, int):
        return None
    left = Money.of(str(actual.value), actual.unit)
    if not lost or start <= lost:
        return None
    return Text(
        "{a} a head; the others bring {b}",
        a=Money(round(left.minor / lost), left.currency),
        b=Money(round((total.minor - left.minor) / (start - lost)), left.currency),
    )


def _by_formula(chosen: Figures) -> Facts:
    figure = chosen.get(("money_lost", "formula", None))
    if figure is None or figure.value is None:
        return ()
    terms: Mapping[str, Any] = figure.terms
    worked = Text(
        "{receipt} × {customers} × {share} = {money}",
        receipt=_of(terms["average_receipt"], figure.unit),
        customers=terms["customers"],
        share=Share(float(terms["share_lost"]), 2),
        money=_of(figure.value, figure.unit),
    )
    return ((Text("By formula"), worked),)


def _kept(chosen: Figures) -> Stat | None:
    net = chosen.get(("net_revenue_retention", "", None))
    gross = chosen.get(("gross_revenue_retention", "", None))
    ledger = chosen.get(("ledger", "money", None))
    if net is None or gross is None or ledger is None:
        return None
    known = gross.value is not None
    share = Share(float(gross.value)) if gross.value is not None else Share(0.0)
    terms = {name: _of(net.terms.get(name), ledger.unit) for name in ("start", "more", "less", "left")}
    return Stat(
        name=Text("Revenue kept from customers"),
        figure=net,
        beside=None,
        change=Text("{share} before they bought more", share=share) if known else None,
        change_good=None,
        change_up=None,
        summary=Text("net revenue retention"),
        worked=Text("({start} + {more} − {less} − {left}) ÷ {start}", **terms),
        facts=((Text("Gross"), Text("{share}", share=share)),) if known else (),
    )


def _worth(history: Figures) -> Stat | None:
    figure = history.get(("lifetime_value", "formula", None))
    if figure is None or figure.value is None:
        figure = history.get(("lifetime_value", "before_margin", None)) or figure
    if figure is None:
        return None
    ratio, cost = history.get(("value_to_cost", "", None)), history.get(("acquisition_cost", "", None))
    times = None
    if ratio is not None and ratio.value is not None:
        times = Text("{times} times what it costs to win one", times=round(float(ratio.value), 1))
    return Stat(
        name=Text("What a customer is worth"),
        figure=figure,
        beside=Text("before margin") if figure.definition == "before_margin" else None,
        change=times,
        change_good=None,
        change_up=None,
        summary=_terms(figure),
        worked=Text("Average order × orders a year × margin × years a customer stays"),
        facts=_cost_to_win(cost),
    )


def _terms(figure: Figure) -> Text:
    terms: Mapping[str, Any] = figure.terms
    if figure.value is None or "average_order" not in terms:
        return Text("average order × orders × margin × lifetime")
    return Text(
        "{order} × {orders} × {margin} × {years} years",
        order=_of(terms["average_order"], figure.unit),
        orders=round(float(terms["orders_a_year"]), 1),
        margin=Share(float(terms["margin"]), 0),
        years=round(float(terms["lifetime_years"]), 1),
    )


def _cost_to_win(cost: Figure | None) -> Facts:
    if cost is None or cost.value is None:
        return ()
    return ((Text("Cost to win"), Text("{money}", money=_of(cost.value, cost.unit))),)


def _of(amount: object, currency: str) -> Money | None:
    """An amount in major units as money; ``None`` where there is none."""
    return None if amount is None else Money.of(str(amount), currency)
