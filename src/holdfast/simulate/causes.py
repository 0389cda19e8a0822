"""Why customers leave: the taxonomy's 29 causes, where each comes from, how often each bites.

``monthly`` is how many of 1,000 ordinary customers begin to waver in a month for this cause alone
when nothing has happened to them; causes with 0 bite only through experiences (a late parcel, an
unkind answer), which pile up as grievances. Which customers are not ordinary is said in
:mod:`holdfast.simulate.mood`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Origin = Literal["ours", "market", "own_life"]


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of leaving; ``id`` and ``group`` are those of the taxonomy.

    ``origin``: ours to fix, the market, or the customer's own life and outside events.
    ``comes_back`` is the chance, per month, that someone lost for it returns unasked.
    """

    id: str
    group: str
    origin: Origin
    monthly: float
    comes_back: float = 0.024


CAUSES: tuple[Cause, ...] = (
    Cause("poor_support", "service", "ours", 0.0),
    Cause("slow_response", "service", "ours", 0.0),
    Cause("unresolved_complaint", "service", "ours", 0.0, 0.012),
    Cause("repeated_issue", "service", "ours", 0.0, 0.012),
    Cause("rude_staff", "service", "ours", 0.0, 0.008),
    Cause("inconsistent_followup", "service", "ours", 0.0),
    Cause("poor_quality", "product", "ours", 0.2, 0.016),
    Cause("bugs_outages", "product", "ours", 0.1),
    Cause("missing_feature", "product", "ours", 0.6),
    Cause("weak_onboarding", "adoption_value", "ours", 1.6, 0.012),
    Cause("complexity_bloat", "product", "ours", 0.5),
    Cause("no_value_realised", "adoption_value", "ours", 0.9, 0.012),
    Cause("overpromised", "adoption_value", "ours", 0.4, 0.012),
    Cause("price_too_high", "money", "ours", 2.2, 0.04),
    Cause("unclear_pricing_hidden_fees", "money", "ours", 0.4),
    Cause("surprise_renewal", "money", "ours", 0.0),
    Cause("payment_problem", "money", "ours", 0.0, 0.06),
    Cause("competitor_better_offer", "competition", "market", 2.0, 0.036),
    Cause("neglected_relationship", "relationship", "ours", 0.9, 0.04),
    Cause("too_many_messages", "relationship", "ours", 0.0, 0.008),
    Cause("no_information", "relationship", "ours", 0.0),
    Cause("wrong_channel", "relationship", "ours", 0.4),
    Cause("trust_privacy", "relationship", "ours", 0.3, 0.006),
    Cause("late_delivery", "delivery", "ours", 0.0),
    Cause("no_longer_needed", "natural", "own_life", 1.9, 0.012),
    Cause("personal_circumstances", "natural", "own_life", 1.7, 0.02),
    Cause("external_economy", "natural", "own_life", 0.5, 0.04),
    Cause("wrong_fit", "adoption_value", "ours", 1.4, 0.006),
    Cause("forgot_about_us", "natural", "own_life", 1.6, 0.05),
)

CAUSE_IDS: tuple[str, ...] = tuple(cause.id for cause in CAUSES)
NO_CAUSE = -1
_POSITIONS = {cause: position for position, cause in enumerate(CAUSE_IDS)}


def cause_index(cause: str) -> int:
    """The position of a cause in :data:`CAUSES`; ``KeyError`` for an id that is none."""
    return _POSITIONS[cause]
