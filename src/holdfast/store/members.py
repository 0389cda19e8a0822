"""Who a few customers are now: every subject of each, found from them; nothing else of the base is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import linked, sql
from holdfast.store.readers import UnitLinks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Members:
    """``unit_of`` names the unit of every subject of the customers that were asked for.

    ``gone`` are ids among those asked for that are no customer any more: they were merged into another,
    who is asked for in their place, or joined an account.
    """

    unit_of: dict[int, int]
    gone: tuple[int, ...]

    @property
    def units(self) -> NDArray[np.int64]:
        """The customers, sorted."""
        import numpy as np

        return np.unique(np.fromiter(self.unit_of.values(), np.int64, len(self.unit_of)))

    @property
    def links(self) -> UnitLinks:
        """The subjects that are not their own unit, sorted."""
        import numpy as np

        others = sorted((subject, unit) for subject, unit in self.unit_of.items() if subject != unit)
        pairs = np.array(others, np.int64).reshape(-1, 2)
        return UnitLinks(np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]))


def members(settings: Settings, units: Collection[int]) -> Members:
    """Every subject of each of ``units``, or of whoever they have become, by the links of now.

    The same answer as :func:`holdfast.store.readers.resolved_units` gives for everybody. A handful of
    statements, however many units.
    """
    store.connect(settings)
    if settings.unit == "person":
        walked = linked.walk(units)
        return Members(dict(walked.unit), _gone(units, walked.unit))
    become = _by_account(units)
    wanted = {become[unit] for unit in units}
    # Whoever joined another account brings it in: its contacts have to be found from it.
    everyone = _by_account({*units, *wanted})
    return Members(
        {subject: unit for subject, unit in everyone.items() if unit in wanted}, _gone(units, everyone)
    )


def spoken_of(settings: Settings, subjects: Collection[int], since_us: int) -> set[int]:
    """Those of the subjects of whom something was said, or that were linked or separated, since then."""
    store.connect(settings)
    found: set[int] = set()
    for stretch in linked.stretches(sorted(subjects)):
        found |= {
            subject
            for (subject,) in sql.read(_SPOKEN_OF.format(among=linked.among(stretch)), (since_us,) * 5)
        }
    return found


_SPOKEN_OF = """
SELECT subject_id FROM trait_row WHERE subject_id IN {among} AND valid_from_us >= %s
UNION SELECT subject_id FROM identity_link WHERE subject_id IN {among}
AND (linked_us >= %s OR unlinked_us >= %s)
UNION SELECT unit_id FROM identity_link WHERE unit_id IN {among} AND (linked_us >= %s OR unlinked_us >= %s)
"""


def _by_account(units: Collection[int]) -> dict[int, int]:
    """Subject to unit for all that hang together with ``units``: people belong to the account joined last."""
    persons = linked.walk(units)
    contacts = _contacts(persons.unit)
    people = linked.walk({*persons.unit, *contacts})
    joined = linked.accounts_joined(people)
    walked = linked.walk({*people.unit, *joined.values()})
    account_of = {walked.unit_of(person): walked.unit_of(account) for person, account in joined.items()}
    return {subject: account_of.get(unit, unit) for subject, unit in walked.unit.items()}


def _contacts(accounts: Collection[int]) -> set[int]:
    """Everybody who is a contact of one of these accounts, or was."""
    found: set[int] = set()
    for stretch in linked.stretches(sorted(accounts)):
        listed = linked.among(stretch)
        found |= {
            subject
            for (subject,) in sql.read(
                f"SELECT DISTINCT subject_id FROM account_contact WHERE account_id IN {listed}"
            )
        }
    return found


def _gone(asked: Collection[int], unit_of: dict[int, int]) -> tuple[int, ...]:
    return tuple(sorted(unit for unit in asked if unit_of.get(unit, unit) != unit))
