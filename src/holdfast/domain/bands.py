"""How urgent a risk is by the two thresholds of the team: a word that programs go by."""

from __future__ import annotations

BANDS: tuple[str, str, str, str] = ("calm", "watch", "high", "urgent")
"""From the least urgent to the most."""

USUAL = (0.5, 0.25)
"""From which risk the team acts and watches where it has decided nothing."""


def cuts(act_from: float, watch_from: float) -> tuple[float, float, float]:
    """Where each band after the first begins; the third one half way between the thresholds."""
    return watch_from, (act_from + watch_from) / 2, act_from


def band_of(risk: float, act_from: float, watch_from: float) -> str:
    """The band of a risk.

    >>> band_of(0.4, 0.5, 0.25)
    'high'
    """
    return BANDS[sum(risk >= cut for cut in cuts(act_from, watch_from))]
