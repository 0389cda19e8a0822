"""Model cards and backtests as the database keeps them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from holdfast.services.foresee.reading import (
    Backtest,
    BacktestMoment,
    CalibrationBin,
    DriftState,
    FeatureShift,
    FeatureWeight,
    ModelCard,
    RivalDifference,
)


def told(value: object) -> Any:
    """The fields of frozen values by their names, all the way down."""
    if is_dataclass(value) and not isinstance(value, type) and type(value) in _OURS:
        return {each.name: told(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): told(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [told(each) for each in value]
    return value


def card(kept: Mapping[str, Any]) -> ModelCard:
    """The card of which :func:`told` was kept."""
    return ModelCard(
        **{
            **kept,
            "curve": tuple(CalibrationBin(**each) for each in kept["curve"]),
            "drift": _drift(kept["drift"]),
            "features": tuple(FeatureWeight(**each) for each in kept["features"]),
        }
    )


def backtest(kept: Mapping[str, Any]) -> Backtest:
    """The backtest of which :func:`told` was kept."""
    total = kept["total"]
    return Backtest(
        **{
            **kept,
            "moments": tuple(BacktestMoment(**each) for each in kept["moments"]),
            "total": None if total is None else BacktestMoment(**total),
            "differences": {name: RivalDifference(**each) for name, each in kept["differences"].items()},
            "drift": _drift(kept["drift"]),
            "calibration": tuple(CalibrationBin(**each) for each in kept["calibration"]),
        }
    )


def _drift(kept: Mapping[str, Any] | None) -> DriftState | None:
    if kept is None:
        return None
    return DriftState(**{**kept, "features": tuple(FeatureShift(**each) for each in kept["features"])})


_OURS = (
    Backtest,
    BacktestMoment,
    CalibrationBin,
    DriftState,
    FeatureShift,
    FeatureWeight,
    ModelCard,
    RivalDifference,
)
