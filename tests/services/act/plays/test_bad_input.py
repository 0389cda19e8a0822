"""G1: plays that make no sense, customers of whom little is known: what is found, said and bounded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_expressions import parse as rule
from holdfast.services.act.plays import checks, define, launch
from holdfast.services.act.plays.by_hand import enrol_by_hand
from holdfast.services.act.plays.rehearse import rehearse
from holdfast.services.act.plays.triggers import begin_due
from holdfast.services.act.plays.written import read
from holdfast.services.collect.segments import define as segments
from holdfast.settings import Settings
from holdfast.store import sql
from playing import HELLO, NOW, a_play, after, enrolments, go, launched, touches, way
from services.act.people import call, known, subject
from web.pages.test_customers import stand

GOAL = {"goal": {"event": "Order Completed", "days": 30}}
WRITE = {"id": "hi", "do": "message", "content": HELLO}


def refused(settings: Settings, **told: Any) -> Refusal:
    """What is said to whoever launches such a play; everybody is written to in it."""
    made = define.make(settings, a_play(**(GOAL | told)), by="ann", now=NOW)
    with pytest.raises(Refusal) as found:
        launch.launch(settings, made, number=made.number, by="ann", now=NOW)
    assert found.value.code == "cannot_launch" and str(found.value.remedy)
    return found.value


def test_g1_a_play_without_exit_is_not_launched(workspace: Settings) -> None:
    said = refused(workspace, goal=None)
    assert "say when it is over" in str(said.found)


def test_g1_a_hold_out_of_100_per_cent_is_not_launched(workspace: Settings) -> None:
    said = refused(workspace, purpose="marketing", hold_out=1)
    assert str(said.found).startswith("Everybody is held out")


def test_g1_a_merge_field_that_nobody_has_is_not_launched(workspace: Settings) -> None:
    known(workspace)
    content = {"en": {"subject": "Hi", "text": "{{ shoe_size }}"}, "fa": {"text": "{{ shoe_size }}"}}
    said = refused(workspace, steps=[WRITE | {"content": content}])
    assert "shoe_size" in str(said.found)


def test_g1_a_play_whose_last_day_is_past_is_not_launched(workspace: Settings) -> None:
    yesterday = (NOW - timedelta(days=1)).astimezone(workspace.zone).date()
    assert "is past" in str(refused(workspace, ends_on=yesterday.isoformat()).found)


def test_a_moment_that_is_past_is_said_until_it_went_out(workspace: Settings) -> None:
    written = a_play(**GOAL, trigger={"broadcast": {"at": "2020-01-01T09:00"}})
    made = define.make(workspace, written, by="ann", now=NOW)

    def codes() -> list[str]:
        return [each.code for each in checks.problems(workspace, read(written), NOW)]

    assert codes() == ["moment_past"]
    assert launch.launch(workspace, made, number=1, by="ann", now=NOW).outcome == "running"
    assert codes() == []


def marking(key: str, when: str, marks: str) -> dict[str, Any]:
    """A play that begins with one mark and leaves another, for the same customers every day."""
    mark = {"id": "m", "do": "change_trait", "trait": marks, "value": "yes"}
    return a_play(
        key=key, **GOAL, trigger={"segment_entered": when}, steps=[mark], re_entry={"after_days": 1}
    )


def test_g1_a_loop_between_plays_is_found_also_while_one_of_them_is_paused(workspace: Settings) -> None:
    call(workspace, {"type": "identify", "userId": "ann", "traits": {"warm": "yes", "cold": "yes"}})
    for key in ("warm", "cold"):
        segments.create(workspace, key, rule({"trait": key, "is": "yes"}), key=key, now_us=microseconds(NOW))
    first = define.make(workspace, marking("a", "warm", "cold"), by="ann", now=NOW)
    launch.launch(workspace, first, number=1, by="ann", now=NOW)
    launch.pause(workspace, define.find(workspace, "a"), now=NOW)
    second = define.make(workspace, marking("b", "cold", "warm"), by="ann", now=NOW)
    with pytest.raises(Refusal, match="b → a → b") as found:
        launch.launch(workspace, second, number=1, by="ann", now=NOW)
    assert found.value.code == "cannot_launch"
    launch.end(workspace, define.find(workspace, "a"), stop=True, now=NOW)
    assert launch.launch(workspace, second, number=1, by="ann", now=NOW).outcome == "running"


def test_g1_a_loop_that_nobody_could_see_turns_once_a_day_at_most(workspace: Settings) -> None:
    """Another system answers the webhook of a play with the event that begins it."""
    ann = known(workspace)
    tells = {"id": "w", "do": "webhook", "say": "again"}
    launched(workspace, a_play(trigger={"event": "Told Again"}, steps=[tells], re_entry={"after_days": 1}))
    for minute in range(5):
        call(workspace, {"type": "track", "userId": "ann", "event": "Told Again"})
        go(workspace, after(minutes=minute))
    assert [(each.unit_id, each.round, each.state) for each in enrolments(workspace)] == [(ann, 1, "done")]


def test_g1_no_zone_no_language_and_no_address_take_what_the_company_has_or_say_why(
    workspace: Settings,
) -> None:
    named = {"timezone": "Mars/Olympus", "locale": "??", "name": "Sam"}
    call(workspace, {"type": "identify", "userId": "sam", "traits": named})
    call(workspace, {"type": "identify", "userId": "kim", "traits": named | {"email": "kim@example.org"}})
    units = {key: subject(workspace, key) for key in ("sam", "kim")}
    wait = {"id": "w", "do": "wait", "at": "09:00"}
    content = HELLO | {"fa": {"subject": "سلام", "text": "سلام"}}
    launched(workspace, a_play(steps=[wait, WRITE | {"content": content}]))
    play = define.find(workspace, "hello")
    enrol_by_hand(workspace, play, np.array(sorted(units.values())), by="ann", now=NOW)
    go(workspace)
    waits = {each.unit_id: each.due_us for each in enrolments(workspace)}
    nine = {datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(workspace.zone) for at in waits.values()}
    assert {(each.hour, each.minute) for each in nine} == {(9, 0)}, "by the clock of the company"
    go(workspace, after(days=1, hours=1))
    ways = {each.unit_id: way(workspace, each)[-1] for each in enrolments(workspace)}
    assert ways == {units["sam"]: ("hi", "skipped", "no_address"), units["kim"]: ("hi", "did", "")}
    assert [title for _, _, title in touches(workspace)] == ["Hello Sam"], "in the language of the company"


def test_g1_money_that_no_budget_pays_is_skipped_and_not_waited_for_for_ever(workspace: Settings) -> None:
    ann = known(workspace)
    credit = {"id": "c", "do": "credit", "amount": 2_000, "currency": "EUR", "reason": "late"}
    budget = {"amount_minor": 1_000, "currency": "EUR", "per": "month"}
    assert "more than the whole budget" in str(refused(workspace, budget=budget, steps=[credit]).found)
    launched(workspace, a_play(budget=budget, steps=[credit]))
    enrol_by_hand(workspace, define.find(workspace, "hello"), np.array([ann]), by="ann", now=NOW)
    go(workspace)
    (one,) = enrolments(workspace)
    assert (one.state, way(workspace, one)) == ("done", [("c", "skipped", "budget")])
    assert sql.read("SELECT 1 FROM granted") == []


@pytest.mark.parametrize(
    ("month", "at", "begins"),
    [
        (10, "02:15", (15, 30)),  # 02:00 becomes 02:30: it is left out, and comes once clocks are past it
        (10, "01:45", (15, 15)),
        (4, "01:45", (14, 45)),  # 02:00 becomes 01:30: it comes twice, and counts the first time
        (4, "02:15", (15, 45)),
    ],
)
def test_g1_a_day_begins_a_play_once_in_a_night_in_which_clocks_change(
    workspace: Settings, month: int, at: str, begins: tuple[int, int]
) -> None:
    """By the clocks of Lord Howe, which change by half an hour in the night before the first Sunday."""
    there, sunday = replace(workspace, timezone="Australia/Lord_Howe"), date(NOW.year + 1, month, 1)
    sunday += timedelta(days=6 - sunday.weekday())
    saturday = sunday - timedelta(days=1)
    night = datetime.combine(saturday, time(13), UTC)
    call(there, {"type": "identify", "userId": "ann", "traits": {"day": sunday.isoformat()}})
    stand(subject(there, "ann"), "Ann")
    launched(there, a_play(trigger={"date": "day", "days": 0, "at": at}), night)
    for quarter in range(16):
        begin_due(there, night + timedelta(minutes=15 * quarter))
    (one,) = enrolments(there)
    assert one.entered_us == microseconds(datetime.combine(saturday, time(*begins), UTC))


def test_a_date_at_the_end_of_all_calendars_stops_no_rehearsal(workspace: Settings) -> None:
    stand(known(workspace), "Ann")
    call(workspace, {"type": "identify", "userId": "ann", "traits": {"until": "9999-12-31"}})
    for days in (30, -30):
        ready = read(a_play(trigger={"date": "until", "days": days}))
        assert rehearse(workspace, ready, after(seconds=5), days=30).entered == 0


def test_a_play_that_cannot_be_read_any_more_stops_no_other(workspace: Settings) -> None:
    """The package that brought one of its steps is not installed any more."""
    ann = known(workspace)
    trigger = {"event": "Order Completed"}
    launched(workspace, a_play(key="gone", trigger=trigger))
    gone = a_play(key="gone", trigger=trigger, steps=[{"id": "hi", "do": "by_pigeon"}])
    sql.write("UPDATE play_version SET content = %s", (json.dumps(gone),))
    launched(workspace, a_play(trigger=trigger))
    call(workspace, {"type": "track", "userId": "ann", "event": "Order Completed"})
    go(workspace)
    assert [each.unit_id for each in enrolments(workspace)] == [ann]
    assert enrolments(workspace, "gone") == []
    assert checks.problems(workspace, read(a_play(**GOAL)), NOW) == []


def test_a_play_that_is_over_by_what_it_writes_itself_is_not_launched(workspace: Settings) -> None:
    for odd in ({"goal": {"event": "Play Enrolled", "days": 30}}, {"exits": [{"event": "Play Enrolled"}]}):
        codes = {
            each.code: each.stops for each in checks.problems(workspace, read(a_play(**(GOAL | odd))), NOW)
        }
        assert codes == {"over_at_once": True}
