"""Shapes of what the API says of plays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta

from holdfast.services.act.plays.rehearse import YEAR
from holdfast.web.api.contract import Answered, Asked, Paging

Key = Annotated[str, Meta(min_length=1, max_length=80)]
Content = Annotated[
    dict[str, Any],
    Meta(description="A play as docs/reference/plays.md describes it: key, title, trigger, steps and so on."),
]


class Play(Answered, frozen=True):
    """A play; ``number`` is that of its latest version, ``running`` that by which customers enter."""

    key: str
    title: str
    state: str
    purpose: str
    priority: int
    number: int
    running: int | None
    made_at: datetime
    made_by: str
    launched_at: datetime | None
    ended_at: datetime | None
    under_way: int
    done: int
    left: int
    held_out: int
    goals: int


class PlayWritten(Answered, frozen=True):
    """A version of a play as it is written."""

    number: int
    content: dict[str, Any]
    made_at: datetime
    made_by: str
    launched_at: datetime | None
    launched_by: str
    approved_by: str


class PlayVersions(Answered, frozen=True):
    """Every version of a play, the newest first."""

    items: list[PlayWritten]


class NewPlay(Asked, kw_only=True, frozen=True):
    """A play to be kept as a draft."""

    content: Content


class PlayChanged(Asked, kw_only=True, frozen=True):
    """Another version, made from the version ``number``: who was quicker wins, the other one is told."""

    content: Content
    number: Annotated[int, Meta(ge=1)]


class OfVersion(Asked, kw_only=True, frozen=True):
    """The version that was looked at."""

    number: Annotated[int, Meta(ge=1)]


class PlayLaunch(Asked, kw_only=True, frozen=True):
    """The version that was looked at; ``although_twice`` launches it though another play tells the same."""

    number: Annotated[int, Meta(ge=1)]
    although_twice: bool = False


class PlayEnd(Asked, kw_only=True, frozen=True):
    """``stop`` ends those under way too."""

    stop: bool = False


class PlayProblem(Answered, frozen=True):
    """Something wrong with a play; only what ``stops`` keeps it from being launched."""

    code: str
    words: str
    step: str
    stops: bool


class PlayProblems(Answered, frozen=True):
    """What is wrong with a play, what stops its launch first."""

    items: list[PlayProblem]


class PlayLaunched(Answered, frozen=True):
    """``waits``: a second person has to launch it too, for it reaches many."""

    outcome: str
    customers: int
    problems: list[PlayProblem]


class DryRunCount(Answered, frozen=True):
    """How many would be sent something, held, skipped, or wait first, by why."""

    what: str
    code: str
    customers: int


class DryRunPerson(Answered, frozen=True):
    """What would become of one customer, and why."""

    customer_id: int
    name: str
    what: str
    code: str
    because: str
    channel: str
    title: str


class PlayDryRun(Answered, frozen=True):
    """A dry run; with ``scale`` above 1 counts are scaled up from a part of the customers."""

    about: int
    scale: float
    counts: list[DryRunCount]
    people: list[DryRunPerson]


class PlayRehearsal(Answered, frozen=True):
    """What would have come of a play in the past; figures are scaled up by ``scale`` from a part.

    ``steps`` counts who would have gone through each step, ``goals`` who met the goal by themselves.
    """

    since: date
    until: date
    began: int
    entered: int
    customers: int
    held_out: int
    without: dict[str, int]
    months: dict[str, int]
    touches: int
    money_minor: int
    tasks: int
    scale: float
    steps: dict[str, int]
    goals: int


class RehearsalQuery(Asked, kw_only=True, frozen=True):
    """How far back."""

    days: Annotated[int, Meta(ge=1, le=YEAR)] = YEAR


class EnrolBody(Asked, kw_only=True, frozen=True):
    """Whom to enrol by hand."""

    customer_ids: Annotated[list[Annotated[int, Meta(ge=1)]], Meta(min_length=1, max_length=1_000)]


class EnrolAnswer(Answered, frozen=True):
    """How many entered, by arm."""

    treated: int
    held_out: int


class Enrolment(Answered, frozen=True):
    """One customer's way through a play."""

    id: int
    play: str
    version: int
    customer_id: int
    name: str
    round: int
    arm: str
    state: str
    entered_at: datetime
    reason: dict[str, Any]
    step: str
    ended_at: datetime | None
    ended_why: str
    goal_at: datetime | None


class EnrolmentsQuery(Paging, kw_only=True, frozen=True):
    """Only those in a state: under_way, done, left, held_out."""

    state: Annotated[str, Meta(pattern="^(under_way|done|left|held_out)?$")] = ""


class WayStep(Answered, frozen=True):
    """What happened at one step."""

    step: str
    at: datetime
    what: str
    code: str
    because: str


class EnrolmentWay(Answered, frozen=True):
    """An enrolment, and what happened at each step."""

    enrolment: Enrolment
    steps: list[WayStep]


class Enrolments(Answered, frozen=True):
    """The plays of a customer, the latest first."""

    items: list[Enrolment]


class Grant(Answered, frozen=True):
    """Something granted to a customer; ``amount`` in ``unit``: money in minor units of ``currency``."""

    id: int
    kind: str
    amount: int
    unit: str
    currency: str
    reason: str
    made_at: datetime
    made_by: str
    until_at: datetime | None
    task_id: int | None
    state: str


class Grants(Answered, frozen=True):
    """What a customer was granted, the latest first."""

    items: list[Grant]


class GrantState(Asked, kw_only=True, frozen=True):
    """What became of a grant."""

    state: Annotated[str, Meta(pattern="^(booked|withdrawn)$")]


class PlayRules(Answered, frozen=True):
    """What holds of all plays."""

    hold_out: float
    approve_above: int


class PlayRulesSet(Asked, kw_only=True, frozen=True):
    """The share no play of purpose marketing touches; above how many customers two people are needed."""

    hold_out: Annotated[float, Meta(ge=0, le=0.5)]
    approve_above: Annotated[int, Meta(ge=0, le=100_000_000)]


class StepField(Answered, frozen=True):
    """An option of a step."""

    name: str
    label: str
    hint: str
    kind: str
    choices: list[str]


class StepKind(Answered, frozen=True):
    """A step that plays can have."""

    name: str
    title: str
    meaning: str
    fields: list[StepField]


class StepKinds(Answered, frozen=True):
    """Every step that plays can have."""

    items: list[StepKind]
