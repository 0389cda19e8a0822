"""What the running service measures of itself, in Prometheus' text format.

Counts of calls are of the process that answers (label ``process``); everything else is the state of
the whole workspace, whichever process is asked.
"""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from holdfast import __version__
from holdfast.web.ingest.counters import BOUNDS, Counters

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"

Read = Callable[[str], Awaitable[list[tuple[Any, ...]]]]
Sample = tuple[Mapping[str, object], float]


async def metrics(counters: Counters, waiting_bytes: int, read: Read) -> bytes:
    """The whole page. Raises :class:`holdfast.store.door.NotNow` when the database does not answer."""
    lines = [*_of_this_process(counters, waiting_bytes)]
    now_us = time.time_ns() // 1000
    for name, words, query in _STATES:
        lines += _family(name, "gauge", words, _samples(await read(query.format(now=now_us)), now_us))
    return ("\n".join(lines) + "\n").encode()


_STATES = (
    (
        "holdfast_arrived_calls",
        "Calls on disk that are not taken in yet (about).",
        "SELECT COALESCE(MAX(id) - MIN(id) + 1, 0) FROM arrived",
    ),
    (
        "holdfast_arrived_oldest_seconds",
        "How long the oldest of them has waited.",
        "SELECT COALESCE({now} - received_us, 0) / 1e6 FROM arrived ORDER BY id LIMIT 1",
    ),
    (
        "holdfast_log_rows",
        "Events in the ingest log that are not in the lake yet (about).",
        "SELECT COALESCE(MAX(seq) - MIN(seq) + 1, 0) FROM log_row",
    ),
    (
        "holdfast_due_customers",
        "Customers who are due to be looked at again.",
        "SELECT COUNT(*) FROM due_unit WHERE due_us <= {now}",
    ),
    (
        "holdfast_due_oldest_seconds",
        "How long the longest due of them has waited.",
        "SELECT ({now} - due_us) / 1e6 FROM due_unit WHERE due_us <= {now} ORDER BY due_us LIMIT 1",
    ),
    (
        "holdfast_quarantined_events",
        "Events that could not be understood and wait to be mended.",
        "SELECT COUNT(*) FROM quarantined WHERE state = 'waiting'",
    ),
    (
        "holdfast_source_last_event_seconds",
        "How long ago a source last told something.",
        "SELECT ({now} - last_us) / 1e6, 'source', name FROM live_source "
        "WHERE last_us IS NOT NULL ORDER BY name",
    ),
    (
        "holdfast_source_trouble",
        "1 for a source that has trouble now.",
        "SELECT CASE WHEN trouble IS NULL THEN 0 ELSE 1 END, 'source', name FROM live_source ORDER BY name",
    ),
    (
        "holdfast_job_last_seconds",
        "How long ago a job of the worker last ended.",
        "SELECT ({now} - last_us) / 1e6, 'job', name FROM job WHERE last_us IS NOT NULL ORDER BY name",
    ),
    (
        "holdfast_job_trouble",
        "1 for a job that failed when it last ran.",
        "SELECT CASE WHEN trouble IS NULL THEN 0 ELSE 1 END, 'job', name FROM job ORDER BY name",
    ),
)
"""name, meaning, and the query that answers the value and perhaps a label with its value"""


def _samples(rows: Iterable[tuple[Any, ...]], now_us: int) -> list[Sample]:
    return [({label[0]: label[1]} if label else {}, float(value)) for value, *label in rows]


def _of_this_process(counters: Counters, waiting_bytes: int) -> Iterator[str]:
    me: dict[str, object] = {"process": os.getpid()}
    yield from _family("holdfast_info", "gauge", "The version that runs.", [({"version": __version__}, 1)])
    yield from _family(
        "holdfast_ingest_calls_total",
        "counter",
        "Calls to the ingest endpoints, by the status of the answer.",
        [(me | {"endpoint": where, "status": status}, n) for (where, status), n in counters.calls.items()],
    )
    yield from _family(
        "holdfast_ingest_events_total",
        "counter",
        "Events on disk: accepted, or rejected into the quarantine.",
        [(me | {"outcome": outcome}, n) for outcome, n in counters.events.items()],
    )
    yield from _family(
        "holdfast_ingest_refused_total",
        "counter",
        "Calls of which nothing was kept, by reason.",
        [(me | {"code": code}, n) for code, n in counters.refused.items()],
    )
    waiting = [(me, float(waiting_bytes))]
    yield from _family("holdfast_ingest_waiting_bytes", "gauge", "Bodies that wait for the disk.", waiting)
    yield from _seconds(counters, me)


def _seconds(counters: Counters, me: Mapping[str, object]) -> Iterator[str]:
    name = "holdfast_ingest_seconds"
    yield from _family(name, "histogram", "How long the answer to a call took.", [])
    bounds = [*map(str, BOUNDS), "+Inf"]
    for bound, count in zip(bounds, accumulate(counters.seconds), strict=True):
        yield _line(f"{name}_bucket", {**me, "le": bound}, count)
    yield _line(f"{name}_sum", me, counters.seconds_sum)
    yield _line(f"{name}_count", me, sum(counters.seconds))


def _family(name: str, kind: str, words: str, samples: Iterable[Sample]) -> list[str]:
    head = [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
    return head + [_line(name, labels, value) for labels, value in samples]


def _line(name: str, labels: Mapping[str, object], value: float) -> str:
    told = ",".join(f'{label}="{_escaped(str(each))}"' for label, each in labels.items())
    number = int(value) if float(value).is_integer() else value
    return f"{name}{{{told}}} {number}" if told else f"{name} {number}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
