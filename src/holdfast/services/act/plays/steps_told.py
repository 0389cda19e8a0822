"""The steps that plays can have, as pages, the API and commands tell of them."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.services.act.plays.written import steps
from holdfast.settings import Settings
from holdfast.steps.contract import OptionField, Step, fields_of


def listed() -> list[Step]:
    """Every step, by name."""
    return list(steps().values())


def fields(step: Step) -> list[OptionField]:
    """What can be said of a step."""
    return fields_of(step)


def names(settings: Settings, units: Sequence[int]) -> dict[int, str]:
    """The names of customers by their numbers."""
    from holdfast.store import plays_known

    return plays_known.names(settings, units)
