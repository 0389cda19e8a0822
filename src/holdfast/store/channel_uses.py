"""How often each customer answered through each channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.notes import among

_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class ChannelUse:
    """How often we turned to a customer through a channel, how often they to us, and when last."""

    unit_id: int
    channel: str
    asked: int
    answered: int
    last_us: int | None


def save(settings: Settings, uses: Iterable[ChannelUse], *, units: Sequence[int] | None = None) -> int:
    """Let ``uses`` be those of all customers, or of ``units``; how many rows were new, changed or went."""
    store.connect(settings)
    count = sql.fill(
        "staged_use",
        {
            "unit_id": "BIGINT",
            "channel": "TEXT",
            "asked": "INTEGER",
            "answered": "INTEGER",
            "last_us": "BIGINT",
        },
        ((use.unit_id, use.channel, use.asked, use.answered, use.last_us) for use in uses),
    )
    sql.write("CREATE UNIQUE INDEX staged_use_key ON staged_use (unit_id, channel)")
    theirs = "" if units is None else f"AND u.unit_id IN {among(units)}"
    gone = sql.read(
        "SELECT u.unit_id, u.channel FROM channel_use u WHERE NOT EXISTS (SELECT 1 FROM staged_use n "
        f"WHERE n.unit_id = u.unit_id AND n.channel = u.channel) {theirs}"
    )
    for first, last in sql.ranges(len(gone), 250):
        some = gone[first - 1 : last]
        marks = ", ".join(["(%s, %s)"] * len(some))
        sql.write(
            f"DELETE FROM channel_use WHERE (unit_id, channel) IN (VALUES {marks})",
            [each for row in some for each in row],
        )
    changed = len(gone) + sum(sql.write(_UPSERT, bounds) for bounds in sql.ranges(count, _ROWS))
    sql.drop("staged_use")
    return changed


_UPSERT = (
    "INSERT INTO channel_use (unit_id, channel, asked, answered, last_us) "
    "SELECT n.unit_id, n.channel, n.asked, n.answered, n.last_us FROM staged_use n "
    "LEFT JOIN channel_use u ON u.unit_id = n.unit_id AND u.channel = n.channel "
    "WHERE n.n BETWEEN %s AND %s AND (u.unit_id IS NULL OR u.asked <> n.asked "
    "OR u.answered <> n.answered OR COALESCE(u.last_us, -1) <> COALESCE(n.last_us, -1)) "
    "ON CONFLICT (unit_id, channel) DO UPDATE SET asked = excluded.asked, "
    "answered = excluded.answered, last_us = excluded.last_us"
)


def of(settings: Settings, unit_id: int) -> list[ChannelUse]:
    """The channels of one customer."""
    store.connect(settings)
    return [
        ChannelUse(*row)
        for row in sql.read(
            "SELECT unit_id, channel, asked, answered, last_us FROM channel_use WHERE unit_id = %s "
            "ORDER BY channel",
            (unit_id,),
        )
    ]


def totals(settings: Settings) -> dict[str, tuple[int, int]]:
    """Channel to how often it was tried and answered over all customers; an answer is a try, too."""
    store.connect(settings)
    rows = sql.read(
        "SELECT channel, SUM(CASE WHEN asked > answered THEN asked ELSE answered END), SUM(answered) "
        "FROM channel_use GROUP BY channel"
    )
    return {channel: (int(tries), int(answers)) for channel, tries, answers in rows}
