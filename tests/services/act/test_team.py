"""M1, M2: workload, handing over with a word, what was done and who stayed, what is practised."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from holdfast.domain.moments import microseconds
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.services.act import cases as case_acts
from holdfast.services.act import outcomes
from holdfast.services.act import tasks as acts
from holdfast.services.act.team import load, practice, report
from holdfast.settings import Settings
from holdfast.store import cases, sql, tasks, team, work
from holdfast.store import practice as kept
from holdfast.store.cases import NewCase
from holdfast.store.tasks import NewTask
from playing import NOW, after
from services.act.people import NOW_US, known

BY = "ann@shop.example"
DAY = 86_400_000_000


def person(settings: Settings, name: str, role: str = "agent") -> int:
    from holdfast.store.models import User

    return int(User.objects.create_user(f"{name}@shop.example", None, role=role).id)


def make(settings: Settings, title: str = "Call them", **given: Any) -> int:
    return acts.make(settings, NewTask(title, **({"kind": "call"} | given)), by=BY, now=NOW)


def mails(settings: Settings) -> list[tuple[str, str]]:
    return sql.read("SELECT t.address, c.text FROM touch t JOIN touch_content c ON c.touch_id = t.id")


def test_m1_the_workload_says_who_has_how_much_and_what_belongs_to_nobody(base: Settings) -> None:
    ann, ben, eve = (person(base, name) for name in ("ann", "ben", "eve"))
    person(base, "reads", "read_only")
    for due in (NOW_US - DAY, NOW_US + DAY, NOW_US + 40 * DAY):
        make(base, owner_id=ann, due_us=due)
    acts.snooze(base, make(base, owner_id=ann), "week", by=BY, now=NOW)
    done = make(base, owner_id=ben)
    outcomes.came(base, done, outcomes.CameOf("reached", minutes=12), by=BY, now=NOW)
    case_acts.open_case(base, NewCase(known(base), "Broken", owner_id=ben), by=BY, now=NOW)
    make(base)
    make(base, owner_id=eve)
    sql.write("UPDATE person SET is_active = %s WHERE id = %s", (False, eve))
    found = load.workload(base, after(seconds=9))
    told = {each.name: each.load for each in found}
    assert set(told) == {"ann@shop.example", "ben@shop.example", "eve@shop.example", ""}
    first = found[0].load
    assert (first.person_id, first.open, first.late, first.week, first.put_off) == (ann, 3, 1, 2, 1)
    second = told["ben@shop.example"]
    assert (second.open, second.cases, second.closed, second.minutes) == (0, 1, 1, 12)
    assert [each.may_work for each in found if each.name == "eve@shop.example"] == [False]
    assert found[-1].load.open == 1


def test_m1_everything_is_handed_over_with_a_word_and_one_mail(base: Settings) -> None:
    ann, ben = person(base, "ann"), person(base, "ben")
    unit = known(base)
    numbers = [make(base, owner_id=ann), make(base, owner_id=ann)]
    acts.snooze(base, numbers[1], "week", by=BY, now=NOW)
    case = case_acts.open_case(base, NewCase(unit, "Broken", owner_id=ann), by=BY, now=NOW)
    done = load.hand_over(base, ann, ben, "Ask for Maria, mornings only", by="ann@shop.example", now=NOW)
    assert (done.tasks, done.cases) == (2, 1)
    assert {each.owner_id for each in tasks.many(base, numbers)} == {ben}
    held = cases.one(base, case)
    assert held is not None
    assert held.owner_id == ben
    for about, number in (("task", numbers[0]), ("case", case)):
        last = work.history(base, about, number)[-1]  # type: ignore[arg-type]
        assert (last.what, last.was, last.became, last.text) == (
            *("assigned", "ann@shop.example", "ben@shop.example"),
            "Ask for Maria, mornings only",
        )
    told = [text for address, text in mails(base) if address == "ben@shop.example"]
    assert len(told) == 1
    assert "Ask for Maria" in told[0]
    for giver, taker in ((ann, ann), (ann, 0), (999, ben)):
        with pytest.raises(Refusal) as refused:
            load.hand_over(base, giver, taker, "", by=BY, now=NOW)
        assert refused.value.code == "no_such_person"


def test_m1_what_belongs_to_nobody_goes_to_who_has_least(base: Settings) -> None:
    ann, ben = person(base, "ann"), person(base, "ben")
    for _ in range(3):
        make(base, owner_id=ann)
    numbers = [make(base, due_us=NOW_US + number) for number in range(5)]
    assert load.share_out(base, by=BY, now=NOW) == 5
    whose = [each.owner_id for each in tasks.many(base, numbers)]
    assert whose[:3] == [ben, ben, ben]
    assert sorted(whose[3:]) == sorted([ann, ben])
    assert load.share_out(base, by=BY, now=NOW) == 0


def test_m1_what_another_took_or_closed_in_this_moment_stays_with_them(
    base: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = person(base, "ann"), person(base, "ben")
    free, taken, closed = make(base), make(base, owner_id=ben), make(base)
    acts.drop(base, closed, "duplicate", by=BY, now=NOW)
    sql.write("UPDATE person SET is_active = %s WHERE id = %s", (False, ben))
    # All three were nobody's when it was looked.
    monkeypatch.setattr(team, "open_tasks_of", lambda *asked: [free, taken, closed])
    assert load.share_out(base, by=BY, now=NOW) == 1
    assert {each.id: each.owner_id for each in tasks.many(base, [free, taken])} == {free: ann, taken: ben}


def test_m1_a_case_that_another_took_in_this_moment_is_not_handed_over(
    base: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, eva = (person(base, name) for name in ("ann", "ben", "eva"))
    unit = known(base)
    taken = case_acts.open_case(base, NewCase(unit, "Broken", owner_id=eva), by=BY, now=NOW)
    mine = case_acts.open_case(base, NewCase(unit, "Late", owner_id=ann), by=BY, now=NOW)
    # Both were Ann's when it was looked.
    monkeypatch.setattr(team, "open_cases_of", lambda *asked: [taken, mine])
    assert load.hand_over(base, ann, ben, "", by=BY, now=NOW).cases == 1
    held = {number: cases.one(base, number) for number in (taken, mine)}
    assert {number: case and case.owner_id for number, case in held.items()} == {taken: eva, mine: ben}


def stands(settings: Settings, unit: int, left_day: int | None) -> None:
    from holdfast.store.models import Standing

    Standing.objects.create(unit_id=unit, left_day=left_day)


def test_m1_the_report_counts_weeks_and_says_nothing_of_too_few_customers(workspace: Settings) -> None:
    then = after(days=-40)
    for number in range(3):
        unit = known(workspace, f"c{number}", f"c{number}@example.org")
        stands(workspace, unit, None)
        task = make(workspace, subject_id=unit)
        outcome = "not_reached" if number == 2 else "helped"
        outcomes.came(workspace, task, outcomes.CameOf(outcome, days=0, minutes=5), by=BY, now=then)
    acts.drop(workspace, make(workspace), "duplicate", by="ben@shop.example", now=NOW)
    found = report.report(workspace, NOW)
    latest, before = found.weeks
    assert (latest.by, latest.done, latest.dropped, latest.contacts) == ("ben@shop.example", 0, 1, 0)
    assert (before.done, before.contacts, before.spoken, before.minutes) == (3, 3, 2, 15)
    assert before.outcomes == {"helped": 2, "not_reached": 1}
    assert before.monday.weekday() == 0
    assert [(each.by, each.customers, each.low) for each in found.kept] == [("", 2, None), (BY, 2, None)]
    assert report.report(workspace, NOW, by="ben@shop.example").kept == ()


def test_m1_of_enough_customers_the_report_says_who_stayed_with_its_interval(workspace: Settings) -> None:
    then = after(days=-40)
    called = day_number(then.astimezone(workspace.zone).date())
    lefts = [None] * 15 + [called + 5] * 4 + [called + 35] + [called - 1]
    for number, left in enumerate(lefts):
        unit = known(workspace, f"c{number}", f"c{number}@example.org")
        stands(workspace, unit, left)
        task = make(workspace, subject_id=unit)
        outcomes.came(workspace, task, outcomes.CameOf("reached"), by=BY, now=then)
    everybody = report.report(workspace, NOW).kept[0]
    assert (everybody.customers, everybody.stayed) == (20, 16), "lost before the talk: not counted"
    assert everybody.low is not None
    assert everybody.high is not None
    assert 0.55 < everybody.low < 0.8 < everybody.high < 0.95


def test_m2_the_practice_of_the_week_stands_on_the_day_and_questions_until_they_are_known(
    base: Settings,
) -> None:
    ann, ben = person(base, "ann"), person(base, "ben")
    monday = date(2026, 11, 30)
    practice.add(base, "Say sorry aloud", "In pairs", monday, by=BY, now_us=1)
    choices = ("30 days", "14 days", " ")
    asked = practice.add(base, "How long may it be sent back?", "", monday, choices, 0, by=BY, now_us=1)
    practice.pair(base, ann, ben, by=BY, now_us=1)
    seen = practice.today(base, ann, monday + timedelta(days=6))
    assert [each.title for each in seen.notes] == ["Say sorry aloud"]
    assert seen.question is not None
    assert seen.question.choices == ("30 days", "14 days")
    assert seen.beside == "ben@shop.example"
    assert practice.today(base, ben, monday).novices == ("ann@shop.example",)
    assert practice.today(base, ann, monday - timedelta(days=1)).notes == ()
    assert practice.today(base, ann, monday + timedelta(days=7)).notes == ()
    assert not practice.answer(base, asked, ann, 1, now_us=2)
    assert practice.today(base, ann, monday).question is not None, "it comes back until it is known"
    assert practice.answer(base, asked, ann, 0, now_us=3)
    assert practice.today(base, ann, monday).question is None
    (result,) = kept.results(base)
    assert (result.name, result.questions, result.right_first, result.right_last) == (
        *("ann@shop.example", 1, 0),
        1,
    )
    practice.pair(base, ann, None, by=BY, now_us=4)
    assert kept.pairs(base) == []
    assert practice.remove(base, asked)
    assert kept.results(base) == []


@pytest.mark.parametrize(
    ("choices", "right"),
    [(("one",), 0), (("a", "a"), 0), (("a", "b"), 2), (("a", "b"), None), ("abcdefg", 1)],
)
def test_m2_what_is_no_question_is_refused(workspace: Settings, choices: Any, right: int | None) -> None:
    with pytest.raises(Refusal) as refused:
        practice.add(
            workspace, "What?", "", NOW.date(), tuple(choices), right, by=BY, now_us=microseconds(NOW)
        )
    assert refused.value.code == "bad_question"
    assert kept.notes(workspace) == []


def test_m2_an_answer_that_there_is_not_and_oneself_as_teacher_are_refused(workspace: Settings) -> None:
    ann = person(workspace, "ann")
    note = practice.add(workspace, "Only a note", "", NOW.date(), by=BY, now_us=1)
    for number, chosen in ((note, 0), (999, 0)):
        with pytest.raises(Refusal) as refused:
            practice.answer(workspace, number, ann, chosen, now_us=1)
        assert refused.value.code == "bad_answer"
    with pytest.raises(Refusal) as refused:
        practice.pair(workspace, ann, ann, by=BY, now_us=1)
    assert refused.value.code == "no_such_person"
