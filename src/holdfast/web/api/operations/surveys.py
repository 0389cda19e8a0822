"""Questions that plays ask customers, and what came of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from holdfast.domain.moments import microseconds
from holdfast.services.act import surveys
from holdfast.services.act.surveys import Share
from holdfast.store.surveys import Counted
from holdfast.store.write_keys import READ
from holdfast.web.api.contract import Answered, Call, moment, moment_or_none, not_here, operation
from holdfast.web.api.play_shapes import Key

StepId = Annotated[str, Meta(max_length=40, description="The id of the step that asks.")]


class Survey(Answered, frozen=True):
    """A question of a step of a play, as it was worded last, and how many answered of those asked.

    ``answer`` is how it is answered (ten, five, yes_no, choice, words), ``code`` what its answers count as.
    """

    play: str
    step: str
    question: str
    language: str
    answer: str
    code: str
    choices: list[str]
    asked: int
    answered: int
    last_at: datetime | None


class Surveys(Answered, frozen=True):
    """Every question that was asked, what was answered last first."""

    items: list[Survey]


class SurveyShare(Answered, frozen=True):
    """How many gave an answer; ``share`` with its 95 % interval is null where too few answered."""

    score: int
    label: str
    customers: int
    share: float | None
    low: float | None
    high: float | None


class SurveyWeek(Answered, frozen=True):
    """The answers of a week that begins then."""

    since: datetime
    answers: int
    mean: float | None


class SurveyQuote(Answered, frozen=True):
    """What somebody wrote, without what says who they are."""

    text: str
    score: int | None
    at: datetime


class SurveyResults(Answered, frozen=True):
    """What came of a question; ``mean`` of marks is null where too few answered.

    ``quotes`` are empty for whoever sees only some customers.
    """

    survey: Survey
    answered: SurveyShare
    shares: list[SurveyShare]
    mean: float | None
    weeks: list[SurveyWeek]
    quotes: list[SurveyQuote]


@operation("GET", "/surveys", scope=READ)
def list_surveys(call: Call) -> Surveys:
    """List the questions that plays asked."""
    return Surveys(items=[_survey(each) for each in surveys.listed(call.settings)])


@operation("GET", "/surveys/{key}/{step}", scope=READ)
def survey_results(call: Call, key: Key, step: StepId) -> SurveyResults:
    """Say what came of the question that a step of a play asks."""
    now_us = microseconds(call.settings.now(call.actual))
    found = surveys.results(call.settings, key, step, now_us=now_us)
    if found is None:
        raise not_here("question", f"{key}/{step}")
    return SurveyResults(
        survey=_survey(found.of),
        answered=_share(found.answered_share),
        shares=[_share(each) for each in found.shares],
        mean=found.mean,
        weeks=[
            SurveyWeek(since=moment(at_us), answers=count, mean=mean)
            for at_us, count, mean in found.over_time
        ],
        quotes=[
            SurveyQuote(text=each.text, score=each.score, at=moment(each.at_us))
            for each in found.quotes
            if call.theirs is None
        ],
    )


def _survey(each: Counted) -> Survey:
    return Survey(
        play=each.play_key,
        step=each.step_id,
        question=each.question,
        language=each.language,
        answer=each.kind,
        code=each.code,
        choices=list(each.choices),
        asked=each.sent,
        answered=each.answered,
        last_at=moment_or_none(each.last_us),
    )


def _share(each: Share) -> SurveyShare:
    return SurveyShare(
        score=each.score,
        label=each.label,
        customers=each.count,
        share=each.share,
        low=each.low,
        high=each.high,
    )
