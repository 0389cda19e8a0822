"""The causes for which customers leave: 29 in eight groups, with names in every language we read.

``taxonomy.json`` is the list; the ids are kept for ever.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

NATURAL = frozenset(
    {
        "no_longer_needed",
        "personal_circumstances",
        "external_economy",
        "wrong_fit",
        "forgot_about_us",
        "competitor_better_offer",
    }
)
"""Causes that can be told without a word of blame: they alone do not make a text negative."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason to leave: its id, its group, what belongs to it, its name per language."""

    id: str
    group: str
    definition: str
    names: Mapping[str, str] = field(hash=False)


@cache
def causes() -> tuple[Cause, ...]:
    """All causes, in the order of the list."""
    listed = json.loads((files("holdfast.text") / "taxonomy.json").read_text(encoding="utf-8"))
    return tuple(Cause(one["id"], one["group"], one["definition"], one["names"]) for one in listed)


@cache
def cause_order() -> dict[str, int]:
    """Id of each cause -> its place in the list."""
    return {cause.id: place for place, cause in enumerate(causes())}
