"""Early warnings: signals with their records, how they are set, and the episodes they raised.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut
from holdfast.client.shapes import Episode, Storm


class Scorecard(TypedDict):
    """The record of a signal by its replay on the past; null is what cannot be said.

    ``left_with`` is the share that left within ``horizon_days`` of a warning, ``left_without`` that of
    customers not warned of on the same days, ``lift`` the quotient with its 95 % interval. ``overlap``
    says which share of its episodes began while one of another signal was open.
    """

    from_day: str
    to_day: str
    horizon_days: int
    customers: int
    episodes: int
    warned: int
    weekly: float
    left_with: float | None
    left_without: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    lead_days: float | None
    overlap: dict[str, float]
    false_weekly: float | None
    answered_hours: float | None
    unanswered: float | None
    verdict: str
    words: str
    stale: bool


class Signal(TypedDict):
    """A signal: what it warns of, how it is set, what it raised, and what it is worth.

    ``code`` is its row in the catalogue, "" for an ``own`` one that people built. ``storms`` are those of
    the last year, for who may see every customer.
    """

    key: str
    code: str
    title: str
    meaning: str
    cause: str
    on: bool
    own: bool
    cooldown_days: int
    settings: list[SignalSetting]
    open: int
    raised_in_7_days: int
    storms: list[Storm]
    scorecard: Scorecard | None


class SignalSetting(TypedDict):
    """A number of a signal that people may change, between ``least`` and ``most``."""

    name: str
    title: str
    unit: str
    value: float
    delivered: float
    least: float
    most: float


class Signals(TypedDict):
    """Every signal."""

    items: list[Signal]


class SignalsArea:
    """Early warnings: signals with their records, how they are set, and the episodes they raised."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_episodes(
        self,
        *,
        limit: int | None = None,
        signal: str | None = None,
        customer_id: int | None = None,
        open: bool | None = None,
    ) -> Iterator[Episode]:
        """List early warnings, the newest first."""
        return self._connection.pages(
            "/episodes", {"limit": limit, "signal": signal, "customer_id": customer_id, "open": open}
        )

    def get_episode(self, episode_id: int) -> Episode:
        """Get an early warning."""
        return cast("Episode", self._connection.ask("GET", f"/episodes/{episode_id}"))

    def change_episode(
        self,
        episode_id: int,
        *,
        snoozed_until: str | LeftOut | None = LEFT_OUT,
        wake: bool | LeftOut = LEFT_OUT,
        settled: bool | LeftOut = LEFT_OUT,
        if_match: str | None = None,
    ) -> Episode:
        """Put an early warning off, show it again, or settle it."""
        return cast(
            "Episode",
            self._connection.ask(
                "PATCH",
                f"/episodes/{episode_id}",
                body={"snoozed_until": snoozed_until, "wake": wake, "settled": settled},
                if_match=if_match,
            ),
        )

    def judge_episode(self, episode_id: int, *, right: bool | None) -> Episode:
        """Say whether an early warning was right."""
        return cast(
            "Episode", self._connection.ask("PUT", f"/episodes/{episode_id}/right", body={"right": right})
        )

    def list_signals(self) -> Signals:
        """List every signal with its record."""
        return cast("Signals", self._connection.ask("GET", "/signals"))

    def create_signal(
        self,
        *,
        title: str,
        rule: dict[str, Any],
        ends_rule: dict[str, Any] | LeftOut | None = LEFT_OUT,
        cooldown_days: int | LeftOut = LEFT_OUT,
    ) -> Signal:
        """Build a signal."""
        return cast(
            "Signal",
            self._connection.ask(
                "POST",
                "/signals",
                body={"title": title, "rule": rule, "ends_rule": ends_rule, "cooldown_days": cooldown_days},
            ),
        )

    def replay_new_signal(
        self,
        *,
        title: str,
        rule: dict[str, Any],
        ends_rule: dict[str, Any] | LeftOut | None = LEFT_OUT,
        cooldown_days: int | LeftOut = LEFT_OUT,
    ) -> Scorecard:
        """Replay a signal that is not built yet on the past; nothing is kept."""
        return cast(
            "Scorecard",
            self._connection.ask(
                "POST",
                "/signals/replay",
                body={"title": title, "rule": rule, "ends_rule": ends_rule, "cooldown_days": cooldown_days},
            ),
        )

    def get_signal(self, signal: str) -> Signal:
        """Get a signal."""
        return cast("Signal", self._connection.ask("GET", f"/signals/{quote(signal, safe='')}"))

    def change_signal(
        self,
        signal: str,
        *,
        title: str,
        rule: dict[str, Any],
        ends_rule: dict[str, Any] | LeftOut | None = LEFT_OUT,
        cooldown_days: int | LeftOut = LEFT_OUT,
        if_match: str | None = None,
    ) -> Signal:
        """Give a signal that people built another title, rule or pause."""
        return cast(
            "Signal",
            self._connection.ask(
                "PUT",
                f"/signals/{quote(signal, safe='')}",
                body={"title": title, "rule": rule, "ends_rule": ends_rule, "cooldown_days": cooldown_days},
                if_match=if_match,
            ),
        )

    def delete_signal(self, signal: str, *, if_match: str | None = None) -> None:
        """Delete a signal that people built; what it raised stays in the history."""
        self._connection.ask("DELETE", f"/signals/{quote(signal, safe='')}", if_match=if_match)

    def replay_signal(self, signal: str, *, settings: dict[str, float] | LeftOut = LEFT_OUT) -> Scorecard:
        """Replay a signal with other settings on the past; nothing is kept."""
        return cast(
            "Scorecard",
            self._connection.ask(
                "POST", f"/signals/{quote(signal, safe='')}/replay", body={"settings": settings}
            ),
        )

    def set_signal(
        self, signal: str, *, on: bool | LeftOut = LEFT_OUT, settings: dict[str, float] | LeftOut = LEFT_OUT
    ) -> Signal:
        """Set a signal; from the next night on everybody is looked at so."""
        return cast(
            "Signal",
            self._connection.ask(
                "PUT", f"/signals/{quote(signal, safe='')}/settings", body={"on": on, "settings": settings}
            ),
        )
