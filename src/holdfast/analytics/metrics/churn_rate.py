"""Churn in each definition that the sources give, always with the name of the definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from holdfast.analytics.asked import Asked, figure
from holdfast.analytics.intervals import wilson
from holdfast.analytics.metric import Example, Metric
from holdfast.analytics.money_moves import money_moves, money_queries
from holdfast.analytics.people import People, people, people_queries, values_of
from holdfast.analytics.spec import Query
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period, day_number
from holdfast.domain.texts import Text
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from holdfast.analytics.asked import Counted

LARGEST_GROUPS = 12
"""So many countries and sources are told apart, those with most customers."""

_FORMULAS = {
    "lost_of_start": Text("lost in the period ÷ customers at its start"),
    "lost_of_acquired": Text("lost in the period ÷ customers acquired in it"),
    "contract_ended": Text("contracts that ended ÷ customers under contract at the start"),
    "silent": Text("silent for too long ÷ customers without contract at the start"),
    "average_month": Text("lost in all whole months ÷ customers at their starts, added up"),
    "money": Text("yearly money of those who left ÷ yearly money of all at the start"),
}
_NO_MONTH = Text("No whole month began with a customer who could be told to have left.")
_NOBODY = Text("Nobody was a customer at the start of the period.")
_NONE_ACQUIRED = Text("Nobody was acquired in the period.")
_NO_CONTRACT = Text("Nobody was under contract at the start of the period.")
_NO_SHOP = Text("Nobody without a contract was a customer at the start of the period.")
_NO_MONEY = Text("Customers brought no money at the start of the period.")


def _needs(asked: Asked) -> Mapping[str, Query]:
    # Over the whole history groups are compared by the average month: nobody is there at its start.
    by_group = asked.by_month() if asked.grain == "history" else asked
    groups = {
        f"{trait} {name}": query
        for trait in ("country", "source")
        for name, query in people_queries(by_group, trait).items()
    }
    monthly = {f"monthly {name}": query for name, query in people_queries(asked.by_month()).items()}
    return {**people_queries(asked), **groups, **money_queries(asked), **monthly}


def _answer(counted: Counted, asked: Asked) -> Sequence[Figure]:
    figures = [*_by_definition(people(counted, asked), asked), *_by_money(counted, asked)]
    if asked.grain == "history":
        figures.append(_average_month(people(_tables(counted, "monthly"), asked.by_month()), asked, None))
    for trait, names in (("country", asked.company.countries), ("source", asked.company.sources)):
        figures += _by_group(_tables(counted, trait), asked, trait, names)
    return figures


def _tables(counted: Counted, prefix: str) -> Counted:
    return {name: counted[f"{prefix} {name}"] for name in ("began", "signed", "ended")}


def _by_definition(found: People, asked: Asked) -> Iterator[Figure]:
    shop, shop_lost = found.start - found.start_contract, found.lost - found.lost_contract
    for at, period in enumerate(asked.periods):
        lost, start = int(found.lost[at]), int(found.start[at])
        silence = asked.company.cannot_tell_silence or asked.too_early(period, lost)
        new, contracts = int(found.new[at]), int(found.start_contract[at])
        ended = int(found.lost_contract[at])
        yield _share("lost_of_start", asked, period, lost, start, silence, _NOBODY)
        yield _share("lost_of_acquired", asked, period, lost, new, silence, _NONE_ACQUIRED)
        yield _share("contract_ended", asked, period, ended, contracts, None, _NO_CONTRACT)
        yield _share("silent", asked, period, int(shop_lost[at]), int(shop[at]), silence, _NO_SHOP)


def _share(
    definition: str,
    asked: Asked,
    period: Period,
    lost: int,
    of: int,
    unknown: Text | None,
    nobody: Text,
    group: str | None = None,
) -> Figure:
    """One division. Its interval is left out where it is no share of the divisor: more can be lost
    than were acquired, or were there at the start of a long period.
    """
    value = lost / of if of and unknown is None else None
    inside = value is not None and lost <= of and definition != "lost_of_acquired"
    low, high = wilson(lost, of) if inside else (None, None)
    return figure(
        METRIC,
        asked,
        period,
        value,
        definition=definition,
        formula=_FORMULAS[definition],
        low=low,
        high=high,
        reason=unknown or nobody,
        terms={"lost": lost, "acquired" if definition == "lost_of_acquired" else "start": of},
        group=group,
    )


def _by_money(counted: Counted, asked: Asked) -> Iterator[Figure]:
    moved = money_moves(counted, asked)
    for at, period in enumerate(asked.periods):
        left, start = int(moved.left[at]), int(moved.start[at])
        unknown = asked.company.cannot_tell_silence or asked.too_early(period, left)
        yield figure(
            METRIC,
            asked,
            period,
            left / start if start > 0 and unknown is None else None,
            definition="money",
            formula=_FORMULAS["money"],
            reason=unknown or _NO_MONEY,
            terms={"lost": asked.money(left), "start": asked.money(start)},
        )


def _average_month(found: People, asked: Asked, group: str | None) -> Figure:
    """The whole history has nobody at its start: there, the churn of an average month says more."""
    monthly, company = asked.by_month(), asked.company
    rows = [
        at
        for at, month in enumerate(monthly.periods)
        if monthly.is_over(month) and not company.is_young(asked.first_day, day_number(month.start))
    ]
    lost, start = int(found.lost[rows].sum()), int(found.start[rows].sum())
    unknown = company.cannot_tell_silence
    return _share("average_month", asked, asked.periods[0], lost, start, unknown, _NO_MONTH, group)


def _by_group(tables: Counted, asked: Asked, trait: str, names: Sequence[str]) -> Iterator[Figure]:
    """Each of the largest groups that have a name, where there is more than one."""
    numbers = [number for number in values_of(tables, trait) if names[number]]
    if len(numbers) < 2:
        return
    by_period = asked.by_month() if asked.grain == "history" else asked
    found = {number: people(tables, by_period, **{trait: number}) for number in numbers}
    for number in sorted(numbers, key=lambda each: -int(found[each].new.sum()))[:LARGEST_GROUPS]:
        group = f"{trait}={names[number]}"
        if asked.grain == "history":
            yield _average_month(found[number], asked, group)
            continue
        for at, period in enumerate(asked.periods):
            lost, start = int(found[number].lost[at]), int(found[number].start[at])
            unknown = asked.company.cannot_tell_silence or asked.too_early(period, lost)
            yield _share("lost_of_start", asked, period, lost, start, unknown, _NOBODY, group)


METRIC = Metric(
    name="churn_rate",
    title=Text("Churn rate"),
    meaning=Text("The share of customers who left in the period. Say which definition you mean."),
    formula=_FORMULAS["lost_of_start"],
    unit="share",
    requirement=("B1", "B2"),
    source="RU, ZH (lost of start), RO (lost of acquired); Wilson (1927) for the interval",
    good="down",
    left_out=Text("Who was never really a customer."),
    needs=_needs,
    answer=_answer,
    examples=(
        Example(
            "10 lost of 250 acquired are 4 %",
            """
            a1..250  2024-01-05  subscribe 10
            a1..10   2024-01-25  cancel
            """,
            date(2024, 2, 1),
            {
                "lost_of_acquired 2024-01-01": 0.04,
                "lost_of_start 2024-01-01": None,
                "contract_ended 2024-01-01": None,
            },
            period="month",
        ),
        Example(
            "one of four leaves in February, and takes half of the money along",
            """
            a1..3  2024-01-05  subscribe 10
            bob    2024-01-05  subscribe 30
            bob    2024-02-10  cancel
            """,
            date(2024, 3, 1),
            {
                "lost_of_start 2024-02-01": 0.25,
                "lost_of_acquired 2024-02-01": None,
                "contract_ended 2024-02-01": 0.25,
                "silent 2024-02-01": None,
                "money 2024-02-01": 0.5,
            },
            period="month",
        ),
        Example(
            "over the whole history: 1 of 4 in February, 0 of 3 in March",
            """
            a1..3  2024-01-05  subscribe 10
            bob    2024-01-05  subscribe 30
            bob    2024-02-10  cancel
            """,
            date(2024, 4, 1),
            {"average_month": 1 / 7, "lost_of_acquired": 0.25, "lost_of_start": None},
        ),
        Example(
            "subscribers and shop customers apart, and by country",
            """
            ann  2024-01-01  is country=IE
            bob  2024-01-01  is country=IE
            cem  2024-01-01  is country=RO
            ann  2024-01-05  subscribe 10
            ann  2024-03-09  cancel
            bob  2024-01-05  order 20
            bob  2024-02-10  order 20
            cem  2024-01-20  order 20
            cem  2024-02-25  order 20
            """,
            date(2024, 4, 1),
            {
                "lost_of_start 2024-03-01": 1 / 3,
                "contract_ended 2024-03-01": 1.0,
                "silent 2024-03-01": 0.0,
                "lost_of_start/country=IE 2024-03-01": 0.5,
                "lost_of_start/country=RO 2024-03-01": 0.0,
                "silent 2024-02-01": 0.0,
                "silent 2024-01-01": None,
            },
            period="month",
            lost=LostSettings("mixed", after_days=40),
        ),
    ),
)
