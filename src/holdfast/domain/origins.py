"""Where a cause of leaving comes from: what we can put right, the market, or the customer's own life."""

from __future__ import annotations

from typing import Literal

from holdfast.domain.texts import Text

Origin = Literal["ours", "market", "own_life"]

ORIGINS: dict[Origin, Text] = {
    "ours": Text("ours to put right"),
    "market": Text("the market"),
    "own_life": Text("the customer's own life and outside events"),
}
"""The three origins in words, the one we can do most about first."""

_OF_GROUP: dict[str, Origin] = {"competition": "market", "natural": "own_life"}


def origin_of_group(group: str) -> Origin:
    """The origin of the causes of a group of the taxonomy; a group that people made is ours to put right."""
    return _OF_GROUP.get(group, "ours")
