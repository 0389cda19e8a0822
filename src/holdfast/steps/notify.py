"""Step ``notify``: a mail to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.domain.effects import Notify
from holdfast.domain.plays import PlayStep
from holdfast.domain.texts import Text
from holdfast.steps.contract import Decision, Do, Moment, Step, View, field_of


@dataclass(frozen=True, slots=True)
class Options:
    """Who is told what."""

    whom: str = field_of(
        Text("Whom"),
        Text("owner (who looks after the customer) or the mail address of a colleague."),
        "owner",
    )
    title: str = field_of(Text("Title"))
    text: str = field_of(Text("Text"), kind="lines")


def _check(options: Options) -> Mapping[str, Text]:
    missing = [name for name in ("whom", "title") if not getattr(options, name)]
    return {name: Text("{key} is missing", key=name) for name in missing}


def _decide(view: View, options: Options, at: Moment, step: PlayStep) -> Decision:
    return Do((Notify(options.whom, options.title, options.text),))


STEP = Step(
    name="notify",
    title=Text("Tell a colleague"),
    meaning=Text("A mail to one of your people about the customer."),
    options=Options,
    decide=_decide,
    check=_check,
)
