"""Criteria for action: thresholds that the team sets, with what they would mean now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.domain.health import OwnHealth
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee.reading import Consequence, Criteria

if TYPE_CHECKING:
    from holdfast.settings import Settings


def read(settings: Settings) -> Criteria:
    """What the team decided, or the defaults."""
    from holdfast.store import risk

    kept = risk.decided_criteria(settings)
    if kept is None:
        return Criteria()
    act_from, watch_from, hours, own = kept
    told = json.loads(own) if own else None
    return Criteria(act_from, watch_from, hours, OwnHealth(**told) if told else None)


def save(settings: Settings, criteria: Criteria) -> None:
    """Keep what the team decided, or refuse it ("bad_criteria")."""
    from holdfast.store import risk

    if not 0 <= criteria.watch_from <= criteria.act_from <= 1:
        raise Refusal(
            "bad_criteria",
            found=Text(
                "Watching from {watch}, acting from {act}.", watch=criteria.watch_from, act=criteria.act_from
            ),
            expected=Text("Two risks between 0 and 1, watching from no more than acting from."),
            remedy=Text("Change the thresholds; nothing was saved."),
        )
    if not 0 <= criteria.hours_per_customer <= 1_000:
        raise Refusal(
            "bad_criteria",
            found=Text("{hours} hours for one customer.", hours=criteria.hours_per_customer),
            expected=Text("Hours from 0 to 1,000."),
            remedy=Text("Change the hours; nothing was saved."),
        )
    risk.save_criteria(
        settings,
        criteria.act_from,
        criteria.watch_from,
        criteria.hours_per_customer,
        now_us=int(datetime.now(UTC).timestamp() * 1_000_000),
    )


def weigh(settings: Settings, thresholds: Sequence[float]) -> list[Consequence]:
    """What acting from each threshold on would mean now: the sum of probabilities is how many leave."""
    from holdfast.store import risk

    hours = read(settings).hours_per_customer
    return [
        Consequence(threshold, customers, expected, customers * hours, value)
        for threshold, (customers, expected, value) in zip(
            thresholds, risk.totals_from(settings, thresholds), strict=True
        )
    ]
