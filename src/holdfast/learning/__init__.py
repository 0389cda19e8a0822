"""Numbers from samples: usable alone, without Django.

Names are loaded when they are first asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfast.learning.calibration import calibration_curve, calibration_error, expected_losses
    from holdfast.learning.competing import CompetingRisks
    from holdfast.learning.contract_renewal import ShiftedBetaGeometric
    from holdfast.learning.drift import calibration_drift, population_drift
    from holdfast.learning.experiment import (
        Sums,
        detectable_effect,
        propose_holdout,
        sums_of,
        weeks_more,
    )
    from holdfast.learning.grading import Grade, grade, paired_difference
    from holdfast.learning.repeat_buying import BetaGeometricNBD, ModifiedBetaGeometricNBD, ParetoNBD
    from holdfast.learning.risk import Drivers, NotEnoughData, RiskClassifier
    from holdfast.learning.spend import GammaGamma
    from holdfast.learning.survival import SurvivalModel
    from holdfast.learning.value import RemainingValue, remaining_value

__all__ = [
    "BetaGeometricNBD",
    "CompetingRisks",
    "Drivers",
    "GammaGamma",
    "Grade",
    "ModifiedBetaGeometricNBD",
    "NotEnoughData",
    "ParetoNBD",
    "RemainingValue",
    "RiskClassifier",
    "ShiftedBetaGeometric",
    "Sums",
    "SurvivalModel",
    "calibration_curve",
    "calibration_drift",
    "calibration_error",
    "detectable_effect",
    "expected_losses",
    "grade",
    "paired_difference",
    "population_drift",
    "propose_holdout",
    "remaining_value",
    "sums_of",
    "weeks_more",
]

_HOMES = {
    "BetaGeometricNBD": "repeat_buying",
    "ModifiedBetaGeometricNBD": "repeat_buying",
    "ParetoNBD": "repeat_buying",
    "Drivers": "risk",
    "NotEnoughData": "risk",
    "RiskClassifier": "risk",
    "GammaGamma": "spend",
    "ShiftedBetaGeometric": "contract_renewal",
    "Sums": "experiment",
    "detectable_effect": "experiment",
    "propose_holdout": "experiment",
    "sums_of": "experiment",
    "weeks_more": "experiment",
    "Grade": "grading",
    "grade": "grading",
    "paired_difference": "grading",
    "calibration_curve": "calibration",
    "calibration_error": "calibration",
    "expected_losses": "calibration",
    "calibration_drift": "drift",
    "population_drift": "drift",
    "CompetingRisks": "competing",
    "SurvivalModel": "survival",
    "RemainingValue": "value",
    "remaining_value": "value",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
