"""Risks as the loop would leave them: the company of the look's mock pages, as pages read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from holdfast.domain.texts import Text
from holdfast.services.foresee.reading import (
    AtRisk,
    Backtest,
    BacktestMoment,
    CalibrationBin,
    Consequence,
    CustomerRisk,
    DriftState,
    Driver,
    FeatureShift,
    FeatureWeight,
    ModelCard,
    RiskRow,
    RivalDifference,
)

TODAY = date(2026, 11, 16)
HORIZON = 90


def driver(name: str, title: str, effect: float, cause: str, value: float, usual: float) -> Driver:
    """A driver as the loop says it."""
    words = Text(f"{title}: {{value}} (usual: {{usual}})", value=value, usual=usual)
    return Driver(name, Text(title), effect, words, cause)


SILENT = driver("days_silent", "Days since the last order", 1.4, "use", 23, 9)
LATE = driver("late", "Tickets in the last 28 days", 0.8, "service", 2, 0)
LOYAL = driver("tenure", "Days since they came", -0.6, "tenure", 970, 400)
PRICE = driver("price", "Price change", 0.01, "money", 5, 0)


def row(unit_id: int = 1, name: str = "Ioana Marin", risk: float = 0.62, **given: object) -> RiskRow:
    """One customer at risk."""
    made = RiskRow(
        unit_id=unit_id,
        name=name,
        state="active",
        country="RO",
        risk=risk,
        value_at_risk_minor=round(66_400 * risk),
        value_minor=66_400,
        currency="EUR",
        likely_from=TODAY + timedelta(days=7),
        likely_to=TODAY + timedelta(days=21),
        drivers=(SILENT, LATE, LOYAL, PRICE),
        as_of=TODAY,
        change=0.12,
    )
    return replace(made, **given)  # type: ignore[arg-type]


def rows() -> tuple[RiskRow, ...]:
    """Some of every kind: no window, no change, no name, nearly nothing, an account, far below."""
    return (
        row(1, risk=0.71, value_at_risk_minor=497_000),
        row(2, "Георги Стоянов", 0.38, change=None, likely_from=None, likely_to=None, country="BG"),
        row(3, "مریم رستمی", 0.31, change=-0.04, drivers=(LOYAL,), country="IR", state="dormant"),
        row(4, "", 0.0004, change=0.001, drivers=(), country="", likely_from=TODAY),
        row(5, "Alexandra-Ștefania Constantinescu-Dimitrescu și fiii", 0.999, value_at_risk_minor=10**12),
    )


def at_risk(*, after: str | None = None) -> AtRisk:
    """A page of five, of which there are more."""
    following = None if after else "[1, 5]"
    return AtRisk(rows(), 1284, following, TODAY, "3", None, HORIZON)


def nobody() -> AtRisk:
    """Filters that nobody meets."""
    return AtRisk((), 0, None, TODAY, "3", None, HORIZON)


def too_few() -> AtRisk:
    """A company whose history is too short."""
    reason = Text("Only {n} customer has left so far.", "Only {n} customers have left so far.", n=7)
    return AtRisk((), 0, None, TODAY, None, reason, HORIZON)


def not_run() -> AtRisk:
    """A workspace in which the loop has not run."""
    return AtRisk((), 0, None, None, None, Text("The loop has not run yet."), HORIZON)


def consequence(threshold: float) -> Consequence:
    """What a threshold would mean: fewer and surer the higher it is."""
    customers = round(1284 * (1 - threshold) ** 3)
    right = customers * min(1.0, 0.29 + 0.6 * threshold)
    return Consequence(threshold, customers, right, customers * 0.5, 18_640_000 - round(15e6 * threshold))


def customer_risk() -> CustomerRisk:
    """One customer whose risk has risen for half a year."""
    history = tuple(
        (TODAY - timedelta(days=7 * week), 0.15 + 0.47 * (1 - week / 26) ** 3) for week in range(26, 0, -1)
    )
    latest = row()
    return CustomerRisk(latest, history, latest.drivers, 0.08, None)


def curve() -> tuple[CalibrationBin, ...]:
    """Probabilities that came true, about."""
    return tuple(
        CalibrationBin(share, share * 1.05, share * 0.8, min(1.0, share * 1.3), 400)
        for share in (0.02, 0.05, 0.09, 0.15, 0.24, 0.41, 0.63)
    )


def drift(*, population: bool = False, calibration: bool | None = False) -> DriftState:
    """The state of both alarms."""
    features = (FeatureShift("days_silent", Text("Days since the last order"), 0.31),
                FeatureShift("late", Text("Tickets in the last 28 days"), 0.12),
                FeatureShift("tenure", Text("Days since they came"), 0.02))  # fmt: skip
    known = calibration is not None
    return DriftState(
        population, calibration, features, *((212.4, 231, 184.0, 241.0) if known else (None,) * 4), 0.01
    )


def card(version: int = 3, role: str = "champion", **given: object) -> ModelCard:
    """A version of the model."""
    weights = (("days_silent", SILENT, 0.9), ("late", LATE, 0.4), ("tenure", LOYAL, 0.2))
    made = ModelCard(
        version=version,
        role=role,  # type: ignore[arg-type]
        trained_on=TODAY - timedelta(days=28 * (3 - version)),
        moments=tuple(TODAY - timedelta(days=28 * number) for number in range(14, 4, -1)),
        rows=41_230,
        left=3_120,
        units=6_870,
        horizon_days=HORIZON,
        members={"additive": 0.4, "small trees": 0.35, "larger trees": 0.25, "unused": 0.0},
        grade=GRADE,
        graded_on=TODAY - timedelta(days=120),
        curve=curve(),
        drift=drift(),
        features=tuple(
            FeatureWeight(name, driver.title, Text("What it means."), driver.cause, weight)
            for name, driver, weight in weights
        ),
        notes=(Text("Fewer than {n} left: probabilities lean to the average.", n=200),),
        seed=0,
    )
    return replace(made, **given)  # type: ignore[arg-type]


GRADE: dict[str, float | None] = {
    "auc": 0.842,
    "average_precision": 0.41,
    "log_loss": 0.2614,
    "calibration_error": 0.012,
    "lift_top_decile": 4.6,
    "money_caught": 0.48,
}


def worse(by: float) -> dict[str, float | None]:
    """The grades of a rival."""
    return {**GRADE, "auc": 0.842 - by, "lift_top_decile": 3.1, "money_caught": None}


def backtest() -> Backtest:
    """Six past dates."""
    moments = tuple(
        BacktestMoment(
            TODAY - timedelta(days=28 * number),
            5_600,
            430,
            {**GRADE, "auc": 0.842 + 0.004 * (number % 3)},
            {"recency": worse(0.03 + 0.004 * number), "health": worse(0.09)},
        )
        for number in range(10, 4, -1)
    )
    total = BacktestMoment(
        moments[-1].day, 33_600, 2_580, GRADE, {"recency": worse(0.05), "health": worse(0.09)}
    )
    return Backtest(
        moments=moments,
        total=total,
        differences={
            "recency": RivalDifference(0.052, 0.031, 0.073),
            "health": RivalDifference(0.006, -0.004, 0.016),
        },
        drift_alarm=False,
        drift=drift(),
        calibration=curve(),
        assumption=Text("Every event counts as known when it happened."),
        made_on=TODAY,
        horizon_days=HORIZON,
        reason=None,
    )
