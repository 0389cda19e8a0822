"""All risks, row by row, for exports."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from holdfast.services.foresee.at_risk import drivers, features_of

if TYPE_CHECKING:
    from holdfast.settings import Settings

_DRIVERS = 5


def every_risk(settings: Settings) -> Generator[tuple[Any, ...], None, None]:
    """Unit, name, state, country, risk, value, value at risk, likely days, drivers in English words,
    cause, as-of day, model, risk a week ago; the most value at risk first. Nothing where no model is.
    """
    from holdfast.store import risk

    scoring = risk.last_scoring(settings)
    if scoring is None or scoring.model_version is None:
        return
    features = features_of(settings, scoring.model_version)
    for unit, name, state, country, said, value, at_risk, first, last, kept, cause, *rest in risk.every_score(
        settings
    ):
        words = [str(each.words) for each in drivers(kept, features, settings.currency)]
        filled = [*words, *[None] * (_DRIVERS - len(words))]
        as_of, version, week_ago = rest
        who = (unit, name, state, country, said, value, at_risk, first, last)
        yield (*who, *filled, cause, as_of, str(version), week_ago)
