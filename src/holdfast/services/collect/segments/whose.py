"""Which subject belongs to which customer, and who speaks for an account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class Whose:
    """Links of subjects that are not their own unit, sorted by subject; ``subjects`` are all of some units.

    ``silent`` are contacts of accounts: what is said of them is not said of the account.
    """

    subject_id: NDArray[np.int64]
    unit_id: NDArray[np.int64]
    silent: NDArray[np.int64]
    subjects: tuple[int, ...] = ()

    def units(self, subjects: NDArray[np.int64]) -> NDArray[np.int64]:
        """The unit of each subject."""
        if not len(self.subject_id):
            return subjects
        place = np.minimum(np.searchsorted(self.subject_id, subjects), len(self.subject_id) - 1)
        return np.where(self.subject_id[place] == subjects, self.unit_id[place], subjects)

    def speaks(self, subjects: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whose traits are those of their unit."""
        if not len(self.silent):
            return np.ones(len(subjects), bool)
        found: NDArray[np.bool_] = ~np.isin(subjects, self.silent)
        return found


def whose(settings: Settings, units: Collection[int] | None) -> Whose:
    """The links of everybody, or of ``units`` alone."""
    from holdfast.store import readers, trait_history

    if units is not None and settings.unit == "person":
        return _walked(settings, units)
    links = readers.unit_links(settings)
    subject, unit = links.subject_id, links.unit_id
    silent = np.empty(0, np.int64)
    if settings.unit == "account":
        accounts = trait_history.accounts(settings)
        silent = subject[np.isin(unit, accounts) & ~np.isin(subject, accounts)]
    if units is None:
        return Whose(subject, unit, silent)
    own = np.isin(unit, np.array(list(units), np.int64))
    return Whose(subject[own], unit[own], silent, tuple({*map(int, units), *subject[own].tolist()}))


def _walked(settings: Settings, units: Collection[int]) -> Whose:
    from holdfast import store
    from holdfast.store.linked import walk

    store.connect(settings)
    walked = walk(units)
    pairs = sorted((subject, unit) for subject, unit in walked.unit.items() if subject != unit)
    links = np.array(pairs, np.int64).reshape(-1, 2)
    return Whose(links[:, 0].copy(), links[:, 1].copy(), np.empty(0, np.int64), tuple({*walked.unit, *units}))
