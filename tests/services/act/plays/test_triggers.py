"""G1: what begins plays: a signal, segment, event, risk, date, schedule, a broadcast; once each."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

import playing
from holdfast.domain.moments import microseconds
from holdfast.domain.period import day_number
from holdfast.domain.plays import Play
from holdfast.services.act.plays import enrolling, triggers
from holdfast.services.act.plays.enrolling import ALL_PLAYS, enrol
from holdfast.services.act.plays.triggers import begin_due
from holdfast.services.act.plays.written import read
from holdfast.services.collect.arrive import accept
from holdfast.services.keep.move import move
from holdfast.services.pulse.tick import Beat
from holdfast.settings import Settings
from holdfast.store import ingest_log, live_sources, plays, plays_triggers, sql
from playing import NOW, a_play, after, enrolments, listed
from services.act.people import call, known

DAY = day_number(NOW.date())


@pytest.fixture
def two(base: Settings) -> Settings:
    """Ann and Ben, customers on the list."""
    for who in ("ann", "ben"):
        known(base, who, f"{who}@example.org")
        call(base, {"type": "track", "userId": who, "event": "Order Completed"})
    return base


def unit(key: str) -> int:
    row = sql.one("SELECT id FROM subject WHERE namespace = 'shop' AND key = %s", (key,))
    assert row is not None
    return int(row[0])


def episode(key: str, who: str, strength: float = 0.5, quiet: bool = False) -> None:
    sql.write(
        "INSERT INTO episode (signal_key, unit_id, subject_id, began_day, raised_us, strength, evidence, "
        "quiet, ended_by, ended_why, snoozed_by, judged_by, acted_what) "
        "VALUES (%s, %s, %s, %s, 1, %s, '{}', %s, '', '', '', '', '')",
        (key, unit(who), unit(who), DAY, strength, quiet),
    )


def entered(settings: Settings, now: Any = NOW) -> list[int]:
    """Who is in the play after a look at all triggers."""
    begin_due(settings, now)
    return [each.unit_id for each in enrolments(settings)]


def test_g1_a_signal_begins_a_play_for_whom_it_warns_of_since(two: Settings) -> None:
    episode("gone_quiet", "ben")
    playing.launched(two, a_play(trigger={"signal": "gone_quiet", "strength": 0.3}))
    assert entered(two) == [], "what was before is not for it"
    episode("overdue", "ann")
    episode("gone_quiet", "ann", strength=0.2)
    sql.write("UPDATE episode SET ended_day = 1")
    episode("gone_quiet", "ann", strength=0.4)
    assert entered(two) == [unit("ann")]
    (one,) = enrolments(two)
    assert one.reason == {"signal": "gone_quiet"}
    assert entered(two) == [unit("ann")]


def test_what_was_no_news_begins_nothing(two: Settings) -> None:
    playing.launched(two, a_play(trigger={"signal": "gone_quiet"}))
    episode("gone_quiet", "ann", quiet=True)
    assert entered(two) == []


@pytest.mark.parametrize("entering", [True, False])
def test_g1_entering_or_leaving_a_segment_begins_a_play(two: Settings, entering: bool) -> None:
    sql.write(
        "INSERT INTO segment (id, key, title, rule, ready, made_by, made_us, ruled_us) "
        "VALUES (1, 'best', 'Best', '{}', '', '', 1, 1)"
    )
    playing.launched(two, a_play(trigger={"segment_entered" if entering else "segment_left": "best"}))
    for who, in_it in (("ann", True), ("ben", False)):
        sql.write(
            "INSERT INTO segment_move (segment_id, unit_id, at_us, entered) VALUES (1, %s, 1, %s)",
            (unit(who), in_it),
        )
    assert entered(two) == [unit("ann" if entering else "ben")]


def test_g1_an_event_begins_a_play_by_its_columns_and_the_log_waits_for_it(two: Settings) -> None:
    trigger = {"event": "Feature Used", "where": {"code": ["Export"]}}
    playing.launched(two, a_play(trigger=trigger))
    for who, code in (("ann", "export"), ("ben", "import")):
        call(two, {"type": "track", "userId": who, "event": "Feature Used", "properties": {"code": code}})
    sql.write(
        "UPDATE log_row SET code = 'export' WHERE subject_id = %s AND name = 'Feature Used'", (unit("ann"),)
    )
    move(two)
    assert ingest_log.rows(two), "rows that no play has looked at stay in the log"
    assert entered(two) == [unit("ann")]
    move(two)
    assert [row for row in ingest_log.rows(two) if row[6] == "Feature Used"] == []


def test_what_a_play_cannot_begin_by_waits_for_it_and_for_it_alone(
    two: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("hello", "other"):
        playing.launched(two, a_play(key=key, trigger={"event": "Feature Used"}))
    playing.launched(
        two, a_play(key="waits", steps=[{"id": "w", "do": "wait", "days": 2, "event": "Feature Used"}])
    )
    used = {"type": "track", "userId": "ann", "event": "Feature Used"}
    call(two, used)
    sifting = enrolling.sift

    def broken(settings: Settings, play: Play, *rest: Any) -> Any:
        if play.key == "hello":
            raise ZeroDivisionError
        return sifting(settings, play, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(enrolling, "sift", broken)
        for _ in range(2):
            assert entered(two) == []
        call(two, used | {"userId": "ben"})
        assert entered(two) == []
        move(two)
    assert [row[6] for row in ingest_log.rows(two)].count("Feature Used") == 2, "the log waits for it"
    assert [each.unit_id for each in enrolments(two, "other")] == [unit("ann"), unit("ben")]
    assert entered(two) == [unit("ann"), unit("ben")]
    move(two)
    assert [row for row in ingest_log.rows(two) if row[6] == "Feature Used"] == []
    assert list(plays_triggers.cursors(two, "log_row")) == [0]


def test_a_play_that_never_can_begin_lets_go_of_what_is_late(
    two: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing.launched(two, a_play(trigger={"event": "Feature Used"}))
    call(two, {"type": "track", "userId": "ann", "event": "Feature Used"})
    with monkeypatch.context() as patch:
        patch.setattr(enrolling, "sift", lambda *told: 1 / 0)
        assert entered(two) == [] and len(plays_triggers.cursors(two, "log_row")) == 2
        assert entered(two, after(days=1, minutes=5)) == []
    assert list(plays_triggers.cursors(two, "log_row")) == [0]
    assert entered(two, after(days=1, minutes=6)) == []


def test_g1_crossing_a_threshold_begins_a_play_and_standing_above_it_does_not(two: Settings) -> None:
    score(unit("ben"), 0.9)
    score(unit("ann"), 0.1)
    playing.launched(two, a_play(trigger={"health": 50}, re_entry={"after_days": 1}))
    assert entered(two) == []
    sql.write("UPDATE risk_score SET risk = 0.7 WHERE unit_id = %s", (unit("ann"),))
    assert entered(two, after(seconds=30)) == [], "everybody is looked at once a minute"
    assert entered(two, after(minutes=2)) == [unit("ann")]
    sql.write("UPDATE risk_score SET risk = 0.1 WHERE unit_id = %s", (unit("ben"),))
    entered(two, after(minutes=4))
    sql.write("UPDATE risk_score SET risk = 0.9 WHERE unit_id = %s", (unit("ben"),))
    assert entered(two, after(minutes=6)) == [unit("ann"), unit("ben")]


def test_however_many_are_above_at_the_launch_they_crossed_nothing(
    two: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("ann", "ben"):
        score(unit(who), 0.9)
    monkeypatch.setattr(plays_triggers, "MOST", 1)
    playing.launched(two, a_play(trigger={"risk": 0.5}))
    assert entered(two) == []
    assert entered(two, after(minutes=2)) == []


def score(unit_id: int, risk: float) -> None:
    sql.write(
        "INSERT INTO risk_score (unit_id, risk, as_of_day, model_version, drivers, cause, state, country, "
        "value_minor, value_at_risk_minor) VALUES (%s, %s, 1, 1, '[]', '', '', '', 0, 0)",
        (unit_id, risk),
    )


def test_g1_a_date_of_a_trait_begins_a_play_so_many_days_before_it(two: Settings) -> None:
    listed(two, unit("ann"), unit("ben"))
    today = NOW.astimezone(two.zone).date()
    for who, days in (("ann", 30), ("ben", 31)):
        on = (today + timedelta(days=days)).isoformat()
        call(two, {"type": "identify", "userId": who, "traits": {"renewal": on}})
    playing.launched(two, a_play(trigger={"date": "renewal", "days": -30, "at": "00:00"}))
    assert entered(two, after(seconds=5)) == [], "the day of its launch is over for it"
    plays.put_cursor(two, enrolments_play(two), "date", day_number(today) - 1)
    assert entered(two, after(seconds=5)) == [unit("ann")]
    assert entered(two, after(days=1)) == [unit("ann"), unit("ben")]


def enrolments_play(settings: Settings) -> int:
    found = plays.by_key(settings, "hello")
    assert found is not None
    return found.id


def test_g1_a_schedule_and_a_broadcast_begin_a_play_for_the_whole_audience(two: Settings) -> None:
    listed(two, unit("ann"), unit("ben"))
    schedule = {"schedule": {"every": "day", "at": "00:00"}}
    playing.launched(two, a_play(trigger=schedule, re_entry={"after_days": 1}))
    assert entered(two) == []
    assert len(entered(two, after(days=1))) == 2
    plays.set_state(two, playing.found_play(two)[0], "paused", now_us=1)
    playing.launched(two, a_play(key="news", trigger={"broadcast": {"at": None}}))
    begin_due(two, NOW)
    begin_due(two, after(days=1))
    assert [each.unit_id for each in enrolments(two, "news")] == [unit("ann"), unit("ben")]


def test_the_audience_the_exits_and_the_hold_out_of_all_plays_keep_customers_out(two: Settings) -> None:
    listed(two, unit("ann"), unit("ben"))
    call(two, {"type": "identify", "userId": "ann", "traits": {"plan": "gold"}})
    play, version = playing.launched(
        two, a_play(audience={"trait": "plan", "is": "gold"}, purpose="marketing")
    )
    ready = read(version.written)
    both = {unit("ann"): 0, unit("ben"): 0}
    assert play.key != ALL_PLAYS
    plays.save_settings(two, hold_out=1.0, approve_above=10)
    assert enrol(two, play, version, ready, both, {}, after(seconds=5)).treated == 0
    plays.save_settings(two, hold_out=0.0, approve_above=10)
    assert enrol(two, play, version, ready, both, {}, after(seconds=5)).treated == 1
    assert [each.unit_id for each in enrolments(two)] == [unit("ann")]


def test_a_play_whose_day_is_past_enrols_nobody_and_lets_those_under_way_finish(two: Settings) -> None:
    last = NOW.astimezone(two.zone).date().isoformat()
    wait = {"id": "w", "do": "wait", "days": 3}
    steps = [wait, *a_play()["steps"]]
    playing.launched(two, a_play(trigger={"signal": "gone_quiet"}, ends_on=last, steps=steps))
    episode("gone_quiet", "ann")
    assert entered(two) == [unit("ann")]
    sql.write("UPDATE episode SET ended_day = 1")
    episode("gone_quiet", "ben")
    assert entered(two, after(days=2)) == [unit("ann")]
    ended = plays.by_key(two, "hello")
    assert ended is not None and (ended.state, ended.ended_why) == ("ended", "over")
    playing.go(two, after(days=4))
    assert len(playing.touches(two)) == 1


def test_the_pulse_lets_plays_begin_and_go_on(two: Settings) -> None:
    playing.launched(two, a_play(trigger={"event": "Feature Used"}))
    source = live_sources.ensure(two, "shop", "segment", namespace="shop", now_us=1)
    now = after(seconds=5)
    body = json.dumps({"batch": [{"type": "track", "userId": "ann", "event": "Feature Used"}]}).encode()
    accept(two, source.id, body, events=1, received_us=microseconds(now))
    pulse = Beat()
    try:
        played = [pulse.tick(two, now).played for _ in range(2)]
    finally:
        pulse.close()
    assert played[0] == 2, "one who entered, one who went on"
    assert [title for _, _, title in playing.touches(two)] == ["Hello Ann"]


def test_g5_a_greeting_goes_each_year_on_the_day_of_its_feast_and_never_late(
    two: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G5: holidays are taken again each year, one notice each."""
    written = a_play(trigger={"broadcast": {"feast": "christmas"}}, re_entry={"after_days": 300})
    playing.launched(two, written)
    both = np.array([unit("ann"), unit("ben")], np.int64)
    monkeypatch.setattr(triggers, "everybody_in", lambda *told: both)
    year = NOW.year if (NOW.month, NOW.day) < (12, 23) else NOW.year + 1
    morning = datetime(year, 12, 24, 10, 0, tzinfo=two.zone)
    assert entered(two) == []
    assert entered(two, morning - timedelta(minutes=1)) == []
    assert len(entered(two, morning + timedelta(minutes=1))) == 2
    assert len(entered(two, morning + timedelta(hours=3))) == 2, "one notice"
    assert len(entered(two, morning.replace(year=year + 1) + timedelta(days=3))) == 2, "late is never"
    sql.write("UPDATE enrolment SET ended_us = 1, state = 'done'")
    assert len(entered(two, morning.replace(year=year + 2) + timedelta(minutes=1))) == 4
