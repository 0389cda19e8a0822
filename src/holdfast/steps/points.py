"""Step ``points``: loyalty points; a person books them until a loyalty part does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.domain.effects import Grant, MakeTask
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import WHOM, Decision, Do, Moment, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """How much, why, and who books it."""

    amount: int = field_of(Text("Points"), None, 0, kind="number", least=1)
    reason: str = field_of(Text("Why"), Text("It stands beside the grant on the page of the customer."))
    whom: str = field_of(Text("Who books it"), WHOM, "owner")


def _check(options: Options) -> Mapping[str, Text]:
    missing = [name for name in ("amount", "reason") if not getattr(options, name)]
    return {name: Text("{key} is missing", key=name) for name in missing}


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    task = MakeTask("offer", f"+{options.amount}", options.reason, 1, 1, options.whom)
    return Do((Grant("points", options.amount, "points", options.reason, task=task),))


STEP = Step(
    name="points",
    title=Text("Give points"),
    meaning=Text("Points for the customer, dated and with the reason; a task asks somebody to book them."),
    options=Options,
    decide=_decide,
    check=_check,
)
