"""The outbox: asked for once, claimed by one, written down, taken over from the dead (N2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatching import ask_for, mail
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import Attachment, Recipient, TouchRequest
from holdfast.settings import Settings
from holdfast.store import channel_settings, outbox, outbox_reading, outbox_taking, sql
from holdfast.store import outbox_sending as sending
from holdfast.store.outbox_sending import Claimed, Result

NOW_US = 1_780_000_000_000_000
LATER_US = NOW_US + 10_000_000


def _enter(settings: Settings, until_us: int = LATER_US) -> int:
    return sending.enter(settings, "here:1:a", "email", until_us)


def _claim(settings: Settings, sender_id: int, most: int = 10, now_us: int = 2**60) -> list[Claimed]:
    with sql.short_write():
        return sending.claim(settings, sender_id, "email", now_us, most)


def _settle(settings: Settings, *results: Result) -> list[sending.Settled]:
    with sql.short_write():
        return sending.settle(settings, results)


def _result(touch_id: int, sender_id: int, what: sending.What, **said: object) -> Result:
    return Result(touch_id, sender_id, what, "here", NOW_US, NOW_US + 1, **said)  # type: ignore[arg-type]


def _states(settings: Settings) -> dict[str, str]:
    return dict(sql.read("SELECT key, state FROM touch ORDER BY id"))


def test_the_same_key_is_asked_for_once(base: Settings) -> None:
    request = mail(
        "invitation 7", attachments=(Attachment("a.csv", "text/csv", b"a\0b"),), headers={"X": "é"}
    )
    assert outbox.ask(base, request, now_us=NOW_US) is not None
    assert outbox.ask(base, request, now_us=NOW_US) is None
    (claimed,) = _claim(base, _enter(base))
    assert claimed.request == replace(request, asked_us=NOW_US)
    assert _claim(base, _enter(base)) == []


def test_many_are_asked_for_at_once_each_key_once(base: Settings) -> None:
    file = Attachment("a.csv", "text/csv", b"a\0b")
    assert outbox.ask(base, mail("b"), now_us=NOW_US) is not None
    wanted = [
        mail("a", headers={"X": "é"}),
        mail("b"),
        mail("a", subject="Other"),
        mail("c", attachments=(file,)),
    ]
    numbers = outbox.ask_many(base, wanted, now_us=NOW_US)
    assert set(numbers) == {"a", "c"}
    assert outbox.ask_many(base, wanted, now_us=NOW_US) == {}
    claimed = {each.request.key: each for each in _claim(base, _enter(base))}
    assert {key: claimed[key].touch_id for key in numbers} == numbers
    assert claimed["a"].request.subject == wanted[0].subject
    assert claimed["a"].request.headers == {"X": "é"}
    assert claimed["c"].request.attachments == (file,)
    assert outbox.ask_many(base, [], now_us=NOW_US) == {}


def test_many_more_than_one_statement_takes_are_asked_for(base: Settings) -> None:
    wanted = [mail(f"touch {number}") for number in range(2 * outbox.MOST_AT_ONCE + 1)]
    assert len(outbox.ask_many(base, wanted, now_us=NOW_US)) == len(wanted)
    assert sql.read("SELECT COUNT(*) FROM touch_content") == [(len(wanted),)]


def test_one_that_cannot_be_carried_stops_all_of_them(base: Settings) -> None:
    with pytest.raises(Refusal, match="cannot be so"):
        outbox.ask_many(base, [mail("a"), mail("")], now_us=NOW_US)
    assert _states(base) == {}


def test_asking_rolls_back_with_its_transaction(base: Settings) -> None:
    with pytest.raises(ZeroDivisionError), sql.short_write():
        outbox.ask(base, mail("a"), now_us=NOW_US)
        raise ZeroDivisionError
    assert _states(base) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"key": "x" * 201},
        {"purpose": "spam"},
        {"channel": "pigeon"},
        {"to": Recipient("")},
        {"text": ""},
        {"attachments": (Attachment("a", "text/plain", b"x" * 20_000_001),)},
    ],
)
def test_what_no_channel_could_carry_is_refused(workspace: Settings, wrong: dict[str, object]) -> None:
    given: dict[str, object] = {
        "key": "k",
        "purpose": "service",
        "channel": "email",
        "to": Recipient("ann@example.com"),
        "subject": "s",
        "text": "t",
    }
    with pytest.raises(Refusal) as refusal:
        outbox.ask(workspace, TouchRequest(**(given | wrong)), now_us=NOW_US)  # type: ignore[arg-type]
    assert refusal.value.code == "bad_touch"


def test_words_that_no_database_keeps_are_asked_for_all_the_same(base: Settings) -> None:
    outbox.ask(base, mail("k", subject="a\0b\ud800", text="\0\udfff"), now_us=NOW_US)
    (claimed,) = _claim(base, _enter(base))
    assert (claimed.request.subject, claimed.request.text) == ("a\ufffdb?", "\ufffd?")
    said = Text("It said {said}.", said="\0 and \ud800")
    _settle(base, _result(claimed.touch_id, 1, "failed", reason=said))


def test_not_before_its_time_and_the_longest_due_first(base: Settings) -> None:
    outbox.ask(base, mail("later", not_before_us=LATER_US), now_us=NOW_US)
    outbox.ask(base, mail("second"), now_us=NOW_US + 2)
    outbox.ask(base, mail("first"), now_us=NOW_US + 1)
    sender = _enter(base)
    assert [each.request.key for each in _claim(base, sender, now_us=LATER_US - 1)] == ["first", "second"]
    assert [each.request.key for each in _claim(base, sender, now_us=LATER_US)] == ["later"]


def test_results_are_written_with_their_history(base: Settings) -> None:
    keys = ask_for(base, 5)
    sender = _enter(base)
    ids = [each.touch_id for each in _claim(base, sender)]
    _settle(
        base,
        _result(ids[0], sender, "sent", provider_id="<1@x>"),
        _result(ids[1], sender, "again", code="try_later", reason=Text("Later."), due_us=LATER_US),
        _result(ids[2], sender, "unknown", code="no_answer"),
        _result(ids[3], sender, "held", code="safe_mode"),
        _result(ids[4], sender, "refused", code="no_consent"),
    )
    assert list(_states(base).values()) == ["sent", "waiting", "unknown", "held", "refused"]
    again = outbox_reading.one(base, ids[1])
    assert again is not None and (again.tries, again.due_us, again.code) == (1, LATER_US, "try_later")
    assert str(again.reason) == "Later."
    (happened,) = outbox_reading.history(base, ids[0])
    assert (happened.what, happened.provider_id, happened.made_by) == ("sent", "<1@x>", "here")
    assert outbox_reading.counted(base) == {"sent": 1, "waiting": 1, "unknown": 1, "held": 1, "refused": 1}
    assert keys


def test_only_its_sender_says_what_became_of_a_touch(base: Settings) -> None:
    ask_for(base, 1)
    sender, other = _enter(base), _enter(base)
    (claimed,) = _claim(base, sender)
    assert _settle(base, _result(claimed.touch_id, other, "sent")) == []
    assert len(_settle(base, _result(claimed.touch_id, sender, "sent"))) == 1
    assert _settle(base, _result(claimed.touch_id, sender, "failed")) == []


def test_what_a_dead_sender_had_claimed_is_taken_over(base: Settings) -> None:
    ask_for(base, 5)
    dead, alive = _enter(base, until_us=NOW_US), _enter(base)
    claimed = _claim(base, dead, most=3)
    kept = _claim(base, alive, most=1)
    _settle(base, _result(claimed[0].touch_id, dead, "sent"))
    taken = outbox_taking.take_over(base, NOW_US + 1, dedupes=(), gone=lambda holder: False, by="there")
    assert (taken.connections, taken.unknown, taken.returned) == (1, 1, 1)
    assert list(_states(base).values()) == ["sent", "unknown", "waiting", "claimed", "waiting"]
    assert [each.what for each in outbox_reading.history(base, claimed[1].touch_id)] == ["unknown"]
    assert sending.prolong(base, [dead, alive], LATER_US) == {alive}
    assert kept


def test_a_process_that_is_gone_is_not_waited_for(base: Settings) -> None:
    ask_for(base, 2)
    _claim(base, _enter(base))
    taken = outbox_taking.take_over(base, NOW_US, dedupes=("email",), gone=lambda holder: True, by="there")
    assert (taken.unknown, taken.returned) == (0, 2)
    assert set(_states(base).values()) == {"waiting"}


def test_what_belongs_to_nobody_is_taken_over_too(base: Settings) -> None:
    ask_for(base, 2)
    _claim(base, _enter(base))
    sql.write("DELETE FROM touch_sender")
    taken = outbox_taking.take_over(base, NOW_US, dedupes=(), gone=lambda holder: False, by="there")
    assert (taken.unknown, taken.returned) == (1, 1)
    assert list(_states(base).values()) == ["unknown", "waiting"]


def test_a_sender_that_only_slept_says_what_it_learnt(base: Settings) -> None:
    ask_for(base, 2)
    asleep = _enter(base, until_us=NOW_US)
    first, second = _claim(base, asleep)
    outbox_taking.take_over(base, NOW_US + 1, dedupes=(), gone=lambda holder: False, by="there")
    settled = _settle(base, _result(first.touch_id, asleep, "sent"), _result(second.touch_id, asleep, "sent"))
    assert [each.result.touch_id for each in settled] == [first.touch_id]
    assert list(_states(base).values()) == ["sent", "waiting"]


def test_a_result_that_is_on_its_way_to_the_disk_is_waited_for(on_postgresql: Settings) -> None:
    import threading
    import time

    from holdfast import store

    ask_for(on_postgresql, 3)
    asleep = _enter(on_postgresql, until_us=NOW_US)
    first, *_ = _claim(on_postgresql, asleep)

    def take_over() -> None:
        outbox_taking.take_over(on_postgresql, NOW_US + 1, dedupes=(), gone=lambda holder: False, by="there")
        store.let_go()

    taking = threading.Thread(target=take_over)
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + 30
    with sql.short_write():
        sending.settle(on_postgresql, [_result(first.touch_id, asleep, "sent")])
        taking.start()
        while not sql.read(waiting):
            assert time.monotonic() < until and taking.is_alive()
            sql.read("SELECT pg_stat_clear_snapshot()")
    taking.join(30)
    assert list(_states(on_postgresql).values()) == ["sent", "unknown", "waiting"]


def test_who_ends_in_order_leaves_nothing_unknown(base: Settings) -> None:
    ask_for(base, 2)
    sender = _enter(base)
    _claim(base, sender)
    with sql.short_write():
        sending.leave(base, sender, NOW_US)
    assert set(_states(base).values()) == {"waiting"}
    assert sql.read("SELECT 1 FROM touch_sender") == []


def test_a_person_sends_again_or_calls_off(base: Settings) -> None:
    ask_for(base, 3)
    sender = _enter(base)
    unknown, sent, failed = [each.touch_id for each in _claim(base, sender)]
    _settle(
        base,
        _result(unknown, sender, "unknown"),
        _result(sent, sender, "sent"),
        _result(failed, sender, "failed"),
    )
    assert outbox_reading.send_again(base, unknown, by="ann@shop", now_us=NOW_US)
    assert not outbox_reading.send_again(base, sent, by="ann@shop", now_us=NOW_US)
    assert outbox_reading.cancel(base, failed, by="ann@shop", now_us=NOW_US)
    assert not outbox_reading.cancel(base, sent, by="ann@shop", now_us=NOW_US)
    assert list(_states(base).values()) == ["waiting", "sent", "cancelled"]
    assert [each.what for each in outbox_reading.history(base, unknown)] == ["unknown", "released"]
    assert _settle(base, _result(unknown, sender, "sent")) == []  # its first sender has no say any more


def test_what_is_held_for_the_same_reason_again_has_no_new_history(base: Settings) -> None:
    ask_for(base, 1)
    for _ in range(3):
        sender = _enter(base)
        (claimed,) = _claim(base, sender)
        _settle(base, _result(claimed.touch_id, sender, "held", code="safe_mode"))
        assert list(_states(base).values()) == ["held"]
        assert outbox_reading.release(base, ("safe_mode",), NOW_US) == 1
    assert len(outbox_reading.history(base, claimed.touch_id)) == 1


def test_secret_words_are_forgotten_once_sent(base: Settings) -> None:
    touch_id = outbox.ask(base, mail("p", text="https://x/secret", secret=True), now_us=NOW_US)
    assert touch_id is not None
    shown = outbox_reading.one(base, touch_id)
    assert shown is not None and shown.title == ""
    sender = _enter(base)
    _claim(base, sender)
    _settle(base, _result(touch_id, sender, "sent", secret=True))
    content = outbox_reading.content_of(base, touch_id)
    assert content is not None and (content.text, content.html, content.subject) == ("", "", "")


def test_secret_words_are_forgotten_once_called_off(base: Settings) -> None:
    ids = [
        outbox.ask(base, mail(key, text="https://x/", secret=key == "p"), now_us=NOW_US) for key in ("p", "q")
    ]
    assert all(outbox_reading.cancel(base, each or 0, by="ann@shop", now_us=NOW_US) for each in ids)
    assert sql.read("SELECT text FROM touch_content ORDER BY touch_id") == [("",), ("https://x/",)]


def test_a_backup_put_back_sends_nothing_by_itself(base: Settings) -> None:
    ask_for(base, 2)
    _claim(base, _enter(base), most=1)
    assert outbox_reading.hold_all(base, NOW_US) == 2
    (first, _) = outbox_reading.listed(base, outbox_reading.Wanted(("held",)), 10)
    assert first.code == "restored"
    assert sql.read("SELECT 1 FROM touch_sender") == []


def test_facts_say_nothing_of_the_address(base: Settings) -> None:
    outbox.ask(base, mail("a", subject_id=3, unit_id=3), now_us=NOW_US)
    outbox.ask(base, mail("b"), now_us=NOW_US)
    sender = _enter(base)
    claimed = _claim(base, sender)
    settled = _settle(base, *(_result(each.touch_id, sender, "sent") for each in claimed))
    (event,) = sending.events_of(settled, NOW_US)
    assert (event.name, event.subject_id, event.code, event.object_kind) == (
        "Touch Sent",
        3,
        "email",
        "touch",
    )
    assert "@" not in repr(event)


def test_lists_go_by_state_channel_and_number(base: Settings) -> None:
    ask_for(base, 5)
    outbox.ask(base, mail("mine", unit_id=9), now_us=NOW_US)
    listed = outbox_reading.listed
    assert [each.key for each in listed(base, outbox_reading.Wanted(), 2)] == ["mine", "mail 4"]
    (mine,) = listed(base, outbox_reading.Wanted(unit_id=9), 5)
    before = listed(base, outbox_reading.Wanted(("waiting",), before=mine.id, channel="email"), 2)
    assert [each.key for each in before] == ["mail 4", "mail 3"]
    assert listed(base, outbox_reading.Wanted(("sent",)), 5) == []


def test_a_channel_that_fails_rests_longer_each_time(base: Settings) -> None:
    def rest(now_us: int) -> int:
        channel_settings.note_trouble(base, "email", Text("No."), rest_us=5_000_000, now_us=now_us)
        kept = channel_settings.read(base, "email")
        assert kept is not None and str(kept.trouble) == "No."
        return kept.rests_until_us - now_us

    channel_settings.write(base, "email", {"host": "x"}, {"password": "s"}, now_us=NOW_US)
    first = rest(NOW_US)
    assert (first, rest(NOW_US + 1)) == (5_000_000, 5_000_000 - 1)  # one of several that failed together
    assert rest(NOW_US + first) == 10_000_000
    channel_settings.note_works(base, "email")
    kept = channel_settings.read(base, "email")
    assert kept is not None and (kept.trouble, kept.rests_until_us, kept.secrets) == (
        None,
        0,
        {"password": "s"},
    )
    (stored,) = sql.read("SELECT options, sealed FROM channel_setting")
    assert "password" not in str(stored)


def test_two_dispatchers_never_claim_the_same(base: Settings) -> None:
    import threading

    from holdfast import store

    ask_for(base, 60)
    found: list[int] = []

    def claim() -> None:
        sender = _enter(base)
        while some := _claim(base, sender, most=3):
            found.extend(each.touch_id for each in some)
        store.let_go()

    threads = [threading.Thread(target=claim) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == len(set(found)) == 60
