"""Plays on their pages: the list, the library, one play with its steps, who is in it, its proof."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Any

from holdfast.domain.period import day_number
from holdfast.services.act.plays import define, library
from holdfast.services.act.plays.enrolling import enrol, how_of
from holdfast.services.prove import plays as proving
from holdfast.settings import Settings
from holdfast.store import losses, owners, plays, plays_enrolling, portfolio, sql
from holdfast.store.plays import KeptPlay
from playing import HELLO, NOW, a_play, after, enrolments, go, launched
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customers import stand

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

ANA = Person("c-1", "Ana Popescu", (Happened("2024-03-11T08:00", "Signed Up"),), email="ana@example.org")
BOB = Person("c-2", "Bob Byrne", (Happened("2024-03-11T08:00", "Signed Up"),))


def text_of(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:300]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.content.decode())))


def draft(settings: Settings, **told: Any) -> None:
    define.make(settings, a_play(**told), by="niamh@example.com", now=NOW)


def test_every_ready_play_is_drawn_in_the_language_of_the_reader(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("read_only")
    client.cookies["holdfast_language"] = "fa"
    for ready in library.every():
        define.make(served, ready.written("fa"), by="", now=NOW)
        shown = client.get(f"/act/plays/of/{ready.key}").content.decode()
        for step in ready.play("fa").steps:
            assert f'id="step-{step.id}"' in shown
    assert ready.title("fa") in text_of(client.get("/act/plays"))


def test_a_ready_play_is_taken_over_launched_paused_and_ended(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("manager")
    assert "There is no play yet" in text_of(client.get("/act/plays"))
    taken = client.post("/act/plays/library/take", {"key": "second_purchase"}, follow=True)
    assert "Nothing happens before it is launched." in text_of(taken)
    assert "Another play has the key second_purchase" in text_of(
        client.post("/act/plays/library/take", {"key": "second_purchase"}), 422
    )
    page = "/act/plays/of/second_purchase"
    before = text_of(client.get(f"{page}/launch"))
    assert "Will you know whether it helps?" in before
    moved = client.post(f"{page}/launch/begin", {"number": "7"})
    assert "Somebody changed the play meanwhile" in text_of(moved, 422)
    begun = client.post(f"{page}/launch/begin", {"number": "1"}, follow=True)
    assert "It runs." in text_of(begun)
    assert "Nobody has entered yet." in text_of(begun)
    assert "It is paused" in text_of(client.post(f"{page}/do/pause", follow=True))
    assert "The play is paused." in text_of(client.post(f"{page}/do/pause"), 409)
    assert "It goes on." in text_of(client.post(f"{page}/do/resume", follow=True))
    ended = client.post(f"{page}/do/end", {"stop": "1"}, follow=True)
    assert "0 customers were stopped on the way." in text_of(ended)
    assert client.post(f"{page}/do/nothing").status_code == 404


def test_above_so_many_customers_two_people_launch_a_play(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    plays.save_settings(served, hold_out=0, approve_above=0)
    for number in (1, 2):
        stand(number, f"Customer {number}")
    draft(served, trigger={"broadcast": {"at": None}}, ends_on="2030-01-01")
    first = signed_in("manager")
    begin = "/act/plays/of/hello/launch/begin"
    assert "a second person has to launch it too" in text_of(first.get("/act/plays/of/hello/launch"))
    assert "It waits" in text_of(first.post(begin, {"number": "1"}, follow=True))
    assert "It waits for a second person" in text_of(first.post(begin, {"number": "1"}, follow=True))
    assert "waits for a second person" in text_of(first.get("/act/plays"))
    second = signed_in("admin")
    assert "manager.en@example.com wants it launched" in text_of(second.get("/today"))
    for nothing in (first, signed_in("analyst")):
        assert "wants it launched" not in text_of(nothing.get("/today")), (
            "for who may decide, and did not ask"
        )
    off = text_of(second.get("/settings/mails"))
    assert "A play waits for a second person to launch it" in off
    assert "It runs." in text_of(second.post(begin, {"number": "1"}, follow=True))
    kept = plays.by_key(served, "hello")
    assert kept is not None and kept.state == "running"


def test_who_is_in_a_play_and_each_step_with_why(served: Settings, signed_in: Callable[..., Client]) -> None:
    bring(served, ANA, BOB)
    ana, bob = unit_of("c-1"), unit_of("c-2")
    stand(ana, "Ana Popescu")
    stand(bob, "Bob Byrne")
    steps = [
        {"id": "hi", "do": "message", "content": HELLO},
        {"id": "later", "do": "wait", "days": 5},
        {"id": "task", "do": "task", "title": "Ask how it went"},
    ]
    play, version = launched(served, a_play(steps=steps))
    ready = define.ready_of(version)
    enrol(served, play, version, ready, {ana: 1, bob: 1}, {"by_hand": "Niamh"}, NOW)
    go(served)
    client = signed_in("read_only")
    shown = text_of(client.get("/act/plays/of/hello"))
    assert "2 customers entered, 2 are under way" in shown
    assert "2 here now" in shown
    assert "There is no address to which it could go." in shown
    listed = text_of(client.get("/act/plays/of/hello/customers"))
    assert "Ana Popescu enrolled by Niamh under way Next: Wait" in listed
    assert "Nobody here" in text_of(client.get("/act/plays/of/hello/customers?state=held_out"))
    assert client.get("/act/plays/of/hello/customers?state=x").status_code == 400
    [bobs] = [each for each in enrolments(served) if each.unit_id == bob]
    way = text_of(client.get(f"/act/plays/enrolments/{bobs.id}"))
    assert "Write a message : skipped There is no address to which it could go." in way
    assert "Say hello" in text_of(client.get(f"/customers/{bob}/plays"))
    part = client.get(f"/customers/{bob}/plays", headers={"HX-Request": "true", "HX-Target": "plays-now"})
    assert "Say hello" in text_of(part)
    assert "Skip to the page" not in text_of(part)


def test_only_the_customers_of_somebody_are_shown_to_them(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    bring(served, ANA, BOB)
    ana, bob = unit_of("c-1"), unit_of("c-2")
    stand(ana, "Ana Popescu")
    stand(bob, "Bob Byrne")
    play, version = launched(served, a_play())
    enrol(served, play, version, define.ready_of(version), {ana: 1, bob: 1}, {"by_hand": ""}, NOW)
    client = signed_in("agent")
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    me = int(client.session["_auth_user_id"])
    owners.set_owner(served, [ana], ana, me, by="", now_us=1)
    shown = text_of(client.get("/act/plays/of/hello/customers"))
    assert "Ana Popescu" in shown and "Bob Byrne" not in shown
    pages = {each.unit_id: f"/act/plays/enrolments/{each.id}" for each in enrolments(served)}
    codes = {unit: client.get(page).status_code for unit, page in pages.items()}
    assert codes == {ana: 200, bob: 404}


def test_the_page_says_where_everybody_is_who_entered(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    play, version = launched(served, a_play(purpose="marketing", hold_out=0.5))
    how = how_of(served, play, version, define.ready_of(version), {"by_hand": ""}, NOW)
    plays_enrolling.enrol(served, how, [(unit, 1) for unit in range(1, 101)])
    [(held,)] = sql.read("SELECT COUNT(*) FROM enrolment WHERE arm = 'held_out'")
    client = signed_in("read_only")
    shown = text_of(client.get("/act/plays/of/hello"))
    assert f"100 customers entered, {100 - held} are under way and {held} are held out ." in shown
    assert "reached the goal" not in shown, "it has none"
    goal = {"event": "Order Completed", "days": 30}
    launched(served, a_play(purpose="marketing", hold_out=0.5, goal=goal))
    assert f"{held} are held out . 0 reached the goal ." in text_of(client.get("/act/plays/of/hello"))


def test_a_running_play_with_a_newer_draft_tells_by_which_version_it_runs(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    play, _ = launched(served, a_play())
    client = signed_in("manager")
    page = "/act/plays/of/hello"
    assert "running, version 1" in text_of(client.get(page))
    nothing = text_of(client.get(f"{page}/launch"))
    assert "There is nothing to launch" in nothing and "Not now" not in nothing
    assert f'href="{page}/launch"' not in client.get(f"{page}/edit").content.decode()
    refused = client.post(f"{page}/launch/begin", {"number": "1"})
    assert "The play is launched by this version already." in text_of(refused, 422)
    define.keep(served, play, a_play(title="Say more", exits=["left"]), number=1, by="", now=NOW)
    assert "running, version 1" in text_of(client.get(page))
    assert f'href="{page}/launch"' in client.get(f"{page}/edit").content.decode()
    assert "Not now" in text_of(client.get(f"{page}/launch"))


def test_a_draft_is_deleted_and_what_was_launched_is_not(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("analyst")
    draft(served)
    assert "is deleted" in text_of(client.post("/act/plays/of/hello/delete", {"number": "1"}, follow=True))
    launched(served, a_play())
    refused = client.post("/act/plays/of/hello/delete", {"number": "1"})
    assert "The play was launched" in text_of(refused, 409)


def test_the_page_says_whether_a_play_helps(served: Settings, signed_in: Callable[..., Client]) -> None:
    play, _ = launched(served, a_play(purpose="marketing", hold_out=0.5), after(days=-300))
    entered(served, play, count=1_000, left={"treated": 20, "held_out": 90})
    client = signed_in("analyst")
    shown = text_of(client.get("/act/plays/of/hello"))
    assert "It helps: " in shown
    assert "1,000" in shown
    found = proving.proof(served, play, NOW)
    assert found is not None
    assert found.left == {"treated": 20, "held_out": 90}
    assert sum(found.followed.values()) == 1_000


def test_who_entered_yesterday_is_no_proof_yet(served: Settings, signed_in: Callable[..., Client]) -> None:
    play, _ = launched(served, a_play(purpose="marketing", hold_out=0.5), after(days=-2))
    entered(served, play, count=200, left={"treated": 1, "held_out": 5}, ago=1)
    found = proving.proof(served, play, NOW)
    assert found is not None
    assert (found.entered, sum(found.followed.values()), found.verdict.kind) == (200, 0, "not_enough")
    assert "not clear yet" in text_of(signed_in().get("/act/plays/of/hello"))


def test_of_a_play_that_holds_nobody_out_nothing_is_claimed(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    launched(served, a_play())
    shown = text_of(signed_in().get("/act/plays/of/hello"))
    assert "Nobody is held out: what the play is worth cannot be told." in shown


def entered(settings: Settings, play: KeptPlay, *, count: int, left: dict[str, int], ago: int = 200) -> None:
    """Let customers enter ``ago`` days ago; the first few of each arm left a week after."""
    at, version = after(days=-ago), plays.version(settings, play.id, play.number)
    assert version is not None
    how = how_of(settings, play, version, define.ready_of(version), {"by_hand": ""}, at)
    plays_enrolling.enrol(settings, how, [(unit, 1) for unit in range(1, count + 1)])
    arms = sql.read("SELECT unit_id, arm FROM enrolment ORDER BY unit_id")
    lost = [unit for arm, n in left.items() for unit in [unit for unit, of in arms if of == arm][:n]]
    day = day_number(at.astimezone(settings.zone).date()) + 7
    losses.save(
        settings,
        [losses.KeptLoss(unit, day, day - 50, "silent", "", "", 0.0, "", (), 0, "", "") for unit in lost],
    )
