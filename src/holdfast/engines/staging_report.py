"""What staging has seen: rejected rows with their reasons, suspicious values, sums set aside."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.imports import Suspicion
from holdfast.domain.rejects import reason
from holdfast.domain.texts import Text
from holdfast.engines.embedded import literal, quoted
from holdfast.engines.parsing import offset_sql
from holdfast.engines.staging_events import EventMaker
from holdfast.engines.staging_reading import Reading
from holdfast.engines.staging_rows import raw_rows

if TYPE_CHECKING:
    import duckdb

_EXAMPLES = 5
MANY_ORDERS = 1_000
"""A customer with more orders than this is worth a look: a reseller, a till, a placeholder."""

_DAY_US = 86_400_000_000
_MONTHS = 12


def write_rejects(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    refused: Sequence[tuple[int, str, str]],
    path: Path,
    *,
    numbered_by: str,
) -> Counter[str]:
    """Write the rejected rows in the order of the file; answers how many there are of each code.

    ``refused`` are rows that never became cells: line, code, raw text.
    """
    counts: Counter[str] = Counter(code for _, code, _ in refused)
    for code, number in connection.execute(
        'SELECT "reject", COUNT(*) FROM rows WHERE "reject" IS NOT NULL GROUP BY ALL'
    ).fetchall():
        counts[code] += number
    if not counts:
        return counts
    # No time in the file: the same rejects give the same bytes.
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        io.TextIOWrapper(packed, "utf-8", newline="") as text,
    ):
        written = csv.writer(text, lineterminator="\n")
        written.writerow((numbered_by, "code", "reason", "row"))
        for line, code, raw in _in_order(refused, _rejected(connection, reading)):
            written.writerow((line, code, str(reason(code)), raw))
    return counts


def _rejected(connection: duckdb.DuckDBPyConnection, reading: Reading) -> Iterator[tuple[int, str, str]]:
    raw = raw_rows(reading, 'SELECT "row" FROM rows WHERE "reject" IS NOT NULL')
    answer = connection.execute(
        f'SELECT r."line", CAST(r."reject" AS VARCHAR), s."raw" FROM rows r JOIN ({raw}) s '
        'ON s."row" = r."row" WHERE r."reject" IS NOT NULL ORDER BY r."line"'
    )
    while rows := answer.fetchmany(5_000):
        yield from rows


def _in_order(
    refused: Sequence[tuple[int, str, str]], rejected: Iterator[tuple[int, str, str]]
) -> Iterator[tuple[int, str, str]]:
    import heapq

    yield from heapq.merge(sorted(refused), rejected, key=lambda row: row[0])


def unattributed(connection: duckdb.DuckDBPyConnection, maker: EventMaker) -> dict[str, int]:
    """The signed sum of the amounts of rows without a customer, in minor units per currency."""
    sums: Counter[str] = Counter()
    for rule in maker.rules():
        if rule.revenue and "amount" in rule.columns:
            when = f" AND ({maker.comparable(rule.when)})" if rule.when else ""
            for currency, total in connection.execute(
                f'SELECT "currency", SUM({maker.minor(rule.columns["amount"])}) FROM rows '
                f"WHERE \"reject\" = 'no_customer'{when} GROUP BY ALL"
            ).fetchall():
                sums[currency] += int(total or 0)
    return {currency: total for currency, total in sorted(sums.items()) if total}


@dataclass(frozen=True, slots=True)
class Seen:
    """Sums over the staged events."""

    first_at_us: int | None
    last_at_us: int | None
    currencies: Mapping[str, int]


def seen_in(connection: duckdb.DuckDBPyConnection, events: Path | None) -> Seen:
    """The bounds of the events, and how many amounts there are in which currency."""
    if events is None:
        return Seen(None, None, {})
    rows = connection.execute(
        'SELECT "currency", COUNT(*), MIN("at_us"), MAX("at_us") '
        f"FROM read_parquet({literal(str(events))}) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if not rows:
        return Seen(None, None, {})
    currencies = {row[0]: row[1] for row in rows if row[0] is not None}
    return Seen(min(row[2] for row in rows), max(row[3] for row in rows), currencies)


def suspicions(
    connection: duckdb.DuckDBPyConnection, reading: Reading, maker: EventMaker, *, repeated: int, now_us: int
) -> tuple[Suspicion, ...]:
    """What is taken but worth a look, the checks of the kind first."""
    found = _checked(connection, reading, maker, now_us)
    found += _written_in_several_ways(reading)
    found += _written_doubtfully(connection, reading)
    if repeated:
        words = Text(
            "{n} row is the same as an earlier one of the file; it is kept.",
            "{n} rows are the same as earlier ones of the file; they are kept.",
            n=repeated,
        )
        found.append(Suspicion("identical_rows", repeated, words, _lines_of_repeats(connection)))
    return tuple(found)


def _checked(
    connection: duckdb.DuckDBPyConnection, reading: Reading, maker: EventMaker, now_us: int
) -> list[Suspicion]:
    """One pass over the rows for all conditions; examples only of those that hold somewhere."""
    checks = [(check.code, maker.comparable(check.when), check.words) for check in reading.kind.checks]
    moments = [maker.comparable(rule.at) for rule in maker.rules()]
    if moments:
        words = Text("{n} row lies in the future.", "{n} rows lie in the future.")
        checks.append(("future_dates", f"GREATEST({', '.join(moments)}, NULL) > {now_us + _DAY_US}", words))
    if not checks:
        return []
    counted = ", ".join(f"SUM(CASE WHEN {when} THEN 1 ELSE 0 END)" for _, when, _ in checks)
    counts = connection.execute(f'SELECT {counted} FROM rows WHERE "reject" IS NULL').fetchall()[0]
    return [
        Suspicion(code, int(count), _with_number(words, int(count)), _examples(connection, when))
        for (code, when, words), count in zip(checks, counts, strict=True)
        if count
    ]


def _with_number(words: Text, n: int) -> Text:
    return Text(words.msgid, words.plural, **words.values, n=n)


def _examples(connection: duckdb.DuckDBPyConnection, when: str) -> tuple[int, ...]:
    rows = connection.execute(
        f'SELECT "line" FROM rows WHERE "reject" IS NULL AND ({when}) ORDER BY "line" LIMIT {_EXAMPLES}'
    ).fetchall()
    return tuple(row[0] for row in rows)


def _lines_of_repeats(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    rows = connection.execute(f'SELECT "line" FROM repeats ORDER BY "line" LIMIT {_EXAMPLES}').fetchall()
    return tuple(row[0] for row in rows)


def _written_in_several_ways(reading: Reading) -> list[Suspicion]:
    """Columns of dates in which not all values are written in the same way."""
    found = []
    for name, reader in reading.moments.items():
        families = Counter(reading.families.get(name, {}))
        main = families.most_common(1)[0][0] if families else reader.plan.family
        others = sum(number for family, number in reader.families.items() if family != main)
        others += reader.shown["day"] + reader.shown["month"]
        others = max(others, sum(families.values()) - families[main])
        if others:
            words = Text(
                "In {column}, {n} date is written in another way than the others.",
                "In {column}, {n} dates are written in another way than the others.",
                column=name,
                n=others,
            )
            found.append(Suspicion("mixed_dates", others, words))
    return found


def _written_doubtfully(connection: duckdb.DuckDBPyConnection, reading: Reading) -> list[Suspicion]:
    """Columns of which every value could be read in two ways."""
    found = []
    for name, reader in reading.moments.items():
        if reader.plan.decided or reader.plan.family != "parts" or reader.shown:
            continue
        moment = quoted(name)
        local = f"{moment} * {_DAY_US}"
        if reading.values[name].type == "BIGINT":
            local = f"{moment} + {offset_sql(moment, reading.zone)}"
        latest, rows = connection.execute(
            f"SELECT MAX(DAY(MAKE_TIMESTAMP({local}))), COUNT({moment}) FROM parsed"
        ).fetchall()[0]
        if rows and latest <= _MONTHS:
            words = Text(
                "No date in {column} shows whether the day or the month comes first; the day was taken.",
                column=name,
            )
            found.append(Suspicion("ambiguous_dates", rows, words))
    for name in sorted(reading.undecided & reading.grouped):
        words = Text(
            "In {column}, no number shows whether its separator stands between thousands or is decimal.",
            column=name,
        )
        found.append(Suspicion("ambiguous_numbers", 1, words))
    return found


def written_as(reading: Reading) -> dict[str, str]:
    """The options of a map that say what the values themselves showed, where all columns agree.

    With them a few rows of the table are read as they were among all others.
    """
    said: dict[str, set[str]] = {"date_format": set(), "decimal": set()}
    for reader in reading.moments.values():
        if reader.plan.family == "parts" and not reader.plan.strict:
            said["date_format"].add("day-first" if reader.plan.day_first else "month-first")
    said["decimal"] = {
        number.decimal for name, number in reading.numbers.items() if name not in reading.undecided
    }
    options = {"date_format": reading.map.options.date_format, "decimal": reading.map.options.decimal}
    return {
        name: options[name] or next(iter(found))
        for name, found in said.items()
        if options[name] or len(found) == 1
    }


def of_events(
    connection: duckdb.DuckDBPyConnection, events: Path, subjects: Path, currencies: Mapping[str, int]
) -> list[Suspicion]:
    """What only the events show: several currencies, one customer with thousands of orders."""
    found = []
    if len(currencies) > 1:
        words = Text(
            "There are amounts in {n} currency: {listed}.",
            "There are amounts in {n} currencies: {listed}.",
            n=len(currencies),
            listed=", ".join(sorted(currencies)),
        )
        found.append(
            Suspicion("several_currencies", sum(currencies.values()) - max(currencies.values()), words)
        )
    busy = connection.execute(
        'SELECT "subject_key", COUNT(DISTINCT "object_id") AS n, MIN("line") '
        f'FROM read_parquet({literal(str(events))}) WHERE "object_kind" = \'order\' AND "subject_key" IN '
        f'(SELECT "subject_key" FROM read_parquet({literal(str(subjects))}) '
        f'WHERE "row_count" > {MANY_ORDERS}) '
        f"GROUP BY 1 HAVING n > {MANY_ORDERS} ORDER BY 2 DESC, 1"
    ).fetchall()
    if busy:
        words = Text(
            "{n} customer has more than {many} orders, the busiest ({who}) {most}.",
            "{n} customers have more than {many} orders, the busiest ({who}) {most}.",
            n=len(busy),
            many=MANY_ORDERS,
            who=busy[0][0],
            most=busy[0][1],
        )
        found.append(Suspicion("many_orders", len(busy), words, tuple(row[2] for row in busy[:_EXAMPLES])))
    return found
