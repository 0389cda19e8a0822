"""What the days of the company counted, for signals that compare a customer with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from holdfast import registry
from holdfast.analytics.signal import Signal, Tuned
from holdfast.analytics.signalling import numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfast.analytics.feature import Feature
    from holdfast.analytics.known_days import Company
    from holdfast.services.foresee.snapshots import History


def company_of(history: History, features: Sequence[Feature], days: Sequence[int]) -> Company:
    """The company's days as ``features`` look at them, as known at each of ``days`` in order."""
    return history.company(features, days)


def company_now(history: History, day: int) -> Company:
    """The company's days for every signal there is: what the worker is told until the next run."""
    declared = [cast(Signal, part.declared) for part in registry.parts("signals").values()]
    return history.company(numbers_of([Tuned(each) for each in declared]), [day])
