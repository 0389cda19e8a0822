"""Since when each unit is in the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import readers, sql

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def first_seen(settings: Settings) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every visible unit, sorted, and the first moment any row tells about it (microseconds UTC).

    0 where no row says when (a list of customers without dates): such units were always there.
    """
    import numpy as np

    store.connect(settings)
    pairs = np.array(sql.read(_FIRST), np.int64).reshape(-1, 2)
    if not len(pairs):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    sparse = readers.unit_links(settings)
    units = pairs[:, 0].copy()
    if len(sparse.subject_id):
        place = np.minimum(np.searchsorted(sparse.subject_id, units), len(sparse.subject_id) - 1)
        units = np.where(sparse.subject_id[place] == units, sparse.unit_id[place], units)
    found, place = np.unique(units, return_inverse=True)
    first = np.full(len(found), np.iinfo(np.int64).max)
    np.minimum.at(first, place, pairs[:, 1])
    return found, first


_FIRST = """
SELECT subject_id, MIN(COALESCE(first_us, 0)) FROM sighting
WHERE import_id IN (SELECT id FROM import WHERE state = 'done') GROUP BY subject_id
"""
