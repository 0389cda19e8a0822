"""Workers that are killed at any moment while plays run: no step is lost, none is done twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import playing
from holdfast import store
from holdfast.services.act.plays.beat import beat_until_done
from holdfast.settings import Settings, read_settings
from holdfast.store import plays_reading, sql
from playing import HELLO, NOW, a_play, after
from services.act.people import call

WHEN = (NOW, after(minutes=1), after(days=2), after(days=4), after(days=40))
STEPS: list[dict[str, Any]] = [
    {"id": "hi", "do": "message", "content": HELLO},
    {"id": "w", "do": "wait", "days": 1, "event": "Order Completed"},
    {
        "id": "b",
        "do": "branch",
        "paths": [{"happened": "Order Completed", "steps": [{"id": "t", "do": "task", "title": "Thank"}]}],
        "else": [{"id": "p", "do": "points", "amount": 10, "reason": "we miss you", "whom": ""}],
    },
    {
        "id": "s",
        "do": "split",
        "paths": [
            {"share": 50, "steps": [{"id": "one", "do": "message", "content": HELLO}]},
            {
                "share": 50,
                "steps": [{"id": "two", "do": "notify", "whom": "nobody@x.example", "title": "Look"}],
            },
        ],
    },
    {"id": "c", "do": "change_trait", "trait": "cared_for", "value": "yes"},
    {"id": "last", "do": "message", "content": HELLO},
]
PLAY = a_play(trigger={"signal": "gone_quiet"}, steps=STEPS, hold_out=0.2, purpose="marketing")


ASKING = ("hi", "one", "last", "t", "p")
"""Steps of which something is left that can be counted."""


def work(folder: str) -> None:
    """What is killed: beats from the first moment on, each until nobody is due."""
    settings = read_settings(Path(folder))
    store.connect(settings)
    for now in WHEN:
        beat_until_done(settings, now)


def _people(settings: Settings, number: int) -> None:
    """Customers with an address, of whom every third orders; a signal warns of all of them."""
    calls: list[dict[str, Any]] = []
    for each in range(number):
        traits = {"email": f"c{each}@example.org", "name": f"C{each}"}
        calls.append({"type": "identify", "userId": f"c{each}", "traits": traits})
    for start in range(0, number, 200):
        call(settings, *calls[start : start + 200])
    playing.launched(settings, PLAY)
    for each in range(0, number, 3):
        call(settings, {"type": "track", "userId": f"c{each}", "event": "Order Completed"})
    sql.write(
        "INSERT INTO episode (signal_key, unit_id, subject_id, began_day, raised_us, strength, evidence, "
        "quiet, ended_by, ended_why, snoozed_by, judged_by, acted_what) "
        "SELECT 'gone_quiet', id, id, 1, 1, 0.5, '{}', %s, '', '', '', '', '' FROM subject "
        "WHERE namespace = 'shop'",
        (False,),
    )


def _killed(settings: Settings, kills: int, people: int, seed: int, workers: int = 1) -> int:
    """Kill until all is done; how often that was."""
    _people(settings, people)
    chance, done, fork = random.Random(seed), 0, multiprocessing.get_context("fork")
    store.let_go()
    running: list[Any] = []
    try:
        while done < kills:
            running = [fork.Process(target=work, args=(str(settings.folder),)) for _ in range(workers)]
            for each in running:
                each.start()
            time.sleep(chance.uniform(0.05, 0.6))
            alive = [each for each in running if each.is_alive()]
            for each in alive:
                os.kill(each.pid, signal.SIGKILL)
            for each in running:
                each.join()
            done += bool(alive)
            if not alive and all(each.exitcode == 0 for each in running):
                break
    finally:
        for each in running:
            each.kill()
    store.connect(settings)
    for now in WHEN:
        beat_until_done(settings, now)
    return done


def _wrong(settings: Settings, people: int) -> list[str]:
    """What does not hold, counted from what each customer's way should have been."""
    rows = sql.read("SELECT id, unit_id, arm, ended_us FROM enrolment")
    wrong = [f"enrolment {row[0]} is not over" for row in rows if row[3] is None]
    if len(rows) != people or len({row[1] for row in rows}) != people:
        wrong.append(f"{len(rows)} enrolments of {people} customers")
    expected: Counter[str] = Counter()
    for number, _, arm, _ in rows:
        steps = [each.step_id for each in plays_reading.way(settings, number)]
        wrong += _wrong_way(number, steps)
        if arm == "treated":
            expected.update(f"play:{number}:{step}" for step in steps if step in ASKING)
    return wrong + _wrong_effects(expected) + _wrong_facts(people)


def _wrong_way(number: int, steps: list[str]) -> list[str]:
    whole = ("t" in steps) != ("p" in steps) and ("one" in steps) != ("two" in steps) and steps[-1] == "last"
    once = len(set(steps)) == len(steps)
    return [] if whole and once else [f"enrolment {number} went {steps}"]


def _wrong_effects(expected: Counter[str]) -> list[str]:
    asked: Counter[str] = Counter()
    for table in ("touch", "task"):
        asked.update(key for (key,) in sql.read(f"SELECT key FROM {table} WHERE key LIKE 'play:%%'", ()))
    wrong = [f"{(asked - expected)} too much, {expected - asked} too little"] if asked != expected else []
    granted = Counter(key for (key,) in sql.read("SELECT key FROM granted"))
    if granted != Counter({key: number for key, number in expected.items() if key.endswith(":p")}):
        wrong.append("grants do not fit")
    return wrong


def _wrong_facts(people: int) -> list[str]:
    wrong = []
    for name in ("Play Enrolled", "Play Ended"):
        keys = [bytes(key) for (key,) in sql.read("SELECT event_key FROM log_row WHERE name = %s", (name,))]
        if len(keys) != people or len(set(keys)) != people:
            wrong.append(f"{len(keys)} facts {name}")
    return wrong


def test_g1_killed_workers_lose_no_step_and_do_none_twice(workspace: Settings) -> None:
    kills = _killed(workspace, kills=2, people=45, seed=3)
    assert _wrong(workspace, 45) == []
    assert kills >= 1


def test_the_harness_sees_what_is_done_twice_and_what_is_lost(workspace: Settings) -> None:
    _people(workspace, 6)
    for now in WHEN:
        beat_until_done(workspace, now)
    assert _wrong(workspace, 6) == []
    sql.write("UPDATE enrolment SET step = 'last', ended_us = NULL, due_us = 0 WHERE id = 1")
    sql.write("DELETE FROM task WHERE id = (SELECT MIN(id) FROM task)")
    beat_until_done(workspace, WHEN[-1])
    wrong = " ".join(_wrong(workspace, 6))
    assert "enrolment 1 went" in wrong and "too little" in wrong


@pytest.mark.long
def test_g1_twenty_kills_on_sqlite(workspace: Settings) -> None:
    kills = _killed(workspace, kills=20, people=2_500, seed=4)
    assert _wrong(workspace, 2_500) == []
    assert kills == 20


@pytest.mark.long
def test_g1_twenty_kills_of_two_workers_on_postgresql(on_postgresql: Settings) -> None:
    kills = _killed(on_postgresql, kills=20, people=2_500, seed=5, workers=2)
    assert _wrong(on_postgresql, 2_500) == []
    assert kills == 20
