"""Large orders that were lost: called off, wholly given back, or a deal that came to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from holdfast.analytics import spec
from holdfast.analytics.spec import Column, Compare, Count, Every, Greatest, Least, Missing, Not, Query, Sum
from holdfast.analytics.taken import ORDERED, REFUNDED, Taking

if TYPE_CHECKING:
    from numpy.typing import NDArray

CANCELLED, DEAL_LOST, DEAL_WON = "Order Cancelled", "Deal Lost", "Deal Won"
DEALS = ("Deal Opened", "Deal Changed", DEAL_WON, DEAL_LOST)
LOST = (CANCELLED, REFUNDED, DEAL_LOST)
"""Events without which no order is lost."""

How = Literal["cancelled", "refunded", "deal"]


@dataclass(frozen=True, slots=True)
class LostOrder:
    """An order that was lost ``how`` at ``lost_us``; ``worth_minor`` is what it would have brought.

    ``subject_id`` and ``object_id`` tell one from another for good: units come and go as customers are
    merged.
    """

    unit_id: int
    subject_id: int
    object_id: str
    how: How
    lost_us: int
    worth_minor: int


def orders(taking: Taking, since_us: int) -> Query:
    """Every order and deal of which something happened since: what it is worth, and when it was lost.

    Only amounts in the first currency of ``taking`` count.
    """
    end = spec.Literal(taking.end_us)
    names = spec.OneOf(Column("name"), (ORDERED, CANCELLED, REFUNDED, *DEALS))
    ours = spec.Some((Missing(Column("currency")), spec.equals("currency", taking.currencies[0])))
    window = spec.Window(Column("at_us"), spec.Literal(since_us), end, Column("known_us"), end)
    return Query(
        "events",
        {
            "unit": taking.unit,
            "order": Column("object_id"),
            "deal": spec.Choice(((spec.OneOf(Column("name"), DEALS), spec.Literal(1)),), spec.Literal(0)),
        },
        {
            "subject_id": Least(Column("subject_id")),
            "ordered": Sum(Column("amount_minor"), spec.equals("name", ORDERED)),
            "given_back": Sum(Column("amount_minor"), spec.equals("name", REFUNDED)),
            "called_off": Greatest(Column("amount_minor"), spec.equals("name", CANCELLED)),
            "deal_lost": Greatest(Column("amount_minor"), spec.equals("name", DEAL_LOST)),
            "deal_ever": Greatest(Column("amount_minor"), spec.OneOf(Column("name"), DEALS)),
            "made_us": _last(ORDERED, DEAL_WON),
            "cancelled_us": _last(CANCELLED),
            "refunded_us": _last(REFUNDED),
            "lost_us": _last(DEAL_LOST),
        },
        where=Every((names, window, ours, Not(Missing(Column("object_id"))))),
    )


def worths(of: Query) -> Query:
    """How many of the :func:`orders` are worth how much, those worth nothing left out."""
    worth = _worth(_none_is_0("deal_ever"))
    more = Compare(worth, ">", spec.Literal(0))
    return Query(of, {"worth": worth}, {"orders": Count()}, where=more)


def maybe_lost(of: Query, since_us: int) -> Query:
    """Those of the :func:`orders` of which something was lost since; :func:`lost` says which wholly were."""
    since = spec.Literal(since_us)
    moments = ("made_us", "cancelled_us", "refunded_us", "lost_us")
    return Query(
        of,
        {
            **spec.columns("unit", "subject_id", "order", "deal", "ordered", "given_back"),
            "called_off": _none_is_0("called_off"),
            "worth": _worth(spec.Or(Column("deal_lost"), _none_is_0("deal_ever"))),
            **{name: _none_is_0(name) for name in moments},
        },
        where=spec.Some(tuple(Compare(Column(name), ">=", since) for name in moments[1:])),
    )


def lost(rows: Mapping[str, NDArray[Any]]) -> Iterator[LostOrder]:
    """The orders among rows of :func:`maybe_lost` that were wholly lost, and stayed so."""
    names = tuple(rows)
    for values in zip(*(rows[name].tolist() for name in names), strict=True):
        row = dict(zip(names, values, strict=True))
        how, lost_us = _how(row)
        worth = max(row["worth"], row["called_off"])
        if how is not None and worth > 0:
            yield LostOrder(row["unit"], row["subject_id"], str(row["order"]), how, lost_us, worth)


def _how(row: Mapping[str, Any]) -> tuple[How | None, int]:
    """How an order was lost, and when; ``None`` where it was not, or was made again after."""
    if row["deal"]:
        return ("deal", row["lost_us"]) if row["lost_us"] > row["made_us"] else (None, 0)
    if row["cancelled_us"] and row["cancelled_us"] >= row["made_us"]:
        return "cancelled", row["cancelled_us"]
    wholly = row["ordered"] > 0 and row["ordered"] + row["given_back"] <= 0
    return ("refunded", row["refunded_us"]) if wholly else (None, 0)


def _worth(of_deal: spec.Expression) -> spec.Expression:
    is_deal = spec.equals("deal", 1)
    return spec.Choice(((is_deal, of_deal),), Column("ordered"))


def _none_is_0(name: str) -> spec.Expression:
    return spec.Or(Column(name), spec.Literal(0))


def _last(*names: str) -> Greatest:
    return Greatest(Column("at_us"), spec.OneOf(Column("name"), names))
