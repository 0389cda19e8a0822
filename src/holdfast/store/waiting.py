"""What waits for somebody today, of every kind at once: the overview asks it each time it opens."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.cases import UNDER_WAY
from holdfast.store.narrowing import narrowed
from holdfast.store.point_lists import COUNTS
from holdfast.store.quarantine import WAITING
from holdfast.store.work import SeenBy

Kind = Literal["tasks", "today", "cases", "inbox", "at_risk", "contact_points", "quarantine", "duplicates"]

Counted = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Whose:
    """For whom: ``seen_by`` where they do not see everybody, the day and its end, the risk they act from."""

    person_id: int
    seen_by: SeenBy | None
    today: int
    today_ends_us: int
    now_us: int
    act_from: float


def waiting(settings: Settings, kinds: Collection[Kind], whose: Whose) -> dict[Kind, Counted]:
    """How much waits of each of ``kinds``, by one statement.

    "tasks": due "today" and "late" of their own, "nobodys"; "today": "customers" of whom an early warning
    that is open began yesterday or today; "cases": "nobodys" that are under way; "inbox": "open" and "mine";
    "contact_points": by state, as last kept; the others: "all".
    """
    store.connect(settings)
    if not kinds:
        return {}
    asked = {kind: _ASKED[kind](whose) for kind in kinds}
    parts = ", ".join(f"({statement}) {kind}" for kind, (_, statement, _) in asked.items())
    row = sql.one(f"SELECT * FROM {parts}", [value for _, _, values in asked.values() for value in values])
    told = iter(row or ())
    found: dict[Kind, Counted] = {
        kind: {name: next(told) for name in names} for kind, (names, _, _) in asked.items()
    }
    if "contact_points" in found:
        kept: Any = found["contact_points"]["kept"]
        found["contact_points"] = (json.loads(kept) if isinstance(kept, str) else kept) or {}
    return found


_Asked = tuple[tuple[str, ...], str, tuple[object, ...]]
"""Names of the columns, a statement whose answer is one row of them, its values."""


def _tasks(whose: Whose) -> _Asked:
    mine = "COUNT(CASE WHEN t.owner_id = %s AND t.due_us < %s THEN 1 END)"
    return (
        ("today", "late", "nobodys"),
        f"SELECT {mine} AS t1, {mine} AS t2, COUNT(CASE WHEN t.owner_id IS NULL THEN 1 END) AS t3 "
        "FROM task t WHERE t.state = 'open' AND (t.snoozed_until_us IS NULL OR t.snoozed_until_us <= %s)"
        f"{_theirs(whose, 't')}",
        (whose.person_id, whose.today_ends_us, whose.person_id, whose.now_us, whose.now_us),
    )


def _today(whose: Whose) -> _Asked:
    """By the index of what began lately, signal by signal: very many warnings may be open."""
    is_open = "e.ended_day IS NULL AND (e.snoozed_until_day IS NULL OR e.snoozed_until_day <= %s)"
    theirs = [] if whose.seen_by is None else narrowed("e.subject_id", whose.seen_by.subjects)
    return (
        ("customers",),
        f"SELECT COUNT(DISTINCT CASE WHEN {is_open} THEN e.unit_id END) AS w1 "
        "FROM signal_look l JOIN episode e ON e.signal_key = l.signal_key "
        f"WHERE {' AND '.join(['e.began_day >= %s', 'NOT e.quiet', *theirs])}",
        (whose.today, whose.today - 1),
    )


def _cases(whose: Whose) -> _Asked:
    under_way = ", ".join(["%s"] * len(UNDER_WAY))
    return (
        ("nobodys",),
        f"SELECT COUNT(*) AS c1 FROM customer_case k WHERE k.state IN ({under_way}) AND k.owner_id IS NULL"
        f"{_theirs(whose, 'k')}",
        UNDER_WAY,
    )


def _inbox(whose: Whose) -> _Asked:
    return (
        ("open", "mine"),
        "SELECT COUNT(*) AS i1, COUNT(CASE WHEN c.owner_id = %s THEN 1 END) AS i2 "
        f"FROM inbox_conversation c WHERE c.state = 'open'{_theirs(whose, 'c')}",
        (whose.person_id,),
    )


def _at_risk(whose: Whose) -> _Asked:
    return ("all",), "SELECT COUNT(*) AS r1 FROM risk_score WHERE risk >= %s", (whose.act_from,)


def _contact_points(whose: Whose) -> _Asked:
    return ("kept",), "SELECT (SELECT value FROM care_setting WHERE name = %s) AS p1", (COUNTS,)


def _quarantine(whose: Whose) -> _Asked:
    return ("all",), "SELECT COUNT(*) AS q1 FROM quarantined WHERE state = %s", (WAITING,)


def _duplicates(whose: Whose) -> _Asked:
    return ("all",), "SELECT COUNT(*) AS d1 FROM duplicate", ()


def _theirs(whose: Whose, alias: str) -> str:
    return "" if whose.seen_by is None else f" AND {whose.seen_by.condition(alias)}"


_ASKED: dict[Kind, Callable[[Whose], _Asked]] = {
    "tasks": _tasks,
    "today": _today,
    "cases": _cases,
    "inbox": _inbox,
    "at_risk": _at_risk,
    "contact_points": _contact_points,
    "quarantine": _quarantine,
    "duplicates": _duplicates,
}
