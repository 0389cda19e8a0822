"""The way of the customers of a workspace: steps, the share lost at each, and who stays behind."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics import journey as ways
from holdfast.analytics.journey import FEWEST, FUNNEL_END, STEPS, Stage
from holdfast.domain.period import date_of
from holdfast.services.understand.journey_days import first_days
from holdfast.services.whole_files import write_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.foresee.snapshots import History
    from holdfast.services.understand.contact_points import Contact
    from holdfast.settings import Settings

LOOKED_AT_DAYS = 365
"""Who took a step in so many days before, or came then, is looked at."""

MOST_LISTED = 500
_SAME_DAY = 0.98
_FILE = "journey.json"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer who took a step on a day and has not gone on."""

    unit_id: int
    since: date


@dataclass(frozen=True, slots=True)
class Journey:
    """The steps as of the beginning of ``day``; ``behind`` by step who is stuck there, the newest first.

    ``last`` is the step after which none is looked at. ``funnel`` tells of the ``came`` newcomers how many
    had each step within ``patience_days``. ``contacts`` are occasions, and how many left after them.
    """

    day: date
    patience_days: int
    stages: tuple[Stage, ...]
    last: str
    came: int
    funnel: tuple[tuple[str, int], ...]
    stuck: dict[str, int]
    behind: dict[str, tuple[Waiting, ...]]
    contacts: tuple[Contact, ...]

    @property
    def worst(self) -> Stage | None:
        """The step at which most are lost."""
        return ways.worst(self.stages)


def note(settings: Settings, history: History, day: int, contacts: tuple[Contact, ...]) -> None:
    """Follow everybody's way up to the beginning of ``day``, and keep what the page shows."""
    keep(settings, look(settings, history, day, contacts))


def look(settings: Settings, history: History, day: int, contacts: tuple[Contact, ...] = ()) -> Journey:
    """The way of everybody, as of the beginning of ``day``."""
    unit, days = first_days(settings, history, day)
    keys = [each.key for each in STEPS if int(np.isfinite(days[each.key]).sum()) >= FEWEST]
    patience, since = settings.risk.horizon_days, day - LOOKED_AT_DAYS - settings.risk.horizon_days
    if len(keys) > 2 and _says_nothing(days, keys):
        keys = keys[1:]
    if len(keys) < 2:
        return Journey(date_of(day), patience, (), "", 0, (), {}, {}, contacts)
    found = ways.stages(days, keys, day, since, patience)
    after = ways.onward(days, keys)
    stuck = {key: ways.behind(days[key], after[key], day, patience) for key in keys[:-1]}
    upto = keys[: keys.index(FUNNEL_END) + 1] if FUNNEL_END in keys else keys
    counted = ways.funnel({key: days[key] for key in keys}, keys, day, since, patience)[: len(upto)]
    return Journey(
        day=date_of(day),
        patience_days=patience,
        stages=tuple(found),
        last=keys[-1],
        came=counted[0][1],
        funnel=tuple((key, count) for key, _, count in counted),
        stuck={key: len(rows) for key, rows in stuck.items()},
        behind={
            key: tuple(
                Waiting(int(unit[row]), date_of(int(days[key][row]))) for row in rows[:MOST_LISTED].tolist()
            )
            for key, rows in stuck.items()
        },
        contacts=contacts,
    )


def _says_nothing(days: dict[str, NDArray[np.float64]], keys: list[str]) -> bool:
    """Whether nearly everybody takes the second step on the day of the first."""
    came = np.isfinite(days[keys[0]])
    return bool((days[keys[1]][came] == days[keys[0]][came]).mean() > _SAME_DAY)


def keep(settings: Settings, found: Journey) -> None:
    """Let ``found`` be what the page shows."""
    kept: dict[str, Any] = {
        "day": found.day.isoformat(),
        "patience_days": found.patience_days,
        "stages": [asdict(each) for each in found.stages],
        "last": found.last,
        "came": found.came,
        "funnel": found.funnel,
        "stuck": found.stuck,
        "behind": {
            key: [[each.unit_id, each.since.isoformat()] for each in rows]
            for key, rows in found.behind.items()
        },
        "contacts": [asdict(each) for each in found.contacts],
    }
    write_whole(settings.measured / _FILE, json.dumps(kept))


def read(settings: Settings) -> Journey | None:
    """What the last nightly run found; ``None`` before there was one."""
    from holdfast.services.understand.contact_points import contact

    try:
        kept = json.loads((settings.measured / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Journey(
        day=date.fromisoformat(kept["day"]),
        patience_days=kept["patience_days"],
        stages=tuple(
            Stage(
                **{
                    **each,
                    "quarter_days": None if each["quarter_days"] is None else tuple(each["quarter_days"]),
                }
            )
            for each in kept["stages"]
        ),
        last=kept["last"],
        came=kept["came"],
        funnel=tuple((key, count) for key, count in kept["funnel"]),
        stuck=kept["stuck"],
        behind={
            key: tuple(Waiting(unit, date.fromisoformat(since)) for unit, since in rows)
            for key, rows in kept["behind"].items()
        },
        contacts=tuple(contact(each) for each in kept["contacts"]),
    )
