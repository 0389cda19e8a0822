"""Surveys and what people say unasked."""

from __future__ import annotations

import numpy as np

from holdfast.simulate import draws
from holdfast.simulate.arrays import Array, Flags, Floats, Ints
from holdfast.simulate.causes import CAUSE_IDS, cause_index
from holdfast.simulate.draws import Purpose
from holdfast.simulate.mailing import send_message
from holdfast.simulate.mood import usual_hazards
from holdfast.simulate.people import Kind, Stage
from holdfast.simulate.speaking import note_texts, theme_index, write_words
from holdfast.simulate.today import Today, strings

NPS_EVERY = 182
NPS_FIRST = 45
CSAT_AFTER = 14
ANSWERS = 0.24
"""Share of those asked who answer the NPS question when they are content; see :func:`answer_chance`."""

EXIT_ANSWERS = 0.34
_COMMENTS = 0.5
_WAVERING_WRITES = 0.010
_CONTENT_WRITES = 0.00035
_PROSPECT_WRITES = 0.0012


def ask_how_likely(today: Today) -> None:
    """Everyone is asked for an NPS 45 days after the first purchase and then twice a year."""
    people = today.people
    age = today.day - people.customer_since
    due = people.present() & (people.customer_since >= 0) & (age % NPS_EVERY == NPS_FIRST)
    rows = np.flatnonzero(due & (people.kind != Kind.WHOLESALE))
    ids = today.numbered("Q", rows, np.full(len(rows), today.day, np.int64))
    today.event("Survey Sent", rows, today.at_hour(rows, 7), object_kind="survey", object_id=ids, code="nps")
    answers = today.uniform(rows, Purpose.SURVEY) < answer_chance(today, rows)
    rows, ids = rows[answers], ids[answers]
    score = mark_of(today, rows)
    themes = themes_of(today, rows, score)
    comments = today.uniform(rows, Purpose.SURVEY, 1) < _COMMENTS
    leaving = (people.stage[rows] == Stage.WAVERING) & (score <= 4)
    leaving &= today.uniform(rows, Purpose.SURVEY, 2) < 0.4
    text = _texts(today, rows, themes, 2, leaving, comments)
    _answer(today, rows, ids, "nps", score, text)
    _note(today, ids, rows, themes, leaving, comments)


def ask_how_it_was(today: Today) -> None:
    """Two weeks after the first purchase everyone is asked how it was, from 1 to 5 (CSAT)."""
    people = today.people
    due = people.present() & (people.customer_since == today.day - CSAT_AFTER)
    rows = np.flatnonzero(due & (people.kind != Kind.WHOLESALE))
    ids = today.numbered("H", rows, np.full(len(rows), today.day, np.int64))
    today.event("Survey Sent", rows, today.at_hour(rows, 7), object_kind="survey", object_id=ids, code="csat")
    answers = today.uniform(rows, Purpose.SURVEY) < answer_chance(today, rows)
    rows, ids = rows[answers], ids[answers]
    score = np.clip((mark_of(today, rows) + 1) // 2, 1, 5)
    _answer(today, rows, ids, "csat", score, strings([""] * len(rows)))


def answer_chance(today: Today, rows: Ints) -> Floats:
    """Probability that someone who is asked answers: less when wavering, more with the app."""
    people = today.people
    chance = ANSWERS * np.where(people.stage[rows] == Stage.WAVERING, 0.7, 1.0)
    chance = chance * np.where(people.app_rate[rows] > 0, 1.15, 0.85)
    heard: Floats = chance * np.where(people.grievance[rows] > 0.002, 1.3, 1.0)
    return heard


def ask_why(today: Today, rows: Ints, cause: Ints) -> None:
    """Those who cancel today are asked why; a third answers, in words (F2)."""
    answers = today.uniform(rows, Purpose.EXIT_SURVEY) < EXIT_ANSWERS
    rows, themes = rows[answers], cause[answers].astype(np.int64)
    if not len(rows):
        return
    ids = today.numbered("X", rows, np.full(len(rows), today.day, np.int64))
    leaving = today.uniform(rows, Purpose.EXIT_SURVEY, 1) < 0.5
    text = write_words(today, rows, themes, 3, leaving)
    _answer(today, rows, ids, "exit", np.full(len(rows), -1, np.int64), text)
    note_texts(today, "survey", ids, rows, themes, leaving)


def speak_up(today: Today) -> None:
    """Some write without being asked: praise, questions, and from the wavering what hurts."""
    people = today.people
    rows = np.flatnonzero(
        ((people.stage <= Stage.WAVERING) & (people.kind != Kind.WHOLESALE))
        & ((people.stage != Stage.NOT_YET) | (people.arrived > today.day - 60))
    )
    chances = np.array([_PROSPECT_WRITES, _CONTENT_WRITES, _WAVERING_WRITES])
    rows = rows[today.uniform(rows, Purpose.WRITE) < chances[people.stage[rows]]]
    if not len(rows):
        return
    themes = _message_themes(today, rows)
    wavers = people.stage[rows] == Stage.WAVERING
    leaving = wavers & (themes < len(CAUSE_IDS)) & (today.uniform(rows, Purpose.WRITE, 1) < 0.35)
    text = write_words(today, rows, themes, 4, leaving)
    at = today.moments(rows, Purpose.WRITE)
    ids = send_message(today, rows, at, text, letter="M", direction="in")
    note_texts(today, "message", ids, rows, themes, leaving)


def mark_of(today: Today, rows: Ints, purpose: Purpose = Purpose.SURVEY_SCORE) -> Ints:
    """The mark of 0 to 10 that each of these people would give us today; ``purpose`` is that of the draw."""
    people = today.people
    mean = 8.7 + 0.5 * np.clip(people.fit[rows], -2, 2) - 600.0 * np.minimum(people.grievance[rows], 0.008)
    mean = mean - 2.4 * (people.stage[rows] == Stage.WAVERING)
    score = mean + 1.2 * today.normal(rows, purpose)
    rounded: Ints = np.clip(np.round(score), 0, 10).astype(np.int64)
    return rounded


def themes_of(today: Today, rows: Ints, score: Ints, purpose: Purpose = Purpose.SURVEY_SCORE) -> Ints:
    """What these people would write about today who give such marks; ``purpose`` is that of the draw."""
    people = today.people
    weights = usual_hazards(today, rows)
    fading = 0.5 ** ((today.day - people.grievance_day[rows]) / today.scenario.grievance_half_life)
    weights = weights + 3.0 * people.grievances[rows] * fading[:, None]
    # Of their own life people do not speak in a rating.
    weights[:, [cause_index("forgot_about_us"), cause_index("personal_circumstances")]] = 0.0
    hurts = draws.choose_by_row(today.uniform(rows, purpose, 2), weights)
    hurts = np.where(people.stage[rows] == Stage.WAVERING, people.cause[rows], hurts)
    mild = np.where(score >= 9, theme_index("praise"), theme_index("middling"))
    themes: Ints = np.where(score <= 6, hurts, mild)
    return themes


def _message_themes(today: Today, rows: Ints) -> Ints:
    people = today.people
    drawn = today.uniform(rows, Purpose.WRITE, 2)
    quiet = np.where(drawn < 0.45, theme_index("praise"), theme_index("question"))
    quiet = np.where(people.stage[rows] == Stage.NOT_YET, theme_index("question"), quiet)
    cause = np.maximum(people.cause[rows], 0).astype(np.int64)
    haggles = np.isin(cause, [cause_index("price_too_high"), cause_index("competitor_better_offer")])
    hurts = np.where(haggles & (drawn < 0.35), theme_index("discount"), cause)
    themes: Ints = np.where(people.stage[rows] == Stage.WAVERING, hurts, quiet)
    return themes


def _texts(today: Today, rows: Ints, themes: Ints, part: int, leaving: Flags, said: Flags) -> Array:
    text = strings([""] * len(rows))
    text[said] = write_words(today, rows[said], themes[said], part, leaving[said])
    return text


def _answer(today: Today, rows: Ints, ids: Array, survey: str, score: Ints, text: Array) -> None:
    today.add(
        "surveys",
        customer=today.ids(rows),
        at=_answered_at(today, rows),
        survey=strings([survey] * len(rows)),
        score=score,
        text=text,
        event_id=ids,
    )


def _answered_at(today: Today, rows: Ints) -> Ints:
    """Nobody answers before the survey went out at seven."""
    at: Ints = np.maximum(today.moments(rows, Purpose.SURVEY), today.at_hour(rows, 7) + 60_000_000)
    return at


def _note(today: Today, ids: Array, rows: Ints, themes: Ints, leaving: Flags, said: Flags) -> None:
    if said.any():
        note_texts(today, "survey", ids[said], rows[said], themes[said], leaving[said])
