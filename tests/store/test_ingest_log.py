"""N1: what is appended to the ingest log stands there as it was given, few rows or many, in its order."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import ingest_log, sql
from holdfast.store.ingest_log import LogEvent

STRANGE = '50 % of \\ it\'s "here" %s \n ş می‌خواهم 😀'


def event(number: int) -> LogEvent:
    return LogEvent(
        event_key=number.to_bytes(16, "big"),
        message_id=None if number % 2 else STRANGE,
        subject_id=number,
        at_us=1_800_000_000_000_000 + number,
        known_us=1_800_000_000_000_000,
        name="Order Completed",
        source="shop",
        amount_minor=-number,
        quantity=Decimal("1.5") if number % 3 else None,
        score=0.25,
        details='{"a": "' + "x" * number + '"}',
    )


@pytest.mark.parametrize("count", [1, ingest_log._FEW, ingest_log._FEW + 1])
def test_n1_what_is_appended_stands_there(base: Settings, count: int) -> None:
    given = [event(number) for number in range(1, count + 1)]
    with sql.short_write():
        ingest_log.append(base, given)
    rows = ingest_log.rows(base)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    found = [LogEvent(bytes(row[1]), *row[2:]) for row in rows]
    assert [each._replace(quantity=None) for each in found] == [
        each._replace(quantity=None) for each in given
    ]
    assert [each.quantity and Decimal(str(each.quantity)) for each in found] == [
        each.quantity for each in given
    ]


@pytest.mark.parametrize("count", [1, ingest_log._FEW + 1])
def test_n1_nobody_appends_while_another_has_not_committed(on_postgresql: Settings, count: int) -> None:
    """Else a row that commits late would have a smaller number than one that was moved already."""
    store.connect(on_postgresql)
    appended = threading.Event()

    def append() -> None:
        with sql.short_write():
            ingest_log.append(on_postgresql, [event(number + 100) for number in range(count)])
        appended.set()
        store.let_go()

    with sql.short_write():
        ingest_log.append(on_postgresql, [event(number + 1) for number in range(count)])
        other = threading.Thread(target=append)
        other.start()
        assert not appended.wait(0.5)
    other.join(30)
    assert [row[3] for row in ingest_log.rows(on_postgresql)] == [
        *range(1, count + 1),
        *range(100, 100 + count),
    ]
