"""Plays: 100,000 of a million customers enter at once, against Django's ways; a tick costs what is due.

All three write the same: an enrolment with its arm and the fact in the event log. The loop does it customer
by customer (measured on a part), ``bulk_create`` all together in one transaction.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measuring import Line, cpu_seconds
from holdfast import store
from holdfast.domain.arms import arm_of, draw_of
from holdfast.domain.moments import microseconds
from holdfast.services.act.plays import define, launch
from holdfast.services.act.plays.dry_run import dry_run
from holdfast.services.act.plays.tick import tick
from holdfast.services.act.plays.written import read
from holdfast.settings import Settings, write_settings
from holdfast.store import plays, plays_enrolling, sql
from holdfast.store.plays import KeptPlay, KeptVersion
from holdfast.store.plays_enrolling import Enrolling, key_of

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
NOW_US = microseconds(NOW)
LOOPED = 2_000
DUE = {"small": 2_000, "large": 10_000}
UNDER_WAY = {"small": 200_000, "large": 1_000_000}
FEW = 20_000
ENTERING = {"small": 20_000, "large": 100_000}
CONTENT = {"en": {"subject": "Hello", "text": "How are you?"}}
PLAY: dict[str, Any] = {
    "key": "bench",
    "title": "Bench",
    "purpose": "marketing",
    "trigger": {"by_hand": True},
    "steps": [
        {"id": "w", "do": "wait", "days": 30},
        {"id": "hi", "do": "message", "content": CONTENT},
        {"id": "w2", "do": "wait", "days": 30},
    ],
    "ends_on": "2030-01-01",
}


def run(size: str, folder: Path) -> list[Line]:
    """Enter, enter again, and ticks over many and over few."""
    settings = Settings(folder / "workspace", currency="EUR")
    write_settings(settings)
    store.connect(settings)
    customers, entering = UNDER_WAY[size], ENTERING[size]
    _people(customers)
    for key in ("ours", "loop", "bulk"):
        _running(settings, key)  # what is measured is how customers enter, not how a play is launched
    with _held() as held:
        ours = cpu_seconds(lambda: _enter(settings, "ours", range(1, entering + 1)))
        again = cpu_seconds(lambda: _enter(settings, "ours", range(1, entering + 1)))
    (inside,) = sql.read("SELECT COUNT(*) FROM enrolment")[0]
    longest = held.longest_ms
    looped = cpu_seconds(lambda: _loop(settings, range(1, LOOPED + 1))) * entering / LOOPED
    bulk = cpu_seconds(lambda: _bulk(settings, range(1, entering + 1)))
    whose = f"{entering:,} of {customers:,} customers"
    return [
        Line(
            f"{whose} enter a play",
            ours,
            "CPU s",
            f"an ORM loop ({looped:,.0f} s)",
            looped / ours,
            "at least 50x",
            looped >= 50 * ours,
        ),
        Line(
            "the same",
            ours,
            "CPU s",
            f"bulk_create ({bulk:.1f} s)",
            bulk / ours,
            "at least 2x",
            bulk >= 2 * ours,
        ),
        Line("longest write lock", longest, "CPU ms", goal="under 100 ms", met=longest < 100),
        Line(
            f"once more: {inside - entering} enter",
            again,
            "CPU s",
            "the first time",
            again / ours,
            "nobody",
            inside == entering,
        ),
        *_ticks(settings, size),
        _dry(settings, customers),
    ]


def _ticks(settings: Settings, size: str) -> Iterator[Line]:
    due, many = DUE[size], UNDER_WAY[size]
    for key in ("ours", "loop", "bulk"):
        launch.end(settings, define.find(settings, key), stop=True, now=NOW)
    few = _ticked(settings, "few", FEW, due)
    all_ = _ticked(settings, "many", many, due)
    yield Line(
        f"tick, {due:,} due of {many:,} under way",
        all_,
        "CPU s",
        f"of {FEW:,} under way ({few:.2f} s)",
        all_ / few,
        "what is due costs: at most 1.5x",
        all_ <= 1.5 * few,
    )


def _dry(settings: Settings, customers: int) -> Line:
    """A dry run of a message to everybody."""
    sql.write(
        "INSERT INTO standing (unit_id, name, kind, country, source, state, orders, amount_minor, "
        "yearly_minor, name_key, last_key, search, fingerprint) SELECT id, key, 'person', '', '', 'active', "
        "1, 100, 0, key, 1, '', -1 FROM subject"
    )
    trigger, last = {"broadcast": {"at": None}}, PLAY["steps"][1:2]
    ready = read(PLAY | {"key": "news", "trigger": trigger, "steps": last, "exits": ["left", "case_opened"]})
    began = time.perf_counter()
    found = dry_run(settings, ready, NOW)
    took = time.perf_counter() - began
    told = sum(found.counts.values())
    name = f"dry run of a message to {customers:,} customers ({told:,} told of, a part walked)"
    return Line(name, took, "s", goal="under 10 s", met=took < 10)


def _people(number: int) -> None:
    sql.write(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < %s) "
        "INSERT INTO subject (id, namespace, key) SELECT x, 'bench', 'c' || x FROM n",
        (number,),
    )
    sql.write(
        "INSERT INTO contact_point (subject_id, kind, value, also) "
        "SELECT id, 'email', key || '@example.org', '' FROM subject"
    )


def _running(settings: Settings, key: str) -> tuple[KeptPlay, KeptVersion]:
    if plays.by_key(settings, key) is None:
        made = define.make(settings, PLAY | {"key": key}, by="bench", now=NOW)
        launch.launch(settings, made, number=1, by="bench", now=NOW)
    play = define.find(settings, key)
    return play, define.version_of(settings, play)


def _enter(settings: Settings, key: str, units: range) -> None:
    play, version = _running(settings, key)
    how = Enrolling(
        *(play.id, key, version.id, 1, "w", draw_of("bench", key), 0.1, None, "{}"), NOW_US, NOW_US
    )
    plays_enrolling.enrol(settings, how, ((unit, 0) for unit in units))


def _rows(settings: Settings, key: str, units: range) -> Iterator[dict[str, Any]]:
    play, version = _running(settings, key)
    draw = draw_of("bench", key)
    for unit in units:
        arm = arm_of(draw, unit, 0.1)
        yield {
            **{"play_id": play.id, "version_id": version.id, "unit_id": unit, "subject_id": unit, "round": 1},
            **{"arm": arm, "probability": 0.9, "entered_us": NOW_US, "step": "w", "reached_us": NOW_US},
            **{"due_us": NOW_US, "state": "under_way"},
        }


def _fact(number: int, unit: int) -> dict[str, Any]:
    return {
        **{"event_key": key_of(number, "entered"), "subject_id": unit, "at_us": NOW_US, "known_us": NOW_US},
        **{"name": "Play Enrolled", "source": "holdfast", "details": "{}"},
    }


def _loop(settings: Settings, units: range) -> None:
    from django.db import transaction

    from holdfast.store.models import Enrolment, LogRow

    for each in _rows(settings, "loop", units):
        if Enrolment.objects.filter(play_id=each["play_id"], unit_id=each["unit_id"]).exists():
            continue
        with transaction.atomic():
            made = Enrolment.objects.create(**each)
            LogRow.objects.create(**_fact(made.id, each["unit_id"]))


def _bulk(settings: Settings, units: range) -> None:
    from django.db import transaction

    from holdfast.store.models import Enrolment, LogRow

    with transaction.atomic():
        play, _ = _running(settings, "bulk")
        there = set(Enrolment.objects.filter(play_id=play.id).values_list("unit_id", flat=True))
        new = [Enrolment(**each) for each in _rows(settings, "bulk", units) if each["unit_id"] not in there]
        made = Enrolment.objects.bulk_create(new, batch_size=1_000)
        LogRow.objects.bulk_create(
            [LogRow(**_fact(each.id, each.unit_id)) for each in made], batch_size=1_000
        )


def _ticked(settings: Settings, key: str, under_way: int, due: int) -> float:
    """CPU of ticks until nobody is due any more."""
    play, version = _running(settings, key)
    later = microseconds(NOW + timedelta(days=30))
    sql.write(
        "INSERT INTO enrolment (play_id, version_id, unit_id, subject_id, round, arm, probability, "
        "entered_us, cause_id, reason, step, reached_us, due_us, waits_for, state, ended_why) "
        "SELECT %s, %s, id, id, 1, 'treated', 1, %s, 0, '{}', CASE WHEN id <= %s THEN 'hi' ELSE 'w' END, %s, "
        "CASE WHEN id <= %s THEN %s ELSE %s END, '', 'under_way', '' FROM subject WHERE id <= %s",
        (*(play.id, version.id, NOW_US, due, NOW_US, due), *(NOW_US, later, under_way)),
    )

    def ticks() -> None:
        while tick(settings, NOW).walked:
            pass

    return cpu_seconds(ticks)


@contextmanager
def _held() -> Iterator[Any]:
    """The longest write of the block, transactions included."""
    import pytest

    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    held_lock: Callable[..., Any] = __import__("write_lock").held_lock
    with pytest.MonkeyPatch.context() as patch, held_lock(patch) as held:
        yield held
