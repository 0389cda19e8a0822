"""The ingest log: events that are safe in the database and not yet in the lake.

Rows get rising numbers (``seq``) in the order in which their transactions commit: on SQLite there is
one writer at a time, on PostgreSQL every transaction that appends takes one lock first. Without it
a row that commits late would get a smaller number than one that was moved and forgotten already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

if TYPE_CHECKING:
    from decimal import Decimal

_APPENDING = 0x686F6C64_6C6F67
"""The number of the lock on PostgreSQL ("holdlog" in ASCII)."""

_FEW = 50
"""So many rows go as values of one statement; of more a stream is quicker."""

COLUMNS = (
    "event_key",
    "message_id",
    "subject_id",
    "at_us",
    "known_us",
    "name",
    "source",
    "object_kind",
    "object_id",
    "amount_minor",
    "currency",
    "quantity",
    "product_id",
    "code",
    "score",
    "promised_us",
    "details",
    "import_id",
)


class LogEvent(NamedTuple):
    """One event on its way into the log; the columns are those of the event log.

    ``import_id`` is given where the event was derived from one of an import: it counts as long as that does.
    """

    event_key: bytes
    message_id: str | None
    subject_id: int
    at_us: int
    known_us: int
    name: str
    source: str | None
    object_kind: str | None = None
    object_id: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    quantity: Decimal | None = None
    product_id: str | None = None
    code: str | None = None
    score: float | None = None
    promised_us: int | None = None
    details: str | None = None
    import_id: int | None = None


def append(settings: Settings, events: Sequence[LogEvent]) -> None:
    """Write events into the log, inside the transaction of the caller.

    Call it late in a transaction: until that ends, nobody else appends.
    """
    store.connect(settings)
    if not events:
        return
    places = f"({', '.join(['%s'] * len(COLUMNS))})"
    if sql.is_sqlite():
        rows = [(*event[:11], None if event[11] is None else str(event[11]), *event[12:]) for event in events]
        statement = f"INSERT INTO log_row ({', '.join(COLUMNS)}) VALUES {places.replace('%s', '?')}"
        connection.connection.executemany(statement, rows)
        return
    if len(events) <= _FEW:  # the lock and the rows in one message: whoever sends waits for the answer
        sql.write(
            f"SELECT pg_advisory_xact_lock(%s); INSERT INTO log_row ({', '.join(COLUMNS)}) "
            f"VALUES {', '.join([places] * len(events))}",
            [_APPENDING, *(value for event in events for value in event)],
        )
        return
    sql.read("SELECT pg_advisory_xact_lock(%s)", (_APPENDING,))
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY log_row ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for event in events:
            copy.write_row(event)


def rows(
    settings: Settings, *, subjects: Iterable[int] | None = None, most: int | None = None
) -> list[sql.Row]:
    """(seq, columns ...) of what is in the log now, oldest first, of one moment; of ``subjects`` only."""
    store.connect(settings)
    among = ""
    if subjects is not None:
        listed = ", ".join(str(int(subject)) for subject in subjects)
        if not listed:
            return []
        among = f" WHERE subject_id IN ({listed})"
    limit = "" if most is None else f" LIMIT {int(most)}"
    return sql.read(f"SELECT seq, {', '.join(COLUMNS)} FROM log_row{among} ORDER BY seq{limit}")


def size(settings: Settings) -> tuple[int, int | None]:
    """About how many rows wait, and the ``known_us`` of the oldest; looks only at the ends of the log."""
    store.connect(settings)
    ends = sql.one("SELECT MIN(seq), MAX(seq) FROM log_row")
    if ends is None or ends[0] is None:
        return 0, None
    oldest = sql.one("SELECT known_us FROM log_row WHERE seq = %s", (ends[0],))
    return int(ends[1] - ends[0] + 1), None if oldest is None else int(oldest[0])


def trim(settings: Settings, last_seq: int) -> int:
    """Forget the rows up to ``last_seq``, which are in the lake; how many they were."""
    store.connect(settings)
    gone = 0
    while True:
        with sql.short_write():
            deleted = sql.write(
                "DELETE FROM log_row WHERE seq IN "
                f"(SELECT seq FROM log_row WHERE seq <= %s ORDER BY seq LIMIT {sql.RANGE})",
                (last_seq,),
            )
        gone += deleted
        if deleted < sql.RANGE:
            return gone
