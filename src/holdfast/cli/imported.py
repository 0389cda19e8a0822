"""How the report of an import is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.cli.session import Session

if TYPE_CHECKING:
    from holdfast.services.collect.import_file import ImportReport
    from holdfast.settings import Settings


def report_as_json(report: ImportReport) -> dict[str, object]:
    """The report as ``import --json`` gives it."""
    return {
        "import_id": report.import_id,
        "kind": report.kind,
        "state": report.state,
        "rows_read": report.rows_read,
        "rows_taken": report.rows_taken,
        "rows_rejected": report.rows_rejected,
        "duplicates": report.duplicates,
        "customers": report.customers,
        "first_at": report.first_at,
        "last_at": report.last_at,
        "suspicious": [
            {"code": each.code, "count": each.count, "words": each.words, "lines": each.lines}
            for each in report.suspicious
        ],
        "reject_reasons": report.reject_reasons,
        "rejects_file": report.rejects_file,
        "columns": report.columns,
        "unattributed_revenue": report.unattributed_revenue,
        "currencies": report.currencies,
    }


def show_report(session: Session, settings: Settings, report: ImportReport) -> None:
    """The report for a person: what was taken, what was not and why, and what is worth a look."""
