"""What corrections teach: a learned layer on the phrases, for one language of one workspace.

Three parts (causes, sentiment, leaving) learn from the corrected texts beside what the phrases said of
them; each is switched on only when it is clearly better than the phrases on corrections that it had not
seen. What is learned is numbers: it is kept, versioned, and dropped or taken back by whoever holds it.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from holdfast.learning.grading import Difference
from holdfast.learning.text_weights import Floats, TextWeights, telling
from holdfast.text.cutting import cut
from holdfast.text.held_back import PARTS, Answers, Held, Thresholds, in_folds, measured
from holdfast.text.phrases import phrasebook
from holdfast.text.reading import Reading, read
from holdfast.text.taxonomy import causes

FEWEST = 50
"""Corrections below which nothing is tried: no interval would be of use."""
FEWEST_OF_A_CAUSE = 3
"""A cause corrected less often stays with the phrases."""
FORMAT = 2
MOODS = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text as a person said it is to be read; ``causes`` may be ids that the workspace added."""

    text: str
    causes: tuple[str, ...] = ()
    sentiment: str = "neutral"
    churn_intent: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """How a part did on held-back corrections: F1 of the phrases, of the learned layer, the difference."""

    name: str
    phrases: float
    learnt: float
    difference: Difference

    @property
    def on(self) -> bool:
        """Whether the learned layer is clearly better: the whole interval lies above zero."""
        return self.difference.low > 0


@dataclass(frozen=True, slots=True)
class NotBetter:
    """Nothing is switched on: too few corrections (no parts), or no part is clearly better."""

    language: str
    corrections: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Learnt:
    """A learned layer that is better than the phrases in at least one part."""

    language: str
    corrections: int
    parts: tuple[Part, ...]
    signs: tuple[str, ...]
    causes: tuple[str, ...]
    thresholds: Thresholds
    weights: Mapping[str, TextWeights]
    """Of the parts that are on."""

    @property
    def version(self) -> str:
        """A name for exactly these numbers."""
        digest = hashlib.sha256(json.dumps(self._header(), sort_keys=True).encode())
        for part in sorted(self.weights):
            for name, array in sorted(self.weights[part].arrays().items()):
                digest.update(f"{part}.{name}".encode() + array.tobytes())
        return digest.hexdigest()[:12]

    def read(self, text: str, reading: Reading) -> Reading:
        """``reading``, which is of ``text``, as the corrections teach to change it."""
        return self.read_many([text], [reading])[0]

    def read_many(self, texts: Sequence[str], readings: Sequence[Reading]) -> list[Reading]:
        """Each reading changed; those of another language stay as they are."""
        ours = [number for number, reading in enumerate(readings) if reading.language == self.language]
        changed = list(readings)
        if not ours:
            return changed
        words = _words(self.language, [texts[number] for number in ours])
        signs = _signs([readings[number] for number in ours], self.signs)
        scores = {part: weights.scores(words[part], signs) for part, weights in self.weights.items()}
        for place, number in enumerate(ours):
            one = {part: found[place] for part, found in scores.items()}
            changed[number] = self._changed(readings[number], one)
        return changed

    def _changed(self, reading: Reading, scores: Mapping[str, Floats]) -> Reading:
        if "causes" in scores:
            said = _said(scores["causes"], self.causes, self.thresholds)
            kept = [cause for cause in reading.causes if cause not in self.causes]
            evidence = [e for e in reading.evidence if e.meaning not in self.causes or e.meaning in said]
            reading = replace(reading, causes=_in_order({*kept, *said}), evidence=tuple(evidence))
        if "sentiment" in scores:
            reading = replace(reading, sentiment=MOODS[int(scores["sentiment"].argmax())])
        if "leaving" in scores:
            leaves = bool(scores["leaving"][0] > 0)
            evidence = [e for e in reading.evidence if leaves or e.meaning != "leaving"]
            reading = replace(reading, churn_intent=leaves, evidence=tuple(evidence))
        return reading

    def to_bytes(self) -> bytes:
        """Numbers and JSON only: reading them back runs no code."""
        into = io.BytesIO()
        arrays: dict[str, Any] = {
            f"{part}.{name}": array
            for part, weights in self.weights.items()
            for name, array in weights.arrays().items()
        }
        header = np.frombuffer(json.dumps(self._header()).encode(), dtype=np.uint8)
        np.savez_compressed(into, header=header, **arrays)
        return into.getvalue()

    @classmethod
    def from_bytes(cls, written: bytes) -> Learnt:
        """The layer from :meth:`to_bytes`; ValueError when it is none, or of another format."""
        try:
            with np.load(io.BytesIO(written), allow_pickle=False) as kept:
                arrays = {name: kept[name] for name in kept.files}
            header = json.loads(arrays["header"].tobytes())
            form = header["format"]
        except (
            KeyError,
            TypeError,
            ValueError,
            OSError,
            EOFError,
            AttributeError,
            zipfile.BadZipFile,
        ) as broken:
            raise ValueError("This is no learned layer: learn it again from the corrections.") from broken
        if form != FORMAT:
            raise ValueError(
                f"A learned layer of format {form!r} was found, and {FORMAT} is read here:"
                " learn it again from the corrections."
            )
        weights = {
            part: TextWeights.from_arrays({name: arrays[f"{part}.{name}"] for name in TextWeights.NAMES})
            for part in header["on"]
        }
        return cls._of(header, weights)

    @classmethod
    def _of(cls, header: Mapping[str, Any], weights: Mapping[str, TextWeights]) -> Learnt:
        parts = [
            Part(one["name"], one["phrases"], one["learnt"], Difference(*one["difference"]))
            for one in header["parts"]
        ]
        return cls(
            header["language"],
            header["corrections"],
            tuple(parts),
            tuple(header["signs"]),
            tuple(header["causes"]),
            Thresholds(*header["thresholds"]),
            weights,
        )

    def _header(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "language": self.language,
            "corrections": self.corrections,
            "parts": [
                {
                    "name": part.name,
                    "phrases": part.phrases,
                    "learnt": part.learnt,
                    "difference": [part.difference.estimate, part.difference.low, part.difference.high],
                }
                for part in self.parts
            ],
            "signs": self.signs,
            "causes": self.causes,
            "thresholds": [self.thresholds.best, self.thresholds.each],
            "on": sorted(self.weights),
        }


def learn(language: str, corrected: Sequence[Corrected]) -> Learnt | NotBetter:
    """Learns from the corrections of one language, and says whether that is better than the phrases."""
    _check(corrected)
    if len(corrected) < FEWEST:
        return NotBetter(language, len(corrected))
    readings = [read(one.text, language) for one in corrected]
    ids = _learnable(corrected, readings)
    truth, said = _answers(corrected, ids), _answers(readings, ids)
    signs = tuple(cause.id for cause in causes())
    words = _words(language, [one.text for one in corrected])
    marks = _signs(readings, signs)
    held = {name: in_folds(name, words[name], marks, truth[name]) for name in PARTS}
    parts = [Part(name, *measured(name, held[name], truth[name], said[name])) for name in PARTS]
    on = [part.name for part in parts if part.on]
    if not on:
        return NotBetter(language, len(corrected), tuple(parts))
    weights = {
        name: TextWeights.fit(words[name], marks, truth[name], extra_weight=held[name].extra_weight)
        for name in on
    }
    return Learnt(language, len(corrected), tuple(parts), signs, ids, held["causes"].thresholds, weights)


def _check(corrected: Sequence[Corrected]) -> None:
    for one in corrected:
        if one.sentiment not in MOODS:
            raise ValueError(
                f"A correction says the sentiment is {one.sentiment!r}: it must be one of {', '.join(MOODS)}."
            )


def _learnable(corrected: Sequence[Corrected], readings: Sequence[Reading]) -> tuple[str, ...]:
    """The causes that corrections say something about: given, or taken away, often enough."""
    given = [cause for one in corrected for cause in one.causes]
    found = [cause for one in readings for cause in one.causes]
    return _in_order(
        cause
        for cause in {*given, *found}
        if given.count(cause) >= FEWEST_OF_A_CAUSE or found.count(cause) >= 2 * FEWEST_OF_A_CAUSE
    )


def _in_order(ids: Iterable[str]) -> tuple[str, ...]:
    """Ids in the order of the taxonomy, those the workspace added behind, by name."""
    places = {cause.id: place for place, cause in enumerate(causes())}
    return tuple(sorted(ids, key=lambda cause: (places.get(cause, len(places)), cause)))


def _answers(told: Sequence[Corrected] | Sequence[Reading], ids: Sequence[str]) -> dict[str, Answers]:
    """For each part texts x classes."""
    return {
        "causes": np.array([[cause in one.causes for cause in ids] for one in told]).reshape(len(told), -1),
        "sentiment": np.array([[one.sentiment == mood for mood in MOODS] for one in told]),
        "leaving": np.array([[one.churn_intent] for one in told]),
    }


def _words(language: str, texts: Sequence[str]) -> dict[str, list[str]]:
    """What each part learns from: causes from folded words, moods from the letters as they were typed."""
    book, typed = phrasebook(language), [cut(text) for text in texts]
    folded = [book.fold(telling(text)).text for text in typed]
    return {"causes": folded, "sentiment": typed, "leaving": typed}


def _signs(readings: Sequence[Reading], signs: Sequence[str]) -> Floats:
    """What the phrases said, as numbers."""
    rows = [
        [
            *(sign in reading.causes and sign not in reading.hunches for sign in signs),
            *(reading.sentiment == mood for mood in MOODS),
            reading.churn_intent,
            bool(reading.competitors),
        ]
        for reading in readings
    ]
    return np.array(rows, dtype=np.float64)


def _said(scores: Floats, ids: Sequence[str], thresholds: Thresholds) -> tuple[str, ...]:
    return tuple(ids[number] for number in np.flatnonzero(thresholds.applied(scores[None, :])[0]).tolist())


__all__ = ["Corrected", "Held", "Learnt", "NotBetter", "Part", "learn"]
