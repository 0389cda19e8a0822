"""Accounts that belong to accounts: which is above which, as the trait ``parent`` says, and who is in them.

The trait holds the id of the account above: its key in the same namespace, else in "account", or namespace
and key with a colon. Files, calls and our own people say it like any other trait, with its history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.identity import ACCOUNT, is_account
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import Walked, among, stretches, walk
from holdfast.store.linking import units_of

PARENT = "parent"
"""The trait that names the account above."""

_ROLES = ("role", "job_title", "title", "position")
"""Traits that say what a contact does there; the first that is known counts."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who is a contact of an account now."""

    subject_id: int
    name: str
    role: str
    email: str
    since_us: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What customers add up to: how many, their value, how much of it is at risk.

    ``weighed_risk`` is the risk weighted with value, ``None`` where nobody has both.
    """

    customers: int
    amount_minor: int
    value_minor: int
    value_at_risk_minor: int
    weighed_risk: float | None


def parents_of(settings: Settings, accounts: Collection[int]) -> dict[int, int]:
    """The account above each of ``accounts`` (as links name them); those without one are left out."""
    store.connect(settings)
    walked = walk(accounts)
    said: dict[int, tuple[int, str, str]] = {}
    for some in stretches(sorted(walked.unit)):
        for subject, namespace, value, since in sql.read(_SAID.format(ids=among(some))):
            unit = walked.unit_of(subject)
            if since >= said.get(unit, (since, "", ""))[0]:
                said[unit] = (since, namespace, value)
    wanted = {unit: (namespace, value) for unit, (_, namespace, value) in said.items() if value}
    named = _accounts_named(set(wanted.values()))
    above = {unit: named[name] for unit, name in wanted.items() if name in named}
    units = walk(set(above.values()))
    return {unit: units.unit_of(subject) for unit, subject in above.items()}


_SAID = f"""
SELECT h.subject_id, s.namespace, h.value, h.valid_from_us FROM trait_history h
JOIN subject s ON s.id = h.subject_id
WHERE h.subject_id IN {{ids}} AND h.trait = '{PARENT}' AND h.valid_to_us IS NULL
ORDER BY h.valid_from_us, h.id
"""


def children_of(settings: Settings, accounts: Collection[int]) -> dict[int, list[int]]:
    """The accounts right below each of ``accounts``, by number; those with none are left out."""
    store.connect(settings)
    walked = walk(accounts)
    names = _written(walked)
    asked: set[int] = set()
    for some in stretches(sorted(names)):
        places = ", ".join(["(%s)"] * len(some))
        rows = sql.read(
            f"WITH named (value) AS (VALUES {places}) SELECT DISTINCT t.subject_id FROM named n "
            f"JOIN trait_row t ON t.trait = '{PARENT}' AND t.value = n.value",
            list(some),
        )
        asked.update(subject for (subject,) in rows)
    found: dict[int, list[int]] = {}
    wanted = set(accounts)
    for child, parent in sorted(parents_of(settings, asked).items()):
        if parent in wanted:
            found.setdefault(parent, []).append(child)
    return found


def _written(walked: Walked) -> set[str]:
    """Every way in which the ids of these accounts may be written in the trait."""
    names: set[str] = set()
    for some in stretches(sorted(walked.unit)):
        for namespace, key in sql.read(f"SELECT namespace, key FROM subject WHERE id IN {among(some)}"):
            names |= {key, f"{namespace}:{key}"}
    return names


def _accounts_named(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(namespace of who says it, what it says) to the account that is meant; unknown ones are left out."""
    tries = {name: _readings(*name) for name in names}
    wanted = sorted({reading for readings in tries.values() for reading in readings})
    known: dict[tuple[str, str], int] = {}
    for some in stretches(wanted):
        places = ", ".join(["(%s, %s)"] * len(some))
        rows = sql.read(
            f"WITH asked (namespace, key) AS (VALUES {places}) SELECT s.namespace, s.key, s.id FROM asked a "
            "JOIN subject s ON s.namespace = a.namespace AND s.key = a.key",
            [part for pair in some for part in pair],
        )
        known.update(((namespace, key), subject) for namespace, key, subject in rows)
    found = {name: [known[each] for each in readings if each in known] for name, readings in tries.items()}
    return {name: ids[0] for name, ids in found.items() if ids}


def _readings(namespace: str, value: str) -> list[tuple[str, str]]:
    whole, _, key = value.rpartition(":")
    readings = [(namespace, value), (ACCOUNT, value)]
    return [*readings, (whole, key)] if is_account(whole) else readings


def contacts_of(settings: Settings, account: int, *, limit: int = 200) -> list[Contact]:
    """The people who are contacts of an account now, by name, at most ``limit``; each once."""
    store.connect(settings)
    ids = among(sorted(walk({account}).unit))
    rows = sql.read(_CONTACTS.format(ids=ids) + f" LIMIT {int(limit)}")
    walked = walk({subject for subject, _ in rows})
    since = {walked.unit_of(subject): from_us for subject, from_us in rows}
    told = _told(set(walked.unit))
    found = [_contact(unit, walked, told, since[unit]) for unit in since]
    return sorted(found, key=lambda each: (each.name.casefold(), each.subject_id))


_CONTACTS = """
SELECT a.subject_id, MIN(a.from_us) FROM account_contact a LEFT JOIN import i ON i.id = a.import_id
WHERE a.account_id IN {ids} AND a.to_us IS NULL AND (a.import_id IS NULL OR i.state = 'done')
GROUP BY a.subject_id ORDER BY a.subject_id
"""


def _told(subjects: Collection[int]) -> dict[int, dict[str, str]]:
    """What is said of each id: name, role, e-mail, and the key under which it came."""
    names = ", ".join(f"'{name}'" for name in ("name", *_ROLES))
    told: dict[int, dict[str, str]] = {subject: {} for subject in subjects}
    for some in stretches(sorted(subjects)):
        ids = among(some)
        rows = sql.read(
            f"SELECT subject_id, trait, value FROM trait_history WHERE trait IN ({names}) "
            f"AND subject_id IN {ids} AND valid_to_us IS NULL UNION ALL "
            "SELECT p.subject_id, 'email', p.value FROM contact_point p "
            "LEFT JOIN import i ON i.id = p.import_id "
            f"WHERE p.kind = 'email' AND p.subject_id IN {ids} AND (p.import_id IS NULL OR i.state = 'done') "
            f"UNION ALL SELECT id, 'key', key FROM subject WHERE id IN {ids}"
        )
        for subject, name, value in rows:
            told[subject].setdefault(name, value)
    return told


def _contact(unit: int, walked: Walked, told: dict[int, dict[str, str]], since: int | None) -> Contact:
    known: dict[str, str] = {}
    for subject in sorted(subject for subject, its in walked.unit.items() if its == unit):
        for name, value in told[subject].items():
            if value:
                known.setdefault(name, value)
    role = next((known[name] for name in _ROLES if name in known), "")
    return Contact(unit, known.get("name") or known.get("key", ""), role, known.get("email", ""), since)


def totals(settings: Settings, accounts: Collection[int]) -> Totals:
    """What the customers of these accounts add up to, each counted once.

    Where the account is the customer, those are the accounts; else the people who are their contacts.
    """
    store.connect(settings)
    units = set(accounts) if settings.unit == "account" else _people(settings, accounts)
    sums = [0, 0, 0, 0]
    weight = risk = 0.0
    for some in stretches(sorted(units)):
        row = sql.one(_TOTALS.format(ids=among(some)))
        if row is not None:
            sums = [a + int(b or 0) for a, b in zip(sums, row[:4], strict=True)]
            weight, risk = weight + float(row[4] or 0), risk + float(row[5] or 0)
    return Totals(sums[0], sums[1], sums[2], sums[3], risk / weight if weight > 0 else None)


def _people(settings: Settings, accounts: Collection[int]) -> set[int]:
    subjects: set[int] = set()
    for some in stretches(sorted(walk(accounts).unit)):
        subjects.update(subject for subject, _ in sql.read(_CONTACTS.format(ids=among(some))))
    return set(units_of(settings, subjects).values())


_TOTALS = """
SELECT COUNT(*), SUM(s.amount_minor), SUM(r.value_minor), SUM(r.value_at_risk_minor),
       SUM(CASE WHEN r.value_minor > 0 THEN r.value_minor ELSE 0 END),
       SUM(CASE WHEN r.value_minor > 0 THEN r.value_minor * r.risk ELSE 0 END)
FROM standing s LEFT JOIN risk_score r ON r.unit_id = s.unit_id WHERE s.unit_id IN {ids}
"""
