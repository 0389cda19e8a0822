"""M1, M2: how a call ends in two clicks, what follows from it, what is said beside it, what is done first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import playing
from holdfast.domain.consent import CALLS, may_be_called
from holdfast.domain.refusals import Refusal
from holdfast.services.act import outcomes, pausing, task_list
from holdfast.services.act import tasks as acts
from holdfast.services.act.outcomes import CameOf
from holdfast.services.act.plays.enrolling import enrol
from holdfast.services.act.plays.written import read
from holdfast.services.act.scripts import kept
from holdfast.services.act.scripts.kept import Said
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import consent, pauses, sql, tasks
from holdfast.store.tasks import NewTask, Task, Wanted
from playing import HELLO, NOW, a_play, after, enrolments, go, touches
from services.act.people import NOW_US, call, known

BY = "ann@shop.example"


def make(settings: Settings, **given: Any) -> int:
    told = {"title": "Call them", "kind": "call"} | given
    return acts.make(settings, NewTask(**told), by=BY, now=NOW)


def one(settings: Settings, task_id: int | None) -> Task:
    task = tasks.one(settings, task_id or 0)
    assert task is not None
    return task


def end(settings: Settings, task_id: int, outcome: str, now: datetime = NOW, **told: Any) -> int | None:
    return outcomes.came(settings, task_id, CameOf(outcome, **told), by=BY, now=now)


def calls(settings: Settings) -> list[tuple[str, str]]:
    take_in_arrived(settings, now_us=NOW_US)
    return sql.read("SELECT name, code FROM log_row WHERE name IN ('Call Made', 'Visit Made') ORDER BY seq")


def test_m1_an_outcome_closes_the_call_and_is_an_event_of_the_customer(base: Settings) -> None:
    task_id = make(base, subject_id=known(base))
    assert end(base, task_id, "helped", note="Shipped it again", minutes=7) is None
    done = one(base, task_id)
    assert (done.state, done.outcome, done.reason, done.minutes) == ("done", "helped", "Shipped it again", 7)
    assert calls(base) == [("Call Made", "helped")]
    with pytest.raises(Refusal) as refused:
        end(base, task_id, "reached")
    assert refused.value.code == "moved_on"
    assert len(calls(base)) == 1, "nothing is told twice"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"outcome": "sold"}, "bad_outcome"),
        ({"outcome": "bad_day", "days": 1_000}, "bad_days"),
        ({"outcome": "reached", "minutes": -1}, "bad_minutes"),
        ({"outcome": "reached", "note": "x" * 20_000}, "bad_text"),
    ],
)
def test_m1_what_is_no_outcome_changes_nothing(workspace: Settings, given: dict[str, Any], code: str) -> None:
    task_id = make(workspace, subject_id=known(workspace))
    with pytest.raises(Refusal) as refused:
        end(workspace, task_id, **given)
    assert refused.value.code == code
    assert one(workspace, task_id).state == "open"
    assert calls(workspace) == []


def test_m1_only_calls_and_visits_end_like_this(workspace: Settings) -> None:
    with pytest.raises(Refusal) as refused:
        end(workspace, make(workspace, kind="check"), "reached")
    assert refused.value.code == "bad_kind"


def test_m1_on_a_bad_day_somebody_tries_again_and_no_offer_goes_meanwhile(base: Settings) -> None:
    ann = known(base)
    task_id = make(base, subject_id=ann, owner_id=None, script="check_in", text="Ask about decaf")
    again = one(base, end(base, task_id, "bad_day", days=5))
    assert (again.title, again.text, again.script) == ("Call them", "Ask about decaf", "check_in")
    assert again.due_us is not None
    due = datetime.fromtimestamp(again.due_us / 1e6, base.zone).date()
    assert due == NOW.astimezone(base.zone).date() + timedelta(days=5)
    assert again.id not in [each.id for each in tasks.listed(base, Wanted(state="open"), 9, now_us=NOW_US)], (
        "it is out of the way until then"
    )
    pause = pauses.holding(base, {ann}, now_us=NOW_US)
    assert pause is not None
    assert pause.until_us > NOW_US + 3 * 86_400_000_000


def test_m1_a_longer_pause_stays(workspace: Settings) -> None:
    ann = known(workspace)
    until = (datetime.now(UTC) + timedelta(days=60)).date()
    pausing.pause(workspace, [ann], until, asked=True, by=BY, now_us=NOW_US)
    end(workspace, make(workspace, subject_id=ann), "bad_day")
    pause = pauses.holding(workspace, {ann}, now_us=NOW_US)
    assert pause is not None
    assert pause.asked


def test_m1_who_does_not_answer_is_tried_three_times_and_then_left_alone(workspace: Settings) -> None:
    task_id: int | None = make(workspace, subject_id=known(workspace))
    tries = 0
    while task_id is not None:
        tries += 1
        task_id = end(workspace, task_id, "not_reached", after(days=tries))
    assert tries == 3
    assert end(workspace, make(workspace, subject_id=known(workspace)), "not_reached", days=0) is None


def test_m1_who_asks_not_to_be_called_is_not_called_by_a_play_either(workspace: Settings) -> None:
    ann = known(workspace)
    call(workspace, {"type": "identify", "userId": "ann", "traits": {"phone": "+491701234567"}})
    end(workspace, make(workspace, subject_id=ann), "not_to_be_called")
    said = consent.of_people(workspace, [(ann, b"")])[ann, b""]
    assert [(each.channel, each.given, each.how) for each in said] == [(CALLS, False, "phone")]
    assert not may_be_called(said)
    assert consent.allows(workspace, ann, b"", "offers", "email") is None, "mails are another matter"
    playing.launched(workspace, a_play(steps=[{"id": "c", "do": "call", "title": "Call"}]))
    by_hand(workspace, ann)
    go(workspace, after(seconds=5))
    assert playing.way(workspace, enrolments(workspace)[0])[0] == ("c", "skipped", "no_calls")


def by_hand(settings: Settings, *units: int) -> None:
    play, version = playing.found_play(settings)
    ready = read(version.written)
    enrol(settings, play, version, ready, dict.fromkeys(units, 0), {"by_hand": "test"}, NOW)


def the_task(settings: Settings) -> Task:
    (found,) = tasks.listed(settings, Wanted(state="open"), 9, now_us=NOW_US + 30 * 86_400_000_000)
    return found


@pytest.mark.long
def test_m1_an_outcome_branches_a_play_and_a_bad_day_holds_it(workspace: Settings) -> None:
    ann = known(workspace)
    call(workspace, {"type": "identify", "userId": "ann", "traits": {"phone": "+491701234567"}})
    leaves = {"event": "Call Made", "code": ["wants_to_leave"], "days": 30, "at_least": 1}
    steps = [
        {"id": "c", "do": "call", "title": "Call", "uses": "exit_call"},
        {"id": "w", "do": "wait", "days": 7, "event": "Call Made"},
        {
            "id": "b",
            "do": "branch",
            "paths": [{"when": leaves, "steps": [{"id": "hi", "do": "message", "content": HELLO}]}],
        },
    ]
    call(workspace, {"type": "track", "userId": "ann", "event": "Order Completed"})
    playing.launched(workspace, a_play(steps=steps))
    playing.listed(workspace, ann)
    by_hand(workspace, ann)
    go(workspace)
    assert the_task(workspace).script == "exit_call"
    end(workspace, the_task(workspace).id, "bad_day", days=4)
    take_in_arrived(workspace, now_us=NOW_US)
    go(workspace, after(seconds=30))
    assert enrolments(workspace)[0].step == "w", "it waits for the next try"
    go(workspace, after(days=8))
    assert enrolments(workspace)[0].step == "w", "and its days begin when that is due"
    end(workspace, the_task(workspace).id, "wants_to_leave", after(seconds=60))
    take_in_arrived(workspace, now_us=NOW_US)
    go(workspace, after(days=9))  # later than any run of the tests: what is known is known by the clock
    assert enrolments(workspace)[0].state == "done"
    assert [title for _, _, title in touches(workspace)] == ["Hello Ann"]


def at_risk(settings: Settings, values: Iterable[tuple[int, int]]) -> None:
    for unit, value in values:
        sql.write(
            "INSERT INTO risk_score (unit_id, as_of_day, risk, value_minor, "
            "value_at_risk_minor, drivers, state, country, cause, dimensions, model_version) "
            "VALUES (%s, 1, 0.5, 1, %s, '[]', 'active', '', '', '{}', 1)",
            (unit, value),
        )


def test_m1_the_list_by_value_begins_where_most_is_at_stake(base: Settings) -> None:
    units = [known(base, name, f"{name}@example.org") for name in ("ann", "ben", "eve")]
    at_risk(base, zip(units, (500, 90_000, 500), strict=True))
    late = make(base, subject_id=units[0], due_us=NOW_US + 50)
    rich = make(base, subject_id=units[1], due_us=NOW_US + 90)
    soon = make(base, subject_id=units[2], due_us=NOW_US + 10)
    nobody = make(base, due_us=NOW_US)
    ordered = task_list.by_value(base, Wanted(state="open"), 2, now=NOW)
    assert [each.id for each in ordered] == [rich, soon]
    place = task_list.place(ordered[-1], task_list.values(base, ordered))
    rest = task_list.by_value(base, Wanted(state="open", after=place), 9, now=NOW)
    assert [each.id for each in rest] == [late, nobody]


def test_m2_every_ready_script_is_in_every_language_and_has_no_gap_for_a_known_customer(
    workspace: Settings,
) -> None:
    found = kept.every(workspace)
    assert [each.key for each in found] == ["apology", "check_in", "exit_call", "payment", "renewal"]
    for script in found:
        assert set(script.words) == {"en", "ro", "fa", "bg", "ru", "zh"}
        for language, said in script.words.items():
            for values in ({"name": "Ioana"}, {}):
                text = kept.filled(workspace, said.text, values, "Dan")
                assert "[" not in text, (script.key, language)
                assert "Dan" in text
                assert ("Ioana" in text) == bool(values)


def test_m2_a_script_is_changed_and_taken_back_and_two_people_do_not_lose_words(base: Settings) -> None:
    kept.keep(base, "apology", "en", Said("Sorry", "Dear {{ plan }}"), 0, by=BY, now_us=NOW_US)
    changed = kept.one(base, "apology")
    assert (changed.number, changed.words["en"].title) == (1, "Sorry")
    assert changed.words["fa"].text, "the other languages stay"
    assert kept.filled(base, changed.words["en"].text, {}, "Dan") == "Dear [plan]"
    with pytest.raises(Refusal) as refused:
        kept.keep(base, "apology", "en", Said("Mine", "x"), 0, by=BY, now_us=NOW_US)
    assert refused.value.code == "moved_on"
    assert kept.take_back(base, "apology")
    assert kept.one(base, "apology").words["en"].title == "Apologize"
    own = kept.make(base, "ro", Said("Zâmbet", "Bună"), by=BY, now_us=NOW_US)
    assert kept.one(base, own).said(("fa", "en"))[0] == "ro", "in the only language there is"
    for title, text, code in (("", "x", "bad_title"), ("x", "{{ a", "bad_template"), ("x", "", "bad_text")):
        with pytest.raises(Refusal) as refused:
            kept.make(base, "en", Said(title, text), by=BY, now_us=NOW_US)
        assert refused.value.code == code
