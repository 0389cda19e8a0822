"""Who will leave next, why, and how far the model is to be trusted."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from holdfast.services.foresee import reading
from holdfast.services.foresee.health import health_of
from holdfast.services.foresee.write_back import band
from holdfast.store.segments import by_key
from holdfast.store.write_keys import ADMIN, READ
from holdfast.web.access import DECIDERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import Answered, Asked, Call, Id, Money, Page, Paging, not_here, operation
from holdfast.web.api.shapes import mirrored, named

Share = Annotated[float, Meta(ge=0, le=1)]
Short = Annotated[str, Meta(max_length=200)]


class Driver(Answered, frozen=True):
    """What adds to the risk (``effect`` above 0, in log-odds) or takes from it."""

    feature: str
    title: str
    effect: float
    words: str
    cause: str


class Risk(Answered, frozen=True):
    """The calibrated probability that a customer leaves within the horizon, as of the start of a day.

    ``band`` is act, watch or keep by the criteria of the team; ``value`` what the customer can still
    bring, ``value_at_risk`` the part of it that is expected to be lost; ``change`` since a week ago.
    """

    customer_id: int
    name: str
    state: str
    country: str
    risk: float
    band: str
    change: float | None
    value: Money
    value_at_risk: Money
    likely_from: date | None
    likely_to: date | None
    as_of: date
    drivers: list[Driver]


class RiskDay(Answered, frozen=True):
    """The risk on a day on which it had changed."""

    day: date
    risk: float


class HealthChange(Answered, frozen=True):
    """How far health moved since a day, what each dimension did, and ``rest``: everything else."""

    since: date
    points: float
    dimensions: dict[str, float]
    rest: float


class Health(Answered, frozen=True):
    """Health from 0 to 100 (best): of the customer, of the average one, and in each dimension alone.

    ``own`` is the score that the company weighs itself, named ``own_name``; null where it has none.
    """

    score: float
    average: float
    dimensions: dict[str, float]
    change: HealthChange | None
    own: float | None
    own_name: str


class CustomerRisk(Answered, frozen=True):
    """The risk of one customer: now (null where ``reason`` says why), over time, and the average one."""

    latest: Risk | None
    history: list[RiskDay]
    base_risk: float
    reason: str | None
    health: Health | None


class RiskQuery(Paging, kw_only=True, frozen=True):
    """Which customers, in which order."""

    search: Annotated[str, Meta(max_length=200)] = ""
    state: Short = ""
    country: Short = ""
    cause: Annotated[str, Meta(max_length=60, description="The group of the strongest driver.")] = ""
    segment: Annotated[str, Meta(max_length=100, description="The key of a segment.")] | None = None
    least_risk: Share = 0.0
    sort: reading.Sort = "value_at_risk"


class CalibrationBin(Answered, frozen=True):
    """Rows of similar probability: how likely leaving was said to be, and how many left."""

    mean_probability: float
    share_left: float
    low: float
    high: float
    rows: int


class FeatureWeight(Answered, frozen=True):
    """A feature of a model, and the mean size of its effect in log-odds."""

    name: str
    title: str
    meaning: str
    cause: str
    importance: float
    unit: str


class FeatureShift(Answered, frozen=True):
    """How far a feature has moved since training (population stability index)."""

    name: str
    title: str
    psi: float


class Drift(Answered, frozen=True):
    """Whether customers look different now, and whether more or fewer leave than was said."""

    population_alarm: bool
    calibration_alarm: bool | None
    features: list[FeatureShift]
    expected: float | None
    observed: int | None
    low: float | None
    high: float | None
    false_alarm_rate: float


class Model(Answered, frozen=True):
    """A version of the model: of what it was made, how it was graded on a past date it had not seen."""

    version: int
    role: str
    trained_on: date
    rows: int
    left: int
    units: int
    horizon_days: int
    members: dict[str, float]
    grade: dict[str, float | None]
    graded_on: date | None
    curve: list[CalibrationBin]
    drift: Drift | None
    features: list[FeatureWeight]
    notes: list[str]


class Models(Answered, frozen=True):
    """Every version that is kept, the newest first."""

    items: list[Model]


class BacktestMoment(Answered, frozen=True):
    """Past customers foreseen from one day and looked up afterwards, beside simpler ways."""

    day: date
    rows: int
    left: int
    model: dict[str, float | None]
    rivals: dict[str, dict[str, float | None]]


class RivalDifference(Answered, frozen=True):
    """By how much the model is better than another way, with its 95 % interval."""

    estimate: float
    low: float
    high: float


class Backtest(Answered, frozen=True):
    """How the risks would have done on past dates."""

    moments: list[BacktestMoment]
    total: BacktestMoment | None
    differences: dict[str, RivalDifference]
    drift_alarm: bool
    calibration: list[CalibrationBin]
    assumption: str
    made_on: date
    horizon_days: int
    reason: str | None


class Criteria(Answered, frozen=True):
    """From which risk the team acts and watches, and the hours that acting takes for a customer."""

    act_from: float
    watch_from: float
    hours_per_customer: float


class CriteriaWanted(Asked, kw_only=True, frozen=True):
    """What the team decides."""

    act_from: Share
    watch_from: Share
    hours_per_customer: Annotated[float, Meta(gt=0, le=1_000)]


class Consequence(Answered, frozen=True):
    """What acting from a threshold on would mean: how many customers, rightly, hours, money."""

    threshold: float
    customers: int
    expected_right: float
    hours: float
    value_at_risk: Money


class Consequences(Answered, frozen=True):
    """The consequences of each threshold that was asked for."""

    items: list[Consequence]


class ThresholdQuery(Asked, kw_only=True, frozen=True):
    """Which thresholds."""

    threshold: Annotated[tuple[Share, ...], Meta(min_length=1, max_length=20)] = (0.25, 0.5, 0.75)


class Champion(Asked, kw_only=True, frozen=True):
    """Which version is to be trusted."""

    version: Id


@operation("GET", "/risks", scope=READ)
def list_risks(call: Call, query: RiskQuery) -> Page[Risk]:
    """List the customers at risk, the most money at risk first."""
    segment = None
    if query.segment is not None:
        kept = by_key(call.settings, query.segment)
        if kept is None:
            raise not_here("segment", query.segment)
        segment = kept.id
    found = reading.at_risk(
        call.settings,
        top=query.limit,
        after=cursors.where(call, query, str),
        search=query.search,
        state=query.state,
        country=query.country,
        cause=query.cause,
        least_risk=query.least_risk,
        segment=segment,
        sort=query.sort,
        among=call.theirs,
    )
    criteria = reading.read_criteria(call.settings)
    items = [risk_of(call, row, criteria) for row in found.rows]
    return Page(items=items, next=cursors.at(call, query, found.next))


@operation("GET", "/customers/{customer_id}/risk", scope=READ)
def get_risk(call: Call, customer_id: Id) -> CustomerRisk:
    """Get the risk of one customer, what drives it, and how it was before."""
    found = reading.customer_risk(call.settings, customer_id)
    criteria = reading.read_criteria(call.settings)
    return CustomerRisk(
        latest=None if found.latest is None else risk_of(call, found.latest, criteria),
        history=[RiskDay(day=day, risk=risk) for day, risk in found.history],
        base_risk=found.base_risk,
        reason=None if found.reason is None else call.say(found.reason),
        health=_health(found, criteria),
    )


def _health(found: reading.CustomerRisk, criteria: reading.Criteria) -> Health | None:
    health = health_of(found, criteria)
    if health is None:
        return None
    change = None
    if health.change is not None and health.since is not None:
        change = HealthChange(
            since=health.since,
            points=health.change.points,
            dimensions=dict(health.change.of_dimension),
            rest=health.change.rest,
        )
    return Health(
        score=health.score,
        average=health.average,
        dimensions=dict(health.dimensions),
        change=change,
        own=health.own,
        own_name=health.own_name,
    )


@operation("GET", "/models", scope=READ)
def list_models(call: Call) -> Models:
    """List the versions of the model with their grades."""
    return Models(items=[mirrored(call, card, Model) for card in reading.model_cards(call.settings)])


@operation("PUT", "/models/champion", scope=ADMIN, roles=DECIDERS)
def choose_model(call: Call, body: Champion) -> None:
    """Trust another version that is kept; the next run scores with it."""
    reading.roll_back(call.settings, body.version)


@operation("GET", "/backtest", scope=READ)
def get_backtest(call: Call) -> Backtest:
    """Get the last backtest."""
    found = reading.last_backtest(call.settings)
    if found is None:
        raise not_here("backtest", "yet")
    return mirrored(call, found, Backtest)


@operation("GET", "/criteria", scope=READ)
def get_criteria(call: Call) -> Criteria:
    """Get the thresholds of the team."""
    return mirrored(call, reading.read_criteria(call.settings), Criteria)


@operation("PUT", "/criteria", scope=ADMIN, roles=DECIDERS)
def set_criteria(call: Call, body: CriteriaWanted) -> Criteria:
    """Decide from which risk the team acts and watches."""
    wanted = reading.Criteria(body.act_from, body.watch_from, body.hours_per_customer)
    reading.save_criteria(call.settings, wanted)
    return get_criteria(call)


@operation("GET", "/criteria/consequences", scope=READ)
def weigh_criteria(call: Call, query: ThresholdQuery) -> Consequences:
    """See what acting from some thresholds on would mean."""
    found = reading.consequences(call.settings, query.threshold)
    return Consequences(
        items=[
            Consequence(
                threshold=each.threshold,
                customers=each.customers,
                expected_right=each.expected_right,
                hours=each.hours,
                value_at_risk=Money(amount_minor=each.value_at_risk_minor, currency=call.settings.currency),
            )
            for each in found
        ]
    )


def risk_of(call: Call, row: reading.RiskRow, criteria: reading.Criteria) -> Risk:
    """A customer at risk as they may be shown."""
    return Risk(
        customer_id=row.unit_id,
        name=named(call, row.name),
        state=row.state,
        country=row.country,
        risk=row.risk,
        band=band(row.risk, criteria),
        change=row.change,
        value=Money(amount_minor=row.value_minor, currency=row.currency),
        value_at_risk=Money(amount_minor=row.value_at_risk_minor, currency=row.currency),
        likely_from=row.likely_from,
        likely_to=row.likely_to,
        as_of=row.as_of,
        drivers=[mirrored(call, each, Driver) for each in row.drivers],
    )
