"""The learned layer: on only where it is better on corrections it had not seen, and safe to keep."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import numpy as np
import pytest

from holdfast.text import read
from holdfast.text.learnt import FEWEST, Corrected, Learnt, NotBetter, learn

WORDS = ["table", "window", "yesterday", "again", "about", "the", "garden", "blue", "team", "Monday", "paper"]


def corrections(how_many: int = 120) -> list[Corrected]:
    """Texts in which a word that no phrase knows stands for a cause that the workspace added."""
    draw = random.Random(1)
    made = []
    for number in range(how_many):
        words = [draw.choice(WORDS) for _ in range(8)]
        if number % 2:
            words.insert(draw.randrange(8), draw.choice(["frobnicator", "frobnicators"]))
        text = " ".join(words) + f" {number}"
        made.append(Corrected(text, ("own_cause",) if number % 2 else (), "neutral"))
    return made


@pytest.fixture(scope="module")
def layer() -> Learnt:
    learnt = learn("en", corrections())
    assert isinstance(learnt, Learnt)
    return learnt


def test_e2_what_corrections_teach_is_read_from_then_on(layer: Learnt) -> None:
    text = "the frobnicator about the window"
    assert layer.read(text, read(text)).causes == ("own_cause",)
    other = "the garden about the window"
    assert layer.read(other, read(other)).causes == ()


def test_only_the_part_that_is_better_is_on(layer: Learnt) -> None:
    assert {part.name: part.on for part in layer.parts} == {
        "causes": True,
        "sentiment": False,
        "leaving": False,
    }
    on = next(part for part in layer.parts if part.name == "causes")
    assert on.phrases < on.learnt
    assert 0 < on.difference.low <= on.difference.estimate <= on.difference.high


def test_e2_corrections_that_are_chance_switch_nothing_on() -> None:
    draw = random.Random(3)
    made = [replace(one, causes=draw.choice([(), ("own_cause",)])) for one in corrections()]
    found = learn("en", made)
    assert isinstance(found, NotBetter)
    assert [part.name for part in found.parts] == ["causes", "sentiment", "leaving"]


def test_phrases_that_are_always_right_stay_alone() -> None:
    texts = [f"{'My delivery was late' if n % 2 else 'Lovely shop'}, thing {n}." for n in range(80)]
    read_right = [(text, read(text)) for text in texts]
    made = [Corrected(text, one.causes, one.sentiment, one.churn_intent) for text, one in read_right]
    assert isinstance(learn("en", made), NotBetter)


def test_few_corrections_teach_nothing() -> None:
    assert learn("en", corrections(FEWEST - 1)) == NotBetter("en", FEWEST - 1)
    assert learn("en", []) == NotBetter("en", 0)


def test_equal_texts_prove_nothing_to_each_other() -> None:
    """The same two texts a hundred times are two proofs, not a hundred."""
    pair = [Corrected("zzz one", ("own_cause",)), Corrected("zzz two", ())]
    assert isinstance(learn("en", pair * 60), NotBetter)


def test_a_reading_of_another_language_stays(layer: Learnt) -> None:
    text = "Livrarea a întârziat."
    assert layer.read(text, read(text)) == read(text)


def test_what_was_learnt_is_written_and_read_back(layer: Learnt) -> None:
    again = Learnt.from_bytes(layer.to_bytes())
    assert again.version == layer.version
    assert again.parts == layer.parts
    text = "the frobnicator about the window"
    assert again.read(text, read(text)) == layer.read(text, read(text))


def test_no_word_of_a_customer_stands_in_what_is_written(layer: Learnt) -> None:
    with np.load(io.BytesIO(layer.to_bytes())) as arrays:
        assert b"frobnic" not in b"".join(arrays[name].tobytes() for name in arrays.files)


def test_learning_twice_gives_the_same(layer: Learnt) -> None:
    again = learn("en", corrections())
    assert isinstance(again, Learnt)
    assert again.version == layer.version


@pytest.mark.parametrize("written", [b"", b"nonsense", b"PK\x03\x04 broken"])
def test_what_is_no_layer_is_refused(written: bytes) -> None:
    with pytest.raises(ValueError, match="learn it again"):
        Learnt.from_bytes(written)


def test_a_layer_with_code_in_it_is_refused() -> None:
    into = io.BytesIO()
    np.savez(into, header=np.array([{"format": 1}], dtype=object))
    with pytest.raises(ValueError, match="learn it again"):
        Learnt.from_bytes(into.getvalue())


def test_a_correction_of_no_sentiment_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of"):
        learn("en", [Corrected("x", (), "angry")])
