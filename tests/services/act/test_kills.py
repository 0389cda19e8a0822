"""Dispatchers that are killed at any moment: nothing is lost, nothing is doubled, little is unknown."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import dispatching
import smtp_sink
from holdfast.settings import Settings

LATENCY_SECONDS = 0.03
CONNECTIONS = 4


def _killed(
    settings: Settings, tmp_path: Path, *, kills: int, dispatchers: int, mails: int, seed: int, how: str = ""
) -> tuple[list[str], dispatching.Balance, int]:
    """Kill until all is said (a wrong sender: until all kills are done); what does not hold then."""
    with smtp_sink.running(tmp_path / "sink", latency_seconds=LATENCY_SECONDS, keep=False) as sink:
        dispatching.set_up(settings, dispatching.smtp(sink.port, connections=CONNECTIONS))
        keys = dispatching.ask_for(settings, mails)
        ways, chance = (how,) if how else (), random.Random(seed)
        done = dispatching.kill_at_random(settings, kills, dispatchers, chance, *ways, finish=not how)
        found = dispatching.balance(settings, keys, sink.ids())
    return found.wrong(done, CONNECTIONS), found, done


def test_killed_dispatchers_lose_and_double_nothing(workspace: Settings, tmp_path: Path) -> None:
    wrong, found, kills = _killed(workspace, tmp_path, kills=3, dispatchers=1, mails=400, seed=5)
    assert wrong == [], found
    assert kills >= 2


@pytest.mark.long
def test_the_harness_catches_a_sender_that_marks_before_it_sends(workspace: Settings, tmp_path: Path) -> None:
    wrong, found, kills = _killed(workspace, tmp_path, kills=8, dispatchers=1, mails=900, seed=6, how="first")
    assert kills >= 2
    assert any("never arrived" in each for each in wrong), found


@pytest.mark.long
def test_twenty_kills_on_sqlite(workspace: Settings, tmp_path: Path) -> None:
    wrong, found, kills = _killed(workspace, tmp_path, kills=20, dispatchers=1, mails=3_000, seed=7)
    assert wrong == [], found
    assert kills == 20
    print(f"20 kills: {found}")


@pytest.mark.long
def test_twenty_kills_of_two_dispatchers_on_postgresql(on_postgresql: Settings, tmp_path: Path) -> None:
    wrong, found, kills = _killed(on_postgresql, tmp_path, kills=20, dispatchers=2, mails=4_000, seed=8)
    assert wrong == [], found
    assert kills == 20
    print(f"20 kills of two: {found}")
