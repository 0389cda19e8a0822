"""A customer's risk as commands answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from holdfast.domain.money import Money

if TYPE_CHECKING:
    from holdfast.services.foresee.reading import RiskRow


def risk_as_json(row: RiskRow) -> dict[str, Any]:
    """One customer's risk, with amounts as exact decimals."""
    return {
        "name": row.name,
        "state": row.state,
        "country": row.country,
        "risk": row.risk,
        "change": row.change,
        "value_at_risk": Money(row.value_at_risk_minor, row.currency).amount,
        "value": Money(row.value_minor, row.currency).amount,
        "currency": row.currency,
        "likely_from": row.likely_from,
        "likely_to": row.likely_to,
        "drivers": [
            {"driver": driver.feature, "effect": driver.effect, "words": driver.words, "cause": driver.cause}
            for driver in row.drivers
        ],
    }
