"""A turn of the loop trains a model; how well is asked elsewhere, so the fastest member is enough here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.learning.members import SplineLogit
    from holdfast.learning.risk import RiskClassifier

    monkeypatch.setattr("holdfast.services.foresee.training.REPLAYED", 1)
    monkeypatch.setattr(
        RiskClassifier, "_members", lambda _, categories: {"additive": SplineLogit(categories)}
    )
