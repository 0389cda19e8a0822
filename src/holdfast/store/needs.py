"""How much of the needs profile is known of each customer, and who has gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.narrowing import narrowed
from holdfast.store.notes import among

_ROWS = 2_000
GONE = ("lapsed", "never")
"""States of customers whom nobody asks any more."""


@dataclass(frozen=True, slots=True)
class GapRow:
    """A customer with gaps: how many fields are known; amounts in minor units of the workspace's currency."""

    unit_id: int
    name: str
    state: str
    country: str
    known: int
    amount_minor: int


def known_of(
    settings: Settings,
    traits: Sequence[str],
    unit_of: Mapping[int, int],
    subjects: Sequence[int] | None = None,
) -> dict[int, int]:
    """Unit to how many of ``traits`` hold a value now; of all customers, or of those with ``subjects``.

    Where several ids of a customer speak of one trait, what was said last counts; "" takes it away.
    """
    store.connect(settings)
    known: dict[int, int] = {}
    theirs = "" if subjects is None else f"AND t.subject_id IN {among(subjects)}"
    for trait in traits:
        latest: dict[int, tuple[int, bool]] = {}
        for subject, since, value in sql.read(_SAID.format(theirs=theirs), (trait,)):
            unit = unit_of.get(subject, subject)
            if unit not in latest or since >= latest[unit][0]:
                latest[unit] = (since, bool(value))
        for unit, (_, told) in latest.items():
            if told:
                known[unit] = known.get(unit, 0) + 1
    return known


_SAID = """
SELECT t.subject_id, t.valid_from_us, t.value FROM trait_row t LEFT JOIN import i ON i.id = t.import_id
WHERE t.trait = %s AND (t.import_id IS NULL OR i.state = 'done') {theirs}
ORDER BY t.subject_id, t.valid_from_us, t.known_us, t.id
"""


def save(settings: Settings, known: Mapping[int, int], *, units: Sequence[int] | None = None) -> int:
    """Let ``known`` be the counts of all customers, or of ``units``; how many rows changed."""
    store.connect(settings)
    count = sql.fill("staged_known", {"unit_id": "BIGINT", "known": "INTEGER"}, known.items())
    sql.write("CREATE UNIQUE INDEX staged_known_unit ON staged_known (unit_id)")
    theirs = "" if units is None else f"AND k.unit_id IN {among(units)}"
    gone = [
        unit
        for (unit,) in sql.read(
            "SELECT k.unit_id FROM need_known k WHERE NOT EXISTS "
            f"(SELECT 1 FROM staged_known n WHERE n.unit_id = k.unit_id) {theirs}"
        )
    ]
    for first, last in sql.ranges(len(gone), _ROWS):
        sql.write(f"DELETE FROM need_known WHERE unit_id IN {among(gone[first - 1 : last])}")
    changed = len(gone) + sum(sql.write(_UPSERT, bounds) for bounds in sql.ranges(count, _ROWS))
    sql.drop("staged_known")
    return changed


_UPSERT = (
    "INSERT INTO need_known (unit_id, known) SELECT n.unit_id, n.known FROM staged_known n "
    "LEFT JOIN need_known k ON k.unit_id = n.unit_id "
    "WHERE n.n BETWEEN %s AND %s AND (k.unit_id IS NULL OR k.known <> n.known) "
    "ON CONFLICT (unit_id) DO UPDATE SET known = excluded.known"
)


def gaps(
    settings: Settings,
    fields: int,
    *,
    owner_id: int | None = None,
    only: frozenset[int] | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> tuple[list[GapRow], bool]:
    """Customers of whom not all ``fields`` are known, who spent most first; and whether more follow.

    Only those who are still here. ``after`` is (amount, unit) of the last row seen; ``owner_id`` asks for
    the customers of one of us, ``only`` are those a reader may see. Walks the index of the amount.
    """
    store.connect(settings)
    values: list[object] = [*GONE, fields]
    conditions = ["s.state NOT IN (%s, %s)", "COALESCE(k.known, 0) < %s"]
    if owner_id is not None:
        conditions.append(OWNED)
        values.append(owner_id)
    conditions += narrowed("s.unit_id", only)
    if after is not None:
        conditions.append("(s.amount_minor, s.unit_id) < (%s, %s)")
        values += after
    rows = sql.read(
        "SELECT s.unit_id, s.name, s.state, s.country, COALESCE(k.known, 0), s.amount_minor "
        "FROM standing s LEFT JOIN need_known k ON k.unit_id = s.unit_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY s.amount_minor DESC, s.unit_id DESC LIMIT {limit + 1}",
        values,
    )
    return [GapRow(*row) for row in rows[:limit]], len(rows) > limit


OWNED = "s.unit_id IN (SELECT o.subject_id FROM owner o WHERE o.person_id = %s AND o.until_us IS NULL)"
"""That one of us looks after the customer ``s`` of the list."""


def count_known(settings: Settings, fields: int) -> tuple[int, int]:
    """(how many customers are still here, of how many of all everything is known)."""
    store.connect(settings)
    here = sql.one("SELECT COALESCE(SUM(units), 0) FROM standing_count WHERE state NOT IN (%s, %s)", GONE)
    full = sql.one("SELECT COUNT(*) FROM need_known WHERE known >= %s", (fields,))
    return int(here[0]) if here else 0, int(full[0]) if full else 0
