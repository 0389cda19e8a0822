"""What corrections add to the phrases, on real texts that others labelled: sentiment, reasons to complain.

Labels of the shared sets stand for corrections; beside the learned layer stands what anybody would try
first, character TF-IDF with logistic regression on the same texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.measuring import Line
from bench.real_sets import SEED, find_data
from holdfast.text import read
from holdfast.text.learnt import Corrected, Learnt, NotBetter, learn

TRAINED, TESTED = 1_000, 1_000
CORRECTIONS, DRAWS = 400, {"small": 4, "large": 12}
AS_WORDS = {
    "1": "positive",
    "0": "negative",
    "HAPPY": "positive",
    "SAD": "negative",
}
SETS = (
    ("en", "text_en_amazon/amazon_app_reviews.parquet", "reviewText", "Positive"),
    ("ro", "text_ro_laroseda/laroseda_train.parquet", "text", "label"),
    ("fa", "text_fa_snappfood/snappfood_dev.parquet", "comment", "label"),
    ("bg", "text_bg_cinexio/bg_binary_sentiment.parquet", "text", "label"),
    ("ru", "text_ru_sentirueval/sre2015_telecoms_train.parquet", "text", "label"),
    ("zh", "text_zh_reviews/waimai_10k.parquet", "review", "label"),
)


def run(size: str, folder: Path) -> list[Line]:
    """Sentiment of six sets, and the airline set's reasons, drawn more often at size large."""
    return [*(line for one in SETS for line in _sentiment(*one)), _reasons(DRAWS[size])]


def _sentiment(language: str, file: str, text: str, label: str) -> Iterator[Line]:
    import pandas as pd
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    table = pd.read_parquet(find_data() / file)
    moods = table[label].astype(str).map(lambda mood: AS_WORDS.get(mood, mood))
    kept = table.assign(mood=moods)[moods.isin(["negative", "neutral", "positive"])].dropna(subset=[text])
    kept = kept.sample(TRAINED + TESTED, random_state=SEED)
    texts, moods = [str(one) for one in kept[text]], kept["mood"].to_numpy()
    rivals = []
    for weight in (None, "balanced"):  # whichever does better: rare moods are lost without weights
        plain = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
            LogisticRegression(max_iter=1000, class_weight=weight),
        ).fit(texts[:TRAINED], moods[:TRAINED])
        rivals.append(_macro(plain.predict(texts[TRAINED:]), moods[TRAINED:]))
    rival = max(rivals)
    corrected = [Corrected(one, (), mood) for one, mood in zip(texts[:TRAINED], moods[:TRAINED], strict=True)]
    readings = [read(one, language) for one in texts[TRAINED:]]
    said = [reading.sentiment for reading in readings]
    layer = learn(language, corrected)
    name = f"sentiment, {language} ({TRAINED:,} corrections)"
    yield Line(f"{name}: phrases alone, macro-F1", _macro(said, moods[TRAINED:]), "")
    if isinstance(layer, Learnt):
        said = [reading.sentiment for reading in layer.read_many(texts[TRAINED:], readings)]
    ours = _macro(said, moods[TRAINED:])
    yield Line(f"{name}: with the learned layer", ours, "")
    yield Line(
        f"{name}: minus TF-IDF + logistic", ours - rival, "", goal="at least -0.01", met=ours >= rival - 0.01
    )


def _reasons(draws: int) -> Line:
    """Nine reasons; "Can't Tell" is none. Mean over some draws of the corrections."""
    import pandas as pd

    table = pd.read_parquet(find_data() / "text_en_airline" / "airline_tweets.parquet")
    table = table[(table["airline_sentiment"] == "negative") & table["negativereason"].notna()]
    figures = []
    for draw in range(draws):
        drawn = table.sample(CORRECTIONS + TESTED, random_state=draw)
        causes = [() if reason == "Can't Tell" else (reason,) for reason in drawn["negativereason"]]
        texts = list(drawn["text"])
        pairs = list(zip(texts, causes, strict=True))
        layer = learn("en", [Corrected(text, cause, "negative") for text, cause in pairs[:CORRECTIONS]])
        readings = [read(text, "en") for text in texts[CORRECTIONS:]]
        if not isinstance(layer, NotBetter):
            readings = layer.read_many(texts[CORRECTIONS:], readings)
        figures.append(
            _each([set(one.causes) for one in readings], [set(one) for one in causes[CORRECTIONS:]])
        )
    value = float(np.mean(figures))
    return Line(
        f"airline reasons after {CORRECTIONS} corrections, {draws} draws, macro-F1",
        value,
        "",
        goal="at least 0.40",
        met=value >= 0.4,
    )


def _macro(said: Any, expected: Any) -> float:
    return _each([{one} for one in said], [{one} for one in expected])


def _each(said: list[set[str]], expected: list[set[str]]) -> float:
    """Mean F1 over the classes that occur."""
    figures = []
    for name in set().union(*expected):
        right = sum(name in one and name in other for one, other in zip(said, expected, strict=True))
        given = sum(name in one for one in said) + sum(name in one for one in expected)
        figures.append(2 * right / given)
    return float(np.mean(figures))
