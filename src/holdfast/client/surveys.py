"""Questions that plays ask customers, and what came of each.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import Connection


class Survey(TypedDict):
    """A question of a step of a play, as it was worded last, and how many answered of those asked.

    ``answer`` is how it is answered (ten, five, yes_no, choice, words), ``code`` what its answers count
    as.
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
    last_at: str | None


class SurveyQuote(TypedDict):
    """What somebody wrote, without what says who they are."""

    text: str
    score: int | None
    at: str


class SurveyResults(TypedDict):
    """What came of a question; ``mean`` of marks is null where too few answered.

    ``quotes`` are empty for whoever sees only some customers.
    """

    survey: Survey
    answered: SurveyShare
    shares: list[SurveyShare]
    mean: float | None
    weeks: list[SurveyWeek]
    quotes: list[SurveyQuote]


class SurveyShare(TypedDict):
    """How many gave an answer; ``share`` with its 95 % interval is null where too few answered."""

    score: int
    label: str
    customers: int
    share: float | None
    low: float | None
    high: float | None


class SurveyWeek(TypedDict):
    """The answers of a week that begins then."""

    since: str
    answers: int
    mean: float | None


class Surveys(TypedDict):
    """Every question that was asked, what was answered last first."""

    items: list[Survey]


class SurveysArea:
    """Questions that plays ask customers, and what came of each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_surveys(self) -> Surveys:
        """List the questions that plays asked."""
        return cast("Surveys", self._connection.ask("GET", "/surveys"))

    def survey_results(self, key: str, step: str) -> SurveyResults:
        """Say what came of the question that a step of a play asks."""
        return cast(
            "SurveyResults",
            self._connection.ask("GET", f"/surveys/{quote(key, safe='')}/{quote(step, safe='')}"),
        )
