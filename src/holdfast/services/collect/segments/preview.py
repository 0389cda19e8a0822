"""Who would meet a rule: how many, and a few of them; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.domain.expression import Expression
from holdfast.services.collect.segments.leaves import asked
from holdfast.services.collect.segments.rules import check_rule, rules_of
from holdfast.store.customers import ListedCustomer, listed_among

if TYPE_CHECKING:
    from holdfast.settings import Settings

SAMPLE = 8
"""So many of those who meet a rule are shown."""


@dataclass(frozen=True, slots=True)
class Preview:
    """``count`` of the ``everybody`` on the list meet the rule; ``sample`` are some of them."""

    count: int
    everybody: int
    sample: tuple[ListedCustomer, ...]


def preview(
    settings: Settings, rule: Expression, now_us: int, *, key: str = "", sample: int = SAMPLE
) -> Preview:
    """Count who meets ``rule`` now; refuses what :func:`check_rule` refuses."""
    check_rule(settings, rule, now_us, key=key)
    with asked(settings, now_us, rules_of(settings)) as customers:
        found = np.flatnonzero(customers.meets(rule))
        units = customers.units
    # Evenly over all of them, the same ones each time: the first ones would be the oldest customers.
    chosen = found[np.unique(np.linspace(0, len(found) - 1, min(sample, len(found))).astype(np.int64))]
    return Preview(len(found), len(units), listed_among(settings, units[chosen].tolist()))
