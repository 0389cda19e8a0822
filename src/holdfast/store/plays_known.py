"""What steps of plays ask of some customers, looked up for all of them together: a few statements each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, stretches

MANY = 20_000
"""Of more customers everybody is asked for at once: that is one statement instead of hundreds."""

UNREACHABLE = ("bounced", "stale")
"""States of contact points that are written to only where there is no other one."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached: the id that is reached there, and the source it goes through ("": any)."""

    subject_id: int
    address: str
    via: str = ""


def traits(settings: Settings, subjects: Collection[int]) -> dict[int, dict[str, str]]:
    """Subject to what was said of it last, by trait; "" takes a trait away."""
    store.connect(settings)
    found: dict[int, dict[str, str]] = {}
    for some in stretches(sorted(subjects)):
        rows = sql.read(
            "SELECT t.subject_id, t.trait, t.value FROM trait_row t LEFT JOIN import i ON i.id = t.import_id "
            f"WHERE t.subject_id IN {among(some)} AND (t.import_id IS NULL OR i.state = 'done') "
            "ORDER BY t.valid_from_us, t.known_us, t.id"
        )
        for subject, trait, value in rows:
            found.setdefault(int(subject), {})[str(trait)] = str(value)
    return {
        subject: {trait: value for trait, value in said.items() if value.strip()}
        for subject, said in found.items()
    }


def points(settings: Settings, unit_of: Mapping[int, int]) -> dict[tuple[int, str], Address]:
    """(unit, "email" or "phone") to the address under which it is reached best.

    Those that one of us ended are none; those at which nobody is reached come last; of equals the one
    that was heard of last.
    """
    store.connect(settings)
    best: dict[tuple[int, str], tuple[tuple[bool, int, int], Address]] = {}
    for some in stretches(sorted(unit_of)):
        ended = _ended(some)
        # All kinds together: asked for one, a database may walk everybody's mail addresses instead.
        for subject, kind, value, number, state, life_us in sql.read(
            "SELECT p.subject_id, p.kind, p.value, p.id, COALESCE(s.state, ''), COALESCE(s.life_us, 0) "
            "FROM contact_point p LEFT JOIN import i ON i.id = p.import_id LEFT JOIN point_state s "
            "ON s.unit_id = p.subject_id AND s.kind = p.kind AND s.value = p.value "
            f"WHERE p.subject_id IN {among(some)} AND (p.import_id IS NULL OR i.state = 'done') ORDER BY p.id"
        ):
            if (int(subject), kind, value) in ended:
                continue
            rank, place = (state not in UNREACHABLE, int(life_us), int(number)), (unit_of[int(subject)], kind)
            if place not in best or rank > best[place][0]:
                best[place] = rank, Address(int(subject), str(value))
    return {place: address for place, (_, address) in best.items()}


def _ended(subjects: Collection[int]) -> set[tuple[int, str, str]]:
    """Contact points of which one of us said last that they are none any more."""
    last: dict[tuple[int, str, str], str] = {}
    for subject, kind, value, action in sql.read(
        "SELECT subject_id, kind, value, action FROM point_change "
        f"WHERE subject_id IN {among(sorted(subjects))} AND action <> 'checked' ORDER BY id"
    ):
        last[int(subject), str(kind), str(value)] = action
    return {point for point, action in last.items() if action == "ended"}


def talks(settings: Settings, unit_of: Mapping[int, int]) -> dict[tuple[int, str], Address]:
    """(unit, channel) to where it wrote to us last, by messengers and the chat."""
    store.connect(settings)
    found: dict[tuple[int, str], Address] = {}
    for some in stretches(sorted(unit_of)):
        for subject, channel, address, via in sql.read(
            "SELECT c.subject_id, c.channel, c.address, l.name FROM inbox_conversation c "
            f"JOIN live_source l ON l.id = c.source_id WHERE c.subject_id IN {among(some)} "
            "AND c.address <> '' AND c.channel <> 'email' ORDER BY c.last_us"
        ):
            found[unit_of[int(subject)], str(channel)] = Address(int(subject), str(address), str(via))
    return found


def open_cases(settings: Settings, unit_of: Mapping[int, int]) -> dict[int, int]:
    """Unit to how many of its complaints and requests are not put right yet."""
    store.connect(settings)
    found: dict[int, int] = {}
    for some in stretches(sorted(unit_of)):
        for subject, number in sql.read(
            f"SELECT subject_id, COUNT(*) FROM customer_case WHERE subject_id IN {among(some)} "
            "AND state IN ('open', 'waiting') GROUP BY subject_id"
        ):
            unit = unit_of[int(subject)]
            found[unit] = found.get(unit, 0) + int(number)
    return found


def lost(settings: Settings, units: Collection[int]) -> set[int]:
    """Those of these customers who have left; of very many, all who have."""
    store.connect(settings)
    gone = "SELECT unit_id FROM standing WHERE state IN ('lapsed', 'never')"
    if len(units) > MANY:
        return {int(unit) for (unit,) in sql.read(gone)}
    found: set[int] = set()
    for some in stretches(sorted(units)):
        found |= {int(unit) for (unit,) in sql.read(f"{gone} AND unit_id IN {among(some)}")}
    return found


def with_open_cases(settings: Settings, units: Collection[int]) -> set[int]:
    """Those of these customers who have an open complaint or request; of very many, all who have."""
    if len(units) <= MANY:
        return set(open_cases(settings, {unit: unit for unit in units}))
    store.connect(settings)
    rows = sql.read("SELECT DISTINCT subject_id FROM customer_case WHERE state IN ('open', 'waiting')")
    return {int(subject) for (subject,) in rows}


def owners(settings: Settings, unit_of: Mapping[int, int]) -> dict[int, int]:
    """Unit to who of ours looks after it."""
    store.connect(settings)
    found: dict[int, int] = {}
    for some in stretches(sorted(unit_of)):
        rows = sql.read(
            f"SELECT subject_id, person_id FROM owner WHERE subject_id IN {among(some)} "
            "AND until_us IS NULL AND person_id IS NOT NULL ORDER BY from_us"
        )
        found |= {unit_of[int(subject)]: int(person) for subject, person in rows}
    return found


def names(settings: Settings, units: Collection[int]) -> dict[int, str]:
    """Unit to its name in the list of customers."""
    store.connect(settings)
    found: dict[int, str] = {}
    for some in stretches(sorted(units)):
        rows = sql.read(f"SELECT unit_id, name FROM standing WHERE unit_id IN {among(some)}")
        found |= {int(unit): str(name) for unit, name in rows}
    return found
