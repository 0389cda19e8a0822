"""Contact points in one spelling: e-mail addresses in lower case, telephone numbers as E.164."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from holdfast.domain.written_numbers import latin_digits
from holdfast.engines import parsing
from holdfast.engines.parsing import Value

if TYPE_CHECKING:
    import duckdb

_CACHED = 200_000


def email_value(name: str, text: str) -> Value:
    """An address in lower case; what has no "@" between two parts is none."""
    held = parsing.quick_of(name)
    value = f"CASE WHEN {held} LIKE '%_@_%' AND NOT CONTAINS({held}, ' ') THEN {held} END"
    return Value(f"LOWER(TRIM({text}))", "NULL", value, "VARCHAR")


def phone_value(connection: duckdb.DuckDBPyConnection, name: str, text: str, country: str) -> Value:
    """A number as E.164 (+40722123456); numbers without a prefix are those of ``country``."""
    parsing.register(connection, parsing.odd(name), PhoneReader(country), "VARCHAR")
    held = parsing.quick_of(name)
    quick = f"CASE WHEN REGEXP_MATCHES({text}, '^\\+[1-9][0-9]{{7,14}}$') THEN {text} END"
    return Value(quick, "NULL", f"COALESCE({held}, {parsing.odd(name)}({text}))", "VARCHAR")


class PhoneReader:
    """Telephone numbers as people write them, as E.164; remembers what it has read."""

    def __init__(self, country: str) -> None:
        self._country = country or None
        self._known: dict[str, str | None] = {}

    def __call__(self, text: str | None) -> str | None:
        """The number, ``None`` for what is no possible number of its country."""
        if text is None or not text.strip():
            return None
        if text not in self._known:
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> str | None:
        import phonenumbers

        written = re.sub(r"\.0$", "", latin_digits(text).strip())
        if written.startswith("00"):
            written = "+" + written[2:]
        try:
            number = phonenumbers.parse(written, self._country)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
