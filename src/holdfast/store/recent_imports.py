"""Of whom imports have told lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import linked, readers, sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


_TOLD = (
    "SELECT DISTINCT subject_id FROM sighting WHERE import_id IN (SELECT id FROM import WHERE "
    "state = 'done' AND kind <> 'live' AND finished_us >= %s)"
)


def told_of(settings: Settings, since_us: int) -> NDArray[np.int64]:
    """The units, sorted, of whom a file tells that was imported since a moment."""
    import numpy as np

    store.connect(settings)
    subject = np.array([row[0] for row in sql.read(_TOLD, (since_us,))], np.int64)
    links = readers.unit_links(settings) if len(subject) else None
    if links is None or not len(links.subject_id):
        return np.unique(subject)
    place = np.minimum(np.searchsorted(links.subject_id, subject), len(links.subject_id) - 1)
    return np.unique(np.where(links.subject_id[place] == subject, links.unit_id[place], subject))


def told_among(settings: Settings, since_us: int, subjects: Sequence[int]) -> set[int]:
    """Those of the subjects of whom a file tells that was imported since a moment."""
    store.connect(settings)
    if (
        sql.one(
            "SELECT 1 FROM import WHERE state = 'done' AND kind <> 'live' AND finished_us >= %s", (since_us,)
        )
        is None
    ):
        return set()
    found: set[int] = set()
    for some in linked.stretches(list(subjects)):
        rows = sql.read(f"{_TOLD} AND subject_id IN {linked.among(some)}", (since_us,))
        found |= {int(subject) for (subject,) in rows}
    return found
