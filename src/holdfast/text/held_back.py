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
_EACH = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 9.0)
_BEST = (-9.0, -0.5, 0.0, 0.5, 1.0)
_EXTRA_WEIGHTS = (0.05, 0.3)
"""What the phrases weigh beside the letters: little where they do not know the causes, else much."""
_CHOICE_DRAWS = 100
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
    extra_weight: float
    """What the phrases weigh."""


def in_folds(part: str, texts: Sequence[str], signs: Floats, truth: Answers) -> Held:
    """Learns on four fifths, reads the fifth, five times; equal texts are never on both sides.

    What can be chosen is chosen for each fifth on the other four.
    """
    groups = np.unique([" ".join(text.lower().split()) for text in texts], return_inverse=True)[1]
    fold = np.random.default_rng(0).permutation(int(groups.max()) + 1)[groups] % FOLDS
    scores = {weight: _held_scores(texts, signs, truth, fold, weight) for weight in _EXTRA_WEIGHTS}
    said = np.zeros(truth.shape, dtype=np.bool_)
    for number in range(FOLDS):
        outside = fold == number
        if outside.any() and not outside.all():
            weight, way = _chosen(part, scores, truth, ~outside, groups)
            said[outside] = _decided(part, scores[weight][outside], way)
    weight, way = _chosen(part, scores, truth, np.ones(len(truth), dtype=np.bool_), groups)
    return Held(said, way, groups, weight)


def _held_scores(
    texts: Sequence[str], signs: Floats, truth: Answers, fold: npt.NDArray[np.int64], weight: float
) -> Floats:
    scores = np.zeros(truth.shape)
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold != number).tolist(), np.flatnonzero(fold == number).tolist()
        if inside and outside:
            learnt = TextWeights.fit(
                [texts[row] for row in inside], signs[inside], truth[inside], extra_weight=weight
            )
            scores[outside] = learnt.scores([texts[row] for row in outside], signs[outside])
    return scores


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
        (_figure(part, new, w), _figure(part, old, w), _figure(part, same, w))
        for w in _weights(held.groups, _DRAWS)
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


def _decided(part: str, scores: Floats, way: Thresholds) -> Answers:
    if part == "causes":
        return way.applied(scores)
    if part == "leaving":
        return np.asarray(scores > 0)
    said = np.zeros(scores.shape, dtype=np.bool_)
    said[np.arange(len(scores)), scores.argmax(axis=1)] = True
    return said


Choice = tuple[float, Thresholds]
"""What the phrases weigh, and for causes the thresholds."""

_USUAL: Choice = (0.05, Thresholds(0.0, 1.0))


def _chosen(
    part: str,
    scores: dict[float, Floats],
    truth: Answers,
    where: Answers,
    groups: npt.NDArray[np.int64],
) -> Choice:
    """The choice with the best F1 over all and over each; the usual one where that is hardly worse.

    Hardly: within a standard error of the difference (Breiman and others 1984). Among many choices the best
    on few corrections is best by luck, and worse than the usual one on later texts.
    """
    ways = [Thresholds(best, each) for each in _EACH for best in _BEST if best <= each]
    every = [(weight, way) for weight in scores for way in (ways if part == "causes" else [Thresholds()])]
    usual = _USUAL if part == "causes" else (_USUAL[0], Thresholds())
    counts = {
        choice: _counts(_decided(part, scores[choice[0]][where], choice[1]), truth[where]) for choice in every
    }
    ones = np.ones(int(where.sum()))
    best = max(every, key=lambda choice: _worth(part, counts[choice], ones))
    if best == usual:
        return usual
    better = [
        _worth(part, counts[best], drawn) - _worth(part, counts[usual], drawn)
        for drawn in _weights(groups[where], _CHOICE_DRAWS)
    ]
    clearly = _worth(part, counts[best], ones) - _worth(part, counts[usual], ones) > float(np.std(better))
    return best if clearly else usual


def _worth(part: str, counts: Counts, weight: Floats) -> float:
    return _figure(part, counts, weight) + _figure("each", counts, weight)


def _counts(said: Answers, truth: Answers) -> Counts:
    """Texts x classes x (right, wrong or missed)."""
    return np.stack([said & truth, said ^ truth], axis=2).astype(np.int64)


def _figure(part: str, counts: Counts, weight: Floats) -> float:
    right, wrong = np.tensordot(weight, counts, axes=1).T
    if part in ("causes", "leaving"):
        right, wrong = right.sum(keepdims=True), wrong.sum(keepdims=True)
    there = 2 * right + wrong > 0
    return float((2 * right[there] / (2 * right + wrong)[there]).mean()) if there.any() else 0.0


def _weights(groups: npt.NDArray[np.int64], draws: int) -> Iterator[Floats]:
    """How often each text was drawn, draw after draw; those of one group together."""
    draw, units = np.random.default_rng(0), int(groups.max()) + 1
    for _ in range(draws):
        yield np.bincount(draw.integers(0, units, units), minlength=units)[groups].astype(np.float64)
