"""The team: who has how much to do, handing over, what was done, and what is practised."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from holdfast.domain.period import date_of
from holdfast.services.act.team import load, practice, report
from holdfast.services.act.team.practice import LONGEST_CHOICE, MOST_CHOICES
from holdfast.services.act.work_typed import LONGEST_TEXT, LONGEST_TITLE
from holdfast.store import practice as stored
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import DECIDERS, WRITERS
from holdfast.web.api.contract import Answered, Asked, Call, Id, not_here, operation

Words = Annotated[str, Meta(max_length=LONGEST_TEXT)]


class Load(Answered, frozen=True):
    """What waits for somebody, null for nobody, and what was closed in seven days."""

    person_id: int | None
    name: str
    works: bool
    open: int
    late: int
    due_within_a_week: int
    put_off: int
    cases: int
    closed: int
    minutes: int


class Workload(Answered, frozen=True):
    """Everybody who works with customers, the most loaded first; what belongs to nobody last."""

    items: list[Load]


class HandOver(Asked, kw_only=True, frozen=True):
    """From whom to whom, and what they should know."""

    from_id: Id
    to_id: Id
    note: Words = ""


class Handed(Answered, frozen=True):
    """How much was handed over."""

    tasks: int
    cases: int


class SharedOut(Answered, frozen=True):
    """How many tasks that belonged to nobody were given to somebody."""

    tasks: int


class TeamWeek(Answered, frozen=True):
    """What somebody closed in the week that begins on ``monday``; ``outcomes`` count calls and visits."""

    by: str
    monday: date
    done: int
    dropped: int
    calls_and_visits: int
    spoken: int
    minutes: int
    outcomes: dict[str, int]


class Stayed(Answered, frozen=True):
    """Of the customers whom somebody ("" is everybody) spoke to, who had not left 30 days later.

    ``low`` and ``high`` are the 95 % interval of the share, null with too few customers.
    """

    by: str
    customers: int
    stayed: int
    low: float | None
    high: float | None


class TeamReport(Answered, frozen=True):
    """Thirteen weeks, the latest first. Who is called is chosen: this does not say what calls changed."""

    weeks: list[TeamWeek]
    stayed: list[Stayed]


class PracticeNote(Answered, frozen=True):
    """A note for the week from a day on, or with ``choices`` a question, ``right`` counted from 0."""

    id: int
    title: str
    text: str
    from_day: date
    choices: list[str]
    right: int | None


class PracticeResult(Answered, frozen=True):
    """How somebody answered."""

    person_id: int
    name: str
    questions: int
    right_at_first: int
    right_by_now: int


class Practice(Answered, frozen=True):
    """What is practised, and how the questions were answered."""

    items: list[PracticeNote]
    results: list[PracticeResult]


class NewPractice(Asked, kw_only=True, frozen=True):
    """A note, or with ``choices`` a question."""

    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    text: Words = ""
    from_day: date | None = None
    choices: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=LONGEST_CHOICE)]], Meta(max_length=MOST_CHOICES)
    ] = []  # noqa: RUF012
    right: Annotated[int, Meta(ge=0, lt=MOST_CHOICES)] | None = None


@operation("GET", "/team/workload", scope=READ, roles=WRITERS)
def get_workload(call: Call) -> Workload:
    """Get what waits for each of our people."""
    return Workload(
        items=[
            Load(
                person_id=each.load.person_id,
                name=each.name,
                works=each.may_work,
                open=each.load.open,
                late=each.load.late,
                due_within_a_week=each.load.week,
                put_off=each.load.put_off,
                cases=each.load.cases,
                closed=each.load.closed,
                minutes=each.load.minutes,
            )
            for each in load.workload(call.settings, call.now)
        ]
    )


@operation("POST", "/team/hand-over", scope=WRITE, roles=DECIDERS)
def hand_over(call: Call, body: HandOver) -> Handed:
    """Give everything that waits for one of us to another, with a word at each task and case."""
    done = load.hand_over(call.settings, body.from_id, body.to_id, body.note, by=call.by, now=call.now)
    return Handed(tasks=done.tasks, cases=done.cases)


@operation("POST", "/team/share-out", scope=WRITE, roles=DECIDERS)
def share_out(call: Call) -> SharedOut:
    """Give tasks that belong to nobody to who looks after the customer, else to who has least to do."""
    return SharedOut(tasks=load.share_out(call.settings, by=call.by, now=call.now))


@operation("GET", "/team/report", scope=READ, roles=DECIDERS)
def get_team_report(call: Call) -> TeamReport:
    """Get what was done week by week, and who of the customers stayed."""
    found = report.report(call.settings, call.now)
    weeks = [
        TeamWeek(
            by=each.by,
            monday=each.monday,
            done=each.done,
            dropped=each.dropped,
            calls_and_visits=each.contacts,
            spoken=each.spoken,
            minutes=each.minutes,
            outcomes=dict(each.outcomes),
        )
        for each in found.weeks
    ]
    stayed = [
        Stayed(by=each.by, customers=each.customers, stayed=each.stayed, low=each.low, high=each.high)
        for each in found.kept
    ]
    return TeamReport(weeks=weeks, stayed=stayed)


@operation("GET", "/team/practice", scope=READ, roles=DECIDERS)
def get_practice(call: Call) -> Practice:
    """Get what is practised, with the right answers, and how everybody answered."""
    results = [
        PracticeResult(
            person_id=each.person_id,
            name=each.name,
            questions=each.questions,
            right_at_first=each.right_first,
            right_by_now=each.right_last,
        )
        for each in stored.results(call.settings)
    ]
    return Practice(items=[_note(each) for each in stored.notes(call.settings)], results=results)


@operation("POST", "/team/practice", scope=WRITE, roles=DECIDERS, status=201)
def add_practice(call: Call, body: NewPractice) -> PracticeNote:
    """Add something to practise."""
    day = body.from_day or call.now.astimezone(call.settings.zone).date()
    number = practice.add(
        *(call.settings, body.title, body.text, day, tuple(body.choices), body.right),
        by=call.by,
        now_us=call.actual_us,
    )
    return next(_note(each) for each in stored.notes(call.settings) if each.id == number)


@operation("DELETE", "/team/practice/{note_id}", scope=WRITE, roles=DECIDERS)
def remove_practice(call: Call, note_id: Id) -> None:
    """Take away something to practise, with what was answered."""
    if not practice.remove(call.settings, note_id):
        raise not_here("practice", note_id)


def _note(note: stored.Note) -> PracticeNote:
    return PracticeNote(
        id=note.id,
        title=note.title,
        text=note.text,
        from_day=date_of(note.from_day),
        choices=list(note.choices),
        right=note.right,
    )
