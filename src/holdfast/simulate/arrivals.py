"""Who turns up on a day, and what they are like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from holdfast.domain.period import day_number
from holdfast.simulate import draws
from holdfast.simulate.arrays import Floats, Ints, Keys
from holdfast.simulate.catalogue import NO_PLAN, PLANS, PROFILE_SHARES, RHYTHM_DAYS
from holdfast.simulate.countries import countries, country_index
from holdfast.simulate.draws import BIRTH, Purpose
from holdfast.simulate.people import Kind, People, Response, Stage
from holdfast.simulate.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Source:
    """Where people come from: share of all, cost of one in cents of euro, mean fit, casual visitors
    against the usual number.
    """

    name: str
    share: float
    cost: int
    fit: float
    casual: float = 1.0


SOURCES: tuple[Source, ...] = (
    Source("search", 0.26, 2400, 0.3),
    Source("social", 0.20, 3800, -0.3, 1.3),
    Source("paid_search", 0.18, 4600, 0.1),
    Source("referral", 0.14, 1200, 0.6, 0.5),
    Source("deal_site", 0.12, 2900, -0.9, 2.2),
    Source("trade_fair", 0.05, 8500, 0.2, 0.5),
    Source("direct", 0.05, 0, 0.3),
)
REFERRAL = 3
DEAL_SITE = 4

KIND_SHARES: Floats = np.array([0.07, 0.08, 0.44, 0.41])
"""Of prospects, casual visitors, shop buyers and subscribers; one person is the wholesale buyer."""

_LAUNCH_DAYS = 70.0
_ALSO_SHOPS = 0.4
_SECOND_ID = 0.012
_ON_TRIAL = 0.15


@cache
def pace(scenario: Scenario) -> Floats:
    """How many people have turned up by the end of each of the first ``days`` days."""
    weights = [arrival_weight(day, scenario.date_of(day)) for day in range(scenario.days)]
    by: Floats = np.cumsum(weights) * (scenario.customers / float(np.sum(weights)))
    return by


def arrival_weight(day: int, on: date) -> float:
    """How strongly people come on a day: a launch that fades, weekends, gifts before Christmas."""
    launch = 1.0 + 0.8 * np.exp(-day / _LAUNCH_DAYS)
    gifts = 1.25 if (on.month == 11 and on.day >= 20) or (on.month == 12 and on.day <= 23) else 1.0
    return float(launch * gifts * (0.85 if on.weekday() >= 5 else 1.06))


def people_by(scenario: Scenario, day: int) -> int:
    """How many people have turned up by the end of ``day``; goes on at the same pace for ever."""
    curve = pace(scenario)
    if day < scenario.days:
        return max(1, int(curve[day] + 1e-6))
    usual = scenario.customers / sum(arrival_weight(d, scenario.date_of(d)) for d in range(scenario.days))
    later = sum(arrival_weight(d, scenario.date_of(d)) for d in range(scenario.days, day + 1))
    return scenario.customers + int(later * usual + 1e-6)


def arrive(people: People, scenario: Scenario, newcomers: Ints, day: int) -> Ints:
    """Make these persons (ascending numbers) and return their rows."""
    rows = people.grow(len(newcomers))
    keys = draws.person_keys(scenario.seed, newcomers)
    people.person[rows], people.key[rows], people.arrived[rows] = newcomers, keys, day
    _make_character(people, rows, keys)
    _make_name(people, rows, keys)
    _make_kind(people, rows, keys)
    _make_habits(people, rows, keys)
    _make_response(people, rows, keys)
    _make_contact_points(people, rows, keys)
    _make_birthday(people, rows, keys, scenario.date_of(day))
    _make_wholesale(people, rows)
    people.since[rows], people.stage[rows] = day, Stage.NOT_YET
    people.grievance_day[rows] = day
    return rows


def _make_character(people: People, rows: Ints, keys: Keys) -> None:
    shares = np.array([country.share for country in countries()])
    people.country[rows] = draws.choose(draws.uniform(keys, BIRTH, Purpose.COUNTRY), shares)
    sources = np.array([source.share for source in SOURCES])
    people.source[rows] = draws.choose(draws.uniform(keys, BIRTH, Purpose.SOURCE), sources)
    means = np.array([source.fit for source in SOURCES])
    people.fit[rows] = means[people.source[rows]] + draws.normal(keys, BIRTH, Purpose.FIT)
    for column, purpose, spread in (
        (people.price_sense, Purpose.PRICE_SENSE, 0.6),
        (people.service_sense, Purpose.SERVICE_SENSE, 0.5),
        (people.tolerance, Purpose.TOLERANCE, 0.6),
    ):
        column[rows] = np.exp(spread * draws.normal(keys, BIRTH, purpose) - spread**2 / 2)
    people.frailty[rows] = draws.gamma_of_two(keys, BIRTH, Purpose.FRAILTY)


def _make_name(people: People, rows: Ints, keys: Keys) -> None:
    people.female[rows] = draws.uniform(keys, BIRTH, Purpose.NAME, 0) < 0.54
    everyone = np.array([len(country.family) for country in countries()])[people.country[rows]]
    people.family[rows] = draws.uniform(keys, BIRTH, Purpose.NAME, 1) * everyone
    everyone = np.array([len(country.female) for country in countries()])[people.country[rows]]
    people.given[rows] = draws.uniform(keys, BIRTH, Purpose.NAME, 2) * everyone
    everyone = np.array([len(country.cities) for country in countries()])[people.country[rows]]
    # The first cities of a country are the large ones.
    people.city[rows] = draws.uniform(keys, BIRTH, Purpose.CITY) ** 2 * everyone


def _make_kind(people: People, rows: Ints, keys: Keys) -> None:
    weights = np.repeat(KIND_SHARES[None, :], len(rows), axis=0)
    weights[:, Kind.CASUAL] *= np.array([source.casual for source in SOURCES])[people.source[rows]]
    people.kind[rows] = draws.choose_by_row(draws.uniform(keys, BIRTH, Purpose.KIND), weights)
    subscribes = people.kind[rows] == Kind.SUBSCRIBER
    plans = draws.choose(draws.uniform(keys, BIRTH, Purpose.PLAN), np.array([plan.share for plan in PLANS]))
    people.first_plan[rows] = np.where(subscribes, plans, NO_PLAN)
    people.trial[rows] = subscribes & (draws.uniform(keys, BIRTH, Purpose.TRIAL) < _ON_TRIAL)


def _make_habits(people: People, rows: Ints, keys: Keys) -> None:
    kind = people.kind[rows]
    people.profile[rows] = draws.choose(draws.uniform(keys, BIRTH, Purpose.PROFILE), PROFILE_SHARES)
    own = np.exp(0.4 * draws.normal(keys, BIRTH, Purpose.RHYTHM))
    rhythm = RHYTHM_DAYS[people.profile[rows]] * own
    also = (kind == Kind.SUBSCRIBER) & (draws.uniform(keys, BIRTH, Purpose.RHYTHM, 1) < _ALSO_SHOPS)
    shops = (kind == Kind.SHOP) | (kind == Kind.CASUAL)
    people.rhythm[rows] = np.where(shops, rhythm, np.where(also, 95.0 * own, 0.0))
    uses = np.array([0.3, 0.1, 0.45, 0.82, 0.0])[kind] > draws.uniform(keys, BIRTH, Purpose.APP_RATE, 1)
    people.app_rate[rows] = np.where(uses, 0.17 * draws.gamma_of_two(keys, BIRTH, Purpose.APP_RATE), 0.0)
    people.card_trouble[rows] = draws.gamma_of_two(keys, BIRTH, Purpose.CARD)


def _make_response(people: People, rows: Ints, keys: Keys) -> None:
    """How someone answers depends on what the company can see, so that it can be learned."""
    fit, source = people.fit[rows], people.source[rows]
    weights = np.empty((len(rows), len(Response)))
    weights[:, Response.PERSUADABLE] = 0.32 * np.where(people.country[rows] == country_index("RO"), 1.5, 1.0)
    weights[:, Response.SURE_THING] = 0.33 * np.exp(0.35 * np.clip(fit, -2, 2))
    weights[:, Response.LOST_CAUSE] = 0.22 * np.where(source == DEAL_SITE, 2.2, 1.0)
    quiet = people.app_rate[rows] == 0
    weights[:, Response.SLEEPING_DOG] = 0.13 * np.where(quiet, 1.7, 0.6)
    people.response[rows] = draws.choose_by_row(draws.uniform(keys, BIRTH, Purpose.RESPONSE), weights)


def _make_contact_points(people: People, rows: Ints, keys: Keys) -> None:
    people.consent[rows] = draws.uniform(keys, BIRTH, Purpose.CONTACT_POINTS, 0) < 0.68
    people.has_phone[rows] = draws.uniform(keys, BIRTH, Purpose.CONTACT_POINTS, 1) < 0.62
    people.chats[rows] = draws.uniform(keys, BIRTH, Purpose.CONTACT_POINTS, 2) < 0.22
    shops = people.rhythm[rows] > 0
    people.twin[rows] = shops & (draws.uniform(keys, BIRTH, Purpose.TWIN) < _SECOND_ID)
    refers = people.source[rows] == REFERRAL
    earlier = draws.uniform(keys, BIRTH, Purpose.REFERRER) * people.person[rows]
    people.referrer[rows] = np.where(refers & (people.person[rows] > 0), earlier.astype(np.int64), -1)


def _make_birthday(people: People, rows: Ints, keys: Keys, today: date) -> None:
    years = 20 + 50 * draws.uniform(keys, BIRTH, Purpose.AGE)
    people.birth[rows] = day_number(today) - (years * 365.25).astype(np.int32)


def _make_wholesale(people: People, rows: Ints) -> None:
    """Person 0 is the wholesale buyer: a café in Ireland that orders several times a day."""
    first = rows[people.person[rows] == 0]
    people.kind[first], people.country[first] = Kind.WHOLESALE, country_index("IE")
    people.city[first], people.source[first], people.first_plan[first] = 0, 5, NO_PLAN
    people.rhythm[first], people.profile[first], people.app_rate[first] = 0.25, 0, 0.0
    people.twin[first], people.trial[first], people.frailty[first] = False, False, 0.05
    people.price_sense[first], people.service_sense[first], people.tolerance[first] = 0.01, 0.01, 5.0
    people.given[first], people.family[first], people.referrer[first] = 0, 0, -1
