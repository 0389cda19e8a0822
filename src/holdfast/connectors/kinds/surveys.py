"""Surveys: answers on a scale and in words."""

from __future__ import annotations

from holdfast.connectors.columns import (
    AT,
    CHANNEL,
    EVENT_ID,
    KNOWN_AT,
    SCORE,
    SOMEONE,
    TEXT,
    WHO,
    named,
    names,
)
from holdfast.domain.imports import Column, EventRule, ImportKind
from holdfast.domain.texts import Text

KIND = ImportKind(
    name="surveys",
    title=Text("Surveys"),
    meaning=Text("Answers to surveys: nps, ces, csat, exit or free text."),
    columns=(
        *WHO,
        named(
            AT,
            """
            answered at, submitted at, response date, survey date, responded at, answered on
            """,
        ),
        Column(
            "survey",
            "text",
            Text("Which: nps, ces, csat, exit or free."),
            names(
                """
            survey type, survey kind, kind, type, question type, metric, sondaj, نظرسنجی,
            анкета, опрос, 问卷, 类型
            """
            ),
        ),
        SCORE,
        TEXT,
        Column(
            "question",
            "text",
            Text("What was asked."),
            names("question text, intrebare, سوال, въпрос, вопрос, 问题"),
            detail=True,
        ),
        CHANNEL,
        named(EVENT_ID, "response id, answer id, survey id", name="event_id"),
        KNOWN_AT,
    ),
    required=(SOMEONE, ("at",), ("score", "text")),
    events=(
        EventRule(
            "'Survey Answered'",
            '"at"',
            object_kind="survey",
            columns={
                "code": 'COALESCE(LOWER(TRIM("survey")), CASE WHEN "score" IS NULL THEN \'free\' END)',
                "score": '"score"',
            },
        ),
    ),
    text="text",
    stand_ins={"survey": "survey"},
)
