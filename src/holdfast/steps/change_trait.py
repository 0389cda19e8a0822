"""Step ``change_trait``: note something of the customer, which segments and other plays can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.domain.effects import SetTrait
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, Do, Go, Moment, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """Which trait becomes what."""

    trait: str = field_of(Text("Trait"), kind="trait")
    value: str = field_of(Text("Value"), Text("Empty takes the value away."))


def _check(options: Options) -> Mapping[str, Text]:
    return {} if options.trait else {"trait": Text("{key} is missing", key="trait")}


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    if str(view.trait(options.trait) or "") == options.value:
        return Go(because=Text("It says so already."))
    return Do((SetTrait(options.trait, options.value),))


STEP = Step(
    name="change_trait",
    title=Text("Change a trait"),
    meaning=Text("Another value of something that is known of the customer."),
    options=Options,
    decide=_decide,
    check=_check,
)
