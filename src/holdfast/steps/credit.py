"""Step ``credit``: money back on the next invoice; a person books it until a billing part does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.domain.effects import Grant, MakeTask
from holdfast.domain.money import Money
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import WHOM, Decision, Do, Moment, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """How much, why, and who books it."""

    amount: int = field_of(Text("Amount in minor units (cents)"), None, 0, kind="number", least=1)
    currency: str = field_of(Text("Currency"), Text("Such as EUR."))
    reason: str = field_of(Text("Why"), Text("It stands beside the grant on the page of the customer."))
    whom: str = field_of(Text("Who books it"), WHOM, "owner")


def _check(options: Options) -> Mapping[str, Text]:
    found = {} if options.reason else {"reason": Text("{key} is missing", key="reason")}
    if not re.fullmatch(r"[A-Z]{3}", options.currency):
        found["currency"] = Text("money needs a currency such as EUR")
    return found if options.amount else {**found, "amount": Text("{key} is missing", key="amount")}


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    said = str(Money(options.amount, options.currency))
    task = MakeTask("offer", said, options.reason, 1, 1, options.whom)
    return Do((Grant("credit", options.amount, "money", options.reason, options.currency, task=task),))


STEP = Step(
    name="credit",
    title=Text("Credit money"),
    meaning=Text("Money that is credited, dated and with the reason; a task asks somebody to book it."),
    options=Options,
    decide=_decide,
    check=_check,
)
