"""How the report of an import is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holdfast.cli.answers import columns
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.language import Reader
    from holdfast.services.collect.report import ImportReport
    from holdfast.settings import Settings

_LINES_SHOWN = 5


def report_as_json(report: ImportReport) -> dict[str, object]:
    """The report as ``import --json`` gives it: as it is kept, with sums as numbers."""
    return {**report.as_kept(), "unattributed_revenue": report.unattributed_revenue}


def show_report(session: Session, settings: Settings, report: ImportReport) -> None:
    """The report for a person: what was taken, what was not and why, and what is worth a look."""
    reader = session.reader(settings)
    rows = [(reader.say(name), reader.number(count)) for name, count in _counts(report)]
    session.tell(Text("Import {id} is done.", id=str(report.import_id)))
    session.write(columns(rows, numbers=frozenset({1})))
    for sentence in _sentences(report, reader):
        session.write(sentence)


def _counts(report: ImportReport) -> list[tuple[Text, int]]:
    return [
        (Text("Rows read"), report.rows_read),
        (Text("Rows taken"), report.rows_taken),
        (Text("Rows rejected"), report.rows_rejected),
        (Text("Duplicates"), report.duplicates),
        (Text("Customers"), report.customers),
    ]


def _sentences(report: ImportReport, reader: Reader) -> Iterator[str]:
    if report.first_at and report.last_at:
        dated = Text(
            "From {first} to {last}", first=reader.moment(report.first_at), last=reader.moment(report.last_at)
        )
        yield reader.say(dated)
    for code, count in sorted(report.reject_reasons.items(), key=lambda each: -each[1]):
        yield reader.say(Text("Rejected: {code}, {n} row", "Rejected: {code}, {n} rows", code=code, n=count))
    if report.rejects_file:
        yield reader.say(Text("Rejected rows, with line and reason: {file}", file=str(report.rejects_file)))
    for currency, amount in report.unattributed_revenue.items():
        without = Text(
            "Revenue of rows without a customer: {amount}",
            amount=reader.money((amount, currency), exact=True),
        )
        yield reader.say(without)
    for each in report.suspicious:
        lines = ", ".join(str(line) for line in each.lines[:_LINES_SHOWN])
        yield reader.say(Text("Look at: {what}", what=each.words)) + (f" ({lines})" if lines else "")
