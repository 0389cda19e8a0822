"""Who is asked answers by mood: the content give better marks than the wavering, and most say nothing."""

from __future__ import annotations

import numpy as np
import pytest

from companies import live
from holdfast.simulate.causes import cause_index
from holdfast.simulate.people import Kind, Stage, customer_id
from holdfast.simulate.replying import Asked, Reply, replies
from holdfast.simulate.scenario import usual_scenario
from holdfast.simulate.world import World


@pytest.fixture(scope="module")
def world() -> World:
    """A young company, every second customer of which wavers over late parcels."""
    world = World(usual_scenario(seed=5, customers=1_500, days=60))
    live(world, 60)
    people = world.people
    rows = np.flatnonzero(people.present() & (people.kind != Kind.WHOLESALE))
    people.stage[rows] = np.where(rows % 2, Stage.WAVERING, Stage.CONTENT)
    people.cause[rows[rows % 2 == 1]] = cause_index("late_delivery")
    return world


def asked(world: World, kind: str, stage: Stage, choices: int = 0) -> list[Reply]:
    """The answers of everybody of a stage."""
    people = world.people
    rows = np.flatnonzero(people.present() & (people.kind != Kind.WHOLESALE) & (people.stage == stage))
    some = [Asked(customer_id(int(person)), kind, choices) for person in people.person[rows]]
    given = [each for each in replies(world, some) if each is not None]
    assert 0.05 * len(some) < len(given) < 0.5 * len(some), "most say nothing"
    assert given == [each for each in replies(world, some) if each is not None], "and always the same"
    return given


def mean(given: list[Reply]) -> float:
    return float(np.mean([each.score for each in given]))


@pytest.mark.parametrize(("kind", "marks"), [("ten", range(11)), ("five", range(1, 6)), ("yes_no", (0, 1))])
def test_marks_fit_the_mood(world: World, kind: str, marks: range) -> None:
    content, wavering = (asked(world, kind, stage) for stage in (Stage.CONTENT, Stage.WAVERING))
    assert all(each.score in marks for each in (*content, *wavering))
    assert mean(content) > mean(wavering) + 0.15 * (max(marks) - min(marks))
    assert any(each.words for each in content)
    assert any(not each.words for each in content)


def test_words_are_written_where_words_are_asked_for(world: World) -> None:
    assert all(each.score is None and each.words for each in asked(world, "words", Stage.WAVERING))


def test_one_of_several_answers_is_chosen(world: World) -> None:
    given = asked(world, "choice", Stage.CONTENT, 4)
    assert {each.score for each in given} == {1, 2, 3, 4}


def test_nobody_is_asked_and_nobody_is_there(world: World) -> None:
    assert replies(world, []) == []
    with pytest.raises(LookupError):
        replies(world, [Asked("C999999", "ten")])
