"""Plays: written, rehearsed, tried dry, launched, ended.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import Play


class DryRunCount(TypedDict):
    """How many would be sent something, held, skipped, or wait first, by why."""

    what: str
    code: str
    customers: int


class DryRunPerson(TypedDict):
    """What would become of one customer, and why."""

    customer_id: int
    name: str
    what: str
    code: str
    because: str
    channel: str
    title: str


class PlayDryRun(TypedDict):
    """A dry run; with ``scale`` above 1 counts are scaled up from a part of the customers."""

    about: int
    scale: float
    counts: list[DryRunCount]
    people: list[DryRunPerson]


class PlayLaunched(TypedDict):
    """``waits``: a second person has to launch it too, for it reaches many."""

    outcome: str
    customers: int
    problems: list[PlayProblem]


class PlayProblem(TypedDict):
    """Something wrong with a play; only what ``stops`` keeps it from being launched."""

    code: str
    words: str
    step: str
    stops: bool


class PlayProblems(TypedDict):
    """What is wrong with a play, what stops its launch first."""

    items: list[PlayProblem]


class PlayRehearsal(TypedDict):
    """What would have come of a play in the past; figures are scaled up by ``scale`` from a part.

    ``steps`` counts who would have gone through each step, ``goals`` who met the goal by themselves.
    """

    since: str
    until: str
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


class PlayRules(TypedDict):
    """What holds of all plays."""

    hold_out: float
    approve_above: int


class PlayVersions(TypedDict):
    """Every version of a play, the newest first."""

    items: list[PlayWritten]


class PlayWritten(TypedDict):
    """A version of a play as it is written."""

    number: int
    content: dict[str, Any]
    made_at: str
    made_by: str
    launched_at: str | None
    launched_by: str
    approved_by: str


class StepField(TypedDict):
    """An option of a step."""

    name: str
    label: str
    hint: str
    kind: str
    choices: list[str]


class StepKind(TypedDict):
    """A step that plays can have."""

    name: str
    title: str
    meaning: str
    fields: list[StepField]


class StepKinds(TypedDict):
    """Every step that plays can have."""

    items: list[StepKind]


class PlaysArea:
    """Plays: written, rehearsed, tried dry, launched, ended."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_plays(self, *, limit: int | None = None) -> Iterator[Play]:
        """List the plays by key."""
        return self._connection.pages("/plays", {"limit": limit})

    def create_play(self, *, content: dict[str, Any]) -> Play:
        """Keep a new play as a draft."""
        return cast("Play", self._connection.ask("POST", "/plays", body={"content": content}))

    def get_play_rules(self) -> PlayRules:
        """Get what holds of all plays."""
        return cast("PlayRules", self._connection.ask("GET", "/plays/rules"))

    def set_play_rules(
        self, *, hold_out: float, approve_above: int, if_match: str | None = None
    ) -> PlayRules:
        """Decide what holds of all plays."""
        return cast(
            "PlayRules",
            self._connection.ask(
                "PUT",
                "/plays/rules",
                body={"hold_out": hold_out, "approve_above": approve_above},
                if_match=if_match,
            ),
        )

    def list_step_kinds(self) -> StepKinds:
        """List the steps that plays can have, with their options."""
        return cast("StepKinds", self._connection.ask("GET", "/plays/steps"))

    def get_play(self, key: str) -> Play:
        """Get one play."""
        return cast("Play", self._connection.ask("GET", f"/plays/{quote(key, safe='')}"))

    def update_play(
        self, key: str, *, content: dict[str, Any], number: int, if_match: str | None = None
    ) -> Play:
        """Keep another version of a play; customers enter by it once it is launched."""
        return cast(
            "Play",
            self._connection.ask(
                "PUT",
                f"/plays/{quote(key, safe='')}",
                body={"content": content, "number": number},
                if_match=if_match,
            ),
        )

    def delete_play(self, key: str, *, if_match: str | None = None) -> None:
        """Delete a play that was never launched."""
        self._connection.ask("DELETE", f"/plays/{quote(key, safe='')}", if_match=if_match)

    def dry_run_play(self, key: str) -> PlayDryRun:
        """Say what the latest version of a play would do now, to whom and why; nothing is written."""
        return cast("PlayDryRun", self._connection.ask("POST", f"/plays/{quote(key, safe='')}/dry-run"))

    def end_play(self, key: str, *, stop: bool | LeftOut = LEFT_OUT) -> Play:
        """Let nobody enter any more; those under way go on, unless they are stopped."""
        return cast(
            "Play", self._connection.ask("POST", f"/plays/{quote(key, safe='')}/end", body={"stop": stop})
        )

    def launch_play(
        self, key: str, *, number: int, although_twice: bool | LeftOut = LEFT_OUT
    ) -> PlayLaunched:
        """Let customers enter a play; where it reaches many, a second person has to launch it too."""
        return cast(
            "PlayLaunched",
            self._connection.ask(
                "POST",
                f"/plays/{quote(key, safe='')}/launch",
                body={"number": number, "although_twice": although_twice},
            ),
        )

    def withdraw_launch(self, key: str, *, number: int) -> Play:
        """Take back, or turn down, that somebody wants a play launched."""
        return cast(
            "Play",
            self._connection.ask(
                "POST", f"/plays/{quote(key, safe='')}/launch/withdraw", body={"number": number}
            ),
        )

    def pause_play(self, key: str) -> Play:
        """Let nobody enter and nobody go on until the play is resumed."""
        return cast("Play", self._connection.ask("POST", f"/plays/{quote(key, safe='')}/pause"))

    def list_play_problems(self, key: str) -> PlayProblems:
        """List what is wrong with the latest version of a play."""
        return cast("PlayProblems", self._connection.ask("GET", f"/plays/{quote(key, safe='')}/problems"))

    def rehearse_play(self, key: str, *, days: int | LeftOut = LEFT_OUT) -> PlayRehearsal:
        """Say who would have entered a play in the past, when, and what it would have cost."""
        return cast(
            "PlayRehearsal",
            self._connection.ask("POST", f"/plays/{quote(key, safe='')}/rehearsal", body={"days": days}),
        )

    def resume_play(self, key: str) -> Play:
        """Let a paused play go on."""
        return cast("Play", self._connection.ask("POST", f"/plays/{quote(key, safe='')}/resume"))

    def list_play_versions(self, key: str) -> PlayVersions:
        """List the versions of a play as they are written, the newest first."""
        return cast("PlayVersions", self._connection.ask("GET", f"/plays/{quote(key, safe='')}/versions"))
