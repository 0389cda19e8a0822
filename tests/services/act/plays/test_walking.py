"""G1: customers enter plays and go through them: each step once, for the held out without any effect."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import playing
from holdfast.domain.moments import microseconds
from holdfast.services.act.consequences import apply
from holdfast.services.act.plays.enrolling import enrol
from holdfast.services.act.plays.written import read
from holdfast.services.collect.identity.merging import merge
from holdfast.settings import Settings
from holdfast.store import cases, grants, outbox_sending, plays, plays_triggers, plays_walking, sql, users
from playing import HELLO, NOW, a_play, after, enrolments, facts, go, listed, touches, way
from services.act.people import NOW_US, call, known, subject

TEXT = {"id": "hi", "do": "message", "content": HELLO}


def by_hand(settings: Settings, *units: int, now: datetime = NOW, key: str = "hello") -> int:
    play, version = playing.found_play(settings, key)
    ready = read(version.written)
    done = enrol(settings, play, version, ready, dict.fromkeys(units, 0), {"by_hand": "test"}, now)
    return done.treated + done.held_out


def test_a_customer_enters_is_written_to_and_comes_to_the_end(workspace: Settings) -> None:
    ann = known(workspace)
    playing.launched(workspace, a_play())
    assert by_hand(workspace, ann) == 1
    assert by_hand(workspace, ann) == 0, "nobody enters twice"
    assert go(workspace) == 1
    (one,) = enrolments(workspace)
    assert (one.state, one.ended_why, one.arm, one.reason) == ("done", "end", "treated", {"by_hand": "test"})
    assert touches(workspace) == [(f"play:{one.id}:hi", "ann@example.org", "Hello Ann")]
    assert way(workspace, one) == [("hi", "did", "")]
    assert go(workspace, after(days=400)) == 0
    ((subject, told),) = facts(workspace, "Play Enrolled")
    assert subject == ann
    assert json.loads(told) == {"play": "hello", "version": 1, "arm": "treated", "probability": 1.0}
    assert json.loads(facts(workspace, "Play Ended")[0][1])["why"] == "end"


def test_g1_the_held_out_walk_and_nothing_reaches_them(workspace: Settings) -> None:
    ann = known(workspace)
    steps = [
        TEXT,
        {"id": "t", "do": "task", "title": "Call"},
        {"id": "c", "do": "change_trait", "trait": "tier", "value": "gold"},
        {"id": "p", "do": "points", "amount": 5, "reason": "late"},
    ]
    playing.launched(workspace, a_play(steps=steps, hold_out=1.0))
    by_hand(workspace, ann)
    go(workspace)
    (one,) = enrolments(workspace)
    assert (one.arm, one.state, one.ended_why) == ("held_out", "held_out", "end")
    assert way(workspace, one) == [(step, "would", "") for step in ("hi", "t", "c", "p")]
    assert touches(workspace) == []
    for table in ("task", "granted"):
        assert sql.read(f"SELECT * FROM {table}") == []
    assert sql.read("SELECT 1 FROM trait_row WHERE trait = 'tier'") == []
    assert [json.loads(told)["step"] for _, told in facts(workspace, "Touch Would Send")] == ["hi"]


def test_a_wait_passes_with_time_and_an_event_ends_it_sooner(workspace: Settings) -> None:
    ann, ben = known(workspace), known(workspace, "ben", "ben@example.org")
    wait = {"id": "w", "do": "wait", "days": 3, "event": "Order Completed"}
    playing.launched(workspace, a_play(steps=[wait, TEXT]))
    by_hand(workspace, ann, ben)
    go(workspace)
    assert [each.step for each in enrolments(workspace)] == ["w", "w"]
    assert go(workspace, after(days=2)) == 0, "nobody is due"
    call(workspace, {"type": "track", "userId": "ben", "event": "Order Completed"})
    assert go(workspace, after(seconds=5)) == 1
    assert [title for _, _, title in touches(workspace)] == ["Hello Ben"]
    assert go(workspace, after(days=3)) == 1
    assert [title for _, _, title in touches(workspace)] == ["Hello Ben", "Hello Ann"]


def test_ways_part_by_a_rule_that_is_asked_of_the_customer_of_now(workspace: Settings) -> None:
    ann, ben = known(workspace), known(workspace, "ben", "ben@example.org")
    call(workspace, {"type": "identify", "userId": "ben", "traits": {"plan": "gold"}})
    for who in ("ann", "ben"):
        call(workspace, {"type": "track", "userId": who, "event": "Order Completed"})
    branch = {
        "id": "b",
        "do": "branch",
        "paths": [{"when": {"trait": "plan", "is": "gold"}, "steps": [TEXT]}],
        "else": [{"id": "t", "do": "task", "title": "Call"}],
    }
    playing.launched(workspace, a_play(steps=[branch]))
    listed(workspace, ann, ben)
    by_hand(workspace, ann, ben)
    go(workspace, after(seconds=5))
    ways = [way(workspace, each) for each in enrolments(workspace)]
    assert ways == [[("b", "branched", ""), ("t", "did", "")], [("b", "branched", ""), ("hi", "did", "")]]


def test_tasks_grants_and_traits_are_made_once_however_often_it_is_begun_anew(workspace: Settings) -> None:
    ann = known(workspace)
    users.create_user(workspace, email="owner@example.org", role="agent")
    steps = [
        {"id": "t", "do": "task", "title": "Call", "whom": "owner@example.org"},
        {"id": "p", "do": "credit", "amount": 1_500, "currency": "JPY", "reason": "late delivery"},
        {"id": "n", "do": "notify", "whom": "owner@example.org", "title": "Look"},
        {"id": "c", "do": "change_trait", "trait": "tier", "value": "gold"},
        TEXT,
    ]
    playing.launched(workspace, a_play(steps=steps))
    by_hand(workspace, ann)
    go(workspace)
    (one,) = enrolments(workspace)
    sql.write("UPDATE enrolment SET step = 't', ended_us = NULL, due_us = 0")  # as if nothing was written
    go(workspace)
    made = sql.read("SELECT key, kind, title, subject_id FROM task ORDER BY id")
    assert made == [
        (f"play:{one.id}:t", "other", "Call", ann),
        (f"play:{one.id}:p", "offer", "1,500 JPY", ann),
    ]
    (granted,) = grants.of_customer(workspace, [ann])
    assert (granted.kind, granted.amount, granted.currency, granted.state) == ("credit", 1_500, "JPY", "open")
    assert granted.task_id is not None and granted.reason == "late delivery"
    assert sql.read("SELECT value FROM trait_row WHERE trait = 'tier'") == [("gold",)]
    assert [key for key, _, _ in touches(workspace) if key.startswith("play:")] == [
        f"play:{one.id}:n",
        f"play:{one.id}:hi",
    ]


@pytest.mark.parametrize("how", ["event", "case", "merged"])
def test_who_leaves_early_is_not_written_to(workspace: Settings, how: str) -> None:
    ann = known(workspace)
    wait = {"id": "w", "do": "wait", "days": 3}
    exits = [{"event": "Order Completed"}, "case_opened"]
    playing.launched(workspace, a_play(steps=[wait, TEXT], exits=exits))
    by_hand(workspace, ann)
    go(workspace)
    if how == "event":
        call(workspace, {"type": "track", "userId": "ann", "event": "Order Completed"})
    elif how == "case":
        cases.add(workspace, cases.NewCase(ann, "Bad"), by="", now_us=microseconds(NOW))
    else:
        sam = known(workspace, "sam", "sam@example.org")
        sql.write("UPDATE enrolment SET unit_id = %s", (sam,))
        merge(workspace, (ann, sam), by="Niamh", now=NOW)
    go(workspace, after(days=4))
    (one,) = enrolments(workspace)
    assert (one.state, one.ended_why) == (
        "left",
        {"event": "exit 1", "case": "case_opened", "merged": "merged"}[how],
    )
    assert touches(workspace) == []


def test_the_goal_ends_it_and_is_waited_for_behind_the_last_step(workspace: Settings) -> None:
    ann, ben = known(workspace), known(workspace, "ben", "ben@example.org")
    playing.launched(workspace, a_play(goal={"event": "Order Completed", "days": 10}))
    by_hand(workspace, ann, ben)
    go(workspace)
    assert [each.state for each in enrolments(workspace)] == ["under_way", "under_way"]
    call(workspace, {"type": "track", "userId": "ann", "event": "Order Completed"})
    go(workspace, after(minutes=1))
    go(workspace, after(days=11))
    one, other = enrolments(workspace)
    assert (one.state, one.ended_why) == ("done", "goal") and one.goal_us is not None
    assert (other.state, other.ended_why, other.goal_us) == ("done", "end", None)


def test_a_budget_of_touches_holds_until_the_next_month(workspace: Settings) -> None:
    units = [known(workspace, f"c{number}", f"c{number}@example.org") for number in range(3)]
    playing.launched(workspace, a_play(budget={"touches": 2, "per": "month"}))
    by_hand(workspace, *units)
    go(workspace)
    assert len(touches(workspace)) == 2
    held = next(each for each in enrolments(workspace) if each.ended_us is None)
    assert way(workspace, held) == [("hi", "held", "budget")]
    due = datetime.fromtimestamp(held.due_us / 1_000_000, UTC).astimezone(workspace.zone)
    assert (due.day, due.hour, due.minute) == (1, 0, 0)
    go(workspace, after(days=32))
    assert len(touches(workspace)) == 3


def test_what_could_not_be_written_or_was_not_allowed_costs_no_budget(workspace: Settings) -> None:
    """G1: of three the first has no address; two may get one message a month, and two do."""
    call(workspace, {"type": "identify", "userId": "c0", "traits": {"name": "Nowhere"}})
    nowhere = subject(workspace, "c0")
    units = [known(workspace, f"c{number}", f"c{number}@example.org") for number in (1, 2)]
    playing.launched(workspace, a_play(budget={"touches": 2, "per": "month"}))
    by_hand(workspace, nowhere, *units)
    go(workspace)
    assert len(touches(workspace)) == 2, "one batch, and the first of it costs nothing"
    assert spent(workspace) == [2, 2]
    sender = outbox_sending.enter(workspace, "test", "email", NOW_US)
    (claimed,) = outbox_sending.claim(workspace, sender, "email", NOW_US, 1)
    result = outbox_sending.Result(claimed.touch_id, sender, "refused", "test", None, NOW_US, "no_consent")
    with sql.short_write():
        settled = outbox_sending.settle(workspace, [result])
        apply(workspace, settled, NOW_US)
    assert len(settled) == 1
    assert spent(workspace) == [1, 1], "in the month and in all"


def spent(settings: Settings) -> list[int]:
    return [touches for (touches,) in sql.read("SELECT touches FROM play_spent ORDER BY month")]


def test_g1_a_message_with_a_missing_merge_field_is_skipped_with_why(workspace: Settings) -> None:
    ann = known(workspace)
    content = {"en": {"subject": "Your {{ plan }}", "text": "x"}}
    steps = [{"id": "hi", "do": "message", "content": content}, {"id": "t", "do": "task", "title": "Call"}]
    playing.launched(workspace, a_play(steps=steps))
    by_hand(workspace, ann)
    go(workspace)
    (one,) = enrolments(workspace)
    assert way(workspace, one) == [("hi", "skipped", "missing_field"), ("t", "did", "")]
    assert touches(workspace) == []


def test_g1_a_play_is_changed_while_it_runs_and_those_under_way_finish_on_their_version(
    workspace: Settings,
) -> None:
    ann, ben = known(workspace), known(workspace, "ben", "ben@example.org")
    wait = {"id": "w", "do": "wait", "days": 1}
    other: dict[str, Any] = {"en": {"subject": "Other", "text": "Other"}}
    playing.launched(workspace, a_play(steps=[wait, TEXT]))
    by_hand(workspace, ann)
    go(workspace)
    playing.launched(
        workspace, a_play(steps=[wait, {"id": "hi", "do": "message", "content": other}]), after(hours=1)
    )
    by_hand(workspace, ben, now=after(hours=1))
    go(workspace, after(hours=2))
    go(workspace, after(days=2))
    assert [title for _, _, title in touches(workspace)] == ["Hello Ann", "Other"]
    assert [each.version for each in enrolments(workspace)] == [1, 2]


@pytest.mark.parametrize("over", [False, True])
def test_an_event_is_heard_by_who_is_under_way_on_an_older_version(workspace: Settings, over: bool) -> None:
    ann = known(workspace)
    wait = {"id": "w", "do": "wait", "days": 30, "event": "Order Completed"}
    playing.launched(workspace, a_play(steps=[wait, TEXT]))
    by_hand(workspace, ann)
    go(workspace)
    if over:
        assert plays.set_state(workspace, playing.found_play(workspace)[0], "ended", now_us=1)
    else:
        playing.launched(workspace, a_play(steps=[TEXT]), after(seconds=1))
    call(workspace, {"type": "track", "userId": "ann", "event": "Order Completed"})
    go(workspace, after(seconds=5))
    assert [title for _, _, title in touches(workspace)] == ["Hello Ann"]


def test_who_may_enter_again_does_so_after_the_days_and_not_for_the_same_cause(workspace: Settings) -> None:
    ann = known(workspace)
    play, version = playing.launched(workspace, a_play(re_entry={"after_days": 10}))
    ready = read(version.written)

    def again(cause: int, now: datetime) -> int:
        done = enrol(workspace, play, version, ready, {ann: cause}, {}, now)
        go(workspace, now)
        return done.treated

    assert again(7, NOW) == 1
    assert again(8, after(days=9)) == 0
    assert again(7, after(days=11)) == 0
    assert again(8, after(days=11)) == 1
    assert [each.round for each in enrolments(workspace)] == [1, 2]


def test_a_paused_play_stands_still(workspace: Settings) -> None:
    ann = known(workspace)
    play, _ = playing.launched(workspace, a_play())
    by_hand(workspace, ann)
    assert plays.set_state(workspace, play, "paused", now_us=1)
    assert go(workspace) == 0
    paused = plays.by_key(workspace, "hello")
    assert paused is not None and plays.set_state(workspace, paused, "running", now_us=1)
    assert go(workspace) == 1


def test_everybody_is_ended_where_a_play_is_stopped(workspace: Settings) -> None:
    ann = known(workspace)
    play, _ = playing.launched(workspace, a_play(steps=[{"id": "w", "do": "wait", "days": 3}, TEXT]))
    by_hand(workspace, ann)
    go(workspace)
    assert plays_walking.end_all(workspace, play.id, "stopped", now_us=5) == 1
    (one,) = enrolments(workspace)
    assert (one.state, one.ended_why) == ("left", "stopped")
    assert plays_triggers.read_until(workspace) is not None
