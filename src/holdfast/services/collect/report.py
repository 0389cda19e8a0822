"""What an import answers: how many rows became what, and what is worth a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from holdfast.domain.imports import Staged, Suspicion
from holdfast.domain.money import Money
from holdfast.domain.texts import Text
from holdfast.store.written import as_json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """One finished import.

    ``rows_read`` = ``rows_taken`` + ``rows_rejected`` + ``duplicates``, always; a row is a
    duplicate when it says nothing that the base does not know already. ``customers`` counts the
    customers (or accounts) that the rows are about. ``first_at`` and ``last_at`` bound the events,
    ``None`` without any. ``rejects_file`` holds the rejected rows with line and reason.
    ``unattributed_revenue`` is the signed sum of amounts, in major units per currency, of rows
    without a customer. ``currencies`` counts rows per currency; ``columns`` tells which source
    column (or formula) became which canonical one, ``written`` how its values showed to be written.
    """

    import_id: int
    kind: str
    state: str
    rows_read: int
    rows_taken: int
    rows_rejected: int
    duplicates: int
    customers: int
    first_at: datetime | None
    last_at: datetime | None
    suspicious: tuple[Suspicion, ...]
    reject_reasons: Mapping[str, int]
    rejects_file: Path | None
    columns: Mapping[str, str]
    unattributed_revenue: Mapping[str, Decimal]
    currencies: Mapping[str, int]
    written: Mapping[str, str] = field(default_factory=dict)

    def as_kept(self) -> dict[str, object]:
        """The report as it is kept with the import, in plain JSON values."""
        return {
            "import_id": self.import_id,
            "kind": self.kind,
            "state": self.state,
            "rows_read": self.rows_read,
            "rows_taken": self.rows_taken,
            "rows_rejected": self.rows_rejected,
            "duplicates": self.duplicates,
            "customers": self.customers,
            "first_at": self.first_at.isoformat() if self.first_at else None,
            "last_at": self.last_at.isoformat() if self.last_at else None,
            "suspicious": [
                {
                    "code": each.code,
                    "count": each.count,
                    "words": str(each.words),
                    "said": as_json(each.words),
                    "lines": list(each.lines),
                }
                for each in self.suspicious
            ],
            "reject_reasons": dict(self.reject_reasons),
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            "columns": dict(self.columns),
            "unattributed_revenue": {code: str(sum_) for code, sum_ in self.unattributed_revenue.items()},
            "currencies": dict(self.currencies),
            "written": dict(self.written),
        }


def make_report(
    import_id: int, kind: str, staged: Staged, *, duplicates: int, customers: int, rejects: Path | None
) -> ImportReport:
    """The report of an import that is about to be done."""
    return ImportReport(
        import_id=import_id,
        kind=kind,
        state="done",
        rows_read=staged.rows_read,
        rows_taken=staged.rows_read - staged.rows_rejected - duplicates,
        rows_rejected=staged.rows_rejected,
        duplicates=duplicates,
        customers=customers,
        first_at=moment(staged.first_at_us),
        last_at=moment(staged.last_at_us),
        suspicious=(*staged.suspicious, *_overlap(duplicates)),
        reject_reasons=staged.reject_reasons,
        rejects_file=rejects,
        columns=staged.columns,
        unattributed_revenue={code: Money(sum_, code).amount for code, sum_ in staged.unattributed.items()},
        currencies=staged.currencies,
        written=staged.written,
    )


def moment(at_us: int | None) -> datetime | None:
    """Microseconds since 1970 as an aware moment in UTC."""
    return None if at_us is None else _EPOCH + timedelta(microseconds=at_us)


def _overlap(duplicates: int) -> tuple[Suspicion, ...]:
    if not duplicates:
        return ()
    words = Text(
        "{n} row was imported before and changes nothing.",
        "{n} rows were imported before and change nothing.",
        n=duplicates,
    )
    return (Suspicion("overlapping_exports", duplicates, words),)
