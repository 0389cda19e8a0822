"""The library of ready plays: each signal has one, and every file is fit to be launched as it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.domain import merge_fields
from holdfast.domain import plays as p
from holdfast.domain.blocks import LONGEST_SUBJECT
from holdfast.domain.plays import PlayStep, SignalRaised, steps_of
from holdfast.domain.refusals import Refusal
from holdfast.registry import parts
from holdfast.services.act.plays import library, written
from holdfast.services.act.plays.library import ReadyPlay
from holdfast.services.act.scripts import kept
from holdfast.services.act.survey_letters import words_of

LANGUAGES = ("en", "ro", "fa", "bg", "ru", "zh")
LONGEST_TEXT = 1_600
"""What every channel of messages takes (Telegram 4,096 characters at once, Twilio 1,600)."""

CODES = {name: part.declared.code for name, part in parts("signals").items()}  # type: ignore[attr-defined]
PLAYS = library.every()
NAMES = [each.key for each in PLAYS]
each_play = pytest.mark.parametrize("ready", PLAYS, ids=NAMES)

PUTS_RIGHT = {"C1", "C2", "C8", "C10", "C11", "C14", "C16", "C18", "C19", "C20", "C21"}
PUTS_RIGHT |= {"F5", "F7", "F8", "G9", "H5"}
"""Answers to what went wrong and notices: they are service, never held out, and need no consent."""


def messages(ready: ReadyPlay) -> Iterator[tuple[str, str, dict[str, str]]]:
    for step in steps_of(ready.play("en")):
        if step.do in ("message", "survey"):
            for language, said in words_of(step.options["content"]).items():
                yield step.id, language, said


def our_words(ready: ReadyPlay) -> Iterator[tuple[str, str]]:
    """Everything that people read, with its language."""
    for language in ready.languages:
        play = ready.play(language)
        yield language, play.title
        yield language, play.description
        for step in steps_of(play):
            for name in library.OURS:
                if name in step.options:
                    yield language, step.options[name]
    for _, language, said in messages(ready):
        yield language, said["subject"]
        yield language, said["text"]


@pytest.mark.parametrize("code", [f"C{number}" for number in range(1, 22)])
def test_g1_signal_has_a_ready_play(code: str) -> None:
    """C1 to C21, G1: every signal has a play that begins with it."""
    (signal,) = (name for name, its in CODES.items() if its == code)
    found = library.for_signal(signal)
    assert [each.key for each in found if code in each.meets]


def test_g1_scenarios_of_the_sources_have_ready_plays() -> None:
    """F5, F7, F8, G4, G5, G9, H1, H5, K3: at least a dozen beside those for signals."""
    met = {code for each in library.scenarios() for code in each.meets}
    assert {"F5", "F7", "F8", "G4", "G5", "G9", "H1", "H5", "K3"} <= met
    assert len(library.scenarios()) >= 12


@each_play
def test_every_file_is_read_and_written_back(ready: ReadyPlay) -> None:
    for language in LANGUAGES:
        play = ready.play(language)
        assert written.read(json.dumps(written.written_as(play))).play == play


@each_play
def test_g1_ready_plays_are_written_in_all_six_languages(ready: ReadyPlay) -> None:
    """N3: titles, scripts and messages are there in each, and no two are the same words."""
    assert set(ready.languages) == set(LANGUAGES)
    for part in _per_language(ready.content):
        assert tuple(sorted(part)) == tuple(sorted(LANGUAGES))
        assert len({json.dumps(said) for said in part.values()}) == len(LANGUAGES)


@each_play
def test_fields_have_fallbacks(ready: ReadyPlay) -> None:
    """A greeting without a name is not sent (G5); what else is not known is left out or said otherwise."""
    for step, language, said in messages(ready):
        needed = {*merge_fields.needed_by(said["subject"]), *merge_fields.needed_by(said["text"])}
        assert needed == ({"name"} if _is_greeting(ready) else set()), (step, language)


@each_play
def test_texts_fit_their_channels(ready: ReadyPlay) -> None:
    for step, language, said in messages(ready):
        assert 0 < len(said["subject"]) <= LONGEST_SUBJECT, (step, language)
        assert 0 < len(said["text"]) <= LONGEST_TEXT, (step, language)


@each_play
def test_tone(ready: ReadyPlay) -> None:
    """How we write: no exclamation marks, nothing left to fill in, Persian letters where it is Persian."""
    for language, words in our_words(ready):
        assert not set(words) & set("!！¡[]"), words
        assert language != "fa" or not set(words) & set("يكة"), words
        assert language != "ro" or not set(words) & set("şţŞŢ"), words


@each_play
def test_purpose_fits(ready: ReadyPlay) -> None:
    """G3: what puts right or tells goes to all; what sells or asks needs consent, and holds some out."""
    play = ready.play("en")
    if PUTS_RIGHT & set(ready.meets):
        assert (play.purpose, play.hold_out) == ("service", 0)
        assert not {"offer", "points"} & {step.do for step in steps_of(play)}
    else:
        assert play.purpose == "marketing"
        assert 0.1 <= play.hold_out <= 0.3
        assert "unsubscribed" in {each.word for each in play.exits} or play.key == "fewer_better_mails"


@each_play
def test_goal_exits_and_re_entry_are_given(ready: ReadyPlay) -> None:
    assert {"goal", "exits", "re_entry", "hold_out"} <= set(ready.content)
    play = ready.play("en")
    assert play.goal is not None and play.exits


@each_play
def test_events_and_signals_are_known(ready: ReadyPlay) -> None:
    from holdfast.domain.events import EVENT_NAMES

    play = ready.play("en")
    assert written.ready(play).listens <= set(EVENT_NAMES)
    if isinstance(play.trigger, p.EventHappened):
        assert play.trigger.name in EVENT_NAMES
    if isinstance(play.trigger, SignalRaised):
        assert play.trigger.key in CODES


@pytest.mark.parametrize("ready", [each for each in PLAYS if each.signal], ids=str)
def test_signals_are_answered_by_value(ready: ReadyPlay) -> None:
    """A person turns to valued customers; the others get a message, or the same care by another way."""
    ways = [step for step in steps_of(ready.play("en")) if step.do == "branch"]
    valued = [
        path for step in ways for path in step.paths if path.when is not None and "abc-a" in str(path.when)
    ]
    does = {step.do for path in valued for step in path.steps}
    assert does & {"call", "task", "needs_assessment"}
    calls = [step for path in valued for step in path.steps if step.do == "call"]
    assert {step.options["no_number"] for step in calls} <= {"write"}, "who has no number is not forgotten"


def test_calls_name_the_ready_script_that_fits() -> None:
    """M2: beside the words of the play stands the script of the register, in the customer's language."""
    named: dict[str, set[str]] = {}
    for ready in library.every():
        for step in steps_of(ready.play("en")):
            if step.do == "call" and (script := step.options.get("uses")):
                named.setdefault(script, set()).add(ready.key)
    assert set(named) == {each.stem for each in kept.FOLDER.glob("*.json")}
    assert "rescue_failed_payment" in named["payment"]
    assert "our_mistake" in named["apology"]
    assert "loyal_check_in" in named["check_in"]
    assert "announce_what_changes" in named["renewal"]
    assert named["exit_call"] == {"win_back_from_competitor", "win_back_price"}


def test_g1_no_ready_play_begins_another() -> None:
    """Nothing that a step does is what begins a play: there is no loop between them."""
    for ready in PLAYS:
        play = ready.play("en")
        assert not {"change_trait", "webhook"} & {step.do for step in steps_of(play)}
        began = play.trigger
        assert not isinstance(began, p.SegmentMoved)
        if isinstance(began, p.EventHappened):
            assert began.name not in {
                "Touch Sent",
                "Message Sent",
                "Play Enrolled",
                "Play Ended",
                "Survey Sent",
            }


def test_who_speaks_another_language_reads_english() -> None:
    ready = library.one("birthday")
    assert ready.play("de").title == ready.title("en")
    assert ready.play("fa").title == ready.title("fa") != ready.title("en")


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(Refusal, match="birthdays") as refused:
        library.one("birthdays")
    assert refused.value.code == "no_such_ready_play"


def _is_greeting(ready: ReadyPlay) -> bool:
    steps: list[PlayStep] = list(steps_of(ready.play("en")))
    return ready.play("en").topic == "greetings" and steps[0].id == "greeting"


def _per_language(part: Any) -> Iterator[dict[str, Any]]:
    """Everything in a file that is written once per language."""
    if isinstance(part, list):
        for each in part:
            yield from _per_language(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in (*library.OURS, "content"):
                yield value
            else:
                yield from _per_language(value)
