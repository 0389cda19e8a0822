"""Step ``offer``: a discount or a gift that can be used for some time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from holdfast.domain.effects import Grant, GrantUnit, MakeTask
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import WHOM, Decision, Do, Moment, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """How much, why, and who books it."""

    sort: Literal["discount", "gift"] = field_of(
        Text("Kind"),
        None,
        "discount",
        kind="choice",
        names={"discount": Text("discount in per cent"), "gift": Text("gift")},
    )
    amount: int = field_of(Text("Per cent, or pieces"), None, 0, kind="number", least=1, most=100)
    until_days: int = field_of(Text("Can be used for days"), None, 30, kind="number", least=1, most=730)
    reason: str = field_of(Text("Why"), Text("It stands beside the grant on the page of the customer."))
    whom: str = field_of(Text("Who books it"), WHOM, "owner")


def _check(options: Options) -> Mapping[str, Text]:
    missing = [name for name in ("amount", "reason") if not getattr(options, name)]
    return {name: Text("{key} is missing", key=name) for name in missing}


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    is_discount = options.sort == "discount"
    said = f"-{options.amount} %" if is_discount else f"{options.amount} ×"
    unit: GrantUnit = "percent" if is_discount else "pieces"
    task = MakeTask("offer", said, options.reason, 1, 1, options.whom)
    grant = Grant(
        options.sort, options.amount, unit, options.reason, until_days=options.until_days, task=task
    )
    return Do((grant,))


STEP = Step(
    name="offer",
    title=Text("Make an offer"),
    meaning=Text("A discount or a gift that can be used for some time; a task asks somebody to book it."),
    options=Options,
    decide=_decide,
    check=_check,
)
