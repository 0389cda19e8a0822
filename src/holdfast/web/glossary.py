"""What the words of the pages mean, said on the spot: the sentences of docs/reference/glossary.md.

A test holds the two against each other, so that the pages and the documentation never say different things.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Term:
    """A word of ours and what it means."""

    words: Text
    meaning: Text


TERMS: dict[str, Term] = {
    "states": Term(
        Text("New, active, dormant, returning, lapsed, won back"),
        Text(
            "What a customer is at a moment, exactly one of them: in the first period; active; quiet longer "
            "than usual and not lost; active again after dormant; lost; active again after lapsed."
        ),
    ),
    "risk": Term(
        Text("Risk"),
        Text(
            "The calibrated probability that a customer leaves within a horizon, with drivers and the model "
            "that said so. Health (0 to 100) is derived from it."
        ),
    ),
    "driver": Term(
        Text("Driver"),
        Text("What one feature adds to the log-odds of a risk, in words. Not a cause."),
    ),
    "value_at_risk": Term(Text("Value at risk"), Text("Risk times what the customer can still bring.")),
    "champion": Term(
        Text("Champion, challenger"),
        Text("The version of the model whose risks are shown, and one that was trained later and did worse."),
    ),
    "drift": Term(
        Text("Drift"),
        Text("Customers, or what becomes of them, are no longer as the model learnt."),
    ),
    "backtest": Term(
        Text("Backtest"),
        Text("Past dates foreseen with only what was known then, beside plain rivals."),
    ),
    "segment": Term(
        Text("Segment"),
        Text("A named rule over traits, behaviour, scores and answers, and who meets it now."),
    ),
    "event": Term(
        Text("Event"),
        Text("One dated thing that a customer did or that happened to one, with its source; never edited."),
    ),
}
