"""The truth about a company, written beside its files and never imported."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from holdfast.domain.period import date_of, day_number
from holdfast.simulate.arrays import Floats, Ints
from holdfast.simulate.arrivals import SOURCES
from holdfast.simulate.causes import CAUSE_IDS, CAUSES
from holdfast.simulate.countries import countries
from holdfast.simulate.people import NEVER, Kind, Response, Stage, customer_id
from holdfast.simulate.scenario import Scenario
from holdfast.simulate.touches import EFFECTS, ENCOURAGES, KINDS, LIMITS, MATCH, OFFERS
from holdfast.simulate.world import World

TRUTH = "truth.json"
TRUTH_CUSTOMERS = "truth-customers.csv"
TRUTH_LOSSES = "truth-losses.csv"

_CUSTOMER_COLUMNS = (
    "customer",
    "guest_id",
    "kind",
    "country",
    "source",
    "response",
    "fit",
    "price_sense",
    "service_sense",
    "frailty",
    "app_rate",
    "rhythm",
    "arrived_on",
    "customer_since",
    "stage",
    "times_lost",
)


def write_truth(world: World, folder: Path, files: Mapping[str, int]) -> None:
    """Write ``truth.json``, ``truth-customers.csv`` and ``truth-losses.csv`` into ``folder``.

    ``docs/reference/truth-file.md`` says what each field means.
    """
    (folder / TRUTH).write_text(
        json.dumps(truth_of(world, files), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    _write_customers(world, folder / TRUTH_CUSTOMERS)
    _write_losses(world, folder / TRUTH_LOSSES)


def truth_of(world: World, files: Mapping[str, int]) -> dict[str, object]:
    """The content of ``truth.json``."""
    people, losses = world.people, world.ledger.read("losses")
    by_cause = np.bincount(losses["cause"], minlength=len(CAUSES))
    kinds = np.bincount(people.kind, minlength=len(Kind))
    return {
        "seed": world.scenario.seed,
        "first_day": world.scenario.start.isoformat(),
        "last_day": world.scenario.date_of(world.day - 1).isoformat(),
        "parameters": world.scenario.as_json(),
        "people": {kind.name.lower(): int(kinds[kind]) for kind in Kind},
        "customers": int((people.customer_since >= 0).sum() - (people.stage == Stage.DONE).sum()),
        "present": int(people.present().sum()),
        "known_twice": int((people.guest_since != NEVER).sum()),
        "wholesale_customer": customer_id(0),
        "lost": int(by_cause.sum()),
        "causes": [
            {"cause": c.id, "group": c.group, "origin": c.origin, "lost": int(n)}
            for c, n in zip(CAUSES, by_cause, strict=True)
        ],
        "months": months(world),
        "planted": planted(world),
        "touches": _touches(world),
        "files": dict(files),
    }


def months(world: World) -> list[dict[str, object]]:
    """For each month: customers at its start, new, won back, lost, at its end, and true churn."""
    first = day_number(world.scenario.start)
    counted = {
        name: world.ledger.read(table)["day"] + first
        for name, table in (("new", "firsts"), ("won_back", "returns"), ("lost", "losses"))
    }
    cause = world.ledger.read("losses")["cause"]
    found: list[dict[str, object]] = []
    present = 0
    for start, end in _month_bounds(world.scenario, world.day):
        inside = {name: (days >= start) & (days < end) for name, days in counted.items()}
        numbers = {name: int(chosen.sum()) for name, chosen in inside.items()}
        after = present + numbers["new"] + numbers["won_back"] - numbers["lost"]
        by_cause = np.bincount(cause[inside["lost"]], minlength=len(CAUSES))
        found.append(
            {
                "month": f"{date_of(start):%Y-%m}",
                "at_start": present,
                **numbers,
                "at_end": after,
                "churn": numbers["lost"] / present if present else None,
                "lost_by_cause": {
                    CAUSE_IDS[index]: int(by_cause[index]) for index in np.flatnonzero(by_cause)
                },
            }
        )
        present = after
    return found


def planted(world: World) -> list[dict[str, object]]:
    """What was planted, when, for which cause, and how many began to waver for it before and after.

    ``before`` and ``after`` count those who began to waver for the cause in the 60 days before and
    in the 60 days from the day on (``country`` only, where there is one).
    """
    scenario = world.scenario
    found: list[dict[str, object]] = []
    if scenario.price_change is not None:
        found.append(_planted(world, "price_change", scenario.price_change.day, "price_too_high", None))
    found += [
        _planted(world, "outage", outage.day, "bugs_outages", None)
        for outage in (scenario.outage, scenario.next_outage)
        if outage is not None
    ]
    if scenario.courier is not None:
        courier = scenario.courier
        found.append(_planted(world, "courier", courier.day, "late_delivery", courier.country))
    for shock in scenario.shocks:
        found.append(_planted(world, "shock", shock.day, shock.cause, shock.country))
    return [entry for entry in found if entry]


def _planted(world: World, name: str, day: int, cause: str, country: str | None) -> dict[str, object]:
    if day >= world.day:
        return {}
    wavers = world.ledger.read("wavers")
    chosen = wavers["cause"] == CAUSE_IDS.index(cause)
    if country is not None:
        rows = world.people.rows_of(wavers["person"])
        chosen &= np.array([c.code == country for c in countries()])[world.people.country[rows]]
    days = wavers["day"][chosen]
    return {
        "what": name,
        "on": world.scenario.date_of(day).isoformat(),
        "cause": cause,
        "country": country,
        "before": int(((days >= day - 60) & (days < day)).sum()),
        "after": int(((days >= day) & (days < day + 60)).sum()),
    }


def _touches(world: World) -> dict[str, object]:
    given = np.bincount(world.ledger.read("touches")["response"], minlength=len(Response))
    shares = np.bincount(world.people.response, minlength=len(Response)) / max(len(world.people), 1)
    return {
        "half_life_days": world.scenario.touch_half_life,
        "limits": list(LIMITS),
        "match": MATCH,
        "kinds": KINDS,
        "offers": {name: added for name, (added, _) in OFFERS.items()},
        "responses": [
            {
                "response": response.name.lower(),
                "share": round(float(shares[response]), 4),
                "log_hazard": float(EFFECTS[response]),
                "log_order_rate": float(ENCOURAGES[response]),
                "touches": int(given[response]),
            }
            for response in Response
        ],
    }


def _month_bounds(scenario: Scenario, days: int) -> list[tuple[int, int]]:
    first, last = scenario.start, scenario.date_of(days)
    bounds, start = [], first
    while start < last:
        following = (date(start.year, start.month, 1) + timedelta(days=32)).replace(day=1)
        bounds.append((day_number(start), day_number(min(following, last))))
        start = following
    return bounds


def _write_customers(world: World, path: Path) -> None:
    people, first = world.people, day_number(world.scenario.start)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_CUSTOMER_COLUMNS)
        for row in range(len(people)):
            person, since = int(people.person[row]), int(people.customer_since[row])
            twice = people.guest_since[row] != NEVER
            writer.writerow(
                (
                    customer_id(person),
                    customer_id(person, guest=True) if twice else "",
                    Kind(people.kind[row]).name.lower(),
                    countries()[people.country[row]].code,
                    SOURCES[people.source[row]].name,
                    Response(people.response[row]).name.lower(),
                    *(f"{column[row]:.4f}" for column in _measures(world)),
                    date_of(first + int(people.arrived[row])),
                    date_of(first + since) if since >= 0 else "",
                    Stage(people.stage[row]).name.lower(),
                    int(people.lost[row]),
                )
            )


def _measures(world: World) -> tuple[Floats, ...]:
    people = world.people
    return (
        people.fit,
        people.price_sense,
        people.service_sense,
        people.frailty,
        people.app_rate,
        people.rhythm,
    )


def _write_losses(world: World, path: Path) -> None:
    losses, first = world.ledger.read("losses"), day_number(world.scenario.start)
    returned = _returns(world, losses["person"], losses["day"])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("customer", "left_on", "wavered_on", "cause", "origin", "returned_on"))
        for person, day, wavered, cause, back in zip(
            *(losses[name].tolist() for name in ("person", "day", "wavered", "cause")), returned, strict=True
        ):
            writer.writerow(
                (
                    customer_id(person),
                    date_of(first + day),
                    date_of(first + wavered),
                    CAUSES[cause].id,
                    CAUSES[cause].origin,
                    date_of(first + back) if back >= 0 else "",
                )
            )


def _returns(world: World, people: Ints, days: Ints) -> list[int]:
    """The day on which each loss was made good, -1 where it was not."""
    returns = world.ledger.read("returns")
    by_person: dict[int, list[int]] = {}
    for person, day in zip(returns["person"].tolist(), returns["day"].tolist(), strict=True):
        by_person.setdefault(person, []).append(day)
    return [
        min((back for back in by_person.get(person, ()) if back > day), default=-1)
        for person, day in zip(people.tolist(), days.tolist(), strict=True)
    ]
