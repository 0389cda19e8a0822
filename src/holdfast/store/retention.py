"""The rules of what is kept for how long, and the rows of the database that go by them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.retention import Rule
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.personal import among


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule, with when it was decided and by whom."""

    rule: Rule
    changed_us: int
    changed_by: str


def rules(settings: Settings) -> list[KeptRule]:
    """Every rule, groups first."""
    store.connect(settings)
    rows = sql.read("SELECT what, days, changed_us, changed_by FROM retention_rule ORDER BY what")
    found = [
        KeptRule(Rule(what, days), changed_us, changed_by) for what, days, changed_us, changed_by in rows
    ]
    return sorted(found, key=lambda each: not each.rule.what.startswith("group:"))


def set_rule(settings: Settings, rule: Rule, *, by: str, now_us: int) -> None:
    """Decide for how long events of a kind are kept."""
    store.connect(settings)
    sql.write(
        "INSERT INTO retention_rule (what, days, changed_us, changed_by) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (what) DO UPDATE SET days = excluded.days, changed_us = excluded.changed_us, "
        "changed_by = excluded.changed_by",
        (rule.what, rule.days, now_us, by),
    )


def remove_rule(settings: Settings, what: str) -> bool:
    """Keep events of a kind for ever again; whether there was a rule."""
    store.connect(settings)
    return bool(sql.write("DELETE FROM retention_rule WHERE what = %s", (what,)))


def delete_texts(settings: Settings, keys: Iterable[Sequence[bytes]]) -> int:
    """Delete what was written with events, given their keys in lists; how many texts.

    Notes of messages in the inbox go with them, and what was read in them.
    """
    store.connect(settings)
    gone = 0
    for some in keys:
        marks = ", ".join(["%s"] * len(some))
        with sql.short_write():
            gone += sql.write(f"DELETE FROM customer_text WHERE event_key IN ({marks})", list(some))
            sql.write(f"DELETE FROM text_reading WHERE event_key IN ({marks})", list(some))
            sql.write(f"DELETE FROM inbox_message WHERE event_key IN ({marks})", list(some))
    return gone


def forget_empty_conversations(settings: Settings) -> int:
    """Delete conversations of which no message is left; how many. Others show what is left of them."""
    store.connect(settings)
    with sql.short_write():
        gone = sql.write(
            "DELETE FROM inbox_conversation WHERE messages > 0 AND NOT EXISTS "
            "(SELECT 1 FROM inbox_message m WHERE m.conversation_id = inbox_conversation.id)"
        )
        sql.write(
            "UPDATE inbox_conversation SET messages = (SELECT COUNT(*) FROM inbox_message m "
            "WHERE m.conversation_id = inbox_conversation.id) WHERE messages <> (SELECT COUNT(*) "
            "FROM inbox_message m WHERE m.conversation_id = inbox_conversation.id)"
        )
    return gone


def log_rows(settings: Settings, condition: str) -> list[tuple[int, bytes]]:
    """(seq, event key) of the rows of the ingest log that meet a condition over the log's columns."""
    store.connect(settings)
    rows = sql.read(f"SELECT seq, event_key FROM log_row WHERE {condition.replace('%', '%%')}")
    return [(int(seq), bytes(key)) for seq, key in rows]


def delete_log_rows(settings: Settings, numbers: Sequence[int]) -> int:
    """Delete rows of the ingest log by their numbers, some thousands at a time."""
    store.connect(settings)
    gone = 0
    for first in range(0, len(numbers), sql.RANGE):
        gone += sql.write(f"DELETE FROM log_row WHERE seq IN {among(numbers[first : first + sql.RANGE])}")
    return gone


_OVER = ("sent", "refused", "cancelled", "failed", "unknown")
"""Of a message in another state it is not decided yet what becomes of it: it keeps its words."""

_MESSAGES_AT_ONCE = 500

_WITH_WORDS = (
    "FROM touch t JOIN touch_content c ON c.touch_id = t.id "
    f"WHERE t.state IN ({', '.join(['%s'] * len(_OVER))}) AND t.changed_us < %s AND c.text <> ''"
)


def count_said(settings: Settings, before_us: int) -> int:
    """How many messages of ours that were over before a moment have their words still."""
    store.connect(settings)
    row = sql.one(f"SELECT COUNT(*) {_WITH_WORDS}", (*_OVER, before_us))
    return 0 if row is None else int(row[0])


def empty_said(settings: Settings, before_us: int) -> int:
    """Empty the words of messages that were over before a moment, and delete their files; how many messages.

    Their rows stay: to whom, when, what became of them. May be cut short, and repeated.
    """
    store.connect(settings)
    last, done = 0, 0
    while True:
        with sql.short_write():
            rows = sql.read(
                f"SELECT t.id {_WITH_WORDS} AND t.id > %s ORDER BY t.id LIMIT {_MESSAGES_AT_ONCE}",
                (*_OVER, before_us, last),
            )
            ids = [int(id_) for (id_,) in rows]
            listed = among(ids)
            sql.write(
                "UPDATE touch_content SET subject = '', text = '', html = '', headers = '{}' "
                f"WHERE touch_id IN {listed}"
            )
            sql.write(f"DELETE FROM touch_attachment WHERE touch_id IN {listed}")
            sql.write(f"UPDATE touch SET title = '' WHERE id IN {listed}")
        done += len(ids)
        if len(ids) < _MESSAGES_AT_ONCE:
            return done
        last = ids[-1]


def note_run(settings: Settings, report: Mapping[str, Any], now_us: int) -> None:
    """Note that old events were deleted."""
    store.connect(settings)
    sql.write("INSERT INTO retention_run (at_us, report) VALUES (%s, %s)", (now_us, json.dumps(dict(report))))


def last_run(settings: Settings) -> tuple[int, dict[str, Any]] | None:
    """When old events were last deleted, and how many."""
    store.connect(settings)
    row = sql.one("SELECT at_us, report FROM retention_run ORDER BY id DESC LIMIT 1")
    if row is None:
        return None
    return int(row[0]), json.loads(row[1]) if isinstance(row[1], str) else row[1]
