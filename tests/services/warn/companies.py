"""A company of a few customers whose days pass: what arrives, the nights, and the looks in between."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from holdfast.domain.period import day_number
from holdfast.services.collect.arrive import accept_calls
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.foresee.snapshots import open_history
from holdfast.services.progress import Silent
from holdfast.services.pulse import basis as kept_basis
from holdfast.services.warn.evaluate import Evaluated, evaluate
from holdfast.settings import Settings
from holdfast.store import live_sources, sql

MIDNIGHT = datetime(2024, 7, 1, tzinfo=UTC)


def us(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000


def happened(key: str, event: str, at: datetime, *, of: str = "", **properties: Any) -> dict[str, Any]:
    """A call of a server key: something happened to a customer."""
    told = {"order_id": of} if of and event.startswith("Order") else {"object_id": of} if of else {}
    return {
        "type": "track",
        "event": event,
        "userId": key,
        "messageId": f"{key}-{event}-{of}-{at.isoformat()}",
        "timestamp": at.isoformat(),
        "properties": {**told, **properties},
    }


def arrive(settings: Settings, calls: Sequence[dict[str, Any]], at: datetime) -> None:
    """Take calls in as they arrived at a moment."""
    if calls:
        source = live_sources.ensure(settings, "shop", "segment", now_us=us(at))
        accept_calls(settings, source, calls, received_us=us(at))
        taken = take_in_arrived(settings, now_us=us(at))
        assert taken.quarantined == 0


def night(settings: Settings, at: datetime) -> Evaluated:
    """Ask the signals as a run does in the night that begins at ``at``."""
    with open_history(settings, now=at) as history:
        return evaluate(
            settings,
            history,
            at_day=day_number(history.ready.until.over),
            now_us=us(at),
            progress=Silent(),
        )


@dataclass(frozen=True)
class Row:
    signal: str
    key: str
    began: int
    ended: int | None
    quiet: bool


def episodes(settings: Settings, *, passing: bool = False) -> list[Row]:
    """Every episode, by signal, customer and day; those that a day took back again only if asked for."""
    kept = "" if passing else "WHERE e.ended_day IS NULL OR e.ended_day > e.began_day OR e.ended_by <> ''"
    rows = sql.read(
        "SELECT e.signal_key, s.key, e.began_day, e.ended_day, e.quiet FROM episode e "
        f"JOIN subject s ON s.id = e.unit_id {kept} ORDER BY 1, 2, 3"
    )
    return [Row(key, who, began, ended, bool(quiet)) for key, who, began, ended, quiet in rows]


def day(offset: int, hour: int = 0) -> datetime:
    """A moment so many days after :data:`MIDNIGHT`."""
    return MIDNIGHT + timedelta(days=offset, hours=hour)


__all__ = ["ExitStack", "Row", "arrive", "day", "episodes", "happened", "kept_basis", "night", "us"]
