"""The company, day by day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from holdfast.simulate import billing, mailing, mood, parcels, shopping, subscribing, support, using
from holdfast.simulate.arrays import Array, Ints
from holdfast.simulate.arrivals import arrive, people_by
from holdfast.simulate.asking import ask_how_it_was, ask_how_likely, ask_why, speak_up
from holdfast.simulate.bookkeeping import close_books
from holdfast.simulate.causes import CAUSES
from holdfast.simulate.diary import Columns, Diary
from holdfast.simulate.ledger import Ledger
from holdfast.simulate.people import Kind, People, Stage
from holdfast.simulate.scenario import Scenario, scenario_from_json
from holdfast.simulate.seasons import buying_factors
from holdfast.simulate.today import Today
from holdfast.simulate.touches import Touch, apply_touches, fade_touches

LAYOUT = 1
"""The layout of a saved company that this release writes and reads."""


@dataclass(frozen=True, slots=True)
class Day:
    """What the import files gain on one day, by kind ("orders", "events", ...).

    Each table is a mapping of canonical columns to arrays of one length. Moments are microseconds
    UTC (-1: none), money is in minor units. A subscription or a ticket comes again when more is
    known of it, under the same id. "texts" is no file of the company but the truth about its texts.
    """

    day: int
    tables: Mapping[str, Columns]


class World:
    """A company with known truth. ``scenario`` says what is planted.

    ``people`` restricts the company to these persons (ascending numbers); everyone lives exactly
    the life that they live among all, since no draw depends on anyone else.
    """

    def __init__(self, scenario: Scenario, *, people: Ints | None = None) -> None:
        self.scenario = scenario
        self.day = 0
        self.people = People(len(CAUSES))
        self.ledger = Ledger()
        self._diary = Diary()
        self._only = people
        self._arrived = 0

    def step(self, day: int | None = None, touches: Iterable[Touch] = ()) -> Day:
        """Live through the next day, ``touches`` working from its morning on, and tell what happened.

        ``day`` may be given as a check; raises ``ValueError`` when it is not the next one, and
        ``LookupError`` for a touch of someone who is not there yet.
        """
        if day is not None and day != self.day:
            raise ValueError(f"the next day is {self.day}, not {day}")
        today = self.morning()
        self._morning(today, touches)
        self._business(today)
        self._evening(today)
        self.day += 1
        return Day(today.day, {name: today.table(name) for name in sorted(today.tables)})

    def morning(self) -> Today:
        """The day that comes next, before anything has happened on it."""
        return Today(
            self.scenario,
            self.people,
            self._diary,
            self.ledger,
            self.day,
            buying_factors(self.scenario.date_of(self.day)),
        )

    def save(self, path: Path) -> None:
        """Write everything that the next day depends on, and the truth so far, to one file.

        Written beside and moved into place, so that an older save is never half overwritten.
        """
        about = {
            "layout": LAYOUT,
            "day": self.day,
            "arrived": self._arrived,
            "scenario": self.scenario.as_json(),
        }
        arrays: dict[str, Array] = {"about": np.array(json.dumps(about))}
        for part, columns in self._parts().items():
            arrays |= {f"{part}/{name}": _plain(column) for name, column in columns.items()}
        if self._only is not None:
            arrays["only"] = self._only
        beside = path.with_suffix(".new")
        with beside.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> World:
        """The company that :meth:`save` wrote, to go on as if it had never stopped.

        Raises ``ValueError`` for a file of another layout.
        """
        with np.load(path, allow_pickle=False) as saved:
            about = json.loads(str(saved["about"]))
            if about["layout"] != LAYOUT:
                raise ValueError(f"{path} has layout {about['layout']}, this release reads {LAYOUT}")
            world = cls(scenario_from_json(about["scenario"]))
            world.day, world._arrived = about["day"], about["arrived"]
            world._only = saved["only"] if "only" in saved.files else None
            world.people.fill(_part(saved, "people"))
            world.ledger.fill(_part(saved, "ledger"))
            world._diary.fill(_part(saved, "diary"))
        return world

    def _parts(self) -> dict[str, dict[str, Array]]:
        return {
            "people": self.people.columns(),
            "ledger": self.ledger.columns(),
            "diary": self._diary.columns(),
        }

    def _morning(self, today: Today, touches: Iterable[Touch]) -> None:
        fade_touches(today)
        today.people.grievance *= 0.5 ** (1.0 / self.scenario.grievance_half_life)
        apply_touches(today, touches)
        newcomers = self._newcomers(today.day)
        rows = arrive(today.people, self.scenario, newcomers, today.day)
        for source, count in zip(*np.unique(today.people.source[rows], return_counts=True), strict=True):
            today.ledger.spent[int(source)] = today.ledger.spent.get(int(source), 0) + int(count)
        mood.refresh_hazards(today)
        subscribing.sign_up(today, rows)

    def _business(self, today: Today) -> None:
        subscribing.announce_price_change(today)
        subscribing.change_plans(today)
        parcels.deliver(today)
        billing.bill(today)
        shopping.order(today)
        subscribing.send_subscription_parcels(today)
        using.get_started(today)
        using.use(today)
        using.look_around(today)
        using.review_results(today)
        using.change_contacts(today)
        mailing.mail(today)
        mailing.check_in(today)
        mailing.invite(today)
        support.work_on_tickets(today)
        support.ask_for_help(today)
        ask_how_likely(today)
        ask_how_it_was(today)
        speak_up(today)

    def _evening(self, today: Today) -> None:
        people = today.people
        mood.feel(today)
        left = np.flatnonzero((people.stage == Stage.LEFT) & (people.since == today.day) & (people.plan >= 0))
        cause = people.cause[left].astype(np.int64)
        subscribing.end_subscriptions(today, left, subscribing.stated_reasons(today, left, cause))
        ask_why(today, left, cause)
        back = mood.coming_back(today)
        mood.return_to_us(today, back)
        subscribes = people.kind[back] == Kind.SUBSCRIBER
        plans = np.maximum(people.first_plan[back[subscribes]].astype(np.int64), 0)
        again = np.zeros(int(subscribes.sum()), bool)
        subscribing.subscribe(today, back[subscribes], plans, trial=again)
        shopping.place_orders(today, back[~subscribes])
        close_books(today)

    def _newcomers(self, day: int) -> Ints:
        until = people_by(self.scenario, day)
        newcomers = np.arange(self._arrived, until)
        self._arrived = until
        if self._only is None:
            return newcomers
        return newcomers[np.isin(newcomers, self._only)]


def _plain(column: Array) -> Array:
    """Strings as fixed-width text, so that a save needs no pickling."""
    return column.astype(np.str_) if column.dtype == object else column


def _part(saved: Mapping[str, Array], part: str) -> dict[str, Array]:
    found = {}
    for path in saved:
        if path.startswith(f"{part}/"):
            column = saved[path]
            found[path.removeprefix(f"{part}/")] = (
                column.astype(object) if column.dtype.kind == "U" else column
            )
    return found
