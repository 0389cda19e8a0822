"""Makes events of rows, gives each its key, and writes them for the event log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.imports import EventRule, ImportKind
from holdfast.domain.money import exponent, exponents_other_than_two
from holdfast.engines.embedded import literal, quoted
from holdfast.engines.exact import in_doubles, minor_units
from holdfast.engines.staging_reading import TYPES, WHO, Reading
from holdfast.engines.staging_rows import detail_cells, namespaces

if TYPE_CHECKING:
    import duckdb

_SPLIT = "\x1f"
"""Stands between the parts of a key."""

_LAKE = ("object_id", "amount", "currency", "quantity", "product_id", "code", "score", "promised_us")
"""What a rule can fill."""

_KEYED = (
    "object_id",
    "amount_minor",
    "currency said",
    "quantity",
    "product_id",
    "code",
    "score",
    "promised_us",
)
"""What makes two events of one customer, moment and name different."""

_TELLING = ("object_id", "amount_minor", "product_id", "code")
"""What nearly always tells events of one customer and moment apart: enough for a hash."""


def make_rows(connection: duckdb.DuckDBPyConnection, reading: Reading, line: str) -> None:
    """The view "rows": every canonical column of the kind, with NULL for what the file does not have."""
    kept = [f'{line} AS "line"', 'rowid AS "row"', '"reject"']
    if reading.kind.subject:
        spaces = namespaces(reading)
        only = f'{literal(next(iter(spaces)))} AS "namespace"' if len(spaces) == 1 else '"namespace"'
        kept += [only, '"subject_key"']
        known = {
            "account_key": _has_both(reading),
            "email": reading.has("email"),
            "phone": reading.has("phone"),
        }
        kept += [
            quoted(name) if there else f"CAST(NULL AS VARCHAR) AS {quoted(name)}"
            for name, there in known.items()
        ]
    kept += [_canonical(reading, name, kind) for name, kind in _columns(reading.kind)]
    kept += [f'{_currency(reading)} AS "currency"', f'{_currency_said(reading)} AS "currency said"']
    kept += [quoted("rest " + name) for name in reading.rest] if reading.kind.rest == "traits" else []
    details = '"details"' if detail_cells(reading) else 'CAST(NULL AS VARCHAR) AS "details"'
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW rows AS SELECT {', '.join([*kept, details])} FROM parsed"
    )


def _has_both(reading: Reading) -> bool:
    return reading.has("customer") and reading.has("account")


def _columns(kind: ImportKind) -> list[tuple[str, str]]:
    """Canonical columns beside those of the customer and the currency, with their types."""
    left_out = {"currency", *(WHO if kind.subject else ())}
    return [(column.name, column.type) for column in kind.columns if column.name not in left_out]


def _canonical(reading: Reading, name: str, kind: str) -> str:
    instead = reading.stand_in(name)
    if reading.has(name):
        return f"COALESCE({quoted(name)}, {literal(instead)}) AS {quoted(name)}" if instead else quoted(name)
    return f"CAST({literal(instead) if instead else 'NULL'} AS {TYPES[kind]}) AS {quoted(name)}"


def _currency(reading: Reading) -> str:
    return '"currency of row"' if _by_row(reading) else literal(reading.currency)


def _currency_said(reading: Reading) -> str:
    """The currency as the file says it: a default does not make another event of the same row."""
    return '"currency of row"' if _by_row(reading) else "CAST(NULL AS VARCHAR)"


def _by_row(reading: Reading) -> bool:
    return reading.has("currency") or bool(reading.signs)


@dataclass(frozen=True, slots=True)
class EventMaker:
    """The events of one kind over the view "rows"."""

    connection: duckdb.DuckDBPyConnection
    reading: Reading
    currencies: frozenset[str]

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, reading: Reading) -> EventMaker:
        """The maker for the rows that have been read; ``currencies`` are those that occur in them."""
        rows = []
        if _by_row(reading):
            rows = connection.execute('SELECT DISTINCT "currency of row" FROM parsed').fetchall()
        return cls(connection, reading, frozenset(row[0] for row in rows))

    def rules(self) -> list[EventRule]:
        """The rules of the kind that can make an event of these columns."""
        return [rule for rule in self.reading.kind.events if self._possible(rule)]

    def _possible(self, rule: EventRule) -> bool:
        """Whether the moment and the condition are more than NULL when only what the file has is known."""
        known = [
            name
            for name, _ in _columns(self.reading.kind)
            if self.reading.has(name) or self.reading.stand_in(name)
        ]
        return any(quoted(name) in rule.at for name in known) and (
            not rule.when or any(quoted(name) in rule.when for name in known)
        )

    def events(self, rule: EventRule) -> str:
        """The events of one rule as a SELECT: everything but the key."""
        at = self.comparable(rule.at)
        kind = literal(rule.object_kind) if rule.object_kind else "NULL"
        chosen = {
            "line": '"line"',
            "namespace": '"namespace"',
            "subject_key": '"subject_key"',
            "message_id": self._own_id(),
            "at_us": at,
            "known_us": f"COALESCE({self._known_at()}{at} + {self.reading.map.options.lag_us})",
            "name": self.comparable(rule.name),
            "object_kind": rule.columns.get("object_kind", kind),
            **self._filled(rule),
            "details": '"details"',
        }
        listed = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in chosen.items())
        when = f" AND ({self.comparable(rule.when)})" if rule.when else ""
        return f'SELECT {listed} FROM rows WHERE "reject" IS NULL AND ({at}) IS NOT NULL{when}'

    def _own_id(self) -> str:
        for name in ("event_id", "message_id"):
            if self.reading.has(name):
                return quoted(name)
        return "CAST(NULL AS VARCHAR)"

    def _known_at(self) -> str:
        return '"known_at", ' if self.reading.has("known_at") else ""

    def _filled(self, rule: EventRule) -> dict[str, str]:
        amount = self.minor(rule.columns["amount"]) if "amount" in rule.columns else "CAST(NULL AS BIGINT)"
        with_amount = "amount" in rule.columns and amount != "CAST(NULL AS BIGINT)"
        cast = {"quantity": "DECIMAL(18,4)", "score": "DOUBLE", "promised_us": "BIGINT"}
        filled = {
            name: f"CAST({rule.columns.get(name, 'NULL')} AS {cast.get(name, 'VARCHAR')})"
            for name in ("object_id", "quantity", "product_id", "code", "score", "promised_us")
        }
        filled["amount_minor"] = amount
        value = self.comparable(rule.columns.get("amount", "NULL"))
        for name in ("currency", "currency said"):
            filled[name] = (
                f"CASE WHEN ({value}) IS NOT NULL THEN {quoted(name)} END"
                if with_amount
                else "CAST(NULL AS VARCHAR)"
            )
        return filled

    def minor(self, amount: str) -> str:
        """An amount in major units as an integer of minor units, halves to the even neighbour."""
        numbers = self.numbers
        if not any(quoted(name) in amount for name in numbers):
            return "CAST(NULL AS BIGINT)"
        if not _by_row(self.reading):
            return minor_units(amount, numbers, exponent(self.reading.currency))
        by_digits: dict[int, list[str]] = {}
        for code, digits in exponents_other_than_two().items():
            if code in self.currencies:
                by_digits.setdefault(digits, []).append(literal(code))
        cases = " ".join(
            f'WHEN "currency" IN ({", ".join(codes)}) THEN {minor_units(amount, numbers, digits)}'
            for digits, codes in by_digits.items()
        )
        hundredths = minor_units(amount, numbers, 2)
        return f"CASE {cases} ELSE {hundredths} END" if cases else hundredths

    @property
    def numbers(self) -> list[str]:
        """The decimal columns that the table has."""
        kinds = ("amount", "number")
        return [
            name for name, kind in _columns(self.reading.kind) if kind in kinds and self.reading.has(name)
        ]

    def comparable(self, sql: str) -> str:
        """A condition or a moment of a rule, with its numbers as doubles."""
        return in_doubles(sql, self.numbers)

    def made(self, number: int) -> str:
        """The events of rule ``number`` with the text and the hash of their content."""
        rule = self.rules()[number]
        filled = self._filled(rule)
        told = [name for name in _KEYED if not filled[name].startswith("CAST(NULL")]
        hashed = ["subject_key", "at_us", *(name for name in told if name in _TELLING)]
        return (
            f'SELECT *, {number} AS "rule", {self._content(number, set(told))} AS "content", '
            f'HASH({", ".join(map(quoted, hashed))}) AS "hash" FROM ({self.events(rule)})'
        )

    def _content(self, number: int, told_columns: set[str]) -> str:
        """What makes an event itself, as one text: its own id, or all that is told of it."""
        kind, split = self.reading.kind.name, literal(_SPLIT)
        told = [literal(kind)]
        for name in ("namespace", "subject_key", "at_us", "name"):
            told += [split, quoted(name)]
        for name in _KEYED:
            told += [split, quoted(name)] if name in told_columns else [split]
        content = f"CONCAT({', '.join(_joined(told))})"
        if self._own_id() == "CAST(NULL AS VARCHAR)":
            return content
        own = f'CONCAT({literal(_SPLIT.join((kind, "id", str(number), "")))}, "message_id")'
        return f'CASE WHEN "message_id" IS NOT NULL THEN {own} ELSE {content} END'

    def few_values(self) -> dict[str, set[str]]:
        """Columns whose few values are known beforehand, with these."""
        rules = self.rules()
        few = {"namespace": namespaces(self.reading)}
        if not any("object_kind" in rule.columns for rule in rules):
            few["object_kind"] = {rule.object_kind for rule in rules if rule.object_kind}
        if not any(rule.name.startswith('"') for rule in rules):
            few["name"] = {name for rule in rules for name in re.findall("'([^']+)'", rule.name)}
        if not _by_row(self.reading):
            few["currency"] = {self.reading.currency}
        return {name: values for name, values in few.items() if values}


def _joined(parts: Sequence[str]) -> list[str]:
    """Neighbouring literals as one."""
    joined: list[str] = []
    for part in parts:
        if joined and part.startswith("'") and joined[-1].startswith("'"):
            joined[-1] = joined[-1][:-1] + part[1:]
        else:
            joined.append(part)
    return joined


def write_events(maker: EventMaker, path: Path) -> tuple[int, int]:
    """Write the events of all rules to ``path``: how many, and how many repeat another one of the file.

    Identical rows are kept: the second and later ones carry their number in their key, so that
    the same file imported again, or an overlapping export, gives the same keys.
    """
    connection = maker.connection
    made = [maker.made(number) for number in range(len(maker.rules()))]
    connection.execute(f"CREATE OR REPLACE TEMP VIEW made AS {' UNION ALL BY NAME '.join(made)}")
    repeated = _number_repeats(connection)
    join = ' LEFT JOIN repeats r ON r."line" = m."line" AND r."rule" = m."rule"' if repeated else ""
    content = 'm."content"'
    if repeated:
        again = f'CONCAT(m."content", {literal(_SPLIT)}, r."number")'
        content = f'CASE WHEN r."number" IS NULL THEN m."content" ELSE {again} END'
    keyed = f'SELECT m.*, MD5({content}) AS "hex" FROM made m{join}'
    # A file that is read once: packing it well, or in order, costs more than it saves.
    answer = connection.execute(
        f"COPY (SELECT {_written(maker)} FROM ({keyed})) TO {literal(str(path))} (FORMAT parquet, "
        "COMPRESSION lz4, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT 1, PRESERVE_ORDER false)"
    ).fetchall()
    return int(answer[0][0]), repeated


def _written(maker: EventMaker) -> str:
    columns = {
        "line": '"line"',
        "namespace": '"namespace"',
        "subject_key": '"subject_key"',
        "event_key": 'UNHEX("hex")',
        "message_id": '"message_id"',
        "at_us": '"at_us"',
        "known_us": '"known_us"',
        "name": '"name"',
        "object_kind": '"object_kind"',
        "object_id": 'COALESCE("object_id", CASE WHEN "object_kind" IS NOT NULL THEN "hex" END)',
        **{name: quoted(name) for name in ("amount_minor", "currency", "quantity", "product_id", "code")},
        **{name: quoted(name) for name in ("score", "promised_us", "details")},
    }
    # Columns of a few values known beforehand are written by number instead of one by one.
    for name, values in maker.few_values().items():
        columns[name] = f"CAST({columns[name]} AS ENUM({', '.join(map(literal, sorted(values)))}))"
    return ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())


def _number_repeats(connection: duckdb.DuckDBPyConnection) -> int:
    """Number the second and later events of the same content into the table "repeats".

    Counting short hashes finds the few events that can have a twin; only these are compared.
    """
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE twice AS SELECT "hash" FROM made WHERE "message_id" IS NULL '
        'GROUP BY "hash" HAVING COUNT(*) > 1'
    )
    if not connection.execute("SELECT COUNT(*) FROM twice").fetchall()[0][0]:
        return 0
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE repeats AS SELECT "line", "rule", '
        'ROW_NUMBER() OVER (PARTITION BY "content" ORDER BY "line", "rule") - 1 AS "number" '
        'FROM made WHERE "message_id" IS NULL AND "hash" IN (SELECT "hash" FROM twice) '
        'QUALIFY "number" > 0'
    )
    return int(connection.execute("SELECT COUNT(*) FROM repeats").fetchall()[0][0])
