"""How our people share out their attention: counted by the nightly run, kept as sums and a list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.attention import (
    CONTACTS,
    KNOWN,
    NUMBERS,
    SINCE,
    Attention,
    by_owner,
    by_size,
    by_tenure,
    longest_waiting,
)
from holdfast.domain.period import date_of
from holdfast.services.whole_files import write_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.foresee.snapshots import History, Snapshot
    from holdfast.settings import Settings

MOST_WAITING = 1_000
"""So many of those who wait are kept, the ones with most money: more than anybody calls in a day."""

_FILE = "attention.json"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer whom nobody of ours was in touch with for 84 days; ``since_days`` ``None``: never."""

    unit_id: int
    since_days: int | None
    money_minor: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Attention at the beginning of ``day``: by tenure, size and owner (0: nobody's), and who waits."""

    day: date
    tenure: tuple[Attention, ...]
    size: tuple[Attention, ...]
    owners: tuple[Attention, ...]
    waiting: tuple[Waiting, ...]


def note(settings: Settings, history: History, day: int) -> None:
    """Count everybody present at the beginning of ``day``, and keep what the page shows."""
    pieces = list(replace(history, features=NUMBERS).slices(day))
    write_whole(settings.measured / _FILE, json.dumps(_counted(settings, pieces, day)))


def read(settings: Settings) -> Shared | None:
    """What the last nightly run counted; ``None`` before there was one."""
    try:
        kept = json.loads((settings.measured / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    tenure, size, owners = (
        tuple(Attention(**each) for each in kept[name]) for name in ("tenure", "size", "owners")
    )
    waiting = tuple(Waiting(*each) for each in kept["waiting"])
    return Shared(date_of(kept["day"]), tenure, size, owners, waiting)


def _counted(settings: Settings, pieces: Iterable[Snapshot], day: int) -> dict[str, Any]:
    from holdfast.store.portfolio import owner_of_unit

    told = list(pieces)
    unit = _joined([each.table.unit_id for each in told])
    contacts, since, known = (
        _joined([np.asarray(each.table.columns[number.name], np.float64) for each in told])
        for number in (CONTACTS, SINCE, KNOWN)
    )
    money = _joined([np.asarray(each.yearly_minor, np.float64) for each in told])
    owners = owner_of_unit(settings)
    rows = longest_waiting(contacts, money, MOST_WAITING)
    return {
        "day": day,
        "tenure": [asdict(each) for each in by_tenure(known, contacts, money)],
        "size": [asdict(each) for each in by_size(contacts, money)],
        "owners": [
            asdict(each) for each in by_owner([owners.get(int(each), 0) for each in unit], contacts, money)
        ],
        "waiting": [
            [int(unit[row]), int(since[row]) if np.isfinite(since[row]) else None, round(float(money[row]))]
            for row in rows.tolist()
        ],
    }


def _joined(pieces: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(pieces) if pieces else np.empty(0)
