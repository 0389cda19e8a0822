"""New themes: words that stand out in what no cause covers, and nothing where nothing does."""

from __future__ import annotations

import random

from holdfast.analytics.new_themes import new_themes, script_of, terms

SAID = (
    "the parcel came late again and nobody told me",
    "your prices are far too high for what it is",
    "the app crashes when I open the menu",
    "support did not answer for two weeks",
    "the coffee was stale and the bag was torn",
    "I was charged twice for the same month",
)


def texts(seed: int, size: int) -> list[str]:
    draw = random.Random(seed)
    return [f"{draw.choice(SAID)} {draw.choice(('really', 'honestly', 'sadly', ''))}" for _ in range(size)]


def test_a_planted_theme_is_found_with_its_texts() -> None:
    smell = ["the packaging smells of paint", "why does the packaging smell so much, paint everywhere"]
    uncovered = [*texts(1, 60), *(smell[n % 2] for n in range(14))]
    found = new_themes(uncovered, texts(2, 400))
    assert "packaging" in " ".join(found[0].words)
    assert set(found[0].texts) == set(range(60, 74))


def test_where_nothing_is_new_nothing_is_found() -> None:
    assert sum(bool(new_themes(texts(seed, 80), texts(seed + 100, 400))) for seed in range(20)) <= 2


def test_chinese_is_looked_at_by_neighbouring_signs() -> None:
    uncovered = ["包装有油漆味道"] * 8 + ["价格太高了"] * 20
    found = new_themes(uncovered, ["价格太高了"] * 150 + ["发货太慢了"] * 50)
    assert found
    assert set(found[0].texts) == set(range(8))


def test_bad_input_makes_no_theme() -> None:
    assert new_themes([], []) == ()
    assert new_themes(["", "😀", "x"], [""]) == ()
    assert terms("") == frozenset()


def test_scripts_are_told_apart() -> None:
    assert [script_of(text) for text in ("late", "късно", "دیر", "太慢", "1")] == [
        "latin",
        "cyrillic",
        "arabic",
        "han",
        "latin",
    ]
