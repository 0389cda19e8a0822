"""The work list as CSV, so that nothing a customer typed can run in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.spreadsheets import harmless
from holdfast.services.collect.look_up import moment
from holdfast.settings import Settings
from holdfast.store.point_lists import ListedPoint
from holdfast.web.masking import Masks
from holdfast.web.pages.customers.table import LINES_AT_ONCE

HEAD = (
    *("customer", "name", "country", "standing", "kind", "contact_point", "state"),
    *("last_used", "last_sign_of_life", "came_back", "worth", "currency"),
)


def csv_lines(rows: Iterable[ListedPoint], workspace: Settings, masks: Masks) -> Iterator[bytes]:
    """The file in pieces of some hundred lines: UTF-8 with a mark; words and numbers for machines."""
    piece = io.StringIO()
    write = csv.writer(piece)
    piece.write("\ufeff")
    write.writerow(HEAD)
    for number, row in enumerate(rows, 1):
        write.writerow([harmless(cell) for cell in _cells(masks.point(row), workspace)])
        if number % LINES_AT_ONCE == 0:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()


def _cells(row: ListedPoint, workspace: Settings) -> tuple[str, ...]:
    worth = Money(row.value_minor, workspace.currency or NO_CURRENCY)
    return (
        str(row.unit_id),
        row.name,
        row.country,
        row.standing,
        row.kind,
        row.value,
        row.state,
        *(moment(each) or "" for each in (row.used_us, row.life_us, row.bounced_us)),
        str(worth.amount),
        workspace.currency,
    )
