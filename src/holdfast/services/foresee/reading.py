"""What pages and commands show of the risks: read from the database, never computed for a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from holdfast.domain.health import OwnHealth
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings

Sort = Literal["value_at_risk", "risk", "name"]
Role = Literal["champion", "challenger", "retired"]
GRADES = (
    "auc",
    "average_precision",
    "log_loss",
    "calibration_error",
    "lift_top_decile",
    "money_caught",
)
"""The measures by which a model is graded, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Driver:
    """What one feature adds to the log-odds of leaving (above 0: it raises the risk), in ``words``."""

    feature: str
    title: Text
    effect: float
    words: Text
    cause: str


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One customer's risk as of the start of ``as_of``.

    ``risk`` is the probability that the customer leaves within the horizon; ``value_minor`` what the
    customer can still bring (minor units of ``currency``), ``value_at_risk_minor`` the part of it
    that is expected to be lost within the horizon. ``likely_from`` and ``likely_to`` bound when
    leaving is most likely, the end not included; ``change`` is that of the risk since a week ago,
    ``None`` when there was none.
    """

    unit_id: int
    name: str
    state: str
    country: str
    risk: float
    value_at_risk_minor: int
    value_minor: int
    currency: str
    likely_from: date | None
    likely_to: date | None
    drivers: tuple[Driver, ...]
    as_of: date
    change: float | None


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A page of the customers at risk.

    ``total`` counts all that match; ``next`` is handed back as ``after`` for the following page,
    ``None`` on the last. ``model`` names the version that said so ("3"). Where no model could be
    made, ``reason`` says why and there are no rows. ``unchecked`` says so where nobody could grade the
    model on a past date yet.
    """

    rows: tuple[RiskRow, ...]
    total: int
    next: str | None
    as_of: date | None
    model: str | None
    reason: Text | None
    horizon_days: int
    unchecked: Text | None = None


@dataclass(frozen=True, slots=True)
class CustomerRisk:
    """The risk of one customer: now, over time (day, risk; oldest first), and of what it is made.

    ``base_risk`` is that of the average customer: the drivers lead from it to the customer's.
    ``effects`` are what each group of causes adds to the log-odds now, ``before`` the (day, risk, effects)
    of a week ago or the last ones before; ``None`` where nothing was said then.
    """

    latest: RiskRow | None
    history: tuple[tuple[date, float], ...]
    drivers: tuple[Driver, ...]
    base_risk: float
    reason: Text | None
    effects: Mapping[str, float] = field(default_factory=dict)
    before: tuple[date, float, Mapping[str, float]] | None = None


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows of similar probability: how likely leaving was said to be, and how many left (95 % interval)."""

    mean_probability: float
    share_left: float
    low: float
    high: float
    rows: int


@dataclass(frozen=True, slots=True)
class FeatureWeight:
    """A feature of a model; ``importance`` is the mean size of its effect in log-odds.

    ``unit`` says how its values are written (see :data:`holdfast.analytics.feature.Unit`).
    """

    name: str
    title: Text
    meaning: Text
    cause: str
    importance: float
    unit: str = "count"


@dataclass(frozen=True, slots=True)
class FeatureShift:
    """How far a feature has moved since training (population stability index; above 0.25 is a lot)."""

    name: str
    title: Text
    psi: float


@dataclass(frozen=True, slots=True)
class DriftState:
    """Whether customers look different from those the model learnt from (``population_alarm``), and
    whether more or fewer leave than it said (``calibration_alarm``; ``None``: not yet known).

    ``expected`` and ``observed`` count leavers of the newest mature moment; the observed number should
    lie between ``low`` and ``high``. Each alarm is false at ``false_alarm_rate``.
    """

    population_alarm: bool
    calibration_alarm: bool | None
    features: tuple[FeatureShift, ...]
    expected: float | None
    observed: int | None
    low: float | None
    high: float | None
    false_alarm_rate: float

    @property
    def alarm(self) -> bool:
        """Whether any of the two alarms is on."""
        return self.population_alarm or bool(self.calibration_alarm)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a version of the model is made of and how good it was.

    ``rows`` are customers at past moments, ``units`` different customers among them, ``left`` the rows
    that ended in leaving. ``members`` is the weight of each member. ``grade`` are the measures of
    :data:`GRADES` on the newest mature ``graded_on``, of a model that did not see it; ``None`` where
    one could not be computed. ``curve`` is its calibration there. ``notes`` say what a reader should know.
    ``lost`` is the rule of who counts as lost by which it was trained, in words of the program.
    """

    version: int
    role: Role
    trained_on: date
    moments: tuple[date, ...]
    rows: int
    left: int
    units: int
    horizon_days: int
    members: Mapping[str, float]
    grade: Mapping[str, float | None]
    graded_on: date | None
    curve: tuple[CalibrationBin, ...]
    drift: DriftState | None
    features: tuple[FeatureWeight, ...]
    notes: tuple[Text, ...]
    seed: int
    lost: str = ""


@dataclass(frozen=True, slots=True)
class BacktestMoment:
    """What a model made of what was known on ``day`` would have said, and what came of it.

    ``model`` and each of ``rivals`` ("recency", "health") hold the measures of :data:`GRADES`.
    """

    day: date
    rows: int
    left: int
    model: Mapping[str, float | None]
    rivals: Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class RivalDifference:
    """The model's AUC minus the rival's, with its paired 95 % interval (over customers)."""

    estimate: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Backtest:
    """Would we have known? Past dates, each with a model trained on what was known by then.

    ``total`` is over all ``moments``. ``drift_alarm`` is the state of the alarm now. ``assumption``
    says on what knowledge of arrival times it rests. Where it could not be made, ``reason`` says why.
    """

    moments: tuple[BacktestMoment, ...]
    total: BacktestMoment | None
    differences: Mapping[str, RivalDifference]
    drift_alarm: bool
    drift: DriftState | None
    calibration: tuple[CalibrationBin, ...]
    assumption: Text
    made_on: date
    horizon_days: int
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Criteria:
    """From which risk the team acts, from which it watches, and the hours one customer takes.

    ``own_health`` is the company's own weighing of the dimensions of health, where it has one.
    """

    act_from: float = 0.5
    watch_from: float = 0.25
    hours_per_customer: float = 0.5
    own_health: OwnHealth | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What acting from ``threshold`` on means now.

    So many ``customers``, so many of whom would leave if the probabilities hold (``expected_right``),
    so many ``hours``; ``value_at_risk_minor`` is theirs together.
    """

    threshold: float
    customers: int
    expected_right: float
    hours: float
    value_at_risk_minor: int


def at_risk(
    settings: Settings,
    *,
    top: int = 50,
    after: str | None = None,
    search: str = "",
    state: str = "",
    country: str = "",
    cause: str = "",
    least_risk: float = 0.0,
    segment: int | None = None,
    sort: Sort = "value_at_risk",
    among: frozenset[int] | None = None,
    counted: bool = True,
) -> AtRisk:
    """The customers at risk, most first (by name: in the order of the alphabet).

    ``cause`` narrows to those whose strongest driver is of that group ("use", "service" ...),
    ``segment`` to who is in the segment of that number.
    ``after`` is the ``next`` of the page before; one that cannot be read gives the first page. ``among`` are
    the only units a reader may see. Who has no use for the ``total`` leaves it out by ``counted``: it is 0.
    """
    from holdfast.services.foresee.at_risk import page

    return page(
        settings,
        top=top,
        after=after,
        search=search,
        state=state,
        country=country,
        cause=cause,
        least_risk=least_risk,
        segment=segment,
        sort=sort,
        among=among,
        counted=counted,
    )


def customer_risk(settings: Settings, unit_id: int) -> CustomerRisk:
    """The risk of one customer; ``reason`` says why there is none."""
    from holdfast.services.foresee.at_risk import of_one

    return of_one(settings, unit_id)


def model_cards(settings: Settings) -> tuple[ModelCard, ...]:
    """All versions that are kept, the newest first."""
    from holdfast.services.foresee.versions import cards

    return cards(settings)


def last_backtest(settings: Settings) -> Backtest | None:
    """The backtest that was made last; ``None`` before there was one."""
    from holdfast.services.foresee.backtest import saved

    return saved(settings)


def read_criteria(settings: Settings) -> Criteria:
    """What the team decided, or the defaults."""
    from holdfast.services.foresee.criteria import read

    return read(settings)


def save_criteria(settings: Settings, criteria: Criteria) -> None:
    """Keep what the team decided.

    Refuses ("bad_criteria") shares outside 0..1, watching from above acting, and hours below 0.
    """
    from holdfast.services.foresee.criteria import save

    save(settings, criteria)


def consequences(settings: Settings, thresholds: Sequence[float]) -> list[Consequence]:
    """What acting from each of ``thresholds`` on would mean now, in the same order."""
    from holdfast.services.foresee.criteria import weigh

    return weigh(settings, thresholds)


def roll_back(settings: Settings, version: int) -> None:
    """Make ``version`` the champion again; the next run scores with it.

    Refuses ("no_such_version") one that is not kept or whose file is missing or changed.
    """
    from holdfast.services.foresee.versions import make_champion

    make_champion(settings, version)
