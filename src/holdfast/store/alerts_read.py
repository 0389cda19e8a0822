"""Which alerts somebody has read: they are not told again."""

from __future__ import annotations

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


def has_read(settings: Settings, person_id: int, alert: str) -> bool:
    """Whether ``person_id`` has put the alert of this name away."""
    store.connect(settings)
    row = sql.one("SELECT 1 FROM alert_read WHERE person_id = %s AND alert = %s", (person_id, alert))
    return row is not None


def note_read(settings: Settings, person_id: int, alert: str, *, now_us: int) -> None:
    """Put an alert away for one person; for the others it stays."""
    store.connect(settings)
    sql.write(
        "INSERT INTO alert_read (person_id, alert, at_us) VALUES (%s, %s, %s) "
        "ON CONFLICT (person_id, alert) DO NOTHING",
        (person_id, alert, now_us),
    )


def note_unread(settings: Settings, person_id: int, alert: str) -> None:
    """Tell one person of an alert again."""
    store.connect(settings)
    sql.write("DELETE FROM alert_read WHERE person_id = %s AND alert = %s", (person_id, alert))
