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
    "customer": Term(
        Text("Customer"),
        Text(
            "The unit that can leave: a person, or an account with contacts (the workspace chooses); "
            "one identity over all sources."
        ),
    ),
    "states": Term(
        Text("New, active, dormant, returning, lapsed, won back"),
        Text(
            "What a customer is at a moment, exactly one of them: in the first period; active; quiet longer "
            "than usual and not lost; active again after dormant; lost; active again after lapsed."
        ),
    ),
    "lost": Term(
        Text("Left, lapsed, lost"),
        Text("Left is the moment, lapsed the state after, lost the count in a metric."),
    ),
    "risk": Term(
        Text("Risk"),
        Text(
            "The calibrated probability that a customer leaves within a horizon, with drivers and the model "
            "that said so. Health (0 to 100) is derived from it."
        ),
    ),
    "horizon": Term(Text("Horizon"), Text("The days ahead within which leaving is foreseen.")),
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
    "cause": Term(Text("Cause"), Text("A coded reason, with the evidence for it.")),
    "segment": Term(
        Text("Segment"),
        Text("A named rule over traits, behaviour, scores and answers, and who meets it now."),
    ),
    "event": Term(
        Text("Event"),
        Text("One dated thing that a customer did or that happened to one, with its source; never edited."),
    ),
    "conversation": Term(
        Text("Conversation"),
        Text(
            "What one customer and we write to each other on one channel about one thing; "
            "the inbox holds them all."
        ),
    ),
    "case": Term(Text("Case"), Text("A complaint or request until it is put right.")),
    "task": Term(Text("Task"), Text("Work for one of our people.")),
    "touch": Term(
        Text("Touch"), Text("One thing done for one customer through one channel; leaves a receipt.")
    ),
}
