"""What the lost have in common: groups with the customers behind them, found by the nightly run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.common import words_of
from holdfast.domain.period import date_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.learning.subgroups import Compared, Found, Subgroup, subgroups
from holdfast.services.understand.common_columns import AGENT, with_agents, with_what_is_common
from holdfast.services.understand.contact_points import Contact, apart, contacts
from holdfast.services.whole_files import write_whole
from holdfast.store.written import as_json, from_json

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.services.foresee.snapshots import History, Panel, Snapshot
    from holdfast.settings import Settings

MOST_STRETCHES = 8
"""So many stretches of the horizon's length are looked at, the newest ones; the last third confirms."""

MOST_LISTED = 500
"""So many customers of a group are kept, those with most money: more than anybody goes through."""

_MOST_ROWS = 30_000
_FILE = "common.json"
SEED = 7


@dataclass(frozen=True, slots=True)
class Behind:
    """A customer behind a group; ``departed`` is ``None`` for one who is there now."""

    unit_id: int
    departed: date | None
    money_minor: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group of whom more left: ``who`` in words, what the earlier and the later stretches say of it.

    ``lost`` of it left in all stretches together, ``part_of_lost`` of everybody who left; ``now`` are
    there and meet its conditions. Amounts are what the customers brought in a year.
    """

    key: str
    who: Text
    state: str
    earlier: Compared
    later: Compared
    chance: float
    later_chance: float | None
    lost: int
    part_of_lost: float
    lost_money_minor: int
    now: int
    now_money_minor: int
    gone: tuple[Behind, ...]
    there: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class Common:
    """What was found at the beginning of ``day``; where nothing could be looked for, ``reason`` says why.

    Rows are customers at the beginning of one of ``stretches``, each ``horizon_days`` long; of these the
    ones from ``later_from`` on confirmed.
    """

    day: date
    horizon_days: int
    stretches: tuple[date, ...]
    later_from: date | None
    rows: int
    left: int
    tried: int
    groups: tuple[Group, ...]
    reason: Text | None


TOO_FEW = Text(
    "Too few customers left for a pattern to show: at least 40 losses in two stretches of time are needed."
)
TOO_SHORT = Text("The history is too short: the outcome of a past day must have shown.")


def note(settings: Settings, history: History, day: int) -> tuple[Contact, ...]:
    """Look for what the lost of the past have in common, and keep what the page shows.

    Returns what the same customers tell of occasions on which they met us.
    """
    found, met = look(settings, history, day)
    keep(settings, found)
    return met


def keep(settings: Settings, found: Common) -> None:
    """Let ``found`` be what the page shows."""
    write_whole(settings.measured / _FILE, json.dumps(as_json(_kept(found)), ensure_ascii=False))


def read(settings: Settings) -> Common | None:
    """What the last nightly run found; ``None`` before there was one."""
    try:
        kept = from_json(json.loads((settings.measured / _FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    return _read(kept)


def look(settings: Settings, history: History, day: int) -> tuple[Common, tuple[Contact, ...]]:
    """What the lost have in common, as of the beginning of ``day``, and after which occasions they left."""
    horizon = settings.risk.horizon_days
    days = history.moments(horizon, horizon, MOST_STRETCHES)
    asked, yes_only = with_what_is_common(settings, history)
    try:
        panel = asked.panel(days, horizon, most_rows=_MOST_ROWS)
    except Refusal:
        return _nothing(day, horizon, TOO_SHORT), ()
    met, known = apart(panel.table.columns)
    columns = with_agents(settings, known, panel.table.unit_id, panel.table.at_day)
    at_day = np.asarray(panel.table.at_day, np.int64)
    stretches = np.unique(at_day)
    later_from = stretches[-max(1, len(stretches) // 3)] if len(stretches) > 1 else stretches[-1] + 1
    found = subgroups(
        *(columns, np.asarray(panel.left, bool), at_day, at_day >= later_from), yes_only=yes_only, seed=SEED
    )
    told = Common(
        day=date_of(day),
        horizon_days=horizon,
        stretches=tuple(date_of(int(each)) for each in stretches),
        later_from=date_of(int(later_from)) if len(stretches) > 1 else None,
        rows=len(panel),
        left=int(panel.left.sum()),
        tried=found.tried,
        groups=(),
        reason=None if found.enough else TOO_FEW,
    )
    if found.groups:
        told = replace(told, groups=_groups(settings, asked, found, panel, columns, day))
    subscribed = np.nan_to_num(np.asarray(known.get("subscriptions", np.zeros(len(panel))), np.float64)) > 0
    return told, contacts(met, np.asarray(panel.left, bool), at_day, subscribed)


def _nothing(day: int, horizon: int, reason: Text) -> Common:
    return Common(date_of(day), horizon, (), None, 0, 0, 0, (), reason)


def _groups(
    settings: Settings,
    asked: History,
    found: Found,
    panel: Panel,
    columns: Mapping[str, NDArray[Any]],
    day: int,
) -> tuple[Group, ...]:
    now = asked.standing(day)
    there = with_agents(settings, now.table.columns, now.table.unit_id, now.table.at_day)
    titles = {each.name: each for each in asked.features}
    currency = asked.ready.kept.currency
    told = []
    for group in found.groups:
        said = [words_of(each, titles.get(each.column), AGENT, currency) for each in group.conditions]
        who = said[0] if len(said) == 1 else Text("{one}; {other}", one=said[0], other=said[1])
        told.append(_group(group, who, panel, group.holds(columns), now, group.holds(there)))
    return tuple(told)


def _group(
    group: Subgroup,
    who: Text,
    panel: Panel,
    members: NDArray[np.bool_],
    now: Snapshot,
    there: NDArray[np.bool_],
) -> Group:
    gone = np.flatnonzero(members & panel.left)
    # Who left twice stands there once, with the last time.
    gone = gone[np.sort(len(gone) - 1 - np.unique(panel.table.unit_id[gone][::-1], return_index=True)[1])]
    present = np.flatnonzero(there)
    return Group(
        key=_key(group),
        who=who,
        state=group.state,
        earlier=group.earlier,
        later=group.later,
        chance=group.chance,
        later_chance=group.later_chance,
        lost=len(gone),
        part_of_lost=float((members & panel.left).sum() / max(1, panel.left.sum())),
        lost_money_minor=int(panel.yearly_minor[gone].sum()),
        now=len(present),
        now_money_minor=int(now.yearly_minor[present].sum()),
        gone=_behind(panel.table.unit_id, panel.yearly_minor, gone, panel.departed_day),
        there=_behind(now.table.unit_id, now.yearly_minor, present, None),
    )


def _behind(
    unit: NDArray[np.int64],
    money: NDArray[np.int64],
    rows: NDArray[np.intp],
    departed: NDArray[np.int32] | None,
) -> tuple[Behind, ...]:
    """Those with most money first."""
    chosen = rows[np.argsort(-money[rows], kind="stable")][:MOST_LISTED].tolist()
    return tuple(
        Behind(int(unit[row]), None if departed is None else date_of(int(departed[row])), int(money[row]))
        for row in chosen
    )


def _key(group: Subgroup) -> str:
    """Of the same conditions the same, night after night."""
    written = repr([(each.column, each.word, each.low, each.high) for each in group.conditions])
    return blake2b(written.encode(), digest_size=6).hexdigest()


def _kept(found: Common) -> dict[str, Any]:
    def behind(each: Behind) -> list[Any]:
        return [each.unit_id, each.departed, each.money_minor]

    groups = [
        {
            **{name: getattr(each, name) for name in Group.__slots__},
            "earlier": asdict(each.earlier),
            "later": asdict(each.later),
            "gone": [behind(one) for one in each.gone],
            "there": [behind(one) for one in each.there],
        }
        for each in found.groups
    ]
    return {**{name: getattr(found, name) for name in Common.__slots__}, "groups": groups}


def _read(kept: dict[str, Any]) -> Common:
    groups = tuple(
        Group(
            **{
                **each,
                "earlier": Compared(**each["earlier"]),
                "later": Compared(**each["later"]),
                "gone": tuple(Behind(*one) for one in each["gone"]),
                "there": tuple(Behind(*one) for one in each["there"]),
            }
        )
        for each in kept["groups"]
    )
    return Common(**{**kept, "stretches": tuple(kept["stretches"]), "groups": groups})
