"""Customers as CSV: for spreadsheets, so that nothing a customer typed can run there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import date_of
from holdfast.domain.spreadsheets import harmless
from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store.customers import ListedCustomer
from holdfast.web.figures import country_name

HEAD = (
    *("id", "name", "kind", "country", "source", "state"),
    *("first_order", "last_order", "left_on", "orders", "spent", "currency"),
)
LINES_AT_ONCE = 500


def csv_lines(rows: Iterable[ListedCustomer], workspace: Settings, reader: Reader) -> Iterator[bytes]:
    """The file in pieces of some hundred lines: UTF-8 with a mark, so that spreadsheets see it.

    Column names and numbers are for machines (English, point, ISO dates); only what the country is
    called follows the reader.
    """
    piece = io.StringIO()
    write = csv.writer(piece)
    piece.write("\ufeff")
    write.writerow(HEAD)
    for number, row in enumerate(rows, 1):
        write.writerow([harmless(cell) for cell in _cells(row, workspace, reader)])
        if number % LINES_AT_ONCE == 0:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()


def _cells(row: ListedCustomer, workspace: Settings, reader: Reader) -> tuple[str, ...]:
    money = Money(row.amount_minor, workspace.currency or NO_CURRENCY)
    return (
        str(row.unit_id),
        row.name,
        row.kind,
        country_name(row.country, reader.code),
        row.source,
        row.state,
        *(
            "" if day is None else date_of(day).isoformat()
            for day in (row.first_day, row.last_day, row.left_day)
        ),
        str(row.orders),
        str(money.amount),
        workspace.currency,
    )
