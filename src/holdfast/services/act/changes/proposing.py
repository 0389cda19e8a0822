"""Whom a change probably concerns, proposed by its kind: a rule to begin with, which people narrow down."""

from __future__ import annotations

from typing import Any

from holdfast.domain.changes import ChangeKind
from holdfast.domain.expression import LONGEST
from holdfast.services.act.messages.values import plain_name
from holdfast.services.collect.segments.offered import Offered

Rule = dict[str, Any]

LATELY_DAYS = 90
"""So far back somebody ran into a fault, who is to hear that it is mended."""

YEAR_DAYS = 365

_PAYS_BY = ("payment_method", "paymentmethod", "pay_method", "payment_type", "way_to_pay", "paid_by")
_PLANS = ("plan", "tariff", "product", "package", "subscription_plan")
_BOUGHT = ("Order Completed", "Subscription Started", "Subscription Renewed", "Subscription Changed")

OURS: Rule = {"fact": "state", "one_of": ["new", "active", "dormant", "returning", "won_back"]}
"""Everybody who is a customer now."""


def proposed_rule(kind: ChangeKind, about: str, offered: Offered) -> Rule:
    """A rule for a change of this kind that is about ``about``: a cause, product, plan, way to pay, or ""."""
    about = about.strip()[:LONGEST]
    if kind == "fix":
        return _ran_into(about, offered)
    if not about:
        return OURS
    if kind == "payment":
        return _any([*_traits(_PAYS_BY, about, offered), *_events(("Payment Completed",), about, offered)])
    return _any([*_traits(_PLANS, about, offered), *_bought(about, offered)])


def _ran_into(about: str, offered: Offered) -> Rule:
    """Who complained of it: by what was read in their texts, by the code of their tickets."""
    if about:
        found = [
            {"event": name, "code": [about], "days": YEAR_DAYS, "at_least": 1}
            for name in ("Text Read", "Ticket Opened")
            if name == "Text Read" or name in offered.events
        ]
        return _any(found)
    return {"event": "Ticket Opened", "days": LATELY_DAYS, "at_least": 1}


def _traits(names: tuple[str, ...], about: str, offered: Offered) -> list[Rule]:
    return [{"trait": each, "is": about} for each in offered.traits if plain_name(each) in names]


def _events(names: tuple[str, ...], about: str, offered: Offered) -> list[Rule]:
    return [{"event": name, "code": [about], "days": YEAR_DAYS, "at_least": 1} for name in names]


def _bought(about: str, offered: Offered) -> list[Rule]:
    """Who bought the product, something of the category, or has the plan."""
    found: list[Rule] = []
    if about.casefold() in {each.casefold() for each in offered.categories}:
        found.append({"event": "Order Completed", "category": [about], "days": YEAR_DAYS, "at_least": 1})
    there = [name for name in _BOUGHT if name in offered.events] or ["Order Completed"]
    for name in there:
        option = "product" if name == "Order Completed" else "code"
        found.append({"event": name, option: [about], "days": YEAR_DAYS, "at_least": 1})
    return found


def _any(parts: list[Rule]) -> Rule:
    return parts[0] if len(parts) == 1 else {"any": parts}
