"""The team's pages: outcomes by two clicks, scripts beside the call, workload, report, practice (M1, M2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from brought import subject
from holdfast.domain.moments import actual_us
from holdfast.services.act import outcomes
from holdfast.services.act import tasks as acts
from holdfast.services.act.scripts import kept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import portfolio, sql, tasks
from holdfast.store.tasks import NewTask, Task
from holdfast.web.workspace import present

if TYPE_CHECKING:
    from django.test import Client

SCRIPT = "<script>alert(1)</script>"


def me(role: str = "admin") -> int:
    from holdfast.store.models import User

    return int(User.objects.get(email=f"{role}.en@example.com").id)


def make(settings: Settings, title: str = "Call them", **given: Any) -> int:
    told = {"kind": "call"} | given
    return acts.make(settings, NewTask(title, **told), by="ann@example.com", now=present(settings))


def one(settings: Settings, number: int) -> Task:
    found = tasks.one(settings, number)
    assert found is not None
    return found


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_m1_a_call_ends_by_two_clicks_in_the_list_and_with_a_note_on_its_page(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("agent")
    unit = subject(served, "c1")
    first, other = (make(served, subject_id=unit, owner_id=me("agent")) for _ in range(2))
    page = text_of(client, "/tasks")
    assert f'name="ended" value="{first}:not_reached">no answer<' in page
    answer = client.post("/tasks/many", {"ended": f"{first}:not_reached", "back": "/tasks"})
    assert answer.status_code == 302
    assert (one(served, first).state, one(served, first).outcome) == ("done", "not_reached")
    page = text_of(client, f"/tasks/{other}")
    assert 'name="came" value="bad_day">a bad day, try again<' in page
    given = {"came": "bad_day", "reason": "Just moved house", "days": "7", "minutes": "4"}
    assert client.post(f"/tasks/{other}/do/came", given).status_code == 302
    done = one(served, other)
    assert (done.outcome, done.reason, done.minutes) == ("bad_day", "Just moved house", 4)
    again = sql.read("SELECT key FROM task WHERE state = 'open' ORDER BY id")
    assert again == [(f"task:{first} again 2",), (f"task:{other} again 2",)]
    wrong = client.post(f"/tasks/{other}/do/came", given)
    assert wrong.status_code == 422, "somebody was quicker"
    assert client.post("/tasks/many", {"ended": f"{first}:sold"}).status_code == 422


def test_m2_the_script_stands_beside_the_call_in_the_customers_words(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client, unit = signed_in("agent"), subject(served, "c1")
    kept.keep(
        served, "check_in", "en", kept.Said("Check in", f"Hi {{{{ plan }}}} {SCRIPT}"), 0, by="x", now_us=1
    )
    task = make(served, subject_id=unit, script="check_in", owner_id=me("agent"))
    page = text_of(client, f"/tasks/{task}")
    assert "What to say" in page
    assert "Hi [plan]" in page
    assert SCRIPT not in page
    assert "What happened last" not in page, "nothing did"
    outcomes.came(served, task, outcomes.CameOf("reached"), by="x", now=present(served))
    take_in_arrived(served, now_us=actual_us())
    later = text_of(client, f"/tasks/{make(served, subject_id=unit, owner_id=me('agent'))}")
    assert "What happened last" in later
    assert "We called" in later
    assert (
        client.post("/tasks/make", {"title": "Renew", "kind": "call", "script": "renewal"}).status_code == 302
    )
    assert sql.read("SELECT script FROM task WHERE title = 'Renew'") == [("renewal",)]
    assert client.post("/tasks/make", {"title": "Bad", "script": "no_such"}).status_code == 422
    gone = make(served, subject_id=unit, script="taken_away", owner_id=me("agent"))
    assert "What to say" not in text_of(client, f"/tasks/{gone}")


def test_n2_who_may_not_see_the_customer_sees_neither_script_nor_context(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("agent")
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    task = make(served, subject_id=subject(served, "c2"), script="apology", owner_id=me("agent"))
    page = text_of(client, f"/tasks/{task}")
    assert "What to say" not in page
    assert "What happened last" not in page


def test_m1_the_list_by_value_at_risk_keeps_its_order_in_its_address(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("agent")
    for number in range(60):
        make(served, f"Nr {number}", owner_id=me("agent"))
    page = text_of(client, "/tasks?sort=value")
    assert "<b>Most value at risk first</b>" in page
    (after,) = re.findall(r'href="(/tasks\?sort=value&amp;after=[\d-]+)"', page)
    assert "Nr 59" in text_of(client, after.replace("&amp;", "&"))
    assert client.get("/tasks?sort=name").status_code == 400


def test_m1_workload_hand_over_and_sharing_out_by_page(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    agent, manager = signed_in("agent"), signed_in("manager")
    mine, nobodys = make(served, SCRIPT, owner_id=me("agent")), make(served)
    assert "admin" in text_of(agent, "/team") or "Workload" in text_of(agent, "/team")
    others = {"from": str(me("manager")), "to": str(me("agent")), "note": "x"}
    assert agent.post("/team/hand-over", others).status_code == 403, "only one's own"
    given = {"from": str(me("agent")), "to": str(me("manager")), "note": "On holiday"}
    assert agent.post("/team/hand-over", given).status_code == 302
    assert one(served, mine).owner_id == me("manager")
    page = text_of(manager, f"/tasks/{mine}")
    assert "On holiday" in page
    assert manager.post("/team/hand-over", {"from": str(me("agent")), "to": ""}).status_code == 422
    assert (
        manager.post(f"/tasks/{mine}/do/hand_over", {"to": str(me("agent")), "note": "Back"}).status_code
        == 302
    )
    assert one(served, mine).owner_id == me("agent")
    assert manager.post("/team/share-out").status_code == 302
    assert one(served, nobodys).owner_id is not None
    assert signed_in("analyst").get("/team").status_code == 403


def test_m1_the_report_is_everybodys_for_managers_and_ones_own_for_agents(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    agent, manager = signed_in("agent"), signed_in("manager")
    for by in ("agent.en@example.com", "=cmd|x", "ann@example.com"):
        task = make(served, subject_id=subject(served, "c1"))
        outcomes.came(served, task, outcomes.CameOf("helped"), by=by, now=present(served))
    assert "ann@example.com" in text_of(manager, "/team/report")
    assert "ann@example.com" not in text_of(agent, "/team/report")
    assert "reached, and it helped: 1" in text_of(agent, "/team/report")
    file = manager.get("/team/report.csv").content.decode()
    assert file.splitlines()[0].startswith("week,by,done,dropped,calls_and_visits,spoken,minutes,helped")
    assert "'=cmd|x" in file
    assert agent.get("/team/report.csv").status_code == 403


def test_m2_scripts_are_written_changed_and_taken_back_by_page(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    manager = signed_in("manager")
    assert "Apologize" in text_of(manager, "/team/scripts")
    assert 'name="number" value="0"' in text_of(manager, "/team/scripts/apology?language=fa")
    given = {"language": "fa", "title": "پوزش", "text": "ببخشید {{ name | دوست }}", "number": "0"}
    assert manager.post("/team/scripts/apology/keep", given).status_code == 302
    assert kept.one(served, "apology").words["fa"].title == "پوزش"
    late = manager.post("/team/scripts/apology/keep", given)
    assert late.status_code == 422
    assert "Somebody else changed the script" in late.content.decode()
    bad = manager.post("/team/scripts/new/keep", {"language": "en", "title": "x", "text": "{{ a"})
    assert bad.status_code == 422
    assert "{{ a" in bad.content.decode(), "what was typed stays"
    made = manager.post("/team/scripts/new/keep", {"language": "en", "title": SCRIPT, "text": "y"})
    assert made.status_code == 302
    assert SCRIPT not in text_of(manager, made.headers["Location"])
    assert manager.post("/team/scripts/apology/take-back").status_code == 302
    assert manager.post("/team/scripts/apology/take-back").status_code == 404
    assert manager.get("/team/scripts/nothing").status_code == 404
    reader = signed_in("read_only")
    assert "Keep it" not in text_of(reader, "/team/scripts/apology")


def test_m2_practice_stands_on_today_and_is_answered_by_page(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    manager, agent = signed_in("manager"), signed_in("agent")
    assert manager.post("/team/practice/add", {"title": "Say sorry aloud"}).status_code == 302
    asked = {"title": "How long?", "choices": "30 days\n14 days", "right": "1"}
    assert manager.post("/team/practice/add", asked).status_code == 302
    assert manager.post("/team/practice/add", {"title": "x", "choices": "a"}).status_code == 422
    pair = {"person": str(me("agent")), "beside": str(me("manager"))}
    assert manager.post("/team/practice/pair", pair).status_code == 302
    page = text_of(agent, "/today")
    assert "Say sorry aloud" in page
    assert "1 question for you" in page
    assert "You learn beside" in page
    (number,) = re.findall(r"/team/practice/(\d+)/answer", text_of(agent, "/team/practice"))
    answer = agent.post(f"/team/practice/{number}/answer", {"chosen": "0"})
    assert answer.status_code == 302
    assert "How long?" not in text_of(agent, "/today")
    assert agent.post(f"/team/practice/{number}/answer", {"chosen": "7"}).status_code == 422
    assert "1 of 1 right at first" in text_of(manager, "/team/practice")
    assert manager.post(f"/team/practice/{number}/remove").status_code == 302
    assert manager.post(f"/team/practice/{number}/remove").status_code == 404
