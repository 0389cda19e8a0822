"""Why a figure that was published comes out differently now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from holdfast.domain.texts import Text
from holdfast.store import sql


class Reasons:
    """What has changed in the base since a figure was computed; asked of the database once."""

    def __init__(self) -> None:
        self._imports = sql.read(
            "SELECT id, state, finished_us, first_us FROM import "
            "WHERE state IN ('done', 'undone') AND finished_us IS NOT NULL ORDER BY id"
        )
        touched = sql.one(
            "SELECT MAX(linked_us), MAX(CASE WHEN ended_import IS NULL THEN unlinked_us END) "
            "FROM identity_link "
            "WHERE made_by NOT IN ('import', 'call') OR (unlinked_us IS NOT NULL AND ended_import IS NULL)"
        )
        self._by_hand_us = max((moment for moment in touched or () if moment is not None), default=None)
        (self._by_events_us,) = sql.one(
            "SELECT MAX(l.linked_us) FROM identity_link l "
            "JOIN import i ON i.id = l.import_id AND i.kind = 'live'"
        ) or (None,)
        self._erased = [
            us for (us,) in sql.read("SELECT forgotten_us FROM erasure WHERE forgotten_us IS NOT NULL")
        ]
        (self._expired_us,) = sql.one("SELECT MAX(at_us) FROM retention_run") or (None,)

    def since(self, computed_us: int, end: date) -> tuple[Text, ...]:
        """The reasons why a figure up to ``end``, computed at ``computed_us``, may differ; never empty."""
        found = [
            _told(import_id, state)
            for import_id, state, finished_us, first_us in self._imports
            if finished_us > computed_us and (state == "undone" or _reaches(first_us, end))
        ]
        if self._by_hand_us is not None and self._by_hand_us > computed_us:
            found.append(Text("Customers were merged or separated by hand."))
        if self._by_events_us is not None and self._by_events_us > computed_us:
            found.append(Text("Events that arrived showed that some ids are one customer."))
        if n := sum(moment > computed_us for moment in self._erased):
            found.append(Text("{n} customer was erased since.", "{n} customers were erased since.", n=n))
        if self._expired_us is not None and self._expired_us > computed_us:
            found.append(Text("Old events were deleted, as the company decided."))
        return tuple(found) or (Text("It is counted differently by this release."),)


def _told(import_id: int, state: str) -> Text:
    if state == "undone":
        return Text("Import {id} was undone.", id=str(import_id))
    return Text("Import {id} brought rows of that time.", id=str(import_id))


def _reaches(first_us: int | None, end: date) -> bool:
    """Whether an import tells about the days before ``end``, a day of time zones allowed for.

    One without events (customers, costs, rates) may change any figure.
    """
    if first_us is None:
        return True
    midnight = datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=1)
    return first_us < int(midnight.timestamp()) * 1_000_000
