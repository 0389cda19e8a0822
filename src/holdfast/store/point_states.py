"""How good every contact point is: judged in the database, for everybody or for some customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.notes import among

_ROWS = 1_000
_STAGED = {
    "unit_id": "BIGINT",
    "kind": "TEXT",
    "value": "TEXT",
    "state": "TEXT",
    "used_us": "BIGINT",
    "life_us": "BIGINT",
    "bounced_us": "BIGINT",
    "refused_us": "BIGINT",
    "checked_us": "BIGINT",
    "work": "BOOLEAN",
    "value_minor": "BIGINT",
}

Sign = tuple[int, int, str, str, int | None, int | None, int | None, int | None, int | None, int | None]
"""person, unit, reach ("email", "phone", or another channel), address or "", then the moments of the
first use, the last use, what works, life, bounce and refusal."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What judging needs to know.

    ``unit_of`` names the unit of subjects that are not their own, ``person_of`` the person they are: an
    event that names no address speaks of the person's, not of those of all their colleagues. ``seen``
    are the kinds of contact points of which any source tells something. ``subjects`` and ``units`` say
    whom to judge, ``None`` everybody.
    """

    unit_of: Mapping[int, int]
    person_of: Mapping[int, int]
    seen: frozenset[str]
    now_us: int
    stale_days: int
    units: Sequence[int] | None = None
    subjects: Sequence[int] | None = None


def judge(settings: Settings, signs: Iterable[Sign], how: Judging) -> int:
    """Bring the states up to date; how many rows were new, changed or went."""
    store.connect(settings)
    _fill(signs, how)
    # Typed, not made by a query: SQLite would not use the index of a column without a type.
    sql.fill("staged_point", _STAGED, ())
    sql.write(_staged(how))
    sql.write("CREATE UNIQUE INDEX staged_point_key ON staged_point (unit_id, kind, value)")
    sql.write(_missing(settings, how))
    ((count,),) = sql.read("SELECT COUNT(*) FROM staged_point")
    changed = _forget_others(how) + sum(sql.write(_UPSERT, bounds) for bounds in sql.ranges(count, _ROWS))
    for table in ("staged_point", "reach_sign", "reach_unit", "staff_point"):
        sql.drop(table)
    return changed


def _fill(signs: Iterable[Sign], how: Judging) -> None:
    moments = dict.fromkeys(
        ("first_us", "used_us", "works_us", "life_us", "bounced_us", "refused_us"), "BIGINT"
    )
    sql.fill(
        "reach_sign",
        {"person_id": "BIGINT", "unit_id": "BIGINT", "reach": "TEXT", "address": "TEXT"} | moments,
        signs,
    )
    sql.write("CREATE INDEX reach_sign_person ON reach_sign (person_id)")
    sql.write("CREATE INDEX reach_sign_unit ON reach_sign (unit_id, reach)")
    sql.fill(
        "reach_unit",
        {"subject_id": "BIGINT", "unit_id": "BIGINT", "person_id": "BIGINT"},
        (
            (subject, unit, how.person_of.get(subject, subject))
            for subject, unit in how.unit_of.items()
            if subject != unit
        ),
    )
    sql.write("CREATE UNIQUE INDEX reach_unit_subject ON reach_unit (subject_id)")
    sql.fill(
        "staff_point",
        {"unit_id": "BIGINT", "kind": "TEXT", "value": "TEXT", "ended": "INTEGER", "checked_us": "BIGINT"},
        _staff_points(how),
    )
    sql.write("CREATE UNIQUE INDEX staff_point_key ON staff_point (unit_id, kind, value)")


def _staff_points(how: Judging) -> list[tuple[int, str, str, int, int | None]]:
    """What our people said last of each contact point: whether it ended, and when it was checked."""
    found: dict[tuple[int, str, str], tuple[int, int | None]] = {}
    where = "" if how.subjects is None else f"WHERE subject_id IN {among(how.subjects)}"
    for subject, kind, value, action, at_us in sql.read(
        f"SELECT subject_id, kind, value, action, at_us FROM point_change {where} ORDER BY id"
    ):
        key = (how.unit_of.get(subject, subject), kind, value)
        ended, checked = found.get(key, (0, None))
        if action != "checked":
            ended = int(action == "ended")
        found[key] = (ended, checked if action in ("ended", "restored") else at_us)
    return [(*key, ended, checked) for key, (ended, checked) in found.items()]


def _staged(how: Judging) -> str:
    """Fills in the rows as they should be; what nobody has is not among them yet."""
    theirs = "" if how.subjects is None else f"AND p.subject_id IN {among(how.subjects)}"
    return (
        f"INSERT INTO staged_point ({', '.join(_STAGED)}) SELECT j.*, "
        "CASE WHEN j.state IN ('ok', 'unclear') THEN FALSE ELSE TRUE END AS work, "
        f"{_WORTH} AS value_minor FROM ("
        f"SELECT unit_id, kind, value, {_state(how)} AS state, used_us, life_us, bounced_us, refused_us, "
        f"checked_us FROM ({_POINTS.format(theirs=theirs)}) p WHERE ended = 0) j "
        "LEFT JOIN standing s ON s.unit_id = j.unit_id LEFT JOIN risk_score r ON r.unit_id = j.unit_id"
    )


_WORTH = "COALESCE(r.value_minor, s.yearly_minor, 0)"
"""What a customer may still bring; before anybody was scored, what they bring in a year."""

_POINTS = """
SELECT p.unit_id, p.kind, p.value, MIN(g.first_us) AS first_us, MAX(g.used_us) AS used_us,
       MAX(g.works_us) AS works_us, MAX(g.life_us) AS life_us, MAX(g.bounced_us) AS bounced_us,
       MAX(g.refused_us) AS refused_us, MAX(c.checked_us) AS checked_us, MAX(COALESCE(c.ended, 0)) AS ended
FROM (SELECT DISTINCT COALESCE(u.unit_id, p.subject_id) AS unit_id,
      COALESCE(u.person_id, p.subject_id) AS person_id, p.kind, p.value FROM contact_point p
      LEFT JOIN import i ON i.id = p.import_id LEFT JOIN reach_unit u ON u.subject_id = p.subject_id
      WHERE (p.import_id IS NULL OR i.state = 'done') {theirs}) p
LEFT JOIN staff_point c ON c.unit_id = p.unit_id AND c.kind = p.kind AND c.value = p.value
LEFT JOIN reach_sign g ON g.person_id = p.person_id
     AND (g.reach = p.kind OR (p.kind = 'phone' AND g.reach = 'sms'))
     AND (g.address = '' OR g.address = p.value)
GROUP BY p.unit_id, p.kind, p.value
"""


def _state(how: Judging) -> str:
    """The state of a row of ``_POINTS``; the order of the questions is part of the rule."""
    alive = _later("life_us", "checked_us")
    stale_us = how.now_us - how.stale_days * 86_400_000_000
    seen = ", ".join(f"'{kind}'" for kind in sorted(how.seen)) or "''"
    return (
        f"CASE WHEN COALESCE(bounced_us, 0) > {_later('works_us', 'checked_us')} THEN 'bounced' "
        f"WHEN used_us IS NULL AND checked_us IS NULL AND kind NOT IN ({seen}) THEN 'unclear' "
        "WHEN used_us IS NULL AND checked_us IS NULL THEN 'never_used' "
        f"WHEN (CASE WHEN {alive} > 0 THEN {alive} ELSE first_us END) < {stale_us} THEN 'stale' "
        "ELSE 'ok' END"
    )


def _later(one: str, other: str) -> str:
    """The later of two moments, 0 where there is neither."""
    return f"(CASE WHEN COALESCE({one}, 0) > COALESCE({other}, 0) THEN {one} ELSE COALESCE({other}, 0) END)"


def _missing(settings: Settings, how: Judging) -> str:
    """Adds a row for everybody of the customer list who has neither a contact point nor a chat.

    Where people are the customers, an account is reached through its people.
    """
    people = "" if settings.unit == "account" else "AND s.kind <> 'account'"
    theirs = "" if how.units is None else f"AND s.unit_id IN {among(how.units)}"
    return (
        "INSERT INTO staged_point (unit_id, kind, value, state, work, value_minor) "
        "SELECT s.unit_id, '', '', 'missing', "
        f"TRUE, {_WORTH} FROM standing s LEFT JOIN risk_score r ON r.unit_id = s.unit_id "
        f"WHERE TRUE {people} {theirs} "
        "AND NOT EXISTS (SELECT 1 FROM reach_unit u WHERE u.subject_id = s.unit_id) "
        "AND NOT EXISTS (SELECT 1 FROM staged_point n WHERE n.unit_id = s.unit_id) "
        "AND NOT EXISTS (SELECT 1 FROM reach_sign g WHERE g.unit_id = s.unit_id "
        "AND g.reach IN ('messenger', 'in_app'))"
    )


_SAID = ("state", "work", "used_us", "life_us", "bounced_us", "refused_us", "checked_us", "value_minor")
_COLUMNS = ("unit_id", "kind", "value", *_SAID)
_DIFFERS = " OR ".join(
    f"COALESCE(p.{name}, -1) <> COALESCE(n.{name}, -1)" if name.endswith("_us") else f"p.{name} <> n.{name}"
    for name in _SAID
)
_UPSERT = (
    f"INSERT INTO point_state ({', '.join(_COLUMNS)}) SELECT {', '.join(f'n.{name}' for name in _COLUMNS)} "
    "FROM staged_point n LEFT JOIN point_state p ON p.unit_id = n.unit_id AND p.kind = n.kind "
    f"AND p.value = n.value WHERE n.n BETWEEN %s AND %s AND (p.unit_id IS NULL OR {_DIFFERS}) "
    "ON CONFLICT (unit_id, kind, value) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _SAID)
)


def _forget_others(how: Judging) -> int:
    theirs = "" if how.units is None else f"AND p.unit_id IN {among(how.units)}"
    gone = sql.read(
        "SELECT p.unit_id, p.kind, p.value FROM point_state p WHERE NOT EXISTS (SELECT 1 FROM staged_point n "
        f"WHERE n.unit_id = p.unit_id AND n.kind = p.kind AND n.value = p.value) {theirs}"
    )
    for first, last in sql.ranges(len(gone), 250):
        some = gone[first - 1 : last]
        marks = ", ".join(["(%s, %s, %s)"] * len(some))
        sql.write(
            f"DELETE FROM point_state WHERE (unit_id, kind, value) IN (VALUES {marks})",
            [each for row in some for each in row],
        )
    return len(gone)
