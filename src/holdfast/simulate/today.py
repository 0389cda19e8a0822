"""One day of the company, as its parts see it and write on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np

from holdfast.domain.period import day_number
from holdfast.simulate import draws
from holdfast.simulate.arrays import Array, Flags, Floats, Ints
from holdfast.simulate.causes import CAUSES
from holdfast.simulate.countries import countries
from holdfast.simulate.diary import Columns, Diary, join
from holdfast.simulate.draws import Purpose
from holdfast.simulate.ledger import Ledger
from holdfast.simulate.people import People, customer_id
from holdfast.simulate.scenario import Outage, Scenario

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000

_SENSE: dict[str, str] = {
    "money": "price_sense",
    "service": "service_sense",
    "delivery": "service_sense",
    "product": "service_sense",
}


@dataclass(slots=True)
class Today:
    """``day`` counts from the company's start, ``number`` from 1970; ``buying`` is the season by
    country; ``tables`` gather what the import files gain today, by kind; ``asks`` who has what reason
    (a topic of :mod:`holdfast.simulate.support`) to ask for help today.
    """

    scenario: Scenario
    people: People
    diary: Diary
    ledger: Ledger
    day: int
    buying: Floats
    tables: dict[str, list[Columns]] = field(default_factory=dict)
    asks: list[tuple[Ints, int]] = field(default_factory=list)

    @property
    def on(self) -> date:
        """Today's date."""
        return self.scenario.date_of(self.day)

    @property
    def number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.on)

    @property
    def outage(self) -> Outage | None:
        """That of today, where app and checkout fail."""
        return self.scenario.outage_on(self.day)

    @property
    def is_outage(self) -> bool:
        """Whether app and checkout fail today."""
        return self.outage is not None

    def uniform(self, rows: Ints, purpose: Purpose, part: int = 0) -> Floats:
        """Today's draw of these people for this purpose."""
        return draws.uniform(self.people.key[rows], self.day, purpose, part)

    def normal(self, rows: Ints, purpose: Purpose, part: int = 0) -> Floats:
        """Today's standard normal draw of these people; uses parts ``part`` and ``part + 32``."""
        return draws.normal(self.people.key[rows], self.day, purpose, part)

    def moments(self, rows: Ints, purpose: Purpose, part: int = 60) -> Ints:
        """A moment today, in microseconds UTC on a whole second, when these people are awake."""
        waking = _waking_hours()[self.people.country[rows]]
        hours = waking[:, 0] + (waking[:, 1] - waking[:, 0]) * self.uniform(rows, purpose, part)
        seconds: Ints = (hours * 3600).astype(np.int64)
        return self.number * DAY_US + seconds * 1_000_000

    def at_hour(self, rows: Ints, hour: int) -> Ints:
        """The same hour (UTC) of today for each of these people, in microseconds UTC."""
        return np.full(len(rows), self.number * DAY_US + hour * HOUR_US, np.int64)

    def add(self, table: str, **columns: Array) -> None:
        """Put rows (all columns of equal length) into one of today's tables."""
        if len(next(iter(columns.values()))):
            self.tables.setdefault(table, []).append(columns)

    def event(self, name: str, rows: Ints, at: Ints, **columns: Array | str) -> None:
        """One event per row for ``events``; ``columns`` are lake columns, one value for all or each."""
        for column, value in columns.items():
            if isinstance(value, str):
                columns[column] = np.full(len(rows), value, dtype=object)
        everyone: Columns = {column: np.asarray(value) for column, value in columns.items()}
        names = np.full(len(rows), name, dtype=object)
        self.add("events", customer=self.ids(rows), at=at, name=names, **everyone)

    def ids(self, rows: Ints, guest: Flags | None = None) -> Array:
        """Customer ids as the files show them."""
        people = self.people.person[rows].tolist()
        if guest is None:
            return strings([customer_id(person) for person in people])
        return strings([customer_id(p, guest=g) for p, g in zip(people, guest.tolist(), strict=True)])

    def numbered(self, letter: str, rows: Ints, number: Ints) -> Array:
        """Ids of things that someone has several of: ``O000012-3``."""
        both = zip(self.people.person[rows].tolist(), number.tolist(), strict=True)
        return strings([f"{letter}{person:06d}-{count}" for person, count in both])

    def currencies(self, rows: Ints) -> Array:
        """The currency that these people pay in."""
        return _currencies()[self.people.country[rows]]

    def price(self, rows: Ints, cents: Ints | Floats) -> Ints:
        """List prices in cents of euro as minor units of each one's currency, to ten of them."""
        factors = _price_factors()[self.people.country[rows]]
        rounded: Ints = (np.round(cents * factors / 10.0) * 10).astype(np.int64)
        return rounded

    def grieve(self, rows: Ints, cause: int | Ints, amount: float | Floats) -> None:
        """Add to the daily hazard of beginning to waver for a cause, by how much each one minds."""
        people = self.people
        causes = np.broadcast_to(np.asarray(cause, dtype=np.int64), rows.shape)
        added = np.broadcast_to(np.asarray(amount, dtype=np.float64), rows.shape) * self._minds(rows, causes)
        fading = 0.5 ** ((self.day - people.grievance_day[rows]) / self.scenario.grievance_half_life)
        people.grievances[rows] *= fading[:, None].astype(np.float32)
        # Someone may stand twice in ``rows`` (two late parcels): the fading is set, the rest is summed.
        people.grievance_day[rows] = self.day
        np.add.at(people.grievances, (rows, causes), added.astype(np.float32))
        np.add.at(people.grievance, rows, added)

    def forgive(self, rows: Ints, share: float) -> None:
        """Take away a share of all that these people hold against us."""
        self.people.grievance[rows] *= 1.0 - share
        self.people.grievances[rows] *= np.float32(1.0 - share)

    def table(self, name: str) -> Columns:
        """Today's table so far, empty columns left out; an empty dict if it has no rows."""
        return join_uneven(self.tables.get(name, []))

    def _minds(self, rows: Ints, causes: Ints) -> Floats:
        senses = np.array([_SENSE_INDEX[cause.group] for cause in CAUSES])[causes]
        people = self.people
        choices = np.stack([np.ones(len(rows)), people.price_sense[rows], people.service_sense[rows]], axis=1)
        minds: Floats = choices[np.arange(len(rows)), senses]
        return minds


_SENSE_INDEX = {
    group: ("price_sense", "service_sense").index(_SENSE[group]) + 1 if group in _SENSE else 0
    for group in {cause.group for cause in CAUSES}
}


def join_uneven(pages: list[Columns]) -> Columns:
    """One set of columns from several whose names differ; what a page lacks is ``None`` there."""
    names = list(dict.fromkeys(name for page in pages for name in page))
    if all(len(page) == len(names) for page in pages):
        return join(pages) if pages else {}
    return join([{name: page[name] if name in page else _nothing(page) for name in names} for page in pages])


def strings(values: list[str]) -> Array:
    """An object array of these strings."""
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _nothing(page: Columns) -> Array:
    return np.full(len(next(iter(page.values()))), None, dtype=object)


@cache
def _waking_hours() -> Floats:
    return np.array([country.waking_utc for country in countries()])


@cache
def _currencies() -> Array:
    return strings([country.currency for country in countries()])


@cache
def _price_factors() -> Floats:
    return np.array([country.price_factor for country in countries()])
