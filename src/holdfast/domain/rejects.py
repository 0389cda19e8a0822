"""Why a row was not taken: one stable code and one sentence each.

The codes stand in ``rejects.csv.gz``, in the report of an import and in its JSON; they are never
renamed.
"""

from __future__ import annotations

from holdfast.domain.texts import Text

REASONS: dict[str, Text] = {
    "no_customer": Text("The row names no customer."),
    "no_date": Text("The row has no date."),
    "no_amount": Text("The row has no amount."),
    "missing_value": Text("A value that every row needs is empty."),
    "bad_date": Text("The date cannot be read in the format of its column."),
    "date_before_1970": Text("The date lies before 1970."),
    "date_after_2200": Text("The date lies after 2199."),
    "bad_amount": Text("The amount is no number."),
    "bad_number": Text("The value is no number."),
    "bad_flag": Text("The value is neither yes nor no."),
    "bad_currency": Text("The currency is not known: three letters of ISO 4217 are."),
    "amount_too_large": Text("The amount is too large to be money."),
    "too_few_cells": Text("The line has fewer cells than the header."),
    "too_many_cells": Text("The line has more cells than the header."),
    "broken_quotes": Text("A quoted cell does not end where it should."),
    "not_in_encoding": Text("The line holds bytes that the file's encoding does not have."),
    "nul_byte": Text("The line holds NUL bytes."),
    "line_too_long": Text("The line is longer than 2 MB."),
    "not_json": Text("The line is no JSON object."),
    "erased": Text("The row is about somebody who was erased; it is kept nowhere."),
    "cut_line": Text("The file ends within this line: it was cut."),
}
"""code -> the sentence for people"""

EARLIEST_US = 0
"""1970-01-01: no earlier moment is taken."""

LATEST_US = 7_258_118_400_000_000
"""2200-01-01: moments before it are taken."""


def reason(code: str) -> Text:
    """The sentence of ``code``; raises ``KeyError`` for an unknown one."""
    return REASONS[code]
