from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from brought import bring, subject
from holdfast.domain.refusals import Refusal
from holdfast.domain.work import end_of, is_whole_day
from holdfast.services.act import cases as case_acts
from holdfast.services.act import tasks as acts
from holdfast.services.act.work_edits import Edit
from holdfast.settings import Settings
from holdfast.store import cases, mail_choices, message_settings, sql, staff_links, tasks, work
from holdfast.store.cases import NewCase
from holdfast.store.tasks import NewTask, Wanted

NOW = datetime(2026, 11, 16, 10, 30, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
BY = "ann@shop.example"


def person(base: Settings, email: str, role: str = "agent", **given: Any) -> int:
    from holdfast.store.models import User

    return int(User.objects.create_user(email, None, role=role, **given).id)


def make(base: Settings, title: str = "Call them", **given: Any) -> int:
    return acts.make(base, NewTask(title, **given), by=BY, now=NOW)


def found(base: Settings, limit: int = 50, **wanted: Any) -> list[int]:
    return [each.id for each in tasks.listed(base, Wanted(**wanted), limit, now_us=NOW_US)]


def one(base: Settings, task_id: int) -> tasks.Task:
    task = tasks.one(base, task_id)
    assert task is not None
    return task


def mails(base: Settings) -> list[Mapping[str, Any]]:
    rows = sql.read(
        "SELECT t.address, t.purpose, c.subject, c.text, c.html, c.language, c.headers FROM touch t "
        "JOIN touch_content c ON c.touch_id = t.id ORDER BY t.id"
    )
    names = ("to", "purpose", "subject", "text", "html", "language", "headers")
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_m1_open_tasks_come_by_what_is_due_first_then_by_priority(base: Settings) -> None:
    later = make(base, due_us=NOW_US + 9)
    whenever = make(base)
    urgent = make(base, due_us=NOW_US + 5, priority=0)
    normal = make(base, due_us=NOW_US + 5)
    assert found(base, state="open") == [urgent, normal, later, whenever]
    first = tasks.listed(base, Wanted("open"), 2, now_us=NOW_US)
    after = tasks.place(first[-1], Wanted("open"))
    assert found(base, state="open", after=after) == [later, whenever]
    assert found(base, state="open", due_before_us=NOW_US + 6) == [urgent, normal]
    assert found(base, state="open", priority=0) == [urgent]


def test_a_search_finds_words_of_titles_in_any_script_and_case(base: Settings) -> None:
    russian, percent = make(base, "Позвонить Марии"), make(base, "100% (back) a_b!")
    assert [found(base, search=each) for each in ("позв", "МАРИИ")] == [[russian], [russian]]
    for literal in ("100%", "(BACK)", "a_b!"):
        assert found(base, search=literal) == [percent], literal
    for nothing in ("1%0", "a?b", ".*", "ab"):
        assert found(base, search=nothing) == [], nothing


def test_m1_what_is_put_off_comes_back_in_the_morning(base: Settings) -> None:
    task_id = make(base)
    acts.snooze(base, task_id, "tomorrow", by=BY, now=NOW)
    assert found(base, state="open") == []
    assert found(base, state="snoozed") == [task_id]
    morning = one(base, task_id).snoozed_until_us
    assert morning is not None
    at = datetime.fromtimestamp(morning / 1_000_000, base.zone)
    assert (at.date() - NOW.date(), at.hour) == (timedelta(days=1), 9)
    again = tasks.listed(base, Wanted("open"), 9, now_us=morning)
    assert [each.id for each in again] == [task_id]
    acts.snooze(base, task_id, "", by=BY, now=NOW)
    assert found(base, state="open") == [task_id]


def test_m1_a_task_is_done_with_what_came_of_it_and_can_be_opened_again(base: Settings) -> None:
    task_id = make(base)
    acts.finish(base, task_id, "helped", "They stay.", by=BY, now=NOW)
    done = one(base, task_id)
    assert (done.state, done.outcome, done.reason, done.closed_by) == ("done", "helped", "They stay.", BY)
    with pytest.raises(Refusal) as again:
        acts.finish(base, task_id, "done", by="eve@shop.example", now=NOW)
    assert again.value.code == "moved_on"
    acts.reopen(base, task_id, by=BY, now=NOW)
    opened = one(base, task_id)
    assert (opened.state, opened.outcome, opened.reason, opened.closed_us) == ("open", "", "", None)
    lines = work.history(base, "task", task_id)
    assert [(each.what, each.became, each.text) for each in lines] == [
        ("made", "", ""),
        ("finished", "helped", "They stay."),
        ("reopened", "open", ""),
    ]


def test_m1_every_change_says_who_changed_what_when(base: Settings) -> None:
    eve = person(base, "eve@shop.example", name="Eve")
    task_id = make(base)
    acts.edit(base, task_id, Edit(owner_id=eve), by=BY, now=NOW)
    acts.edit(base, task_id, Edit(owner_id=eve), by=BY, now=NOW)
    acts.edit(base, task_id, Edit(priority=0), by=BY, now=NOW)
    acts.edit(base, task_id, Edit(due_us=NOW_US), by=BY, now=NOW)
    acts.edit(base, task_id, Edit(title=" Ring \n them ", text="at noon"), by=BY, now=NOW)
    acts.comment(base, task_id, "not reached at nine", by=BY, now=NOW)
    acts.drop(base, task_id, "not_needed", by=BY, now=NOW)
    lines = work.history(base, "task", task_id)
    assert [(each.what, each.was, each.became) for each in lines] == [
        ("made", "", ""),
        ("assigned", "", "Eve"),
        ("priority", "2", "0"),
        ("due", "", str(NOW_US)),
        ("named", "Call them", "Ring them"),
        ("commented", "", ""),
        ("dropped", "", "not_needed"),
    ]
    assert {(each.made_by, each.at_us) for each in lines} == {(BY, NOW_US)}


def test_a_change_is_made_whole_or_not_at_all(base: Settings) -> None:
    task_id, case_id = make(base), open_case(base)
    for wanted in (Edit(title="Ring", owner_id=77), Edit(priority=0, due_us=-1), Edit(text="x" * 10_001)):
        with pytest.raises(Refusal):
            acts.edit(base, task_id, wanted, by=BY, now=NOW)
        with pytest.raises(Refusal):
            case_acts.edit(base, case_id, wanted, by=BY, now=NOW)
    acts.edit(base, task_id, Edit(priority=2, owner_id=None, due_us=None), by=BY, now=NOW)
    assert len(work.history(base, "task", task_id)) == 1
    assert len(work.history(base, "case", case_id)) == 1
    acts.finish(base, task_id, by=BY, now=NOW)
    with pytest.raises(Refusal) as moved:
        acts.edit(base, task_id, Edit(title="Ring", priority=0), by=BY, now=NOW)
    assert moved.value.code == "moved_on"
    acts.edit(base, task_id, Edit(title="Ring"), by=BY, now=NOW)
    assert (one(base, task_id).title, one(base, task_id).priority) == ("Ring", 2)


def test_a_program_makes_a_task_once(base: Settings) -> None:
    first = make(base, key="play 7 customer 3")
    assert make(base, "Another title", key="play 7 customer 3") == first
    assert len(work.history(base, "task", first)) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": " \x00 "}, "bad_title"),
        ({"title": "x" * 201}, "bad_title"),
        ({"text": "x" * 10_001}, "bad_text"),
        ({"kind": "dance"}, "bad_kind"),
        ({"priority": 4}, "bad_priority"),
        ({"due_us": -1}, "bad_moment"),
        ({"due_us": 2**62}, "bad_moment"),
        ({"owner_id": 77}, "no_such_person"),
        ({"subject_id": 77}, "no_such_customer"),
        ({"conversation_id": 77}, "no_such_conversation"),
        ({"case_id": 77}, "no_such_case"),
    ],
)
def test_what_is_no_task_is_refused(workspace: Settings, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        acts.make(workspace, NewTask(**({"title": "Call"} | given)), by=BY, now=NOW)
    assert refused.value.code == code
    assert found(workspace) == []


def test_the_new_owner_hears_of_it_by_mail_in_their_language_unless_they_switched_it_off(
    base: Settings,
) -> None:
    message_settings.set_public_url(base, "https://holdfast.shop.example")
    eve = person(base, "eve@shop.example", language="fa")
    ann = person(base, BY)
    task_id = make(base, "<b>Call</b> them", owner_id=eve, text="line one\nline two")
    make(base, "My own", owner_id=ann)
    (mail,) = mails(base)
    assert (mail["to"], mail["purpose"], mail["language"]) == ("eve@shop.example", "staff", "fa")
    assert "&lt;b&gt;Call&lt;/b&gt; them" in mail["html"]
    assert "<b>Call" not in mail["html"]
    assert 'dir="rtl"' in mail["html"]
    assert f"https://holdfast.shop.example/tasks/{task_id}" in mail["text"]
    token = str(mail["text"]).rpartition("/mails/off/")[2].split()[0]
    assert staff_links.read(base, token, now_us=NOW_US) == (eve, "task_assigned")
    assert staff_links.read(base, token[:-3] + "abc", now_us=NOW_US) is None
    assert staff_links.read(base, token, now_us=NOW_US + 3 * 400 * 86_400_000_000) is None
    mail_choices.choose(base, eve, {"task_assigned": False})
    make(base, owner_id=eve)
    assert len(mails(base)) == 1


def test_given_away_and_back_is_told_each_time(workspace: Settings) -> None:
    eve, ann = person(workspace, "eve@shop.example"), person(workspace, BY)
    task_id = make(workspace, owner_id=eve)
    acts.edit(workspace, task_id, Edit(owner_id=ann), by="eve@shop.example", now=NOW)
    acts.edit(workspace, task_id, Edit(owner_id=eve), by=BY, now=NOW)
    assert [each["to"] for each in mails(workspace)] == ["eve@shop.example", BY, "eve@shop.example"]


def test_many_at_once_do_what_can_be_done(workspace: Settings) -> None:
    first, second = make(workspace), make(workspace)
    acts.finish(workspace, first, by=BY, now=NOW)
    did = acts.each_of([first, second, second], lambda each: acts.finish(workspace, each, by=BY, now=NOW))
    assert (did.changed, [id_ for id_, _ in did.refused]) == (1, [first])
    with pytest.raises(Refusal):
        acts.each_of(range(1, 300), lambda each: None)


def test_counts_of_mine_today_and_overdue(base: Settings) -> None:
    ann = person(base, BY)
    ends = NOW_US + 1_000
    make(base, owner_id=ann, due_us=NOW_US - 1)
    make(base, owner_id=ann, due_us=NOW_US + 1)
    make(base, owner_id=ann)
    make(base, due_us=NOW_US + 2_000)
    put_off = make(base, owner_id=ann, due_us=NOW_US - 1)
    acts.snooze(base, put_off, "week", by=BY, now=NOW)
    counted = tasks.counts(base, ann, today_ends_us=ends, now_us=NOW_US)
    assert counted == tasks.Counts(3, 2, 1, 4, 1)


def test_due_on_a_day_is_in_time_until_its_end(workspace: Settings) -> None:
    at = end_of(date(2026, 3, 29), workspace.zone)
    assert is_whole_day(at, workspace.zone)
    assert not is_whole_day(at - 1, workspace.zone)


def open_case(base: Settings, **given: Any) -> int:
    about = given.pop("subject_id", None) or subject(base, "c1")
    return case_acts.open_case(base, NewCase(about, "Broken parcel", **given), by=BY, now=NOW)


def test_f4_a_case_goes_its_way_with_its_history(base: Settings) -> None:
    case_id = open_case(base, due_us=NOW_US + 5)
    case_acts.edit(base, case_id, Edit(due_us=NOW_US + 9), by=BY, now=NOW)
    case_acts.comment(base, case_id, "asked the carrier", by=BY, now=NOW)
    case_acts.step(base, case_id, "wait", by=BY, now=NOW)
    case_acts.step(base, case_id, "solve", "made_good", "a voucher", by=BY, now=NOW)
    case_acts.step(base, case_id, "close", by=BY, now=NOW)
    with pytest.raises(Refusal) as refused:
        case_acts.step(base, case_id, "wait", by=BY, now=NOW)
    assert refused.value.code == "moved_on"
    case = cases.one(base, case_id)
    assert case is not None
    assert (case.state, case.outcome, case.reason, case.solved_us) == (
        "closed",
        "made_good",
        "a voucher",
        NOW_US,
    )
    case_acts.step(base, case_id, "reopen", by=BY, now=NOW)
    assert [each.what for each in work.history(base, "case", case_id)] == [
        "made",
        "due",
        "commented",
        "waiting",
        "solved",
        "closed",
        "reopened",
    ]
    with pytest.raises(Refusal):
        case_acts.step(base, case_id, "solve", "by magic", by=BY, now=NOW)


def test_f4_a_solved_case_is_closed_by_itself_and_opened_again_by_an_answer(base: Settings) -> None:
    from holdfast.store import inbox, inbox_writing

    customer = subject(base, "c1")

    def written(number: int) -> None:
        message = inbox_writing.NewMessage(
            source_id=1,
            conversation_key="k",
            channel="email",
            subject_id=customer,
            event_key=number.to_bytes(16, "big"),
            message_key="",
            at_us=NOW_US + number,
            incoming=True,
            author="Mia",
            address="mia@x.example",
            title="Parcel",
            text="It is broken",
        )
        with sql.short_write():
            inbox_writing.put(base, [message], NOW_US)

    written(1)
    talk = inbox.by_key(base, 1, "k")
    assert talk is not None
    case_id = open_case(base, subject_id=customer, conversation_id=talk.id)
    case_acts.step(base, case_id, "solve", "put_right", by=BY, now=NOW)
    assert case_acts.carry_on(base, NOW) == 0
    written(2)
    assert case_acts.carry_on(base, NOW) == 1
    opened = cases.one(base, case_id)
    assert opened is not None
    assert opened.state == "open"
    case_acts.step(base, case_id, "solve", "put_right", by=BY, now=NOW)
    assert case_acts.carry_on(base, NOW + timedelta(days=8)) == 1
    closed = cases.one(base, case_id)
    assert closed is not None
    assert closed.state == "closed"
    assert case_acts.carry_on(base, NOW + timedelta(days=9)) == 0
    assert cases.counts(base) == {"open": 0, "waiting": 0, "solved": 0, "closed": 1, "nobodys": 0}


def test_a_task_of_a_case_or_conversation_is_about_its_customer(base: Settings) -> None:
    customer = subject(base, "c1")
    case_id = open_case(base, subject_id=customer)
    task_id = make(base, case_id=case_id)
    assert one(base, task_id).subject_id == customer
    assert found(base, case_id=case_id) == [task_id]
    assert found(base, subjects=[customer]) == [task_id]
    assert found(base, subjects=[]) == []


def test_n2_whose_account_it_is_sees_what_is_about_its_contacts(base: Settings) -> None:
    bring(base, {"c1": {"account": "shop"}, "c2": {}})
    accounts = replace(base, unit="account")
    about = make(accounts, subject_id=subject(base, "c1"))
    make(accounts, subject_id=subject(base, "c2"))
    seen_by = work.seen_by(accounts, 7, {subject(base, "shop", "account")})
    assert found(accounts, seen_by=seen_by) == [about]
    assert found(accounts, seen_by=work.seen_by(accounts, 7, ())) == []


def test_n1_erasing_a_customer_takes_tasks_cases_and_their_histories(base: Settings) -> None:
    from holdfast.store import erasure, personal

    customer, other = subject(base, "c1"), subject(base, "c2")
    make(base, case_id=open_case(base, subject_id=customer))
    kept = make(base, subject_id=other)
    listed = {
        table: personal.count(table, holding, [customer])
        for table, holding in personal.holdings().items()
        if table in ("task", "customer_case", "work_change")
    }
    assert listed == {"task": 1, "customer_case": 1, "work_change": 2}
    erasure.sweep(base, [customer])
    assert found(base) == [kept]
    assert sql.read("SELECT COUNT(*) FROM work_change") == [(1,)]
    assert sql.read("SELECT COUNT(*) FROM customer_case") == [(0,)]
