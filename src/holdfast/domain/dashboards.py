"""What a dashboard is made of: tiles in an order, over a period, of everybody or of a segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from holdfast.domain.texts import Text

TileKind = Literal["figure", "trend", "segment", "at_risk", "groups", "warnings"]
TileSize = Literal["small", "medium", "wide"]
PeriodKind = Literal["month", "quarter", "year"]

TILE_KINDS: dict[TileKind, Text] = {
    "figure": Text("A figure, against the period before"),
    "trend": Text("A figure over time"),
    "groups": Text("A figure by country or source"),
    "segment": Text("How large a segment is"),
    "at_risk": Text("Who is likely to leave next"),
    "warnings": Text("Early warnings: whom to call first"),
}
"""What a tile can show."""

TILE_SIZES: dict[TileSize, Text] = {
    "small": Text("a third of the width"),
    "medium": Text("half the width"),
    "wide": Text("the whole width"),
}
USUAL_SIZE: dict[TileKind, TileSize] = {
    "figure": "small",
    "trend": "medium",
    "groups": "medium",
    "segment": "medium",
    "at_risk": "wide",
    "warnings": "wide",
}

PERIOD_KINDS: dict[PeriodKind, Text] = {
    "month": Text("by month"),
    "quarter": Text("by quarter"),
    "year": Text("by year"),
}
LOOK_BACK: tuple[int, ...] = (6, 12, 24, 36)
"""Over how many periods a dashboard may look back."""

TRAITS: dict[str, Text] = {"country": Text("Country"), "source": Text("Source")}

MOST_TILES = 24
MOST_ROWS = 20

Every = Literal["day", "week", "month"]
EVERY: dict[Every, Text] = {
    "day": Text("every day"),
    "week": Text("every week"),
    "month": Text("every month"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile, called ``id`` on its dashboard.

    ``metric`` and ``definition`` name the figure of a figure, a trend or groups (by the trait ``group``);
    ``segment`` is the key of a segment; ``rows`` how many customers a list shows. ``title`` "" takes the
    usual one.
    """

    id: int
    kind: TileKind
    metric: str = ""
    definition: str = ""
    group: str = ""
    segment: str = ""
    size: TileSize = "medium"
    rows: int = 10
    title: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def tile_from(kept: Mapping[str, Any]) -> Tile:
    """A tile as it was kept; what an older release did not know is left out."""
    known = {name: kept[name] for name in Tile.__slots__ if name in kept}
    return Tile(**known)


def is_kind(word: str) -> bool:
    """Whether a tile can be of this kind."""
    return word in get_args(TileKind)
