"""Changes of ours: entered once, told to the customers concerned in good time, and what came of it.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import Money, Play


class ChangeOfOurs(TypedDict):
    """A change; ``stage`` is "entered", "prepared", "waits", "telling" or "told".

    ``days_late`` is by how many days customers hear of it later than is fair. ``play`` is the key of the
    play that tells them, "" before there is one; ``yearly`` is what those concerned bring in a year.
    """

    key: str
    kind: Literal["fix", "mistake", "payment", "price", "process", "staff", "trust", "upgrade"]
    title: str
    about: str
    effect_on: str | None
    notice_on: str | None
    wish: str
    rule: dict[str, Any] | None
    words: dict[str, dict[str, str]]
    play: str
    stage: str
    days_late: int
    concerned: int
    yearly: Money
    told: int


class ChangeProgress(TypedDict):
    """A change with what came of it: of those who were told, how many wrote since, complained, left.

    ``customer_ids`` are of those concerned, who bring most first; 200 at most.
    """

    change: ChangeOfOurs
    answered: int
    complained: int
    left: int
    left_untold: int
    later: int
    held: list[HeldBack]
    customer_ids: list[int]


class ChangesOfOurs(TypedDict):
    """Every change, the one entered last first."""

    items: list[ChangeOfOurs]


class HeldBack(TypedDict):
    """So many customers were held back or left out; ``code`` is stable, ``because`` says why in words."""

    code: str
    because: str
    customers: int


class ProposedRule(TypedDict):
    """A rule to begin with."""

    rule: dict[str, Any]


class ChangesArea:
    """Changes of ours: entered once, told to the customers concerned in good time, and what came of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def propose_whom_a_change_concerns(
        self,
        *,
        kind: Literal["fix", "mistake", "payment", "price", "process", "staff", "trust", "upgrade"],
        about: str | None = None,
    ) -> ProposedRule:
        """Get a rule for whom a change of a kind probably concerns."""
        return cast(
            "ProposedRule",
            self._connection.ask("GET", "/change-proposal", query={"kind": kind, "about": about}),
        )

    def list_changes(self) -> ChangesOfOurs:
        """List the changes of ours, with how far each is."""
        return cast("ChangesOfOurs", self._connection.ask("GET", "/changes"))

    def enter_change(
        self,
        *,
        kind: Literal["fix", "mistake", "payment", "price", "process", "staff", "trust", "upgrade"],
        title: str,
        about: str | LeftOut = LEFT_OUT,
        effect_on: str | LeftOut | None = LEFT_OUT,
        notice_on: str | LeftOut | None = LEFT_OUT,
        wish: str | LeftOut = LEFT_OUT,
        rule: dict[str, Any] | LeftOut | None = LEFT_OUT,
        words: dict[str, dict[str, str]] | LeftOut = LEFT_OUT,
    ) -> ChangeProgress:
        """Enter a change, and find whom it concerns."""
        return cast(
            "ChangeProgress",
            self._connection.ask(
                "POST",
                "/changes",
                body={
                    "kind": kind,
                    "title": title,
                    "about": about,
                    "effect_on": effect_on,
                    "notice_on": notice_on,
                    "wish": wish,
                    "rule": rule,
                    "words": words,
                },
            ),
        )

    def get_change(self, key: str) -> ChangeProgress:
        """Get a change with what came of it."""
        return cast("ChangeProgress", self._connection.ask("GET", f"/changes/{quote(key, safe='')}"))

    def correct_change(
        self,
        key: str,
        *,
        kind: Literal["fix", "mistake", "payment", "price", "process", "staff", "trust", "upgrade"],
        title: str,
        about: str | LeftOut = LEFT_OUT,
        effect_on: str | LeftOut | None = LEFT_OUT,
        notice_on: str | LeftOut | None = LEFT_OUT,
        wish: str | LeftOut = LEFT_OUT,
        rule: dict[str, Any] | LeftOut | None = LEFT_OUT,
        words: dict[str, dict[str, str]] | LeftOut = LEFT_OUT,
        if_match: str | None = None,
    ) -> ChangeProgress:
        """Change what is said of a change, and find anew whom it concerns."""
        return cast(
            "ChangeProgress",
            self._connection.ask(
                "PUT",
                f"/changes/{quote(key, safe='')}",
                body={
                    "kind": kind,
                    "title": title,
                    "about": about,
                    "effect_on": effect_on,
                    "notice_on": notice_on,
                    "wish": wish,
                    "rule": rule,
                    "words": words,
                },
                if_match=if_match,
            ),
        )

    def delete_change(self, key: str, *, if_match: str | None = None) -> None:
        """Forget a change of which nobody was told."""
        self._connection.ask("DELETE", f"/changes/{quote(key, safe='')}", if_match=if_match)

    def find_whom_a_change_concerns(self, key: str) -> ChangeProgress:
        """Find anew whom a change concerns."""
        return cast("ChangeProgress", self._connection.ask("POST", f"/changes/{quote(key, safe='')}/find"))

    def make_play_of_change(self, key: str) -> Play:
        """Make the play that tells a change, or write its draft anew. It is launched as every play."""
        return cast("Play", self._connection.ask("POST", f"/changes/{quote(key, safe='')}/play"))

    def tell_who_came_later(self, key: str) -> ChangeProgress:
        """Let customers enter the play who came to the list after it went out."""
        return cast(
            "ChangeProgress", self._connection.ask("POST", f"/changes/{quote(key, safe='')}/tell-later")
        )
