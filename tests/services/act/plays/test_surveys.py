"""G1: one question asked by a play, answered on our own page; the answer branches the play."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import playing
from holdfast.domain.moments import microseconds
from holdfast.domain.plays import steps_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.surveys import Answer, choices_in
from holdfast.services.act import surveys
from holdfast.services.act.plays import library
from holdfast.services.act.plays.written import read
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.understand.reading import LiveReading, Read
from holdfast.settings import Settings
from holdfast.store import message_settings, sql
from holdfast.store import surveys as stored
from holdfast.store.surveys import Asked
from holdfast.text.reading import read as read_text
from playing import NOW, a_play, after, enrolments, go, listed, way
from services.act.people import known
from services.act.plays.test_walking import by_hand

BASE = "https://holdfast.shop.example"
NOW_US = microseconds(NOW)
ASK: dict[str, Any] = {
    "id": "ask",
    "do": "survey",
    "answer": "five",
    "content": {
        "en": {
            "subject": "One question",
            "text": "Hello {{ name | you }},\n\n{{ question }}\n\nYours",
            "question": "How was it, {{ name | friend }}?",
        }
    },
}
REASONS = "Too expensive\nNo need any more\n"


@pytest.fixture
def ann(workspace: Settings) -> int:
    message_settings.set_public_url(workspace, BASE)
    return known(workspace)


def ask(settings: Settings, unit: int, step: dict[str, Any], *then: dict[str, Any], **told: Any) -> Asked:
    """Launch a play that asks, let the customer in; the question as the link opens it."""
    playing.launched(settings, a_play(steps=[step, *then], **told))
    by_hand(settings, unit)
    go(settings)
    return opened(settings)


def opened(settings: Settings) -> Asked:
    (text,) = (str(text) for (text,) in sql.read("SELECT text FROM touch_content"))
    token = text.split(f"{BASE}/s/")[1].split()[0]
    found = surveys.opened(settings, token, now_us=NOW_US)
    assert found is not None
    return found


def answer(settings: Settings, asked: Asked, score: int | None, words: str = "") -> bool:
    given = surveys.answer(settings, asked, Answer(score, words), now_us=NOW_US)
    take_in_arrived(settings, now_us=NOW_US)
    return given


def test_g1_a_question_is_written_kept_and_answered_once(workspace: Settings, ann: int) -> None:
    asked = ask(workspace, ann, ASK)
    assert (asked.subject_id, asked.question, asked.code) == (ann, "How was it, Ann?", "csat")
    ((text, html),) = sql.read("SELECT text, html FROM touch_content")
    assert text.startswith("Hello Ann,\n\nHow was it, Ann?\n") and text.endswith("\n\nYours\n")
    assert [f"?a={mark}" in html for mark in range(7)] == [False, *[True] * 5, False]
    ((touch,),) = sql.read("SELECT id FROM touch")
    (fact,) = surveys.sent_facts(workspace, [touch], present_us=NOW_US, now_us=NOW_US)
    assert (fact.name, fact.subject_id, fact.code) == ("Survey Sent", ann, "csat")
    assert surveys.sent_facts(workspace, [touch], present_us=NOW_US, now_us=NOW_US) == []
    assert answer(workspace, asked, 2, "Cold <b>soup</b>") is True
    assert answer(workspace, asked, 5) is False, "the first answer counts"
    rows = sql.read("SELECT subject_id, code, score, source FROM log_row WHERE name = 'Survey Answered'")
    assert rows == [(ann, "csat", 2.0, "surveys: shop")]
    assert sql.read("SELECT kind, text FROM customer_text") == [("survey", "Cold <b>soup</b>")]


def test_a_held_out_customer_is_not_asked(workspace: Settings, ann: int) -> None:
    playing.launched(workspace, a_play(steps=[ASK], hold_out=1.0))
    by_hand(workspace, ann)
    go(workspace)
    (one,) = enrolments(workspace)
    assert way(workspace, one) == [("ask", "would", "")]
    assert sql.read("SELECT 1 FROM survey_asked") == []


def test_before_holdfast_is_reached_nobody_is_asked(workspace: Settings) -> None:
    ann = known(workspace)
    playing.launched(workspace, a_play(steps=[ASK]))
    by_hand(workspace, ann)
    go(workspace)
    assert way(workspace, enrolments(workspace)[0]) == [("ask", "skipped", "no_public_url")]


def test_the_answer_wakes_the_play_and_its_value_parts_the_ways(workspace: Settings, ann: int) -> None:
    wait = {"id": "w", "do": "wait", "days": 7, "event": "Survey Answered"}
    unhappy = {
        "id": "b",
        "do": "branch",
        "paths": [
            {
                "when": {"answer": "csat", "at_most": 2},
                "steps": [{"id": "call", "do": "task", "title": "Call"}],
            }
        ],
        "else": [],
    }
    asked = ask(workspace, ann, ASK, wait, unhappy)
    listed(workspace, ann)
    assert go(workspace, after(minutes=5)) == 0
    answer(workspace, asked, 1)
    assert go(workspace, after(minutes=6)) == 1
    assert way(workspace, enrolments(workspace)[0])[1:] == [
        ("w", "waited", ""),
        ("b", "branched", ""),
        ("call", "did", ""),
    ]


def test_a_reason_that_is_chosen_is_words_on_leaving(workspace: Settings, ann: int) -> None:
    said = {"en": {"text": "Bye", "question": "Why?", "choices": REASONS}}
    asked = ask(workspace, ann, ASK | {"answer": "choice", "about": "exit", "content": said})
    assert asked.choices == ("Too expensive", "No need any more")
    assert answer(workspace, asked, 1, "Twice the price of others")
    assert sql.read("SELECT code, score FROM log_row WHERE name = 'Survey Answered'") == [("exit", 1.0)]
    ((text,),) = sql.read("SELECT text FROM customer_text")
    assert text == "Too expensive\nTwice the price of others"


@pytest.mark.long
def test_a_reason_that_is_chosen_is_read_as_a_cause(workspace: Settings, ann: int) -> None:
    """C1 to C21 and the causes of losses hear an answer as they hear any other text."""
    said = {"en": {"text": "Bye", "question": "Why?", "choices": REASONS}}
    asked = ask(workspace, ann, ASK | {"answer": "choice", "about": "exit", "content": said})
    answer(workspace, asked, 1)
    assert LiveReading().read_new(workspace, now_us=NOW_US) == Read(texts=1)
    read = sql.read("SELECT subject_id, code FROM log_row WHERE name = 'Text Read'")
    assert (ann, "price_too_high") in read


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "ro", "fa", "bg", "ru", "zh"])
def test_k3_each_reason_that_the_ready_play_offers_is_one_cause(language: str) -> None:
    causes = ["price_too_high", "poor_support", "no_longer_needed", "competitor_better_offer"]
    (asks,) = (step for step in steps_of(library.one("win_back_forgot_us").play("en")) if step.do == "survey")
    choices = choices_in(asks.options["content"][language]["choices"])
    assert [cause for choice in choices for cause in read_text(choice, language).causes] == [
        *causes,
        "forgot_about_us",
    ]


def test_an_old_link_says_so_and_a_made_up_one_opens_nothing(workspace: Settings, ann: int) -> None:
    ask(workspace, ann, ASK)
    (token,) = (token for (token,) in sql.read("SELECT token FROM survey_asked"))
    later = microseconds(datetime.now(UTC) + timedelta(days=121))
    with pytest.raises(Refusal, match="long ago"):
        surveys.opened(workspace, token, now_us=later)
    assert surveys.opened(workspace, "A" * 22, now_us=NOW_US) is None


def test_results_tell_shares_only_of_enough_answers(workspace: Settings, ann: int) -> None:
    asked = ask(workspace, ann, ASK)
    answer(workspace, asked, 2, "Write to ann@example.org or call +49 151 2345678")
    found = surveys.results(workspace, "hello", "ask", now_us=NOW_US + 1)
    assert found is not None and not found.enough
    assert (found.of.sent, found.of.answered, found.mean) == (1, 1, None)
    assert [(each.count, each.share) for each in found.shares] == [
        (0, None),
        (1, None),
        *[(0, None)] * 3,
    ]
    assert [each.text for each in found.quotes] == ["Write to ••• or call •••"]
    many = [
        stored.NewAsked(f"k{n}", f"t{n}", "hello", "ask", ann, "five", "csat", "en", "How was it?", ())
        for n in range(19)
    ]
    stored.add(workspace, many, asked_us=NOW_US, ends_us=NOW_US + 1)
    for n in range(19):
        found_asked = stored.by_token(workspace, f"t{n}")
        assert found_asked is not None
        stored.answer(workspace, found_asked.id, 4, words=False, now_us=NOW_US)
    found = surveys.results(workspace, "hello", "ask", now_us=NOW_US + 1)
    assert found is not None and found.enough and found.mean == pytest.approx(3.9)
    four = found.shares[3]
    assert four.share == 0.95 and four.low is not None and four.high is not None
    assert 0.7 < four.low < 0.95 < four.high < 1
    assert [count for _, count, _ in found.over_time] == [20]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"answer": "choice"}, "2 to 10 answers"),
        ({"about": "ease", "answer": "ten"}, "mark of 1 to 5"),
        ({"about": "exit"}, "in words"),
        ({"content": {"en": {"text": "Hi"}}}, "question is missing"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read(a_play(steps=[ASK | wrong]))
