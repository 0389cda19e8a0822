"""From content to wavering to gone, and sometimes back: the truth that Holdfast has to find.

Each day a content customer begins to waver with a hazard that is the sum over the causes of what
is usual for such a person (:func:`usual_hazards`) and of what the person has lived through
(grievances, which fade). A wavering customer uses the product less, shops less, reads less and
speaks up more; and leaves with ``Scenario.leaves_per_day`` or is content again with
``Scenario.recovers_per_day``. A touch multiplies the hazards of beginning to waver and of leaving
by ``exp(approached)`` and never anything else's, see :mod:`holdfast.simulate.touches`.
"""

from __future__ import annotations

import numpy as np

from holdfast.simulate import draws
from holdfast.simulate.arrays import Floats, Ints
from holdfast.simulate.arrivals import DEAL_SITE
from holdfast.simulate.catalogue import OFFICE
from holdfast.simulate.causes import CAUSES, NO_CAUSE, cause_index
from holdfast.simulate.countries import country_index
from holdfast.simulate.draws import Purpose
from holdfast.simulate.people import NEVER, Kind, Stage
from holdfast.simulate.today import Today

DAYS_A_MONTH = 30.4375
EARLY_DAYS = 60
SETTLED_DAYS = 365
STEPS = 4
"""Steps of the onboarding."""

_DELETES = 0.08
_GRUDGE_KEPT = 0.3
_GONE_AT_LEAST = 20


def become_customers(today: Today, rows: Ints) -> None:
    """These people paid for something real: who had not done so is a customer from today."""
    people = today.people
    fresh = rows[people.stage[rows] == Stage.NOT_YET]
    if not len(fresh):
        return
    casual = people.kind[fresh] == Kind.CASUAL
    people.stage[fresh] = np.where(casual, Stage.DONE, Stage.CONTENT)
    people.since[fresh], people.customer_since[fresh] = today.day, today.day
    real = fresh[~casual]
    today.ledger.note("firsts", person=people.person[real], day=today.day)


def usual_hazards(today: Today, rows: Ints) -> Floats:
    """Daily hazard of beginning to waver by cause (people x causes) when nothing has happened.

    ``monthly`` of each cause per 1,000 customers, times what makes this person unlike others,
    times the market's shocks.
    """
    people = today.people
    usual = np.array([cause.monthly for cause in CAUSES]) / 1000.0 / DAYS_A_MONTH
    hazards = np.repeat(usual[None, :], len(rows), axis=0)
    for cause, factor in _personal_factors(today, rows).items():
        hazards[:, cause_index(cause)] *= factor
    for shock in today.scenario.shocks:
        if shock.day <= today.day < shock.until:
            there = people.country[rows] == country_index(shock.country)
            hazards[there, cause_index(shock.cause)] *= shock.factor
    kept = np.array([1.05, 0.55, 1.6, 1.0])[people.response[rows]]
    scale: Floats = people.frailty[rows] * kept * today.scenario.level_at(today.day)
    return hazards * scale[:, None]


def refresh_hazards(today: Today) -> None:
    """Bring ``base_hazard`` up to date for those for whom it changes today."""
    people = today.people
    bounds = [0, EARLY_DAYS, SETTLED_DAYS]
    changing = np.isin(today.day - people.arrived, bounds)
    changes = {shock.day for shock in today.scenario.shocks} | {
        shock.until for shock in today.scenario.shocks
    }
    if today.scenario.drift is not None:
        changes.add(today.scenario.drift.day)
    rows = np.arange(len(people)) if today.day in changes else np.flatnonzero(changing)
    people.base_hazard[rows] = usual_hazards(today, rows).sum(axis=1)


def feel(today: Today) -> None:
    """The day's end: who begins to waver, who leaves, who is content again, who comes back."""
    people = today.people
    # The wholesale buyer stays: one customer with thousands of orders is a test of another kind.
    content = np.flatnonzero((people.stage == Stage.CONTENT) & (people.kind != Kind.WHOLESALE))
    wavering = np.flatnonzero(people.stage == Stage.WAVERING)
    drawn = today.uniform(content, Purpose.MOOD)
    begin_to_waver(today, content[drawn < 1.0 - np.exp(-waver_hazard(today, content))])
    drawn = today.uniform(wavering, Purpose.MOOD)
    leaves = drawn < 1.0 - np.exp(-leave_hazard(today, wavering))
    staying = wavering[~leaves]
    recovers = today.uniform(staying, Purpose.MOOD, 1) < 1.0 - np.exp(-today.scenario.recovers_per_day)
    _settle(today, staying[recovers])
    leave(today, wavering[leaves], people.cause[wavering[leaves]])


def waver_hazard(today: Today, rows: Ints) -> Floats:
    """Today's hazard of beginning to waver, for content customers."""
    people = today.people
    hazard: Floats = (
        people.base_hazard[rows] + people.grievance[rows] * today.scenario.level_at(today.day)
    ) * np.exp(people.approached[rows])
    return hazard


def leave_hazard(today: Today, rows: Ints) -> Floats:
    """Today's hazard of leaving, for wavering customers."""
    hazard: Floats = today.scenario.leaves_per_day * np.exp(today.people.approached[rows])
    return hazard


def begin_to_waver(today: Today, rows: Ints) -> None:
    """These people begin to waver, each for a cause drawn from what weighs on them."""
    people = today.people
    if not len(rows):
        return
    weights = usual_hazards(today, rows)
    fading = 0.5 ** ((today.day - people.grievance_day[rows]) / today.scenario.grievance_half_life)
    weights += people.grievances[rows] * fading[:, None] * today.scenario.level_at(today.day)
    people.cause[rows] = draws.choose_by_row(today.uniform(rows, Purpose.CAUSE), weights)
    people.stage[rows], people.since[rows] = Stage.WAVERING, today.day
    today.ledger.note("wavers", person=people.person[rows], day=today.day, cause=people.cause[rows])


def leave(today: Today, rows: Ints, cause: Ints) -> None:
    """These people are gone from today on, each for a cause."""
    people = today.people
    if not len(rows):
        return
    # Whose card is refused for good leaves without having wavered.
    wavered = np.where(people.stage[rows] == Stage.WAVERING, people.since[rows], today.day)
    today.ledger.note("losses", person=people.person[rows], day=today.day, cause=cause, wavered=wavered)
    people.stage[rows], people.since[rows], people.cause[rows] = Stage.LEFT, today.day, cause
    people.lost[rows] += 1
    fear = cause == cause_index("trust_privacy")
    deletes = rows[today.uniform(rows, Purpose.DELETE) < np.where(fear, 0.5, _DELETES)]
    deletes = deletes[people.kind[deletes] == Kind.SHOP]
    people.deleted[deletes] = today.day


def coming_back(today: Today) -> Ints:
    """Who returns today of those who left. A touch that helps to keep helps to win back."""
    people = today.people
    gone = np.flatnonzero((people.stage == Stage.LEFT) & (people.deleted == NEVER))
    gone = gone[people.since[gone] < today.day - _GONE_AT_LEAST]
    monthly = np.array([cause.comes_back for cause in CAUSES])[people.cause[gone]]
    faded = np.where(today.day - people.since[gone] > SETTLED_DAYS, 0.4, 1.0)
    hazard = monthly / DAYS_A_MONTH * faded * np.exp(-1.5 * people.approached[gone])
    back: Ints = gone[today.uniform(gone, Purpose.COME_BACK) < 1.0 - np.exp(-hazard)]
    return back


def return_to_us(today: Today, rows: Ints) -> None:
    """These people are customers again, with a part of what they held against us."""
    people = today.people
    today.ledger.note("returns", person=people.person[rows], day=today.day, cause=people.cause[rows])
    today.forgive(rows, 1.0 - _GRUDGE_KEPT)
    _settle(today, rows)


def _settle(today: Today, rows: Ints) -> None:
    people = today.people
    people.stage[rows], people.since[rows], people.cause[rows] = Stage.CONTENT, today.day, NO_CAUSE


def _personal_factors(today: Today, rows: Ints) -> dict[str, Floats]:
    people = today.people
    tenure = today.day - people.arrived[rows]
    early, settled = tenure < EARLY_DAYS, tenure >= SETTLED_DAYS
    subscribes = people.first_plan[rows] >= 0
    uses = people.app_rate[rows] > 0
    rarely = people.app_rate[rows] < 0.08
    stuck = early & subscribes & uses & (people.steps[rows] < STEPS - 1)
    price = people.price_sense[rows] * np.where(people.first_plan[rows] == OFFICE, 0.5, 1.0)
    lured = people.source[rows] == DEAL_SITE
    misfit = np.exp(-0.8 * np.clip(people.fit[rows], -2.5, 2.5))
    reached = people.consent[rows]
    return {
        "missing_feature": np.where(uses, 1.6, 0.1),
        "complexity_bloat": np.where(uses, 1.6, 0.1),
        "weak_onboarding": np.where(stuck, 6.0, np.where(early & subscribes, 0.5, 0.0)),
        "no_value_realised": np.where(subscribes & rarely, 2.0, 0.5),
        "overpromised": np.where(early, 4.0, 0.4) * np.where(lured, 3.0, 0.8),
        "price_too_high": price,
        "unclear_pricing_hidden_fees": price,
        "competitor_better_offer": 0.5 + 0.5 * price,
        "neglected_relationship": np.where(settled, 3.0, 0.3),
        "wrong_channel": np.where(people.chats[rows], 3.0, 0.3),
        "wrong_fit": misfit * np.where(early, 2.5, 0.4),
        "forgot_about_us": np.where(subscribes, 0.15, 1.0) * np.where(reached, 0.8, 2.0),
    }
