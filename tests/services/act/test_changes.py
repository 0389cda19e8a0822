"""F5, F7, F8, H5, G9: a change of ours is entered once; who it concerns is found, told in time, followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdfast.domain.changes import CHANGE_KINDS, KINDS, ChangeKind
from holdfast.domain.plays import Broadcast, steps_of
from holdfast.domain.refusals import Refusal
from holdfast.services.act import cases
from holdfast.services.act.changes import concerned, entering, later, playing, progress, proposing, telling
from holdfast.services.act.plays import checks, define, launch, library, twice
from holdfast.services.act.plays.written import Ready
from holdfast.services.collect.segments.offered import offered
from holdfast.settings import Settings
from holdfast.store import changes, changes_counted, sql
from holdfast.store.cases import NewCase
from holdfast.store.changes import KeptChange, Said
from playing import NOW, a_play, after, facts, go, listed
from services.act.people import NOW_US, call, known
from write_lock import held_lock

TODAY = NOW.date()
GOAL = {"event": "Order Completed", "days": 30}
ANNS: dict[str, Any] = {"trait": "payment_method", "is": "cheque"}


def said(kind: ChangeKind, rule: dict[str, Any] | None = None, **more: Any) -> Said:
    effect = TODAY + timedelta(days=60) if KINDS[kind].needs_day else None
    given: dict[str, Any] = {
        "kind": kind, "title": "Cheques end", "about": "", "effect_on": effect, "notice_on": None,
        "rule": rule, "wish": "", "words": {},
    }  # fmt: skip
    return Said(**given | more)


def entered(
    settings: Settings, kind: ChangeKind, rule: dict[str, Any] | None = None, **more: Any
) -> KeptChange:
    kept = entering.enter(settings, said(kind, rule, **more), by="ann@shop.example", now=NOW)
    return concerned.draw_up(settings, kept, after(seconds=5))


def unit(key: str) -> int:
    row = sql.one("SELECT id FROM subject WHERE namespace = 'shop' AND key = %s", (key,))
    assert row is not None
    return int(row[0])


@pytest.fixture
def two(base: Settings) -> Settings:
    """Ann, who pays by cheque, and Ben, who pays by card."""
    for who, how in (("ann", "cheque"), ("ben", "card")):
        known(base, who, f"{who}@example.org")
        call(base, {"type": "identify", "userId": who, "traits": {"payment_method": how}})
        call(base, {"type": "track", "userId": who, "event": "Order Completed"})
    listed(base)
    return base


def test_h5_who_pays_a_way_that_ends_is_found_told_and_followed(two: Settings) -> None:
    """H5, F7: from what is entered to who was told, by the usual launch."""
    rule = proposing.proposed_rule("payment", "cheque", offered(two, NOW_US))
    words = {"en": {"old_way_to_pay": "Paying by cheque"}}
    kept = entered(two, "payment", rule, words=words)
    assert kept.notice_on == TODAY + timedelta(days=15), "45 days before it ends"
    counted = changes_counted.counts(two)[kept.key]
    assert (counted.customers, counted.told) == (1, 0)
    assert changes_counted.dearest(two, kept.key, 5) == [unit("ann")]

    play = playing.make_play(two, kept, "en", str, by="ann@shop.example", now=NOW)
    ready = define.ready_of(define.version_of(two, play))
    assert ready.play.trigger == Broadcast(f"{kept.notice_on}T09:00")
    first = next(step for step in steps_of(ready.play) if step.do == "message")
    assert list(first.options["content"]) == ["en"], "only in languages in which its words are written"
    text = first.options["content"]["en"]["text"]
    assert "Paying by cheque will soon no longer be possible" in text and "{{ last_day }}" not in text
    assert [each for each in checks.problems(two, ready, NOW) if each.stops] == []

    kept = entering.correct(
        two, kept, replace(as_said(kept), notice_on=TODAY), read_us=kept.changed_us, now=NOW
    )
    play = playing.make_play(two, kept, "en", str, by="ann@shop.example", now=NOW)
    assert launch.launch(two, play, number=play.number, by="ann@shop.example", now=NOW).customers == 1
    go(two, after(seconds=5))
    assert progress.standing(two, entering.find(two, kept.key), NOW).stage == "telling"
    assert sql.write("UPDATE touch SET state = 'sent'") == 1
    assert telling.note_told(two, after(minutes=3)) == 1
    assert telling.note_told(two, after(minutes=6)) == 0, "nobody is told twice"
    assert [subject for subject, _ in facts(two, "Change Announced")] == [unit("ann")]
    found = progress.standing(two, entering.find(two, kept.key), after(minutes=6))
    assert (found.stage, found.late) == ("told", 0)

    cases.open_case(two, NewCase(unit("ann"), "Why?"), by="ben@shop.example", now=after(minutes=15))
    came = progress.progress(two, found)
    assert (came.answered, came.complained, came.left) == (1, 1, 0)
    with pytest.raises(Refusal) as refused:
        entering.delete(two, entering.find(two, kept.key))
    assert refused.value.code == "was_launched"


def test_who_comes_to_the_list_after_it_went_out_is_told_too(two: Settings) -> None:
    """F7: nobody is forgotten who is found later; nobody enters twice."""
    rule = proposing.proposed_rule("payment", "cheque", offered(two, NOW_US))
    kept = entered(
        two, "payment", rule, words={"en": {"old_way_to_pay": "Paying by cheque"}}, notice_on=TODAY
    )
    play = playing.make_play(two, kept, "en", str, by="ann@shop.example", now=NOW)
    launch.launch(two, play, number=play.number, by="ann@shop.example", now=NOW)
    running = define.find(two, play.key)
    assert later.later(two, kept, running, after(seconds=4)) == [], "before it goes out nobody is late"
    go(two, after(seconds=5))
    sql.write("UPDATE touch SET state = 'sent'")
    telling.note_told(two, after(minutes=3))
    kept = entering.find(two, kept.key)
    assert progress.standing(two, kept, NOW).stage == "told"

    call(two, {"type": "identify", "userId": "ben", "traits": {"payment_method": "cheque"}})
    listed(two)
    kept = concerned.draw_up(two, kept, after(minutes=4))
    assert progress.standing(two, kept, NOW).stage == "telling", "who came later counts"
    assert later.later(two, kept, running, after(minutes=5)) == [unit("ben")]
    done = later.tell_later(two, kept, by="ann@shop.example", now=after(minutes=5))
    assert done.treated + done.held_out == 1
    with pytest.raises(Refusal) as refused:
        later.tell_later(two, kept, by="ann@shop.example", now=after(minutes=6))
    assert refused.value.code == "nobody_later"
    go(two, after(minutes=6))
    assert sql.write("UPDATE touch SET state = 'sent' WHERE unit_id = %s", (unit("ben"),)) == 1
    telling.note_told(two, after(minutes=9))
    found = progress.standing(two, kept, after(minutes=9))
    assert (found.concerned.told, found.stage) == (2, "told")


def test_who_was_off_the_list_when_the_message_came_is_told_once_back_on_it(two: Settings) -> None:
    """F7: each look reads what was sent lately, and all of it where the list was drawn anew."""
    words = {"en": {"old_way_to_pay": "Paying by cheque"}}
    kept = entered(two, "payment", ANNS, words=words, notice_on=TODAY)
    play = playing.make_play(two, kept, "en", str, by="ann@shop.example", now=NOW)
    launch.launch(two, play, number=play.number, by="ann@shop.example", now=NOW)
    go(two, after(seconds=5))
    changes.list_anew(two, kept, {}, now_us=NOW_US)
    assert sql.write("UPDATE touch SET state = 'sent'") == 1
    assert telling.note_told(two, after(minutes=30)) == 0
    concerned.draw_up(two, kept, after(minutes=35))
    assert telling.note_told(two, after(minutes=40)) == 1


def test_a_change_of_many_is_listed_in_short_writes_and_nobody_is_told_twice(
    two: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = entered(two, "payment", notice_on=TODAY)
    many = {number: 100 for number in range(1_000_000, 1_080_000)}
    with held_lock(monkeypatch) as held:
        changes.list_anew(two, kept, many, now_us=5)
    if sql.is_sqlite():
        assert held.longest_ms < 100, held.what
    assert changes.tell(kept.key, [1_000_000, 1_000_001], now_us=6) == [1_000_000, 1_000_001]
    assert changes.tell(kept.key, [1_000_001, 1_000_002], now_us=7) == [1_000_002], "of two at once one tells"
    fewer = {number: 200 for number in range(1_000_000, 1_000_010)}
    changes.list_anew(two, kept, fewer, now_us=8)
    counted = changes_counted.counts(two)[kept.key]
    assert (counted.customers, counted.told, counted.first_us) == (10, 3, 6)
    assert counted.yearly_minor == 3 * 100 + 7 * 200, "of who was told what they brought then stays"


def test_a_second_play_about_the_same_change_has_to_be_wanted(two: Settings) -> None:
    """Whoever launches it is told which play tells it already."""
    rule = proposing.proposed_rule("payment", "cheque", offered(two, NOW_US))
    kept = entered(two, "payment", rule, notice_on=TODAY)
    announced = {"event": "Change Announced", "where": {"code": ["terms"]}}
    other, same_list = (
        define.make(two, a_play(key=key, title=title, goal=GOAL, **more), by="ann", now=NOW)
        for key, title, more in (
            ("follows", "After a change", {"trigger": announced}),
            ("again", "Once more", {"trigger": {"broadcast": {"at": None}},
                                    "audience": {"fact": "change", "is": kept.key}}),
        )
    )  # fmt: skip
    launch.launch(two, other, number=1, by="ann", now=NOW)
    play = playing.make_play(two, kept, "en", str, by="ann", now=NOW)
    with pytest.raises(Refusal) as refused:
        launch.launch(two, play, number=play.number, by="ann", now=NOW)
    assert refused.value.code == "told_twice" and "“After a change”" in str(refused.value)
    done = launch.launch(two, play, number=play.number, by="ann", now=NOW, although_twice=True)
    assert done.outcome == "running"
    ready = define.ready_of(define.version_of(two, same_list))
    assert {each.title for each in twice.also_told(two, "again", ready)} == {play.title, "After a change"}
    plain = define.make(two, a_play(key="plain", goal=GOAL), by="ann", now=NOW)
    assert launch.launch(two, plain, number=1, by="ann", now=NOW).outcome == "running", "about no change"


def test_f5_a_fix_concerns_who_ran_into_it_and_who_wished_for_it(two: Settings) -> None:
    """F5, F6: exactly those, and nobody who has left."""
    call(two, {"type": "track", "userId": "ben", "event": "Ticket Opened", "properties": {"code": "crash"}})
    wish = NewCase(unit("ann"), "Export to  Excel", kind="wish")
    cases.open_case(two, wish, by="ben@shop.example", now=NOW)
    listed(two)
    rule = proposing.proposed_rule("fix", "crash", offered(two, NOW_US))
    kept = entered(two, "fix", rule, wish="export to excel")
    assert set(changes_counted.dearest(two, kept.key, 5)) == {unit("ann"), unit("ben")}
    sql.write("UPDATE standing SET state = 'lapsed' WHERE unit_id = %s", (unit("ben"),))
    concerned.draw_up(two, kept, after(seconds=5))
    assert changes_counted.dearest(two, kept.key, 5) == [unit("ann")]


@pytest.mark.parametrize(
    ("kind", "field", "means"),
    [
        ("mistake", "what_it_means", "F8: what it means"),
        ("trust", "where_explained", "G9: where it is explained"),
        ("price", "price_reason", "F7: why"),
        ("staff", "what_changes", "F7: what"),
        ("process", "what_to_do", "F7: what to do"),
        ("upgrade", "why_it_changes", "F5: why"),
    ],
)
def test_words_stand_in_the_messages_and_before_who_calls(
    workspace: Settings, kind: ChangeKind, field: str, means: str
) -> None:
    kept = entering.enter(workspace, said(kind, words={"en": {field: "These words."}}), by="", now=NOW)
    changes.list_anew(workspace, kept, {1: 0}, now_us=NOW_US)
    play = playing.make_play(workspace, kept, "en", str, by="", now=NOW)
    ready = define.ready_of(define.version_of(workspace, play))
    steps = list(steps_of(ready.play))
    assert any("These words." in str(each.options.get("content")) for each in steps), means
    assert any("These words." in str(each.options.get("script")) for each in steps), means
    assert [each.code for each in checks.problems(workspace, ready, NOW) if each.stops] == []


def test_f8_a_mistake_is_told_at_once_with_cause_consequence_and_remedy(workspace: Settings) -> None:
    told = {
        "what_happened": "A fault in our till.",
        "what_it_means": "You paid twice.",
        "what_was_done": "The money is on its way back.",
    }
    ready = made_of(workspace, "mistake", told)
    steps = list(steps_of(ready.play))
    first, last = (each.options["content"]["en"]["text"] for each in steps if each.do == "message")
    assert steps[0].do == "message", "nothing is waited for"
    assert "A fault in our till." in first and "You paid twice." in first
    assert "We are putting it right now, and you will not pay for it." in first
    assert "credit" in {each.do for each in steps} and "The money is on its way back." in last
    assert (ready.play.trigger, ready.play.purpose, ready.play.hold_out) == (Broadcast(None), "service", 0)


def test_g9_trust_is_repaired_by_explanation_video_live_answers_and_people(workspace: Settings) -> None:
    told = {
        "where_explained": "https://shop.example/video",
        "when_live": "On Friday at 17:00, in our room.",
        "what_was_done": "All keys are new.",
    }
    ready = made_of(workspace, "trust", told)
    steps = list(steps_of(ready.play))
    texts = [each.options["content"]["en"]["text"] for each in steps if each.do == "message"]
    assert all(words in text for words, text in zip(told.values(), texts, strict=True))
    assert "every one is answered by a person" in texts[0]
    (listen,) = [each for each in steps if each.do == "call"]
    assert "Ask what worries them most" in listen.options["script"]
    assert (ready.play.purpose, ready.play.hold_out) == ("service", 0)


def made_of(settings: Settings, kind: ChangeKind, words: dict[str, str]) -> Ready:
    """The play of a change with these English words, which can be launched."""
    kept = entering.enter(settings, said(kind, words={"en": words}), by="", now=NOW)
    changes.list_anew(settings, kept, {1: 0}, now_us=NOW_US)
    play = playing.make_play(settings, kept, "en", str, by="", now=NOW)
    ready = define.ready_of(define.version_of(settings, play))
    assert [each.code for each in checks.problems(settings, ready, NOW) if each.stops] == []
    return ready


def test_every_kind_has_a_ready_play_that_says_its_words_and_its_day() -> None:
    for kind in CHANGE_KINDS:
        its, play = KINDS[kind], library.one(KINDS[kind].ready)
        written = str(play.content)
        assert all(f"{{{{ {name} }}}}" in written or f"{{{{ {name} | " in written for name in its.fields), (
            kind
        )
        assert all(f"{{{{ {name} }}}}" in written for name in its.day_fields), kind


def test_f7_a_notice_that_nears_and_is_not_launched_is_warned_of(workspace: Settings) -> None:
    """F7: before the date, not after it."""
    soon = entering.enter(
        workspace, said("price", effect_on=TODAY + timedelta(days=34), title="New price"), by="", now=NOW
    )
    entering.enter(workspace, said("staff", effect_on=TODAY + timedelta(days=90)), by="", now=NOW)
    assert [each.change.key for each in progress.nearing(workspace, NOW)] == [soon.key] == ["new-price"]
    late = progress.nearing(workspace, after(days=10))
    assert [(each.change.key, each.late) for each in late] == [("new-price", 6)]
    assert progress.nearing(workspace, after(days=45)) == [], "what took effect long ago is history"


def test_what_cannot_be_is_refused(workspace: Settings) -> None:
    for wrong in (
        said("price", title=" "),
        said("price", effect_on=None),
        said("price", notice_on=TODAY + timedelta(days=61)),
        said("fix", words={"en": {"no_such": "x"}}),
        said("fix", words={"english": {"what_was_fixed": "x"}}),
        said("fix", words={"en": {"what_was_fixed": "{{ half"}}),
        said("fix", words={"en": {"what_was_fixed": "x" * 2_001}}),
        replace(said("fix"), kind="nothing"),  # type: ignore[arg-type]
    ):
        with pytest.raises(Refusal) as refused:
            entering.enter(workspace, wrong, by="", now=NOW)
        assert refused.value.code == "bad_change"
    with pytest.raises(Refusal, match="nowhere"):
        entering.enter(workspace, said("price", {"segment": "nowhere"}), by="", now=NOW)
    kept = entering.enter(workspace, said("price"), by="", now=NOW)
    with pytest.raises(Refusal) as refused:
        playing.make_play(workspace, kept, "en", str, by="", now=NOW)
    assert refused.value.code == "nobody_concerned"
    changed = entering.correct(workspace, kept, as_said(kept), read_us=kept.changed_us, now=NOW)
    with pytest.raises(Refusal) as refused:
        entering.correct(workspace, kept, as_said(kept), read_us=kept.changed_us, now=NOW)
    assert refused.value.code == "moved_on" and changed.changed_us > kept.changed_us
    entering.delete(workspace, changed)
    assert changes.listed(workspace) == []


def as_said(kept: KeptChange) -> Said:
    return Said(
        *(kept.kind, kept.title, kept.about, kept.effect_on, kept.notice_on, kept.rule, kept.wish, kept.words)
    )
