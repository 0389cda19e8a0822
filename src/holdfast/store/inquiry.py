"""From which money on the loss of a customer is inquired into, as people set it."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Whether large losses are inquired into, and from which money a year on (``None``: the usual)."""

    enabled: bool = True
    from_minor: int | None = None


def read(settings: Settings) -> Inquiry:
    """As it is set; on, with the usual threshold, until somebody sets it."""
    store.connect(settings)
    row = sql.one("SELECT enabled, from_minor FROM inquiry_setting WHERE id = 1")
    return Inquiry() if row is None else Inquiry(bool(row[0]), row[1])


def write(settings: Settings, wanted: Inquiry, *, by: str, now_us: int) -> None:
    """Set it."""
    store.connect(settings)
    sql.write(
        "INSERT INTO inquiry_setting (id, enabled, from_minor, changed_us, changed_by) "
        "VALUES (1, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled, "
        "from_minor = excluded.from_minor, changed_us = excluded.changed_us, "
        "changed_by = excluded.changed_by",
        (wanted.enabled, wanted.from_minor, now_us, by),
    )
