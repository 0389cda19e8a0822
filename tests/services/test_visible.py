"""What counts at one moment: lake and ingest log together, nothing twice, nothing missed."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.keep import move as moving
from holdfast.services.keep.move import MOVE_ROWS, move, move_when_due
from holdfast.services.visible import events_of, finished_events, visible
from holdfast.settings import Settings
from holdfast.store import ingest_log, sql
from holdfast.store.ingest_log import LogEvent

NOW_US = 1_780_000_000_000_000


def event(number: int, subject: int) -> LogEvent:
    return LogEvent(number.to_bytes(16, "big"), f"m{number}", subject, NOW_US - number, NOW_US, "Seen", "web")


def append(settings: Settings, *numbers: int) -> None:
    with sql.short_write():
        ingest_log.append(settings, [event(number, 1 + number % 5) for number in numbers])


def counted(settings: Settings, **asked: Any) -> list[str]:
    with EmbeddedEngine(temp=settings.folder / "spill") as engine:
        table = visible(settings, **asked).table()
        return [m for (m,) in engine.rows("SELECT message_id FROM events ORDER BY seq", {"events": table})]


def test_rows_that_were_moved_and_not_yet_trimmed_count_once(
    base: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(base, *range(10))
    monkeypatch.setattr(ingest_log, "trim", lambda settings, last_seq: 0)  # as if killed before trimming
    move_once = move(base)
    assert move_once >= 10
    append(base, 10, 11)
    assert counted(base) == [f"m{number}" for number in range(12)]
    monkeypatch.undo()
    move(base)
    assert ingest_log.size(base) == (0, None)
    assert counted(base) == [f"m{number}" for number in range(12)]


def test_a_file_that_no_commit_names_is_cleared(base: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    append(base, 1, 2)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("holdfast.lake.log.EventLog.commit_moved", killed)
    with pytest.raises(KeyboardInterrupt):
        move(base)
    monkeypatch.undo()
    assert len(list(base.lake.glob("bucket=-1/*.parquet"))) == 1
    assert counted(base) == ["m1", "m2"]
    assert move(base) == 2
    assert len(list(base.lake.glob("bucket=-1/*.parquet"))) == 1
    assert counted(base) == ["m1", "m2"]


def test_of_some_customers_only_their_events_are_read(base: Settings) -> None:
    append(base, *range(10))
    move(base)
    append(base, *range(10, 20))
    found = counted(base, subjects=[2, 4])
    assert {f"m{n}" for n in range(20) if 1 + n % 5 in (2, 4)} <= set(found)
    with EmbeddedEngine(temp=base.folder / "spill") as engine:
        asked = "SELECT COUNT(*) FROM events WHERE subject_id IN (2, 4)"
        assert engine.rows(asked, {"events": events_of(base, [2, 4])}) == [(8,)]
        assert engine.rows("SELECT COUNT(*) FROM events", {"events": finished_events(base)}) == [(20,)]


def test_slots_share_out_every_event(base: Settings) -> None:
    append(base, *range(40))
    move(base)
    append(base, *range(40, 60))
    now = visible(base)
    assert now.rows == 60
    with EmbeddedEngine(temp=base.folder / "spill") as engine:
        shares = [
            engine.rows("SELECT COUNT(*) FROM events", {"events": now.table(slots={slot})})[0][0]
            for slot in range(base.buckets)
        ]
    assert sum(shares) == 60


def test_the_mover_waits_until_it_is_worth_it(base: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    append(base, *range(4))
    assert move_when_due(base, now_us=NOW_US) == 0
    assert move_when_due(base, now_us=NOW_US + 601_000_000) == 4
    append(base, *range(4, 10))
    monkeypatch.setattr(moving, "MOVE_ROWS", 5)
    assert move_when_due(base, now_us=NOW_US) == 6
    assert MOVE_ROWS == 50_000
