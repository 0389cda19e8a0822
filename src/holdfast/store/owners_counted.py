"""How many of our people look after customers."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


def owners(settings: Settings) -> int:
    """How many people look after a customer now; whoever may not sign in any more is none of them."""
    store.connect(settings)
    row = sql.one(
        "SELECT COUNT(DISTINCT o.person_id) FROM owner o JOIN person p ON p.id = o.person_id "
        "WHERE o.until_us IS NULL AND p.is_active"
    )
    return 0 if row is None else int(row[0])
