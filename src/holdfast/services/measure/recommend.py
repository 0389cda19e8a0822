"""The rule of who counts as lost that suits a workspace."""

from __future__ import annotations

from dataclasses import replace

from holdfast.analytics.emit import emit
from holdfast.analytics.recommend import Evidence, Recommendation, recommend
from holdfast.analytics.spec import Column, Compare, Count, Literal, Query
from holdfast.analytics.taken import CONTRACT_NAMES, DELETED, SIGNED_UP, STARTED
from holdfast.analytics.terms import OPEN
from holdfast.services.measure.measure import Ready

_USE = ("Signed In", "Feature Used", "Page Viewed", "Screen Viewed", "Invoice Issued")
"""Events that can stand for use where nothing is bought, the best sign first."""


def recommended_rule(ready: Ready) -> Recommendation:
    """What the kept tables of a workspace speak for."""
    kept = ready.kept
    counts = ready.engine.rows(emit(_BUYERS, ready.engine.dialect), kept.tables)[0]
    contracts, buyers, repeaters, regulars = (int(count) for count in counts)
    names = set(kept.names)
    advice = recommend(
        Evidence(
            contracts=contracts if STARTED in names else 0,
            buyers=buyers,
            repeaters=repeaters,
            regulars=regulars,
            usual=kept.usual,
            accounts=bool(names & {SIGNED_UP, DELETED}),
            other_activity=next((name for name in _USE if name in names - set(CONTRACT_NAMES)), ""),
        )
    )
    # Where there are only contracts, or only purchases, "mixed" is the same as the rule for those.
    same = ready.company.lost.rule == "mixed" and advice.rule in ("contract", "own_rhythm")
    return replace(advice, rule="mixed") if same and not advice.activity else advice


_BUYERS = Query(
    "units",
    aggregates={
        "contracts": Count(Compare(Column("contracts"), ">", Literal(0))),
        "buyers": Count(Compare(Column("bought_day"), "<", Literal(OPEN))),
        "repeaters": Count(Compare(Column("second_day"), "<", Literal(OPEN))),
        "regulars": Count(Compare(Column("purchases"), ">=", Literal(3))),
    },
)
