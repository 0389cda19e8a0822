"""What share of the losses each cause has: named ones counted, and all of them estimated from those.

Most customers leave without a word. Those who said why stand for those who did not, separately by how
they left (a bill never paid, an ended contract, silence): payment is always seen, words are not. Whoever
only chose a reason counts as those did who chose the same and also said it in own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from holdfast.analytics.intervals import Z95
from holdfast.analytics.loss_causes import Evidence, reliability, said_on_leaving
from holdfast.analytics.loss_evidence import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

_SPEAK = (Kind.TICK, Kind.UNPAID, Kind.WORDS)
"""Whose evidence stands for others, the stronger later. What was written before leaving is about what hurt
then: some causes make people write, others never do.
"""

_BEHIND = 10.0
"""What people say who chose one reason is taken from all who chose one, until so many chose this one."""


@dataclass(frozen=True, slots=True)
class Shares:
    """The estimated share of each cause among all losses, 0..1, with its 95 % interval.

    ``spoke`` is how many losses it stands on (those with words, a chosen reason or a bill never paid).
    """

    share: Floats
    low: Floats
    high: Floats
    spoke: int


@dataclass(frozen=True, slots=True)
class Voices:
    """What each loss says of the causes: a row a loss, adding up to 1 for those who spoke, else to 0.

    ``counts`` is as how many full voices it counts: 1 for own words, less for a reason that was chosen.
    """

    weights: Floats
    counts: Floats


def voices(found: Evidence, losses: int, causes: int, places: Whole | None = None) -> Voices:
    """What each loss says, by the strongest that was said; behaviour alone says nothing of its own.

    What a chosen reason means is learnt of all losses; with ``places`` rows are those losses only.
    """
    sure = reliability(found, losses, causes)
    said = said_on_leaving(found, losses)
    overall = np.bincount(said[said >= 0], minlength=causes) + 1.0 / max(1, causes)
    places = np.arange(losses) if places is None else places
    row_of = np.full(losses, -1, np.int64)
    row_of[places] = np.arange(len(places))
    weights, counts = np.zeros((len(places), causes)), np.zeros(len(places))
    for kind in _SPEAK:
        rows = np.flatnonzero(found.kind == kind)
        meant = _meant(found, rows, said, sure[kind], overall / overall.sum())
        rows = rows[row_of[found.loss[rows]] >= 0]
        at, cause = row_of[found.loss[rows]], found.cause[rows]
        there = np.unique(at)
        weights[there] = 0.0
        np.add.at(weights, at, meant[cause])
        weights[there] /= weights[there].sum(axis=1, keepdims=True)
        clear = _clearness(found, kind, said, sure[kind])
        counts[there] = np.bincount(at, clear[cause], len(places))[there] / np.bincount(at)[there]
    return Voices(weights, counts)


def _clearness(found: Evidence, kind: Kind, said: Whole, sure: Floats) -> Floats:
    """As how many full voices evidence of a kind counts, by cause.

    For a reason that was chosen the square of how often it is right, and all who chose it together no more
    than those by whom it was learnt what it means.
    """
    if kind != Kind.TICK:
        return np.ones(len(sure))
    rows = found.kind == kind
    learnt_of = np.bincount(found.cause[rows & (said[found.loss] >= 0)], minlength=len(sure))
    others = np.bincount(found.cause[rows & (said[found.loss] < 0)], minlength=len(sure))
    found_by: Floats = sure**2 * np.minimum((learnt_of + _BEHIND) / np.maximum(others, 1), 1.0)
    return found_by


def shares(voice: Voices, strata: Whole, money: Whole | None = None) -> Shares:
    """The share of each cause among all the losses, of which each is in one of the ``strata``.

    Within a stratum those who spoke stand for the others; Wilson's interval there, and the intervals of
    the strata are put together by the method of variance estimates recovery (Zou and Donner, 2008,
    Statistics in Medicine 27, 1693-1702). With ``money`` the share of it, its interval that of as many
    equal losses as its unevenness leaves.
    """
    causes = voice.weights.shape[1]
    value = np.ones(len(strata)) if money is None else np.maximum(money.astype(np.float64), 0.0)
    total = float(value.sum())
    spoke = voice.counts > 0
    if total <= 0 or not spoke.any():
        return Shares(np.zeros(causes), np.zeros(causes), np.ones(causes), 0)
    usual = _mean(voice, value, np.flatnonzero(spoke))
    share, below, above = np.zeros(causes), np.zeros(causes), np.zeros(causes)
    for stratum in np.unique(strata).tolist():
        rows = np.flatnonzero(strata == stratum)
        part = float(value[rows].sum()) / total
        told = rows[spoke[rows]]
        mean = _mean(voice, value, told) if value[told].sum() > 0 else usual
        low, high = _wilson(mean, _voices_in(voice, value, told))
        share += part * mean
        below += (part * (mean - low)) ** 2
        above += (part * (high - mean)) ** 2
    low, high = share - np.sqrt(below), share + np.sqrt(above)
    return Shares(share, np.maximum(low, 0.0), np.minimum(high, 1.0), int(spoke.sum()))


def _meant(found: Evidence, rows: Whole, said: Whole, sure: Floats, overall: Floats) -> Floats:
    """What those mean (columns) who name each cause (rows), by evidence of one kind."""
    causes = len(sure)
    told = rows[said[found.loss[rows]] >= 0]
    seen = np.zeros((causes, causes))
    np.add.at(seen, (found.cause[told], said[found.loss[told]]), 1.0)
    else_where = np.repeat(overall[None, :], causes, axis=0)
    np.fill_diagonal(else_where, 0.0)
    else_where /= np.maximum(else_where.sum(axis=1, keepdims=True), 1e-12)
    first = (1.0 - sure)[:, None] * else_where
    first[np.arange(causes), np.arange(causes)] = sure
    if len(rows) and found.kind[rows[0]] in (Kind.WORDS, Kind.UNPAID):
        return np.eye(causes)
    meant: Floats = (seen + _BEHIND * first) / (seen.sum(axis=1, keepdims=True) + _BEHIND)
    return meant


def _mean(voice: Voices, value: Floats, rows: Whole) -> Floats:
    weight = value[rows]  # not by how much each counts: the causes of clear voices would outweigh others
    found: Floats = (voice.weights[rows] * weight[:, None]).sum(axis=0) / max(float(weight.sum()), 1e-12)
    return found


def _voices_in(voice: Voices, value: Floats, rows: Whole) -> float:
    """As many equal voices as the rows are worth (Kish, 1965)."""
    weight = value[rows]
    squares = float((weight**2).sum())
    equal = float(weight.sum()) ** 2 / squares if squares > 0 else 0.0
    return equal * (float(voice.counts[rows].mean()) if len(rows) else 0.0)


def _wilson(share: Floats, voices_in: float) -> tuple[Floats, Floats]:
    """Wilson's interval of shares that stand on ``voices_in`` voices, which need not be whole."""
    if voices_in <= 0:
        return np.zeros(len(share)), np.ones(len(share))
    z2 = Z95 * Z95
    centre = (share + z2 / (2 * voices_in)) / (1 + z2 / voices_in)
    spread = share * (1 - share) / voices_in + z2 / (4 * voices_in * voices_in)
    half = Z95 / (1 + z2 / voices_in) * np.sqrt(spread)
    return np.minimum(np.maximum(centre - half, 0.0), share), np.maximum(
        np.minimum(centre + half, 1.0), share
    )
