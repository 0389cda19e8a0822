"""What proofs of plays are made of: who entered with what was known before, what was spent, sums as kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import plays, sql

DAY_US = 86_400_000_000
TASK = "task"
"""What a task done costs stands beside the channels under this name."""

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Entries:
    """Everybody's first entry into a play, column by column.

    ``treated`` is 1 or 0, ``probability`` the chance of it; ``risk`` is the last one known on the ``day`` of
    the entry, ``None`` where there was none; ``cost`` is what was given and spent, in minor units.
    """

    unit: list[int]
    treated: list[int]
    probability: list[float]
    day: list[int]
    risk: list[float | None]
    cost: list[float]


@dataclass(frozen=True, slots=True)
class KeptProof:
    """See :class:`holdfast.store.models.PlayProof`."""

    play_id: int
    follow_days: int
    base_rate: float
    cap_minor: int | None
    as_of_day: int
    counted_us: int
    content: Mapping[str, Any]


def entries(
    settings: Settings, play_id: int, *, zone_us: int, currency: str, spent: Mapping[int, float]
) -> Entries:
    """Who entered a play, each customer once, by the first entry; what all its entries cost is put together.

    ``spent`` is that of :func:`spent`. What was granted as money is a cost in ``currency``, but for a
    discount: that lowers what the customer pays, so that it is in the margin already.
    """
    store.connect(settings)
    found = Entries([], [], [], [], [], [])
    first: dict[int, int] = {}
    day = f"(e.entered_us + {int(zone_us)}) / {DAY_US}"
    rows = sql.stream(
        f"SELECT e.id, e.unit_id, e.arm, e.probability, {day} AS day, "
        "(SELECT h.risk FROM risk_history h WHERE h.unit_id = e.unit_id "
        f"AND h.day <= {day} ORDER BY h.day DESC LIMIT 1), COALESCE(g.amount, 0) "
        "FROM enrolment e LEFT JOIN (SELECT enrolment_id, SUM(amount) AS amount FROM granted "
        "WHERE unit = 'money' AND currency = %s AND kind <> 'discount' AND state <> 'withdrawn' "
        "GROUP BY enrolment_id) g ON g.enrolment_id = e.id "
        "WHERE e.play_id = %s ORDER BY e.id",
        (currency, play_id),
        _AT_ONCE,
    )
    for some in rows:
        for number, unit, arm, probability, on, risk, granted in some:
            cost = float(granted) + spent.get(int(number), 0.0)
            if unit in first:
                found.cost[first[unit]] += cost
                continue
            first[unit] = len(found.unit)
            found.unit.append(int(unit))
            found.treated.append(int(arm == "treated"))
            found.probability.append(float(probability))
            found.day.append(int(on))
            found.risk.append(None if risk is None else float(risk))
            found.cost.append(cost)
    return found


def spent(settings: Settings, costs: Mapping[str, float]) -> dict[int, float]:
    """Enrolment to what its messages and tasks cost, by the ``costs`` of a channel and of a task done."""
    store.connect(settings)
    found: dict[int, float] = defaultdict(float)
    if not costs:
        return found
    sent = "SELECT key, channel FROM touch WHERE key LIKE 'play:%%' AND state = 'sent'"
    done = f"SELECT key, '{TASK}' FROM task WHERE key LIKE 'play:%%' AND state = 'done'"
    for statement in (sent, done):
        for some in sql.stream(statement, (), _AT_ONCE):
            for key, what in some:
                found[_enrolment_of(key)] += costs.get(what, 0.0)
    return found


def _enrolment_of(key: str) -> int:
    """The enrolment in the key of a touch or task of a play; 0 where there is none."""
    number = key.split(":", 2)[1]
    return int(number) if number.isascii() and number.isdecimal() else 0


def costs(settings: Settings) -> dict[str, float]:
    """What a message costs by channel, and a task done (:data:`TASK`), in minor units; what is missing: 0."""
    plays.read_settings(settings)  # makes the row where it is missing
    row = sql.one("SELECT costs FROM play_setting WHERE id = 1")
    return {} if row is None else {str(what): float(price) for what, price in json.loads(row[0]).items()}


def set_costs(settings: Settings, decided: Mapping[str, float]) -> None:
    """Decide what a message and a task cost."""
    plays.read_settings(settings)
    sql.write("UPDATE play_setting SET costs = %s WHERE id = 1", (json.dumps(dict(decided)),))


def kept(settings: Settings, play_id: int) -> KeptProof | None:
    """What the last run counted of a play; ``None`` before there was one."""
    store.connect(settings)
    row = sql.one(
        "SELECT play_id, follow_days, base_rate, cap_minor, as_of_day, counted_us, content "
        "FROM play_proof WHERE play_id = %s",
        (play_id,),
    )
    if row is None:
        return None
    number, days, rate, cap, as_of, counted_us, content = row
    return KeptProof(number, days, float(rate), cap, as_of, counted_us, json.loads(content))


def keep(settings: Settings, proof: KeptProof) -> None:
    """Remember what was counted of a play; what was decided by the first count stays."""
    store.connect(settings)
    sql.write(
        "INSERT INTO play_proof (play_id, follow_days, base_rate, cap_minor, as_of_day, counted_us, content) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (play_id) DO UPDATE SET "
        "cap_minor = COALESCE(play_proof.cap_minor, excluded.cap_minor), as_of_day = excluded.as_of_day, "
        "counted_us = excluded.counted_us, content = excluded.content",
        (
            *(proof.play_id, proof.follow_days, proof.base_rate, proof.cap_minor, proof.as_of_day),
            *(proof.counted_us, json.dumps(proof.content, separators=(",", ":"))),
        ),
    )
