"""A broadcast: a message written for each customer from a template, and put into the outbox.

The template has what such mails have: a heading, greetings with fallbacks, a condition, two links with the
names of the campaign, columns, a quotation and a shared footer; half of the customers read Persian. Each is
written as HTML and as plain text. Time is processor time of the one process; the database is SQLite on disk,
in groups of 250, each of which commits. The rival asks one by one, as everything else that is sent does.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.measuring import Line, cpu_seconds
from holdfast.settings import Settings, write_settings

CUSTOMERS = {"small": 20_000, "large": 100_000}
GROUP = 250
RATE_GOAL = 2_000.0

_BLOCKS: list[dict[str, Any]] = [
    {"block": "heading", "words": "Stay a little longer, {{ name | friend }}"},
    {"block": "text", "words": "Dear **{{ name | friend }}**,\n\nyour plan {{ plan | of the past }} ends. "
     "{{#if plan = gold}}As *gold* you keep [what you have](https://shop.example/keep).{{else}}Look at "
     "[what is new](https://shop.example/new?from={{ plan | no }}).{{/if}}\n\n" + "We miss you. " * 30},
    {"block": "button", "words": "Renew now", "link": "https://shop.example/renew"},
    {"block": "columns", "columns": [[{"block": "text", "words": "Free delivery for {{ name | you }}."}],
                                     [{"block": "text", "words": "A fortnight to send back."}]]},
    {"block": "quote", "words": "The best kettle I ever had.", "by": "Ann"},
    {"block": "divider"},
    {"block": "partial", "key": "foot"},
]  # fmt: skip


def run(size: str, folder: Path) -> list[Line]:
    """Written alone, written and queued in groups, and queued one by one."""
    customers = CUSTOMERS[size]
    settings = Settings(folder / "messages", currency="EUR")
    write_settings(settings)
    _templates(settings)
    written = cpu_seconds(lambda: _write(settings, customers))
    in_groups = _Broadcast(settings, customers)
    queued = cpu_seconds(in_groups.run)
    few = customers // 10
    alone = cpu_seconds(lambda: _one_by_one(settings, few)) / few * customers
    again = cpu_seconds(lambda: _Broadcast(settings, few).run())
    rate, locked = customers / queued, in_groups.locked_ms
    return [
        Line("messages written from a template, HTML and text", customers / written, "messages/s"),
        Line(
            f"broadcast to {customers:,}, written and queued",
            rate,
            "messages/s",
            f"one by one ({customers / alone:,.0f})",
            alone / queued,
            f"at least {RATE_GOAL:,.0f}/s and core",
            rate >= RATE_GOAL,
        ),
        Line(f"  write lock of a group of {GROUP}, median on the wall", statistics.median(locked), "ms"),
        Line(
            "  the same broadcast again, nothing twice",
            few / again,
            "messages/s",
            met=_count(settings) == customers + few,
        ),
    ]


def _templates(settings: Settings) -> None:
    from holdfast import store
    from holdfast.domain.blocks import parse_content
    from holdfast.services.act.messages import templates as acts

    store.connect(settings)
    for title, kind, blocks in (
        (
            "Foot",
            "part",
            [
                {
                    "block": "footer",
                    "words": "Kelp Ltd, 1 Quay Street, Galway. We write to you as you asked us to.",
                }
            ],
        ),
        ("Offer", "message", _BLOCKS),
    ):
        template = acts.make(settings, title, kind, "en", by="bench", now_us=1)
        content = parse_content({"subject": "{{ name | Friend }}, your plan ends soon", "blocks": blocks})
        body = acts.add_language(template.draft.with_content("en", content), "fa", "en")
        acts.publish(
            settings, acts.keep(settings, template, body, by="bench", now_us=1), by="bench", now_us=1
        )


def _requests(settings: Settings, customers: int, name: str) -> Iterator[Any]:
    from holdfast.domain.touch import Recipient, TouchRequest
    from holdfast.services.act.messages.writing import Writer

    writer = Writer(settings)
    for number in range(customers):
        values = {"name": f"Ana {number}" if number % 5 else "", "plan": ("gold", "basic", "")[number % 3]}
        message = writer.write("offer", ("en", "fa")[number % 2], values, number).message
        to = Recipient(f"customer{number}@example.com", unit_id=number + 1)
        yield TouchRequest(
            f"{name}:{number}",
            "marketing",
            "email",
            to,
            message.subject,
            message.text,
            message.html,
            message.language,
            topic="offers",
        )


def _write(settings: Settings, customers: int) -> None:
    for _ in _requests(settings, customers, "written"):
        pass


@dataclass
class _Broadcast:
    """A broadcast, and for how long each of its groups kept others from writing."""

    settings: Settings
    customers: int

    def __post_init__(self) -> None:
        self.locked_ms: list[float] = []

    def run(self) -> None:
        """All of it, in groups that are written before the database is locked."""
        requests, group = _requests(self.settings, self.customers, "broadcast"), []
        for each in requests:
            group.append(each)
            if len(group) == GROUP:
                self._put(group)
                group = []
        if group:
            self._put(group)

    def _put(self, group: list[Any]) -> None:
        from holdfast.store import outbox, sql

        began = time.perf_counter()
        with sql.short_write():
            outbox.ask_many(self.settings, group, now_us=2)
        self.locked_ms.append((time.perf_counter() - began) * 1_000)


def _one_by_one(settings: Settings, customers: int) -> None:
    from holdfast.store import outbox, sql

    requests = list(_requests(settings, customers, "one by one"))
    for first in range(0, customers, GROUP):
        with sql.short_write():
            for each in requests[first : first + GROUP]:
                outbox.ask(settings, replace(each), now_us=2)


def _count(settings: Settings) -> int:
    from holdfast.store import sql

    row = sql.one("SELECT COUNT(*) FROM touch")
    return 0 if row is None else int(row[0])
