"""Is the learned layer better than the phrases? Both judged on corrections it had not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from holdfast.learning.grading import Difference
from holdfast.learning.text_weights import Floats, TextWeights

PARTS = ("causes", "sentiment", "leaving")
FOLDS = 5
_DRAWS = 400
_EACH = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.7)
_BEST = (-5.0, -0.8, -0.5, -0.25, 0.0, 0.25, 0.5)
Answers = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score on the best cause of a text counts, and from which each other one."""

    best: float = 0.0
    each: float = 0.0

    def applied(self, scores: Floats) -> Answers:
        """Texts x causes: which are said."""
        said = scores >= self.each
        if scores.shape[1]:
            rows = np.arange(len(scores))
            top = scores.argmax(axis=1)
            said[rows, top] = scores[rows, top] >= self.best
        return said


@dataclass(frozen=True, slots=True)
class Held:
    """What the learned layer said of each correction while it did not know it."""

    said: Answers
    thresholds: Thresholds
    """Chosen on all of them, for later texts."""
    groups: npt.NDArray[np.int64]
    """Which corrections are of the same text: drawn and held back together."""


def in_folds(part: str, texts: Sequence[str], signs: Floats, truth: Answers) -> Held:
    """Learns on four fifths, reads the fifth, five times; equal texts are never on both sides."""
    groups = np.unique([" ".join(text.lower().split()) for text in texts], return_inverse=True)[1]
    fold = np.random.default_rng(0).permutation(int(groups.max()) + 1)[groups] % FOLDS
    scores = np.zeros(truth.shape)
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if not len(inside) or not len(outside):
            continue
        weights = TextWeights.fit([texts[row] for row in inside], signs[inside], truth[inside])
        scores[outside] = weights.scores([texts[row] for row in outside], signs[outside])
    if part != "causes":
        return Held(_decided(part, scores), Thresholds(), groups)
    said = np.zeros(truth.shape, dtype=np.bool_)
    for number in range(FOLDS):
        chosen = _chosen(scores[fold != number], truth[fold != number])
        said[fold == number] = chosen.applied(scores[fold == number])
    return Held(said, _chosen(scores, truth), groups)


def measured(part: str, held: Held, truth: Answers, phrases: Answers) -> tuple[float, float, Difference]:
    """F1 of the phrases and of the learned layer on the same corrections, and how much better it is.

    Better than the phrases and than saying of every text what is said most often, whichever of the two
    is harder to beat: where phrases find nothing, any guess would beat them. The interval is that of 95 %
    (paired bootstrap over texts). Sentiment: mean over its classes that occur; causes and leaving: over
    all together.
    """
    old, new, same = (_counts(said, truth) for said in (phrases, held.said, _always(truth)))
    ones = np.ones(len(truth))
    before, after = _figure(part, old, ones), _figure(part, new, ones)
    drawn = [
        (_figure(part, new, w), _figure(part, old, w), _figure(part, same, w)) for w in _weights(held.groups)
    ]
    learnt, *rivals = np.array(drawn).T
    differences = []
    for rival, figure in zip(rivals, (before, _figure(part, same, ones)), strict=True):
        low, high = np.quantile(learnt - rival, [0.025, 0.975])
        differences.append(Difference(after - figure, float(low), float(high)))
    return before, after, min(differences, key=lambda one: one.low)


def _always(truth: Answers) -> Answers:
    """Of every text the class that is said most often."""
    said = np.zeros(truth.shape, dtype=np.bool_)
    if truth.shape[1]:
        said[:, truth.sum(axis=0).argmax()] = True
    return said


def _decided(part: str, scores: Floats) -> Answers:
    if part == "leaving":
        return np.asarray(scores > 0)
    said = np.zeros(scores.shape, dtype=np.bool_)
    said[np.arange(len(scores)), scores.argmax(axis=1)] = True
    return said


def _chosen(scores: Floats, truth: Answers) -> Thresholds:
    """The thresholds with the best F1, over all causes and over each."""
    ways = [Thresholds(best, each) for each in _EACH for best in _BEST if best <= each]
    ones = np.ones(len(truth))

    def worth(way: Thresholds) -> float:
        counts = _counts(way.applied(scores), truth)
        return _figure("causes", counts, ones) + _figure("each", counts, ones)

    return max(ways, key=worth)


def _counts(said: Answers, truth: Answers) -> Counts:
    """Texts x classes x (right, wrong or missed)."""
    return np.stack([said & truth, said ^ truth], axis=2).astype(np.int64)


def _figure(part: str, counts: Counts, weight: Floats) -> float:
    right, wrong = np.tensordot(weight, counts, axes=1).T
    if part in ("causes", "leaving"):
        right, wrong = right.sum(keepdims=True), wrong.sum(keepdims=True)
    there = 2 * right + wrong > 0
    return float((2 * right[there] / (2 * right + wrong)[there]).mean()) if there.any() else 0.0


def _weights(groups: npt.NDArray[np.int64]) -> Iterator[Floats]:
    """How often each text was drawn, draw after draw; those of one group together."""
    draw, units = np.random.default_rng(0), int(groups.max()) + 1
    for _ in range(_DRAWS):
        yield np.bincount(draw.integers(0, units, units), minlength=units)[groups].astype(np.float64)
