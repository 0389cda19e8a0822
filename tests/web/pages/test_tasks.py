"""Tasks and cases on their pages: making them, working through the list, what is seen by whom (M1, F4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from brought import subject
from holdfast.domain.work import end_of
from holdfast.services.act import cases as case_acts
from holdfast.services.act import tasks as acts
from holdfast.settings import Settings
from holdfast.store import cases, owners, sql, tasks
from holdfast.store.cases import NewCase
from holdfast.store.tasks import NewTask
from holdfast.web.workspace import present

if TYPE_CHECKING:
    from django.test import Client

SCRIPT = "<script>alert(1)</script>"


def me(role: str = "admin") -> int:
    from holdfast.store.models import User

    return int(User.objects.get(email=f"{role}.en@example.com").id)


def make(settings: Settings, title: str, **given: Any) -> int:
    return acts.make(settings, NewTask(title, **given), by="ann@example.com", now=present(settings))


def text_of(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


def titles(page: str) -> list[str]:
    return re.findall(r'class="row-link" href="/tasks/\d+" hx-boost="false"><bdi>(.*?)</bdi>', page)


def test_m1_the_list_begins_with_ones_own_tasks_and_says_what_is_late(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in()
    now = present(served)
    today = now.astimezone(served.zone).date()
    make(served, "Late", owner_id=me(), due_us=end_of(today - timedelta(days=2), served.zone), priority=0)
    make(served, "Today", owner_id=me(), due_us=end_of(today, served.zone))
    make(served, "Some day", owner_id=me())
    make(served, "Nobody's work")
    page = text_of(client, "/tasks")
    assert titles(page) == ["Late", "Today", "Some day"]
    assert "2 days late" in page
    assert "urgent" in page
    assert "<b>3 tasks</b> for you: <b>2</b> due until today, <b>1</b> late." in page
    assert titles(text_of(client, "/tasks", due="overdue")) == ["Late"]
    assert titles(text_of(client, "/tasks", due="today")) == ["Late", "Today"]
    assert titles(text_of(client, "/tasks", owner="nobody")) == ["Nobody&#39;s work"]
    assert len(titles(text_of(client, "/tasks", owner="team"))) == 4
    assert titles(text_of(client, "/tasks", q="some")) == ["Some day"]


def test_m1_a_task_is_made_finished_and_opened_again_by_page(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in()
    customer = subject(served, "c1")
    form = text_of(client, "/tasks/new", customer=str(customer))
    assert f'name="customer" value="{customer}"' in form
    answer = client.post(
        "/tasks/make",
        {
            "title": SCRIPT,
            "kind": "call",
            "priority": "1",
            "due": "2026-11-20",
            "due_time": "14:30",
            "owner": str(me()),
            "customer": str(customer),
            "text": "two\r\nlines",
        },
    )
    assert answer.status_code == 302
    (task,) = tasks.listed(served, tasks.Wanted(), 9, now_us=0)
    assert (task.kind, task.priority, task.subject_id, task.text) == ("call", 1, customer, "two\nlines")
    page = text_of(client, f"/tasks/{task.id}")
    assert "14:30" in page
    assert SCRIPT not in page
    assert "admin.en@example.com made it" in page
    done = client.post(f"/tasks/{task.id}/do/finish", {"outcome": "helped", "reason": "They stay."})
    assert done.status_code == 302
    page = text_of(client, f"/tasks/{task.id}")
    assert "finished it: it helped" in page
    assert "The task is done." in page
    assert f"/tasks/{task.id}/do/reopen" in page
    again = client.post(f"/tasks/{task.id}/do/finish", {"outcome": "done"})
    assert again.status_code == 422
    assert "It is done already." in again.content.decode()
    assert client.post(f"/tasks/{task.id}/do/reopen").status_code == 302
    assert client.post(f"/tasks/{task.id}/do/comment", {"text": "again"}).status_code == 302
    for do, given in (
        ("snooze", {"until": "week"}),
        ("assign", {"owner": ""}),
        ("change", {"title": "Ring", "text": "", "due": "", "priority": "3"}),
        ("drop", {"outcome": "not_needed"}),
    ):
        assert client.post(f"/tasks/{task.id}/do/{do}", given).status_code == 302, do
    ended = tasks.one(served, task.id)
    assert ended is not None
    assert (ended.state, ended.title, ended.owner_id, ended.due_us) == ("dropped", "Ring", None, None)
    assert "took it away from Niamh Kelly" in text_of(client, f"/tasks/{task.id}")


def test_m1_what_cannot_be_a_task_is_said_where_it_was_typed(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in()
    refused = client.post("/tasks/make", {"title": "  ", "text": "kept", "due": "soon"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "soon is no day with a time." in page
    assert ">kept</textarea>" in page
    for path in (
        "/tasks?owner=x",
        "/tasks?due=x",
        "/tasks?after=1-2",
        "/tasks/new?customer=x",
        "/cases?state=x",
    ):
        assert client.get(path).status_code == 400, path
    for path in ("/tasks/99", "/cases/99", "/cases/new"):
        assert client.get(path).status_code == 404, path
    assert client.post("/tasks/99/do/finish").status_code == 404
    assert client.post("/tasks/many", {"task": "x", "do": "finish"}).status_code == 400
    assert client.post("/tasks/many", {"do": "finish"}).status_code == 422
    assert client.post("/tasks/many", {"do": "finish", "back": "/tasks?due=x"}).status_code == 400


def test_m1_what_cannot_be_changed_changes_nothing_and_stays_typed(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client, customer = signed_in(), subject(served, "c1")
    task = make(served, "Call")
    case = case_acts.open_case(served, NewCase(customer, "Parcel"), by="x", now=present(served))
    for path, title in ((f"/tasks/{task}", "Call"), (f"/cases/{case}", "Parcel")):
        form = {"title": "Another", "text": "kept", "due": "soon", "priority": "3"}
        refused = client.post(f"{path}/do/change", form)
        assert refused.status_code == 422
        page = refused.content.decode()
        assert 'value="Another"' in page
        assert ">kept</textarea>" in page
        assert f'<h1 dir="auto">{title}</h1>' in page
        comment = client.post(f"{path}/do/comment", {"text": "x" * 10_001})
        assert comment.status_code == 422
        assert "x" * 10_001 in comment.content.decode()
    assert sql.read("SELECT COUNT(*) FROM work_change") == [(2,)]


def test_m1_several_tasks_are_finished_given_away_and_put_off_at_once(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in()
    first, second, third = (make(served, f"Task {n}", owner_id=me()) for n in range(3))
    chosen = {"task": [str(first), str(second)], "back": "/tasks?owner=team"}
    answer = client.post("/tasks/many", {**chosen, "do": "assign", "owner": ""})
    assert answer.headers["Location"] == "/tasks?owner=team"
    assert titles(text_of(client, "/tasks", owner="nobody")) == ["Task 0", "Task 1"]
    assert client.post("/tasks/many", {**chosen, "do": "snooze", "until": "tomorrow"}).status_code == 302
    assert len(titles(text_of(client, "/tasks", owner="team", state="snoozed"))) == 2
    assert client.post("/tasks/many", {"finish": str(third), "back": ""}).status_code == 302
    assert titles(text_of(client, "/tasks", state="done")) == ["Task 2"]
    mixed = client.post("/tasks/many", {"task": [str(second), str(third)], "do": "finish"})
    assert mixed.status_code == 422
    assert "1 task stays as it is." in mixed.content.decode()
    assert len(titles(text_of(client, "/tasks", owner="team", state="done"))) == 2


def test_f4_a_case_is_opened_on_the_customers_page_and_put_right(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("agent")
    customer = subject(served, "c1")
    made = client.post(
        "/cases/make",
        {"title": "Broken parcel", "kind": "complaint", "customer": str(customer), "due": "2026-11-20"},
    )
    assert made.status_code == 302
    (case,) = cases.listed(served, cases.Wanted(), 9)
    assert "Broken parcel" in text_of(client, "/cases")
    task = client.post("/tasks/make", {"title": "Send another", "case": str(case.id)})
    assert task.status_code == 302
    page = text_of(client, f"/cases/{case.id}")
    assert "Send another" in page
    assert client.post(f"/cases/{case.id}/do/wait").status_code == 302
    assert client.post(f"/cases/{case.id}/do/solve", {"outcome": "magic"}).status_code == 422
    solved = client.post(f"/cases/{case.id}/do/solve", {"outcome": "made_good", "reason": "a voucher"})
    assert solved.status_code == 302
    page = text_of(client, f"/cases/{case.id}")
    assert "solved it: made good with money or a gift" in page
    assert "a voucher" in page
    shown = text_of(client, f"/customers/{customer}")
    assert "Case solved: Broken parcel" in shown
    assert "Send another" in shown


@pytest.mark.parametrize("role", ["analyst", "read_only"])
def test_n2_who_only_reads_is_offered_nothing_to_do(
    served: Settings, signed_in: Callable[..., Client], role: str
) -> None:
    client = signed_in(role)
    task = make(served, "Call")
    case = case_acts.open_case(
        served, NewCase(subject(served, "c1"), "Parcel"), by="ann@example.com", now=present(served)
    )
    for path in ("/tasks?owner=team", f"/tasks/{task}", "/cases", f"/cases/{case}"):
        main = text_of(client, path).partition('id="main"')[2].partition("</main>")[0]
        assert 'method="post" action="/tasks' not in main, path
        assert 'method="post" action="/cases' not in main, path
    for path in ("/tasks/make", f"/tasks/{task}/do/finish", "/tasks/many", f"/cases/{case}/do/solve"):
        assert client.post(path, {"finish": str(task), "title": "x"}).status_code == 403, path


def test_n2_who_sees_only_their_customers_sees_only_their_work(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    from holdfast.store import portfolio

    client = signed_in("agent")
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    theirs, other = subject(served, "c1"), subject(served, "c2")
    owners.set_owner(served, [theirs], theirs, me("agent"), by="x", now_us=1)
    mine = make(served, "About my customer", subject_id=theirs)
    given = make(served, "Given to me", subject_id=other, owner_id=me("agent"))
    hidden = make(served, "Not mine", subject_id=other)
    case = case_acts.open_case(served, NewCase(other, "Not my case"), by="x", now=present(served))
    assert titles(text_of(client, "/tasks", owner="team")) == ["About my customer", "Given to me"]
    assert [client.get(f"/tasks/{each}").status_code for each in (mine, given, hidden)] == [200, 200, 404]
    assert client.post(f"/tasks/{hidden}/do/finish").status_code == 404
    assert client.post("/tasks/many", {"task": str(hidden), "do": "finish"}).status_code == 404
    assert client.post("/tasks/make", {"title": "x", "customer": str(other)}).status_code == 404
    assert client.post("/cases/make", {"title": "x", "customer": str(other)}).status_code == 404
    assert client.get(f"/cases/{case}").status_code == 404
    assert "Not my case" not in text_of(client, "/cases")
    left = tasks.one(served, hidden)
    assert left is not None
    assert left.state == "open"


def test_n2_who_was_given_a_case_works_on_it_and_sees_no_more_of_its_customer(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    from holdfast.store import portfolio

    client, other = signed_in("agent"), subject(served, "c2")
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    case = case_acts.open_case(
        served, NewCase(other, "Given to me", owner_id=me("agent")), by="x", now=present(served)
    )
    hidden = case_acts.open_case(served, NewCase(other, "Not given"), by="x", now=present(served))
    make(served, "Somebody else's", case_id=case)
    assert client.get(f"/tasks/new?case={hidden}").status_code == 404
    assert client.get(f"/tasks/new?case={case}").status_code == 200
    mine = {"title": "My part", "case": str(case), "owner": str(me("agent"))}
    assert client.post("/tasks/make", mine).status_code == 302
    page = text_of(client, f"/cases/{case}")
    assert "My part" in page
    assert "Somebody else" not in page
    given = make(served, "Given", case_id=hidden, owner_id=me("agent"))
    assert "Not given" not in text_of(client, f"/tasks/{given}")
    away = client.post(f"/tasks/{given}/do/assign", {"owner": ""})
    assert away.headers["Location"] == "/tasks"


def test_merging_shows_the_work_for_both_and_undoing_gives_it_back(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    from holdfast.services.collect.identity import merging

    client = signed_in()
    one, two = subject(served, "c1"), subject(served, "c2")
    make(served, "For the second", subject_id=two)
    act = merging.merge(served, [one, two], by="x", now=present(served))
    assert "For the second" in text_of(client, f"/customers/{one}")
    merging.undo(served, act, by="x", now=present(served))
    assert "For the second" not in text_of(client, f"/customers/{one}")
    assert sql.read("SELECT subject_id FROM task") == [(two,)]
