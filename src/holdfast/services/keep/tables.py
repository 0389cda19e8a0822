"""The tables that every question about events stands on."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.engines.tables import Rows, Table
from holdfast.services.visible import finished_events
from holdfast.settings import Settings


def event_tables(settings: Settings, *, buckets: Iterable[int] | None = None) -> dict[str, Table]:
    """``events`` (rows of finished imports only) and ``links`` (which subject belongs to which unit).

    ``events`` has the columns of :data:`holdfast.domain.events.LAKE_COLUMNS`; with ``buckets`` it
    is narrowed to those and level 0. ``links`` has ``subject_id`` and ``unit_id`` and is sparse: a
    subject that is not in it is its own unit.
    """
    from holdfast.store import readers

    sparse = readers.unit_links(settings)
    links = Rows(
        {"subject_id": sparse.subject_id, "unit_id": sparse.unit_id},
        types={"subject_id": "BIGINT", "unit_id": "BIGINT"},
    )
    return {"events": finished_events(settings, buckets=buckets), "links": links}
