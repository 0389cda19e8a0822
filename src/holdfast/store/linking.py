"""Units of subjects in the workspace's unit, and links written so that it is known whom that changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import accounts_joined, stretches, walk

LinkRow = tuple[int, int, int, str, str, str, int | None]
"""subject, the other (older) one, linked (us), reason, evidence, made by, import."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking changed: the ``units`` that gained, lost or vanished, old ids and new.

    ``made`` counts new links, ``ignored`` pairs that were said and may not be linked.
    """

    units: frozenset[int] = frozenset()
    made: int = 0
    ignored: int = 0


def units_of(settings: Settings, subjects: Collection[int]) -> dict[int, int]:
    """The unit of each subject now, in the workspace's unit; as ``readers.resolved_units`` says it.

    Two or three statements for five hundred subjects.
    """
    store.connect(settings)
    walked = walk(subjects)
    if settings.unit != "account":
        return {subject: walked.unit_of(subject) for subject in subjects}
    joined = accounts_joined(walked)
    accounts = walk(set(joined.values()))
    account_of = {person: accounts.unit_of(account) for person, account in joined.items()}
    return {subject: account_of.get(walked.unit_of(subject), walked.unit_of(subject)) for subject in subjects}


def write_links(settings: Settings, links: Sequence[LinkRow]) -> frozenset[int]:
    """Insert links; the units whose composition that changed, their ids of before and of now."""
    if not links:
        return frozenset()
    ends = {end for subject, unit, *_ in links for end in (subject, unit)}
    before = units_of(settings, ends)
    for some in stretches(links):
        places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(some))
        sql.write(
            "INSERT INTO identity_link "
            "(subject_id, unit_id, linked_us, reason, evidence, made_by, import_id) "
            f"VALUES {places}",
            [value for row in some for value in row],
        )
    return changed(before, units_of(settings, ends))


def changed(before: dict[int, int], after: dict[int, int]) -> frozenset[int]:
    """The units, old and new, of the subjects whose unit is another one now, and the units they join."""
    moved = {subject for subject, unit in after.items() if before[subject] != unit}
    return frozenset({before[subject] for subject in moved} | {after[subject] for subject in moved})
