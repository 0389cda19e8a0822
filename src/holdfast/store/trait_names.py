"""The names of traits, hopped from one to the next along their index: quick however many rows there are."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_HOPS = """
WITH RECURSIVE hop(trait) AS (
    SELECT MIN(trait) FROM trait_row
    UNION ALL
    SELECT (SELECT MIN(t.trait) FROM trait_row t WHERE t.trait > hop.trait)
    FROM hop WHERE hop.trait IS NOT NULL
)
SELECT h.trait FROM hop h WHERE h.trait IS NOT NULL AND EXISTS (
    SELECT 1 FROM trait_row t JOIN import i ON i.id = t.import_id AND i.state = 'done' WHERE t.trait = h.trait
)
"""


def trait_names(settings: Settings) -> list[str]:
    """The traits that are told of anybody, in order."""
    store.connect(settings)
    return sorted(name for (name,) in sql.read(_HOPS))
