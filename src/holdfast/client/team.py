"""The team: who has how much to do, handing over, what was done, and what is practised.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import TypedDict, cast

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class Handed(TypedDict):
    """How much was handed over."""

    tasks: int
    cases: int


class Load(TypedDict):
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


class Practice(TypedDict):
    """What is practised, and how the questions were answered."""

    items: list[PracticeNote]
    results: list[PracticeResult]


class PracticeNote(TypedDict):
    """A note for the week from a day on, or with ``choices`` a question, ``right`` counted from 0."""

    id: int
    title: str
    text: str
    from_day: str
    choices: list[str]
    right: int | None


class PracticeResult(TypedDict):
    """How somebody answered."""

    person_id: int
    name: str
    questions: int
    right_at_first: int
    right_by_now: int


class SharedOut(TypedDict):
    """How many tasks that belonged to nobody were given to somebody."""

    tasks: int


class Stayed(TypedDict):
    """Of the customers whom somebody ("" is everybody) spoke to, who had not left 30 days later.

    ``low`` and ``high`` are the 95 % interval of the share, null with too few customers.
    """

    by: str
    customers: int
    stayed: int
    low: float | None
    high: float | None


class TeamReport(TypedDict):
    """Thirteen weeks, the latest first. Who is called is chosen: this does not say what calls changed."""

    weeks: list[TeamWeek]
    stayed: list[Stayed]


class TeamWeek(TypedDict):
    """What somebody closed in the week that begins on ``monday``; ``outcomes`` count calls and visits."""

    by: str
    monday: str
    done: int
    dropped: int
    calls_and_visits: int
    spoken: int
    minutes: int
    outcomes: dict[str, int]


class Workload(TypedDict):
    """Everybody who works with customers, the most loaded first; what belongs to nobody last."""

    items: list[Load]


class TeamArea:
    """The team: who has how much to do, handing over, what was done, and what is practised."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hand_over(self, *, from_id: int, to_id: int, note: str | LeftOut = LEFT_OUT) -> Handed:
        """Give everything that waits for one of us to another, with a word at each task and case."""
        return cast(
            "Handed",
            self._connection.ask(
                "POST", "/team/hand-over", body={"from_id": from_id, "to_id": to_id, "note": note}
            ),
        )

    def get_practice(self) -> Practice:
        """Get what is practised, with the right answers, and how everybody answered."""
        return cast("Practice", self._connection.ask("GET", "/team/practice"))

    def add_practice(
        self,
        *,
        title: str,
        text: str | LeftOut = LEFT_OUT,
        from_day: str | LeftOut | None = LEFT_OUT,
        choices: list[str] | LeftOut = LEFT_OUT,
        right: int | LeftOut | None = LEFT_OUT,
    ) -> PracticeNote:
        """Add something to practise."""
        return cast(
            "PracticeNote",
            self._connection.ask(
                "POST",
                "/team/practice",
                body={"title": title, "text": text, "from_day": from_day, "choices": choices, "right": right},
            ),
        )

    def remove_practice(self, note_id: int) -> None:
        """Take away something to practise, with what was answered."""
        self._connection.ask("DELETE", f"/team/practice/{note_id}")

    def get_team_report(self) -> TeamReport:
        """Get what was done week by week, and who of the customers stayed."""
        return cast("TeamReport", self._connection.ask("GET", "/team/report"))

    def share_out(self) -> SharedOut:
        """Give tasks that belong to nobody to who looks after the customer, else to who has least to do."""
        return cast("SharedOut", self._connection.ask("POST", "/team/share-out"))

    def get_workload(self) -> Workload:
        """Get what waits for each of our people."""
        return cast("Workload", self._connection.ask("GET", "/team/workload"))
