"""Where weak and bad begin, as the people of a workspace judge it: ours hold until they say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from holdfast.analytics.reason_grading import LOSSES, LOSSES_BAD_FROM, LOSSES_WEAK_FROM, Graded
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.store import reason_bounds
from holdfast.store.reason_bounds import Bounds

if TYPE_CHECKING:
    from holdfast.analytics.reason import Reason
    from holdfast.settings import Settings

_SAME = 1e-9


def ours(reason: Reason) -> dict[str, Bounds]:
    """The bounds as they were delivered, by measure."""
    found = {each.name: Bounds(each.weak_from, each.bad_from) for each in reason.measures}
    return {**found, LOSSES: Bounds(LOSSES_WEAK_FROM, LOSSES_BAD_FROM)} if reason.causes else found


def with_bounds(graded: Graded, delivered: Bounds | None, theirs: Mapping[str, Bounds]) -> Graded:
    """A grade by the bounds that people set, else by those of today's release."""
    bounds = theirs.get(graded.name) or delivered
    if bounds is None:
        return graded
    return replace(graded, weak_from=bounds.weak_from, bad_from=bounds.bad_from)


def save(settings: Settings, reason: Reason, wanted: Mapping[str, Bounds], *, by: str, now_us: int) -> None:
    """Keep the bounds of a reason; those that are ours are not kept, so that they follow a later release.

    Refuses measures that the reason has not ("unknown_measure") and bounds that are none ("bad_bounds").
    """
    delivered = ours(reason)
    for measure, each in wanted.items():
        if measure not in delivered:
            raise Refusal(
                "unknown_measure",
                found=Text("{name} as a measure.", name=measure[:80]),
                expected=Text("One of: {names}.", names=", ".join(sorted(delivered))),
                remedy=Text("Take one of these; nothing was saved."),
            )
        _check(each)
    before = reason_bounds.listed(settings).get(reason.name, {})
    merged = {**before, **wanted}
    kept = {
        name: each for name, each in merged.items() if name in delivered and _differs(each, delivered[name])
    }
    reason_bounds.save(settings, reason.name, kept, by=by, now_us=now_us)


def back_to_ours(settings: Settings, reason: Reason, *, by: str, now_us: int) -> None:
    """Forget what people set for a reason."""
    reason_bounds.save(settings, reason.name, {}, by=by, now_us=now_us)


def _check(bounds: Bounds) -> None:
    if not 0 < bounds.weak_from < bounds.bad_from <= 1:
        raise Refusal(
            "bad_bounds",
            found=Text(
                "weak from {weak}, bad from {bad}.",
                weak=_percent(bounds.weak_from),
                bad=_percent(bounds.bad_from),
            ),
            expected=Text("Shares above 0% and up to 100%, weak below bad."),
            remedy=Text("Change the bounds; nothing was saved."),
        )


def _percent(share: float) -> str:
    return f"{100 * share:g}%"


def _differs(one: Bounds, other: Bounds) -> bool:
    return abs(one.weak_from - other.weak_from) > _SAME or abs(one.bad_from - other.bad_from) > _SAME
