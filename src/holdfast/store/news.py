"""Whether an import says anything that was not known: for rows that make no events."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_WITHOUT = """
SELECT g.subject_id, g.rows FROM sighting g
WHERE g.import_id = %s
AND EXISTS (SELECT 1 FROM sighting o JOIN import i ON i.id = o.import_id AND i.state = 'done'
            WHERE o.subject_id = g.subject_id AND o.import_id <> g.import_id)
AND NOT EXISTS (SELECT 1 FROM trait_row t WHERE t.subject_id = g.subject_id AND t.import_id = %s)
AND NOT EXISTS (SELECT 1 FROM contact_point p WHERE p.subject_id = g.subject_id AND p.import_id = %s)
AND NOT EXISTS (SELECT 1 FROM account_contact a WHERE a.subject_id = g.subject_id AND a.import_id = %s)
ORDER BY g.subject_id
"""


def subjects_without_news(settings: Settings, import_id: int) -> list[tuple[int, int]]:
    """Subjects known before of whom the import says nothing new, each with its rows in the import.

    Ask when the import has written all it says (:mod:`holdfast.store.writers`); events are not
    looked at.
    """
    store.connect(settings)
    return [(subject, rows) for subject, rows in sql.read(_WITHOUT, (import_id,) * 4)]
