"""Who will leave next, why, and how far the model is to be trusted.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast

from holdfast.client.connection import Connection
from holdfast.client.shapes import Money, Risk


class Backtest(TypedDict):
    """How the risks would have done on past dates."""

    moments: list[BacktestMoment]
    total: BacktestMoment | None
    differences: dict[str, RivalDifference]
    drift_alarm: bool
    calibration: list[CalibrationBin]
    assumption: str
    made_on: str
    horizon_days: int
    reason: str | None


class BacktestMoment(TypedDict):
    """Past customers foreseen from one day and looked up afterwards, beside simpler ways."""

    day: str
    rows: int
    left: int
    model: dict[str, float | None]
    rivals: dict[str, dict[str, float | None]]


class CalibrationBin(TypedDict):
    """Rows of similar probability: how likely leaving was said to be, and how many left."""

    mean_probability: float
    share_left: float
    low: float
    high: float
    rows: int


class Consequence(TypedDict):
    """What acting from a threshold on would mean: how many customers, rightly, hours, money."""

    threshold: float
    customers: int
    expected_right: float
    hours: float
    value_at_risk: Money


class Consequences(TypedDict):
    """The consequences of each threshold that was asked for."""

    items: list[Consequence]


class Criteria(TypedDict):
    """From which risk the team acts and watches, and the hours that acting takes for a customer."""

    act_from: float
    watch_from: float
    hours_per_customer: float


class CustomerRisk(TypedDict):
    """The risk of one customer: now (null where ``reason`` says why), over time, and the average one."""

    latest: Risk | None
    history: list[RiskDay]
    base_risk: float
    reason: str | None
    health: Health | None


class Drift(TypedDict):
    """Whether customers look different now, and whether more or fewer leave than was said."""

    population_alarm: bool
    calibration_alarm: bool | None
    features: list[FeatureShift]
    expected: float | None
    observed: int | None
    low: float | None
    high: float | None
    false_alarm_rate: float


class FeatureShift(TypedDict):
    """How far a feature has moved since training (population stability index)."""

    name: str
    title: str
    psi: float


class FeatureWeight(TypedDict):
    """A feature of a model, and the mean size of its effect in log-odds."""

    name: str
    title: str
    meaning: str
    cause: str
    importance: float
    unit: str


class Health(TypedDict):
    """Health from 0 to 100 (best): of the customer, of the average one, and in each dimension alone.

    ``own`` is the score that the company weighs itself, named ``own_name``; null where it has none.
    """

    score: float
    average: float
    dimensions: dict[str, float]
    change: HealthChange | None
    own: float | None
    own_name: str


class HealthChange(TypedDict):
    """How far health moved since a day, what each dimension did, and ``rest``: everything else."""

    since: str
    points: float
    dimensions: dict[str, float]
    rest: float


class Model(TypedDict):
    """A version of the model: of what it was made, how it was graded on a past date it had not seen."""

    version: int
    role: str
    trained_on: str
    rows: int
    left: int
    units: int
    horizon_days: int
    members: dict[str, float]
    grade: dict[str, float | None]
    graded_on: str | None
    curve: list[CalibrationBin]
    drift: Drift | None
    features: list[FeatureWeight]
    notes: list[str]


class Models(TypedDict):
    """Every version that is kept, the newest first."""

    items: list[Model]


class RiskDay(TypedDict):
    """The risk on a day on which it had changed."""

    day: str
    risk: float


class RivalDifference(TypedDict):
    """By how much the model is better than another way, with its 95 % interval."""

    estimate: float
    low: float
    high: float


class RisksArea:
    """Who will leave next, why, and how far the model is to be trusted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_backtest(self) -> Backtest:
        """Get the last backtest."""
        return cast("Backtest", self._connection.ask("GET", "/backtest"))

    def get_criteria(self) -> Criteria:
        """Get the thresholds of the team."""
        return cast("Criteria", self._connection.ask("GET", "/criteria"))

    def set_criteria(
        self, *, act_from: float, watch_from: float, hours_per_customer: float, if_match: str | None = None
    ) -> Criteria:
        """Decide from which risk the team acts and watches."""
        return cast(
            "Criteria",
            self._connection.ask(
                "PUT",
                "/criteria",
                body={
                    "act_from": act_from,
                    "watch_from": watch_from,
                    "hours_per_customer": hours_per_customer,
                },
                if_match=if_match,
            ),
        )

    def weigh_criteria(self, *, threshold: list[float] | None = None) -> Consequences:
        """See what acting from some thresholds on would mean."""
        return cast(
            "Consequences",
            self._connection.ask("GET", "/criteria/consequences", query={"threshold": threshold}),
        )

    def get_risk(self, customer_id: int) -> CustomerRisk:
        """Get the risk of one customer, what drives it, and how it was before."""
        return cast("CustomerRisk", self._connection.ask("GET", f"/customers/{customer_id}/risk"))

    def list_models(self) -> Models:
        """List the versions of the model with their grades."""
        return cast("Models", self._connection.ask("GET", "/models"))

    def choose_model(self, *, version: int) -> None:
        """Trust another version that is kept; the next run scores with it."""
        self._connection.ask("PUT", "/models/champion", body={"version": version})

    def list_risks(
        self,
        *,
        limit: int | None = None,
        search: str | None = None,
        state: str | None = None,
        country: str | None = None,
        cause: str | None = None,
        segment: str | None = None,
        least_risk: float | None = None,
        sort: Literal["name", "risk", "value_at_risk"] | None = None,
    ) -> Iterator[Risk]:
        """List the customers at risk, the most money at risk first."""
        return self._connection.pages(
            "/risks",
            {
                "limit": limit,
                "search": search,
                "state": state,
                "country": country,
                "cause": cause,
                "segment": segment,
                "least_risk": least_risk,
                "sort": sort,
            },
        )
