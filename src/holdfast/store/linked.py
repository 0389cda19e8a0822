"""What hangs together with some subjects through links, walked from them; nothing else is read.

Set-based: each round of the walk asks for the links of all subjects found by the round before, so
that a thousand events take two or three statements, not a thousand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from holdfast.domain.identity import ANONYMOUS, is_account, units
from holdfast.store import sql

_T = TypeVar("_T")

AT_ONCE = 500
"""Ids or values in one statement."""


def stretches(items: Sequence[_T], size: int = AT_ONCE) -> Iterator[Sequence[_T]]:
    """``items`` in stretches of ``size``."""
    for first in range(0, len(items), size):
        yield items[first : first + size]


def among(subjects: Iterable[int]) -> str:
    """A list of ids as SQL: they are integers of ours, so they are written out."""
    return f"({', '.join(str(int(subject)) for subject in subjects)})"


@dataclass(slots=True)
class Walked:
    """Every subject that hangs together with the ones asked for, and how.

    ``unit`` names the unit of each, among people and accounts as links say it; ``apart`` holds the
    pairs that a person separated, the smaller id first.
    """

    unit: dict[int, int]
    apart: set[tuple[int, int]] = field(default_factory=set)

    def unit_of(self, subject: int) -> int:
        """The unit of a subject: its own where nothing is linked."""
        return self.unit.get(subject, subject)


def walk(start: Collection[int], *, also_import: int = 0) -> Walked:
    """All that hang together with ``start`` through links that hold now.

    ``also_import`` is an import whose links count though it is not done.
    """
    found, edge = set(start), set(start)
    pairs: list[tuple[int, int]] = []
    apart: set[tuple[int, int]] = set()
    while edge:
        reached: set[int] = set()
        for stretch in stretches(sorted(edge)):
            for subject, unit, holds in sql.read(_LINKS.format(among=among(stretch)), (also_import,)):
                if holds:
                    pairs.append((subject, unit))
                    reached.update((subject, unit))
                else:
                    apart.add((min(subject, unit), max(subject, unit)))
        edge = reached - found
        found |= edge
    together = units(pairs)
    return Walked({subject: together.get(subject, subject) for subject in found}, apart)


# Only links that hold now, and those that a person ended: an import that is not done says nothing,
# and what an import ended holds again while that import is not done.
_LINKS = """
SELECT l.subject_id, l.unit_id,
CASE WHEN l.unlinked_us IS NULL OR l.ended_import IS NOT NULL THEN 1 ELSE 0 END
FROM identity_link l
LEFT JOIN import made ON made.id = l.import_id
LEFT JOIN import ended ON ended.id = l.ended_import
WHERE (l.subject_id IN {among} OR l.unit_id IN {among})
AND (l.unlinked_us IS NULL OR l.ended_import IS NULL OR ended.state <> 'done')
AND (l.import_id IS NULL OR made.state = 'done' OR made.id = %s
     OR (l.unlinked_us IS NOT NULL AND l.ended_import IS NULL))
"""


def accounts_joined(walked: Walked) -> dict[int, int]:
    """Unit of people to the account that one of its subjects joined last, where one did."""
    rows: list[tuple[int, int, int, int]] = []
    for stretch in stretches(sorted(walked.unit)):
        rows += sql.read(_CONTACTS.format(among=among(stretch)))
    return {walked.unit_of(subject): account for _, _, subject, account in sorted(rows)}


_CONTACTS = """
SELECT COALESCE(a.from_us, 0), a.id, a.subject_id, a.account_id FROM account_contact a
LEFT JOIN import i ON i.id = a.import_id
WHERE a.subject_id IN {among} AND a.to_us IS NULL AND (a.import_id IS NULL OR i.state = 'done')
"""


def decided_apart(subjects: Collection[int]) -> set[tuple[int, int]]:
    """Pairs of which a person said that they are different customers, one of them in ``subjects``."""
    found: set[tuple[int, int]] = set()
    for stretch in stretches(sorted(subjects)):
        ids = among(stretch)
        found.update(
            sql.read(
                f"SELECT low_id, high_id FROM not_the_same WHERE low_id IN {ids} "
                f"UNION SELECT low_id, high_id FROM not_the_same WHERE high_id IN {ids}"
            )
        )
    return found


def all_apart() -> list[tuple[int, int]]:
    """Every pair of ids of which a person said that they are different customers."""
    return sql.read(
        "SELECT low_id, high_id FROM not_the_same UNION SELECT subject_id, unit_id FROM identity_link "
        "WHERE unlinked_us IS NOT NULL AND ended_import IS NULL"
    )


def sorts_of(subjects: Collection[int]) -> dict[int, str]:
    """What each subject is: "account", "anonymous", or "known" for a person with a lasting id."""
    found: dict[int, str] = {}
    for stretch in stretches(sorted(subjects)):
        rows = sql.read(f"SELECT id, namespace FROM subject WHERE id IN {among(stretch)}")
        found.update((subject, sort_of(namespace)) for subject, namespace in rows)
    return found


def sort_of(namespace: str) -> str:
    """What ids of a namespace are: "account", "anonymous" or "known"."""
    if is_account(namespace):
        return "account"
    return "anonymous" if namespace == ANONYMOUS else "known"
