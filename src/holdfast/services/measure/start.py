"""The consequences of each rule as the guided start shows them: plain values that may be out of date."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from holdfast.services.measure.weigh import weigh
from holdfast.services.progress import Progress
from holdfast.settings import Settings


def weigh_and_keep(settings: Settings, *, now: datetime, progress: Progress) -> dict[str, Any]:
    """:func:`holdfast.services.measure.weigh.weigh` as plain values, with what they were computed from."""
    basis = basis_now(settings)
    found = weigh(settings, now=now, progress=progress)
    return {
        "until": found.until,
        "rules": [asdict(each) for each in found.rules],
        "rule": found.rule,
        "after_days": found.after_days,
        "activity": found.activity,
        "reason": found.reason,
        "basis": basis,
    }


def basis_now(settings: Settings) -> list[Any]:
    """What the consequences depend on: other imports, another unit or calendar make them old."""
    from holdfast.store import imports

    done = [each.id for each in imports.list_imports(settings) if each.state == "done"]
    return [len(done), max(done, default=0), settings.unit, settings.timezone, settings.calendar]


def still_holds(settings: Settings, kept: Any) -> bool:
    """Whether kept consequences are those of the data as they are now."""
    return kept is not None and list(kept["basis"]) == basis_now(settings)
