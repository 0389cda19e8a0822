"""G1: a play is tried before it runs: rehearsed step by step, kept by version, what is wrong said once."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import numpy as np
import pytest

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.services.act.plays import checks, define, trying
from holdfast.services.act.plays.by_hand import enrol_by_hand
from holdfast.services.act.plays.dry_run import dry_run
from holdfast.services.act.plays.rehearse import rehearse
from holdfast.services.act.plays.written import read
from holdfast.services.collect.arrive import accept
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.pulse.asked import do_next
from holdfast.settings import Settings
from holdfast.store import live_sources, plays
from playing import NOW, a_play, launched
from services.act.people import known
from services.act.plays.test_launch import WHOLE, made, two, unit

__all__ = ["two"]

TASK = {"id": "task", "do": "task", "title": "Ask"}
STOP = {"id": "stop", "do": "end"}


def test_a_rehearsal_takes_them_through_the_steps_in_the_time_of_then(two: Settings) -> None:
    ways = {"do": "branch", "id": "ways", "paths": [{"happened": "Order Completed", "steps": [STOP]}]}
    steps = [{"id": "w", "do": "wait", "days": 1}, ways | {"else": [TASK]}]
    written = WHOLE | {"steps": steps, "trigger": {"event": "Signed Up"}, "goal": {"event": "x", "days": 9}}
    for key, days in (("ann", 20), ("ben", 20), ("cem", 1)):
        happened(two, key, "Signed Up", days)
    happened(two, "ann", "Order Completed", 18)
    found = rehearse(two, read(written), NOW, with_steps=True)
    steps_found = found.steps
    assert steps_found is not None
    assert found.entered == 3
    assert steps_found.through == {"w": 2, "ways": 2, "task": 2}, "Ann ordered after she had come there"
    assert steps_found.here == {"w": 1}, "who entered yesterday waits still"
    happened(two, "ben", "x", 15)
    happened(two, "ben", "Order Completed", 20, hours=2)
    found = rehearse(two, read(written), NOW, with_steps=True)
    assert found.steps is not None
    assert found.steps.through == {"w": 2, "ways": 2, "task": 1, "stop": 1}
    wants = written | {"goal": {"event": "Order Completed", "days": 9}}
    goals = rehearse(two, read(wants), NOW, with_steps=True).steps
    assert goals is not None and (goals.goals, goals.through) == (2, {"w": 1, "ways": 1, "task": 1})


def test_a_trial_is_kept_for_its_version_without_names(two: Settings) -> None:
    kept = made(two, trigger={"broadcast": {"at": None}})
    version = define.version_of(two, kept)
    for what in ("dry_run", "rehearse"):
        number = trying.ask(two, version, what, by_id=None, now_us=1)
        assert number == trying.ask(two, version, what, by_id=None, now_us=1), "not asked for twice"
        assert do_next(two, "test")
    work = trying.last(two, version, "dry_run")
    assert work is not None and work.state == "done", work
    there = dry_run(two, define.ready_of(version), NOW, play_id=kept.id)
    seen = trying.dry_run_of(work)
    assert (seen.about, seen.counts) == (there.about, there.counts)
    assert [(e.unit_id, e.what, e.code, e.because) for e in seen.people] == [
        (e.unit_id, e.what, e.code, e.because) for e in there.people
    ]
    assert "Ann" not in str(work.result)
    past = trying.last(two, version, "rehearse")
    assert past is not None
    told = trying.rehearsal_of(past)
    assert (told.entered, told.steps and told.steps.through) == (2, {"hi": 2})
    assert {each.unit_id for each in told.shown} == {unit("ann"), unit("ben")}


def test_what_is_wrong_in_every_language_is_said_once(workspace: Settings) -> None:
    known(workspace)
    text = {"subject": "{{ nothing }}", "text": "{{ nothing }} {{ name }}"}
    content = {"en": text, "fa": text, "ro": {"subject": "Salut", "text": "{{ name }}"}}
    written = WHOLE | {"steps": [{"id": "hi", "do": "message", "content": content}]}
    found = [each for each in checks.problems(workspace, read(written), NOW) if each.step == "hi"]
    assert [(each.code, each.words.values.get("language")) for each in found] == [
        ("unknown_field", ["English", "فارسی"]),
        ("no_fallback", None),  # it is so in all
    ]


def test_nobody_enrols_more_by_hand_than_one_person_may_reach(workspace: Settings) -> None:
    both = np.array([known(workspace), known(workspace, "ben", "ben@example.org")])
    kept, _ = launched(workspace, a_play())
    plays.save_settings(workspace, hold_out=0, approve_above=1)
    with pytest.raises(Refusal) as refused:
        enrol_by_hand(workspace, kept, both, by="ann", now=NOW)
    assert refused.value.code == "too_many_by_hand"
    assert enrol_by_hand(workspace, kept, both[:1], by="ann", now=NOW).treated == 1


def happened(settings: Settings, key: str, event: str, days_ago: int, hours: int = 0) -> None:
    """Something that was heard of when it happened."""
    at = NOW - timedelta(days=days_ago) + timedelta(hours=hours)
    source = live_sources.ensure(settings, "shop", "segment", namespace="shop", now_us=1)
    said = {"type": "track", "userId": key, "event": event, "timestamp": at.isoformat()}
    accept(
        settings, source.id, msgspec.json.encode({"batch": [said]}), events=1, received_us=microseconds(at)
    )
    take_in_arrived(settings, now_us=microseconds(at))
