"""Grades of reasons as a night keeps them, for tests of what shows them."""

from __future__ import annotations

from holdfast.analytics.reason_grading import LOSSES, Graded, Tally
from holdfast.services.understand.reasons import delivered
from holdfast.settings import Settings
from holdfast.store import reason_grades
from holdfast.store.reason_grades import Behind

BAD, WEAK, FEW = "poor_quality", "poor_service", "late_delivery"
DAY = 19_919
"""15 July 2024."""


def grade(settings: Settings, *units: int) -> None:
    """Poor quality is bad, poor service weak, of late delivery too few are known, of all others nothing."""
    for name, reason in delivered().items():
        measures = {each.name: _missing(each.name) for each in reason.measures}
        if name == BAD:
            measures["returned"] = Graded(
                "returned", 0.05, 0.15, Tally(412, 1000), Tally(100, 1000), Tally(90, 300), Tally(60, 600)
            )
        elif name == WEAK:
            measures["first_answer"] = Graded("first_answer", 0.3, 0.6, Tally(40, 100), Tally(41, 100))
        elif name == FEW:
            measures["late"] = Graded("late", 0.05, 0.15, Tally(3, 12))
        if reason.causes:
            measures[LOSSES] = _missing(LOSSES)
        behind = [
            Behind(unit, ("returned",), 100_000 - place * 10_000)
            for place, unit in enumerate(units)
            if name == BAD
        ]
        content = {
            "measures": [each.as_json() for each in measures.values()],
            "customers": 412 if name == BAD else 40 if name == WEAK else 0,
            "money_minor": 1_234_500 if name == BAD else 0,
            "currency": "EUR",
            "losses": 7 if name == BAD else 0,
            "losses_money_minor": 99_900 if name == BAD else 0,
        }
        reason_grades.save(settings, name, content, behind, day=DAY, made_us=1)


def _missing(name: str) -> Graded:
    return Graded(name, 0.03, 0.1, Tally(0, 0), missing=True)
