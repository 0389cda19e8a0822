"""Refuses rules that can never hold, or that end where they begin."""

from __future__ import annotations

from holdfast.analytics.contradictions import can_hold
from holdfast.analytics.signal import Tuned
from holdfast.domain.expression import All, Not
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text


def check_rule(tuned: Tuned) -> None:
    """Refuse (``contradiction``) a rule that no numbers meet, and an end that can never come.

    Where beginning and end can both hold, the beginning counts: that is no contradiction, but an end
    that only ever holds while the beginning does would never come.
    """
    if not can_hold(tuned.when if tuned.judged_if is None else All((tuned.when, tuned.judged_if))):
        raise _refusal(
            Text("No customer can ever meet the rule: its conditions contradict each other."),
            Text("A rule that somebody can meet."),
        )
    if not can_hold(All((tuned.ends_when, Not(tuned.when)))):
        raise _refusal(
            Text("The warning could never end: where its end holds, its beginning holds too."),
            Text("An end that can hold while the beginning does not."),
        )


def _refusal(found: Text, expected: Text) -> Refusal:
    return Refusal(
        "contradiction",
        found=found,
        expected=expected,
        remedy=Text("Change one of the conditions; nothing was changed."),
    )
