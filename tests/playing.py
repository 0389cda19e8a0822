"""Plays for tests: kept, launched, and a clock that tests move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from holdfast.domain.moments import microseconds
from holdfast.services.act.plays import beat
from holdfast.services.act.plays.written import read, written_as
from holdfast.settings import Settings
from holdfast.store import plays, plays_reading, plays_triggers, sql
from holdfast.store.plays import KeptPlay, KeptVersion, Said
from holdfast.store.plays_reading import Enrolment
from services.act.people import NOW_US

NOW = datetime.fromtimestamp(NOW_US // 1_000_000, UTC)
"""The moment of what customers do in tests, however long ago that was when a test runs."""

HELLO = {"en": {"subject": "Hello {{ name | you }}", "text": "How are you?"}}


def a_play(**told: Any) -> dict[str, Any]:
    """A play as JSON: by hand, one message, nobody held out, unless it says otherwise."""
    given: dict[str, Any] = {
        "key": "hello",
        "title": "Say hello",
        "purpose": "service",
        "trigger": {"by_hand": True},
        "steps": [{"id": "hi", "do": "message", "content": HELLO}],
        "hold_out": 0,
    }
    return given | told


def launched(
    settings: Settings, written: dict[str, Any], now: datetime = NOW
) -> tuple[KeptPlay, KeptVersion]:
    """Keep a play and let it run, without the checks of a launch."""
    play = read(written).play
    said = Said(play.title, play.purpose, play.priority)
    if plays.by_key(settings, play.key) is None:
        plays.add(settings, play.key, said, written_as(play), by="test", now_us=microseconds(now))
    else:
        found = plays.by_key(settings, play.key)
        assert found is not None
        plays.change(settings, found, said, written_as(play), by="test", now_us=microseconds(now))
    kept = plays.by_key(settings, play.key)
    assert kept is not None
    starts = plays_triggers.ends(settings)
    plays.put_cursor(settings, 0, "log_row", starts.pop("log_row"))
    assert plays.launch(
        settings, kept, by="test", approved_by="", now_us=microseconds(now) - 1, starts=starts
    )
    return found_play(settings, play.key)


def found_play(settings: Settings, key: str = "hello") -> tuple[KeptPlay, KeptVersion]:
    """A running play and the version that enrols."""
    return next((play, version) for play, version in plays.running(settings) if play.key == key)


def after(**how_long: float) -> datetime:
    """Some time after now."""
    return NOW + timedelta(**how_long)


def go(settings: Settings, now: datetime = NOW) -> int:
    """Beats until nobody is due."""
    return beat.beat_until_done(settings, now)


def enrolments(settings: Settings, key: str = "hello") -> list[Enrolment]:
    """Who is in a play, the first first."""
    play = plays.by_key(settings, key)
    assert play is not None
    return plays_reading.enrolments(settings, play.id)[0][::-1]


def touches(settings: Settings) -> list[tuple[str, str, str]]:
    """(key, address, title) of every touch that was asked for."""
    return sql.read("SELECT key, address, title FROM touch ORDER BY id")


def way(settings: Settings, enrolment: Enrolment) -> list[tuple[str, str, str]]:
    """(step, what, code) of what happened to somebody."""
    return [(each.step_id, each.what, each.code) for each in plays_reading.way(settings, enrolment.id)]


def facts(settings: Settings, name: str) -> list[tuple[int, str]]:
    """(subject, details) of facts in the ingest log."""
    return sql.read("SELECT subject_id, details FROM log_row WHERE name = %s ORDER BY seq", (name,))


def listed(settings: Settings, *units: int) -> None:
    """Put customers on the list, as a run does."""
    from holdfast.services.pulse.run import run

    run(settings)
    assert {unit for (unit,) in sql.read("SELECT unit_id FROM standing")} >= set(units)
