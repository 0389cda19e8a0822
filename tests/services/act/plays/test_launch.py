"""G1: plays are written, checked, launched (by two people where many are reached), rehearsed, tried dry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from holdfast.domain.consent import Statement
from holdfast.domain.moments import microseconds
from holdfast.domain.pressure import Policy
from holdfast.domain.refusals import Refusal
from holdfast.services.act.plays import checks, define, launch, second
from holdfast.services.act.plays.dry_run import dry_run
from holdfast.services.act.plays.rehearse import longest_way, rehearse
from holdfast.services.act.plays.written import read, written_as
from holdfast.settings import Settings
from holdfast.store import consent, mail_choices, message_settings, plays, sql, staff
from holdfast.store.message_settings import Proven
from playing import HELLO, NOW, a_play, after, listed
from services.act.people import call, known

WHOLE = a_play(goal={"event": "Order Completed", "days": 30})


def made(settings: Settings, **told: Any) -> Any:
    return define.make(settings, WHOLE | told, by="ann@example.org", now=NOW)


def codes(settings: Settings, written: dict[str, Any]) -> dict[str, bool]:
    return {each.code: each.stops for each in checks.problems(settings, read(written), NOW)}


def test_g1_two_people_who_change_a_play_at_once_are_told(workspace: Settings) -> None:
    play = made(workspace)
    assert (play.state, play.number) == ("draft", 1)
    other = WHOLE | {"title": "Hello there"}
    changed = define.keep(workspace, play, other, number=1, by="ben", now=NOW)
    assert (changed.number, changed.title) == (2, "Hello there")
    for code, act in (
        ("moved_on", lambda: define.keep(workspace, changed, WHOLE, number=1, by="ann", now=NOW)),
        ("moved_on", lambda: define.keep(workspace, play, WHOLE, number=1, by="ann", now=NOW)),
        ("moved_on", lambda: launch.launch(workspace, changed, number=1, by="ann", now=NOW)),
        ("moved_on", lambda: define.delete(workspace, play, number=1)),
        ("key_taken", lambda: made(workspace)),
        ("other_key", lambda: define.keep(workspace, changed, a_play(key="b"), number=2, by="", now=NOW)),
        ("no_such_play", lambda: define.find(workspace, "nothing")),
        ("no_such_version", lambda: define.version_of(workspace, changed, 1)),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == code
    assert written_as(define.ready_of(define.version_of(workspace, changed)).play)["title"] == "Hello there"
    define.delete(workspace, changed, number=2)
    assert plays.listed(workspace) == []


def test_a_play_runs_pauses_and_ends_and_a_version_that_ran_stays(workspace: Settings) -> None:
    play = made(workspace)
    assert launch.launch(workspace, play, number=1, by="ann", now=NOW).outcome == "running"
    running = define.find(workspace, "hello")
    with pytest.raises(Refusal, match="was launched"):
        define.delete(workspace, running, number=1)
    define.keep(workspace, running, WHOLE | {"title": "Two"}, number=1, by="ann", now=NOW)
    assert [each.number for each in plays.versions(workspace, play.id)] == [2, 1]
    (by_which,) = [version.number for _, version in plays.running(workspace)]
    assert by_which == 1, "the draft of a running play enrols nobody"
    launch.pause(workspace, define.find(workspace, "hello"), now=NOW)
    with pytest.raises(Refusal, match="paused"):
        launch.pause(workspace, define.find(workspace, "hello"), now=NOW)
    launch.resume(workspace, define.find(workspace, "hello"), now=NOW)
    assert launch.end(workspace, define.find(workspace, "hello"), stop=True, now=NOW) == 0
    assert define.find(workspace, "hello").state == "ended"


def test_what_stops_a_launch_is_said(workspace: Settings) -> None:
    known(workspace)
    nobody = {"en": {"subject": "Hi {{ shoe_size }}", "text": "{{ plan | none }}{{"}}
    steps = [{"id": "hi", "do": "message", "content": nobody}, {"id": "t", "do": "message", "template": "no"}]
    found = codes(workspace, WHOLE | {"steps": steps, "trigger": {"signal": "no_such"}, "goal": None})
    assert found["no_such_signal"] and found["no_such_template"] and found["no_end"]
    assert found["unknown_field"] is True
    content = {"en": {"subject": "Hi {{ name }}", "text": "{{ shoe_size | x }}"}}
    found = codes(workspace, WHOLE | {"steps": [{"id": "hi", "do": "message", "content": content}]})
    assert found == {"no_fallback": False, "unknown_field": False}
    found = codes(workspace, WHOLE | {"audience": {"segment": "nowhere"}})
    assert found == {"unknown_in_rule": True}
    play = made(workspace, trigger={"segment_entered": "nowhere"})
    with pytest.raises(Refusal) as refused:
        launch.launch(workspace, play, number=1, by="ann", now=NOW)
    assert refused.value.code == "cannot_launch"


@pytest.fixture
def two(base: Settings) -> Settings:
    """Ann and Ben, on the list; Ann agreed to offers."""
    for who in ("ann", "ben"):
        known(base, who, f"{who}@example.org")
        call(base, {"type": "track", "userId": who, "event": "Order Completed"})
    listed(base)
    message_settings.note_proven(base, Proven("shop.example", microseconds(NOW), True, {}))
    message_settings.set_public_url(base, "https://holdfast.shop.example/")
    message_settings.set_contact_rules(base, Policy())
    said = Statement("offers", "", True, microseconds(NOW), "form")
    consent.say(base, [consent.Said(unit("ann"), said)], now_us=microseconds(NOW))
    return base


def unit(key: str) -> int:
    row = sql.one("SELECT id FROM subject WHERE namespace = 'shop' AND key = %s", (key,))
    assert row is not None
    return int(row[0])


def test_g1_many_are_reached_only_when_a_second_person_wants_it_too(two: Settings) -> None:
    plays.save_settings(two, hold_out=0, approve_above=1)
    play = made(two, trigger={"broadcast": {"at": None}})
    first = launch.launch(two, play, number=1, by="ann", now=NOW)
    assert (first.outcome, first.customers) == ("waits", 2)
    again = launch.launch(two, play, number=1, by="ann", now=NOW)
    assert again.outcome == "waits", "the same person twice is one person"
    assert plays.running(two) == []
    assert launch.launch(two, play, number=1, by="ben", now=NOW).outcome == "running"
    version = define.version_of(two, play)
    assert (version.launched_by, version.approved_by) == ("ann", "ben")
    with pytest.raises(Refusal, match="launched by this version already"):
        launch.launch(two, define.find(two, "hello"), number=1, by="ann", now=NOW)
    launch.end(two, define.find(two, "hello"), stop=True, now=NOW)
    ended = define.find(two, "hello")
    alone = launch.launch(two, ended, number=1, by="ben", now=NOW)
    assert alone.outcome == "waits", "what somebody wanted before is done with"
    assert plays.running(two) == []
    assert launch.launch(two, ended, number=1, by="ann", now=NOW).outcome == "running"


def test_who_may_launch_it_is_told_and_who_asked_hears_what_was_decided(two: Settings) -> None:
    from holdfast.store.models import User

    for who, role in (("ann", "manager"), ("ben", "admin"), ("cyd", "manager"), ("eve", "agent")):
        User.objects.create_user(f"{who}@shop.example", None, role=role)
    (cyd,) = (each.id for each in staff.colleagues(two) if each.email == "cyd@shop.example")
    mail_choices.choose(two, cyd, {second.ASKED: False})
    plays.save_settings(two, hold_out=0, approve_above=1)
    play = made(two, trigger={"broadcast": {"at": None}})
    for _ in range(2):
        launch.launch(two, play, number=1, by="ann@shop.example", now=NOW)
    (mail,) = told_of_us(two)
    assert mail[:2] == ("ben@shop.example", "A play waits for you: Say hello"), (
        "one mail, to who may and wants"
    )
    assert "https://holdfast.shop.example/act/plays/of/hello/launch" in mail[2]
    assert "It is about 2 customers." in mail[2]
    assert [each.play.key for each in second.waiting_for(two, "ben@shop.example")] == ["hello"]
    assert second.waiting_for(two, "ann@shop.example") == []
    launch.withdraw(two, play, number=1, by="ben@shop.example")
    assert told_of_us(two)[-1][:2] == ("ann@shop.example", "It is not launched: Say hello")
    assert second.waiting_for(two, "ben@shop.example") == []
    launch.launch(two, play, number=1, by="ann@shop.example", now=after(minutes=1))
    assert (
        launch.launch(two, play, number=1, by="ben@shop.example", now=after(minutes=2)).outcome == "running"
    )
    heads = [(address, subject) for address, subject, _ in told_of_us(two)[2:]]
    assert heads == [
        ("ben@shop.example", "A play waits for you: Say hello"),
        ("ann@shop.example", "It runs: Say hello"),
    ], "asked for again is told again"


def test_who_takes_back_what_they_asked_for_is_told_nothing(two: Settings) -> None:
    from holdfast.store.models import User

    User.objects.create_user("ann@shop.example", None, role="manager")
    plays.save_settings(two, hold_out=0, approve_above=1)
    play = made(two, trigger={"broadcast": {"at": None}})
    launch.launch(two, play, number=1, by="ann@shop.example", now=NOW)
    launch.withdraw(two, play, number=1, by="ann@shop.example")
    with pytest.raises(Refusal, match="Nobody waits"):
        launch.withdraw(two, play, number=1, by="ann@shop.example")
    assert told_of_us(two) == []


def told_of_us(settings: Settings) -> list[tuple[str, str, str]]:
    """(address, subject, text) of the mails to our own people."""
    return sql.read(
        "SELECT t.address, c.subject, c.text FROM touch t JOIN touch_content c ON c.touch_id = t.id "
        "WHERE t.purpose = 'staff' ORDER BY t.id"
    )


def test_g1_a_dry_run_says_of_each_what_and_why_and_writes_nothing(two: Settings) -> None:
    ready = read(WHOLE | {"purpose": "marketing", "trigger": {"broadcast": {"at": None}}})
    before = sql.read("SELECT COUNT(*) FROM touch")
    found = dry_run(two, ready, after(seconds=5))
    people = {each.unit_id: each for each in found.people}
    assert found.about == 2 and found.scale == 1
    assert people[unit("ben")].code == "no_consent" and people[unit("ben")].what == "skipped"
    assert (people[unit("ann")].what, people[unit("ann")].channel) == ("sent", "email")
    assert people[unit("ann")].title == "Hello Ann"
    assert sql.read("SELECT COUNT(*) FROM touch") == before
    assert sql.read("SELECT COUNT(*) FROM enrolment") == [(0,)]
    held = dry_run(
        two, read(WHOLE | {"purpose": "marketing", "hold_out": 1}), NOW, units=np.array([unit("ann")])
    )
    assert held.counts == {("skipped", "held_out"): 1}


def test_g1_a_rehearsal_says_who_would_have_entered_when_and_what_it_would_have_cost(two: Settings) -> None:
    steps = [
        {"id": "hi", "do": "message", "content": HELLO},
        {"id": "c", "do": "credit", "amount": 500, "currency": "EUR", "reason": "late"},
    ]
    written = WHOLE | {"steps": steps, "trigger": {"event": "Order Completed"}}
    found = rehearse(two, read(written), after(days=2))
    assert (found.began, found.entered, found.customers) == (2, 2, 2)
    assert (found.touches, found.money_minor, found.tasks) == (2, 1_000, 2)
    assert sum(found.months.values()) == 2 and found.without == {}
    assert {each.unit_id for each in found.shown} == {unit("ann"), unit("ben")}
    only_ann = rehearse(two, read(written | {"audience": {"trait": "name", "is": "Ann"}}), after(days=2))
    assert only_ann.without == {"audience": 1} and only_ann.entered == 1
    before = (NOW - timedelta(days=5)).isoformat()
    call(two, {"type": "track", "userId": "cem", "event": "Order Completed", "timestamp": before})
    assert rehearse(two, read(written), after(days=2)).entered == 2, "what was heard late begins nothing"
    assert longest_way(read(written)) == (1, 500, 1)


def test_a_date_is_rehearsed_in_every_year(two: Settings) -> None:
    born = (NOW - timedelta(days=40)).date().replace(year=2000).isoformat()
    call(two, {"type": "identify", "userId": "ann", "traits": {"birth_date": born}})
    trigger = {"date": "birth_date", "days": 0, "yearly": True}
    found = rehearse(two, read(WHOLE | {"trigger": trigger}), after(seconds=5))
    assert (found.entered, [each.unit_id for each in found.shown]) == (1, [unit("ann")])
