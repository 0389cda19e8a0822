"""A company as the files that Holdfast imports, with the truth beside them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from holdfast.domain.period import date_of
from holdfast.simulate.arrays import Array, Ints
from holdfast.simulate.bookkeeping import REPORTING_CURRENCY
from holdfast.simulate.catalogue import PRODUCTS
from holdfast.simulate.diary import Columns
from holdfast.simulate.mess import make_mess
from holdfast.simulate.people import person_of
from holdfast.simulate.register import COLUMNS as CUSTOMER_COLUMNS
from holdfast.simulate.register import customer_rows
from holdfast.simulate.scenario import CUSTOMERS, DAYS, SEED, START, usual_scenario
from holdfast.simulate.touches import Touch
from holdfast.simulate.truth import write_truth
from holdfast.simulate.world import Day, World

FILES: dict[str, str] = {
    "products.csv": "products",
    "rates.csv": "rates",
    "costs.csv": "costs",
    "series.csv": "series",
    "customers.csv": "customers",
    "subscriptions.csv": "subscriptions",
    "orders.csv": "orders",
    "payments.csv": "payments",
    "tickets.csv": "tickets",
    "messages.csv": "messages",
    "surveys.csv": "surveys",
    "habits.csv": "events",
    "events.jsonl": "events",
}
"""Which kind of import each file is, in the order in which they are best imported."""

HABITS = frozenset(
    {"Feature Used", "Order Delivered", "Delivery Promised", "Email Delivered", "Email Opened"}
)
"""Events that happen all the time: they stand in a table of their own, the others in JSON Lines."""

_HABIT_COLUMNS = ("customer", "at", "name", "object_kind", "object_id", "code", "promised_at")
_EVENTS = "events.jsonl"

TRUTH_TEXTS = "truth-texts.csv"

_DAYS = frozenset({"date", "day"})
_MONEY = frozenset({"amount", "unit_price", "monthly_amount"})
_ONLY_LAST = {"subscriptions": "subscription_id", "tickets": "ticket_id"}
"""Tables in which a row comes again when more is known; files hold the last of each."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the folder, rows by file name, the seed, and how many people there are."""

    folder: Path
    files: dict[str, int]
    seed: int
    customers: int


class Files:
    """Writes what happens, day by day, into the import files of ``folder`` (made if need be).

    Use as a context manager; :meth:`finish` before it closes. Memory does not grow with the days,
    but for tickets and subscriptions that are still open.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.rows: dict[str, int] = {}
        self._open = ExitStack()
        self._writers: dict[str, Any] = {}
        self._events: IO[bytes] | None = None
        self._encoder = msgspec.json.Encoder()
        self._waiting: dict[str, dict[str, tuple[object, ...]]] = {name: {} for name in _ONLY_LAST}
        self._headers: dict[str, tuple[str, ...]] = {}
        self._unsubscribed: set[str] = set()

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *failure: object) -> None:
        self._open.close()

    def add(self, happened: Day) -> None:
        """Write one day."""
        for table, columns in happened.tables.items():
            if table == "events":
                self._add_events(columns)
            elif table in _ONLY_LAST:
                self._add_growing(table, columns)
            else:
                self._write(_file_of(table), list(columns), _lines(columns))

    def finish(self, world: World, *, since: int = 0, mess: bool = False) -> None:
        """Write what is only known at the end: open tickets, running subscriptions, and everyone who
        is new or different since the day ``since``.
        """
        for table, waiting in self._waiting.items():
            if waiting:
                self._write(_file_of(table), self._headers[table], waiting.values())
        rows = self._changed(world, since)
        self._write("customers.csv", CUSTOMER_COLUMNS, customer_rows(world.people, world.scenario, rows))
        if since == 0:
            self._write("products.csv", *_products())
        if mess:
            self._open.close()
            make_mess(self.folder)

    def _add_events(self, columns: Columns) -> None:
        habits = np.isin(columns["name"].astype(np.str_), list(HABITS))
        nothing = np.full(int(habits.sum()), None, dtype=object)
        chosen = {name: columns[name][habits] if name in columns else nothing for name in _HABIT_COLUMNS}
        self._write("habits.csv", _HABIT_COLUMNS, _lines(chosen))
        self._add_rare({name: column[~habits] for name, column in columns.items()})

    def _add_rare(self, columns: Columns) -> None:
        if self._events is None:
            self._events = self._open.enter_context((self.folder / _EVENTS).open("wb"))
        ended = columns["name"] == "Unsubscribed"
        self._unsubscribed.update(columns["customer"][ended].tolist())
        names = list(columns)
        events = [
            {name: value for name, value in zip(names, row, strict=True) if value not in (None, "")}
            for row in _lines(columns)
        ]
        self._events.write(self._encoder.encode_lines(events))
        self.rows[_EVENTS] = self.rows.get(_EVENTS, 0) + len(events)

    def _add_growing(self, table: str, columns: Columns) -> None:
        self._headers.setdefault(table, tuple(columns))
        key = list(columns).index(_ONLY_LAST[table])
        done = list(columns).index("closed_at" if table == "tickets" else "ended_at")
        change = list(columns).index("changed_at") if "changed_at" in columns else -1
        finished, waiting = [], self._waiting[table]
        for row in _lines(columns):
            if change >= 0 and row[change]:
                finished.append(row)
            elif row[done]:
                waiting.pop(str(row[key]), None)
                finished.append(row)
            else:
                waiting[str(row[key])] = row
        self._write(_file_of(table), self._headers[table], finished)

    def _write(self, file: str, header: Sequence[str], rows: Any) -> None:
        if file not in self._writers:
            opened = self._open.enter_context((self.folder / file).open("w", encoding="utf-8", newline=""))
            self._writers[file] = csv.writer(opened, lineterminator="\n")
            self._writers[file].writerow(header)
            self.rows[file] = 0
        rows = list(rows)
        self._writers[file].writerows(rows)
        self.rows[file] += len(rows)

    def _changed(self, world: World, since: int) -> Ints:
        people = world.people
        moments = (people.arrived, people.customer_since, people.deleted, people.guest_since)
        fresh = np.any([moment >= since for moment in moments], axis=0)
        tired = np.array(sorted(person_of(customer) for customer in self._unsubscribed), np.int64)
        chosen: Ints = np.flatnonzero(fresh | np.isin(people.person, tired))
        return chosen


def simulate(
    folder: Path,
    *,
    seed: int = SEED,
    customers: int = CUSTOMERS,
    days: int = DAYS,
    start: date = START,
    mess: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Write the usual company as files into ``folder``: the same arguments give the same bytes.

    ``progress`` is told the days done and the days in all. Raises ``ValueError`` for a company of
    nobody or of no time.
    """
    world = World(usual_scenario(seed=seed, customers=customers, start=start, days=days))
    return write_files(world, folder, days=days, mess=mess, progress=progress)


def write_files(
    world: World,
    folder: Path,
    *,
    days: int,
    mess: bool = False,
    progress: Callable[[int, int], None] | None = None,
    touches: Iterable[Touch] = (),
) -> Written:
    """Let ``world`` live ``days`` more days and write them as files, with ``truth.json`` beside.

    ``touches`` work from the morning of the first of these days on.
    """
    rows = write_days(world, folder, days=days, mess=mess, progress=progress, touches=touches)
    write_truth(world, folder, rows)
    return Written(folder, rows, world.scenario.seed, len(world.people))


def write_days(
    world: World,
    folder: Path,
    *,
    days: int,
    mess: bool = False,
    progress: Callable[[int, int], None] | None = None,
    touches: Iterable[Touch] = (),
) -> dict[str, int]:
    """Let ``world`` live ``days`` more days and write them as files; the rows of each. The truth about the
    people is left out: told day by day it would cost more than the days.
    """
    since = world.day
    with Files(folder) as files:
        for done in range(days):
            files.add(world.step(touches=touches if done == 0 else ()))
            if progress is not None:
                progress(done + 1, days)
        files.finish(world, since=since, mess=mess)
    return {name: files.rows[name] for name in sorted(files.rows)}


def _file_of(table: str) -> str:
    return f"{table}.csv" if f"{table}.csv" in FILES else TRUTH_TEXTS


def _products() -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    header = ("product", "name", "category", "unit_cost", "unit_price", "currency")
    rows = [
        (p.id, p.name, p.category, _major(p.unit_cost), _major(p.price), REPORTING_CURRENCY) for p in PRODUCTS
    ]
    return header, rows


def _lines(columns: Columns) -> Iterator[tuple[object, ...]]:
    return zip(*(_written(name, column) for name, column in columns.items()), strict=True)


def _written(name: str, column: Array) -> list[Any]:
    if name == "at" or name.endswith("_at"):
        return _moments(column)
    if name in _DAYS:
        return [date_of(day).isoformat() for day in column.tolist()]
    if name in _MONEY:
        return [_major(minor) for minor in column.tolist()]
    if name == "score":
        return ["" if score is None or score < 0 else score for score in column.tolist()]
    written: list[Any] = column.tolist()
    return written


def _moments(column: Array) -> list[str]:
    """ISO 8601 in UTC to the second, as far as there is a moment."""
    known = np.array([-1 if at is None else at for at in column.tolist()], np.int64)
    texts = np.datetime_as_string((known // 1_000_000).astype("datetime64[s]")).tolist()
    return ["" if at < 0 else f"{text}Z" for at, text in zip(known.tolist(), texts, strict=True)]


def _major(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"
