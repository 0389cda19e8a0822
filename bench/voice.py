"""Reading what customers write: how much is understood, per language, and how fast.

How well is asked of the shared set ``voice/dev.jsonl``, a smoke test on which phrases were tuned: it shows
that nothing broke, not how well other texts are read. How fast is asked of texts of people that are all
different: what reading all languages takes once, the first pass over them, and a second. They are as long
as the texts of the shared set, which stands for the exam that nobody may see; and twice as long.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.measuring import Line
from bench.real_sets import SEED, find_data
from holdfast.text import Reading, causes, read_many
from holdfast.text.reading import prepare

SET = "voice dev (tuned on)"
SENTIMENTS = ("negative", "neutral", "positive")
EACH, FEWEST_WORDS, MOST_WORDS = 400, 8, 40
SOURCES = {
    "en": ("text_en_amazon/amazon_app_reviews.parquet", "reviewText"),
    "ro": ("text_ro_laroseda/laroseda_train.parquet", "text"),
    "fa": ("text_fa_snappfood/snappfood_dev.parquet", "comment"),
    "bg": ("text_bg_cinexio/bg_binary_sentiment.parquet", "text"),
    "ru": ("text_ru_sentirueval/sre2015_telecoms_train.parquet", "text"),
    "zh": ("text_zh_reviews/waimai_10k.parquet", "review"),
}
"""Texts of people in six languages, for the speed: (file, column) by language."""


def run(size: str, folder: Path) -> list[Line]:
    """The figures of the issue on the development set; ``size`` and ``folder`` change nothing."""
    path = find_data() / "voice" / "dev.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    speed = list(_speed(rows))  # before any text was read
    readings = list(read_many(row["text"] for row in rows))
    pairs = list(zip(rows, readings, strict=True))
    return [*_causes(pairs), *_rest(pairs), *speed]


Pairs = Sequence[tuple[dict[str, Any], Reading]]


def _line(name: str, value: float, goal: str = "", met: bool | None = None) -> Line:
    return Line(f"{SET}: {name}", value, "", goal=goal, met=met)


def _at_least(name: str, value: float, goal: float) -> Line:
    return _line(name, value, f"at least {goal:.2f}", value >= goal)


def _f1(found: Iterable[set[Any]], expected: Iterable[set[Any]]) -> float:
    right = wrong = missed = 0
    for one, other in zip(found, expected, strict=True):
        right += len(one & other)
        wrong += len(one - other)
        missed += len(other - one)
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def _causes(pairs: Pairs) -> list[Line]:
    group = {cause.id: cause.group for cause in causes()}
    found = [set(reading.causes) for _, reading in pairs]
    expected = [set(row["causes"]) for row, _ in pairs]
    each = [
        _f1([one & {cause} for one in found], [one & {cause} for one in expected])
        for cause in sorted(set().union(*expected))
    ]
    lines = [
        _at_least("cause, micro-F1", _f1(found, expected), 0.76),
        _at_least("cause, macro-F1", sum(each) / len(each), 0.74),
        _at_least(
            "group of causes, micro-F1",
            _f1(*([{group[c] for c in s} for s in x] for x in (found, expected))),
            0.8,
        ),
    ]
    for code in sorted({row["lang"] for row, _ in pairs}):
        there = [number for number, (row, _) in enumerate(pairs) if row["lang"] == code]
        lines.append(
            _at_least(f"cause, {code}", _f1([found[n] for n in there], [expected[n] for n in there]), 0.71)
        )
    free = [bool(one) for one, other in zip(found, expected, strict=True) if not other]
    share = sum(free) / len(free)
    return [*lines, _line("texts without a cause, wrongly coded", share, "at most 0.15", share <= 0.15)]


def _rest(pairs: Pairs) -> list[Line]:
    def marked(values: Iterable[bool]) -> list[set[int]]:
        return [{1} if value else set() for value in values]

    moods = [
        _f1(
            marked(r.sentiment == mood for _, r in pairs),
            marked(row["sentiment"] == mood for row, _ in pairs),
        )
        for mood in SENTIMENTS
    ]
    leaving = _f1(marked(r.churn_intent for _, r in pairs), marked(row["churn_intent"] for row, _ in pairs))
    rivals = _f1(marked(bool(r.competitors) for _, r in pairs), marked(row["competitor"] for row, _ in pairs))
    language = sum(reading.language == row["lang"] for row, reading in pairs) / len(pairs)
    return [
        _at_least("wish to leave, F1", leaving, 0.78),
        _at_least("competitor, F1", rivals, 0.62),
        _at_least("sentiment, macro-F1", sum(moods) / len(moods), 0.7),
        _at_least("language, share right", language, 0.99),
    ]


def _different_texts(lengths: Mapping[str, Sequence[int]]) -> tuple[list[str], list[str]]:
    """Texts as long as the shared set's (``lengths``: characters by language), and of 8 to 40 words."""
    import pandas as pd

    short: list[str] = []
    long: list[str] = []
    for code, (file, column) in SOURCES.items():
        draw = np.random.default_rng(SEED)
        told = pd.read_parquet(find_data() / file)[column].dropna().astype(str).drop_duplicates()
        chinese = code == "zh"  # as many characters there as words elsewhere, and half as many again
        worth = told[
            told.str.len() >= 2 * FEWEST_WORDS if chinese else told.str.split().str.len() >= FEWEST_WORDS
        ]
        texts = list(worth.sample(2 * EACH, random_state=SEED))
        for text, most in zip(texts[:EACH], draw.choice(lengths[code], EACH), strict=True):
            short.append(text[:most] if chinese else text[:most].rsplit(" ", 1)[0])
        for text, most in zip(texts[EACH:], draw.integers(FEWEST_WORDS, MOST_WORDS + 1, EACH), strict=True):
            long.append(text[: most * 3 // 2] if chinese else " ".join(text.split()[:most]))
    return short, long


def _speed(rows: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """Texts a second on one core: all languages read ahead, then different texts, each new, then again."""
    lengths: dict[str, list[int]] = {}
    for row in rows:
        lengths.setdefault(row["lang"], []).append(len(row["text"]))
    began = time.process_time()
    prepare()
    yield _at_most("all languages read, once", time.process_time() - began, 3.0, "CPU s")
    of_the_exam, longer = _different_texts(lengths)
    yield from _passes("as long as the shared set's", of_the_exam, goal=2000)
    yield from _passes("of 8 to 40 words", longer, goal=None)


def _passes(which: str, texts: Sequence[str], *, goal: int | None) -> Iterator[Line]:
    different = list(dict.fromkeys(texts))
    np.random.default_rng(SEED).shuffle(different)
    length = sum(map(len, different)) / len(different)
    for time_of in ("first pass", "second pass"):
        began = time.process_time()
        list(read_many(different))
        rate = len(different) / (time.process_time() - began)
        name = f"{len(different):,} texts {which} ({length:.0f} characters), {time_of}"
        told = "" if goal is None else f"at least {goal:,}"
        yield Line(name, rate, "a second and core", goal=told, met=None if goal is None else rate >= goal)


def _at_most(name: str, value: float, goal: float, unit: str) -> Line:
    return Line(name, value, unit, goal=f"at most {goal:g}", met=value <= goal)
