"""Takes over in the outbox from connections that died: what each was perhaps handing over is *unknown*."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.outbox_sending import Result, write_history, written


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was taken over: connections that died, touches perhaps sent, touches that wait again."""

    connections: int = 0
    unknown: int = 0
    returned: int = 0


def take_over(
    settings: Settings, now_us: int, *, dedupes: Collection[str], gone: Callable[[str], bool], by: str
) -> TakenOver:
    """Take what died connections had claimed, each in a transaction of its own.

    ``gone`` says of a holder whose lease still runs whether its process is certainly no more. On the
    channels that ``dedupes`` nothing is unknown: sent twice it arrives once.
    """
    store.connect(settings)
    done = TakenOver()
    for sender_id, holder, channel, until_us in sql.read(
        "SELECT id, holder, channel, until_us FROM touch_sender ORDER BY id"
    ):
        if until_us > now_us and not gone(holder):
            continue
        with sql.short_write():
            if not sql.write(
                "DELETE FROM touch_sender WHERE id = %s AND until_us = %s", (sender_id, until_us)
            ):
                continue  # it lives after all, or somebody else was quicker
            unknown, returned = _take(sender_id, channel in dedupes, now_us, by)
        done = TakenOver(done.connections + 1, done.unknown + unknown, done.returned + returned)
    return _without_sender(done, dedupes, now_us, by)


def _without_sender(done: TakenOver, dedupes: Collection[str], now_us: int, by: str) -> TakenOver:
    """Take what belongs to a connection of which there is no row at all: a table was put back alone."""
    orphans = (
        "SELECT DISTINCT t.sender_id, t.channel FROM touch t WHERE t.state = 'claimed' "
        "AND NOT EXISTS (SELECT 1 FROM touch_sender s WHERE s.id = t.sender_id)"
    )
    if not sql.read(orphans):
        return done
    with sql.short_write():
        for sender_id, channel in sql.read(orphans):
            unknown, returned = _take(sender_id, channel in dedupes, now_us, by)
            done = TakenOver(done.connections + 1, done.unknown + unknown, done.returned + returned)
    return done


def _take(sender_id: int, again: bool, now_us: int, by: str) -> tuple[int, int]:
    lock = "" if sql.is_sqlite() else " FOR UPDATE"  # its own last result may be on its way to the disk
    rows = sql.read(
        f"SELECT id, due_us FROM touch WHERE sender_id = %s AND state = 'claimed' ORDER BY id{lock}",
        (sender_id,),
    )
    ids = [int(id_) for id_, _ in sorted(rows, key=lambda row: (row[1], row[0]))]
    unknown = [] if again else ids[:1]
    results = [
        Result(id_, sender_id, "unknown", by, None, now_us, "sender_died", _DIED)
        if id_ in unknown
        else Result(id_, sender_id, "returned", by, None, now_us, "sender_died")
        for id_ in ids
    ]
    for each in results:
        sql.write(
            "UPDATE touch SET state = %s, code = %s, reason = %s, "
            "sender_id = CASE WHEN %s = 'unknown' THEN sender_id END, changed_us = %s WHERE id = %s",
            (each.state, each.code, written(each.reason), each.state, now_us, each.touch_id),
        )
    write_history(results)
    return len(unknown), len(ids) - len(unknown)


_DIED = Text("The process that was handing it over ended at that moment: it may have arrived or not.")
