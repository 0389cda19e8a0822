"""Which rule of who counts as lost suits a company, from its own data, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.analytics.rhythm import FEWEST_GAPS, Usual
from holdfast.domain.texts import Share, Text
from holdfast.settings import LostRule

LONG_SILENCE_DAYS = 365
"""What is recommended where the data cannot tell: a year without a purchase."""

OWN_RHYTHM_SHARE = 0.3
"""From this share of customers with three purchases or more on, own rhythms are worth looking at."""

CATEGORIES_DIFFER = 2.0
"""Categories whose usual days differ by this factor are told apart."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a company: customers under ``contracts``, ``buyers``, how many of them
    bought a second time (``repeaters``) and a third (``regulars``), and what is usual.

    ``accounts`` tells that accounts are opened and closed; ``other_activity`` is the most frequent
    event that could count as use, "" without one.
    """

    contracts: int
    buyers: int
    repeaters: int
    regulars: int
    usual: Usual
    accounts: bool = False
    other_activity: str = ""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The ``rule``, the days it needs (``None``: measured), the ``activity`` to count, and why."""

    rule: LostRule
    after_days: int | None
    reason: Text
    activity: str = ""


def recommend(evidence: Evidence) -> Recommendation:
    """The rule that suits; for *fixed* with its days."""
    if evidence.contracts:
        return _with_contracts(evidence)
    if evidence.buyers:
        return _shop(evidence)
    if evidence.accounts:
        return Recommendation(
            "contract",
            None,
            Text("Accounts are opened and closed, and nothing is bought: closing one is leaving."),
        )
    if evidence.other_activity:
        return Recommendation(
            "own_rhythm",
            None,
            Text(
                "Nothing is bought here; how often customers do {activity} is the best sign of who left.",
                activity=evidence.other_activity,
            ),
            evidence.other_activity,
        )
    return Recommendation(
        "mixed", None, Text("There is nothing to judge by yet: no contract and no purchase.")
    )


def _with_contracts(evidence: Evidence) -> Recommendation:
    if not evidence.buyers:
        reason = Text("All customers are under contract: leaving is when the last one ends.")
        return Recommendation("contract", None, reason)
    reason = Text(
        "{contracts} customers are under contract and {buyers} buy in the shop: "
        "each is judged by what there is, the contract or the own rhythm.",
        contracts=evidence.contracts,
        buyers=evidence.buyers,
    )
    return Recommendation("mixed", None, reason)


def _shop(evidence: Evidence) -> Recommendation:
    usual = evidence.usual
    if usual.days is None:
        reason = Text(
            "Only {n} purchase was repeated, fewer than {fewest}: "
            "what is usual cannot be told yet, so a year counts.",
            "Only {n} purchases were repeated, fewer than {fewest}: "
            "what is usual cannot be told yet, so a year counts.",
            n=usual.gaps,
            fewest=FEWEST_GAPS,
        )
        return Recommendation("fixed", LONG_SILENCE_DAYS, reason)
    lengths = sorted(usual.categories.values())
    if len(lengths) > 1 and lengths[-1] >= CATEGORIES_DIFFER * lengths[0]:
        reason = Text(
            "Categories are bought again after very different times: {shortest} to {longest} days.",
            shortest=lengths[0],
            longest=lengths[-1],
        )
        return Recommendation("category", None, reason)
    often = evidence.regulars / evidence.buyers
    if often >= OWN_RHYTHM_SHARE:
        reason = Text(
            "{share} of customers bought three times or more: their own rhythm says more than the company's.",
            share=Share(often, 0),
        )
        return Recommendation("own_rhythm", None, reason)
    reason = Text(
        "Only {share} of customers bought three times or more: the company's usual {days} days say more than "
        "rhythms of their own.",
        share=Share(often, 0),
        days=usual.days,
    )
    return Recommendation("company", None, reason)
