"""What each kind of export consists of: its columns, and where its rows come from."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from holdfast.domain.events import LAKE_COLUMNS
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.period import date_of
from holdfast.engines.embedded import literal
from holdfast.engines.exporting import Column, ColumnType
from holdfast.settings import Settings

Rows = Callable[[Settings], Iterable[tuple[Any, ...]]]

STORED: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "json": "VARCHAR",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "moment": "BIGINT",
    "day": "INTEGER",
    "money": "BIGINT",
    "bytes": "BLOB",
    "flag": "BOOLEAN",
}
"""The SQL type in which a value of each column type waits for its export."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One kind of export out of the database: columns, and the rows in the order of the columns.

    ``hidden`` are columns that only other columns need (the currency of amounts).
    """

    columns: tuple[Column, ...]
    rows: Rows


_WHO = (Column("subject_id", "whole"), Column("namespace"), Column("id"))

EVENT_COLUMNS: dict[str, Column] = {
    "bucket": Column("bucket", "whole", "e.bucket"),
    "seq": Column("seq", "whole", "e.seq"),
    "slot": Column("slot", "whole", "e.slot"),
    "event_key": Column("event_key", "bytes", "e.event_key"),
    "subject_id": Column("subject_id", "whole", "e.subject_id"),
    "at_us": Column("at", "moment", "e.at_us"),
    "known_us": Column("known_at", "moment", "e.known_us"),
    "import_id": Column("import_id", "whole", "e.import_id"),
    "amount_minor": Column("amount", "money", "e.amount_minor", "e.currency"),
    "quantity": Column("quantity", "number", "e.quantity"),
    "score": Column("score", "number", "e.score"),
    "promised_us": Column("promised_at", "moment", "e.promised_us"),
    "details": Column("details", "json", "e.details"),
}
"""How columns of the event log are shown; all others are text under their own name."""


def event_columns() -> tuple[Column, ...]:
    """The columns of exported events: whose they are, then all of the event log in its order."""
    who = (
        Column("customer", sql="s.key"),
        Column("namespace", sql="s.namespace"),
        Column("unit_id", "whole", "s.unit_id"),
    )
    own = (EVENT_COLUMNS.get(name, Column(name, sql=f"e.{name}")) for name in LAKE_COLUMNS)
    return (*who, *own)


def kinds() -> tuple[str, ...]:
    """Everything that can be exported, "events" first."""
    return ("events", *EXPORTED)


def in_reporting_currency(settings: Settings, column: Column) -> Column:
    """An amount of the customer list is in the workspace's one currency."""
    if column.type == "money" and not column.currency:
        return Column(column.name, "money", column.sql, literal(settings.currency or NO_CURRENCY))
    return column


def _accounts(settings: Settings) -> Iterator[tuple[Any, ...]]:
    from holdfast.store import whole

    return (row for row in whole.customers(settings) if row[3] == "account")


def _whole(name: str) -> Rows:
    def rows(settings: Settings) -> Iterable[tuple[Any, ...]]:
        from holdfast.store import whole

        found: Iterable[tuple[Any, ...]] = getattr(whole, name)(settings)
        return found

    return rows


def _side(name: str) -> Rows:
    def rows(settings: Settings) -> Iterable[tuple[Any, ...]]:
        from holdfast.store import readers

        found: Iterable[tuple[Any, ...]] = getattr(readers, name)(settings)
        return found

    return rows


def _rates(settings: Settings) -> Iterator[tuple[Any, ...]]:
    from holdfast.store import readers

    return ((*rate[:3], str(rate.rate.normalize())) for rate in readers.rates(settings))


def _risks(settings: Settings) -> Iterator[tuple[Any, ...]]:
    from holdfast.services.foresee.exporting import every_risk

    return every_risk(settings)


def _imports(settings: Settings) -> Iterator[tuple[Any, ...]]:
    from holdfast.store.imports import list_imports

    for each in list_imports(settings):
        counts = (each.report.get(name) for name in _COUNTS)
        moments = (each.started_us, each.finished_us, each.first_us, each.last_us)
        yield (each.id, each.kind, each.source, " ".join(each.files), each.state, *moments, *counts)


_COUNTS = ("rows_read", "rows_taken", "rows_rejected", "duplicates")


def _figures(settings: Settings) -> Iterator[tuple[Any, ...]]:
    from holdfast.store import whole

    for kept in whole.figures(settings):
        figure, again = kept.figure, kept.recomputed
        yield (
            figure.metric,
            figure.definition,
            figure.group,
            figure.period.kind,
            figure.period.start.isoformat(),
            figure.period.end.isoformat(),
            *(None if value is None else float(value) for value in (figure.value, figure.low, figure.high)),
            figure.unit,
            str(figure.formula),
            None if figure.reason is None else str(figure.reason),
            None if figure.left_out is None else str(figure.left_out),
            kept.published_us,
            None if again is None or again.value is None else float(again.value),
            " ".join(map(str, kept.why)) or None,
        )


def _rejects(settings: Settings) -> Iterator[tuple[Any, ...]]:
    from holdfast.store.imports import list_imports

    csv.field_size_limit(sys.maxsize)
    for each in sorted(list_imports(settings), key=lambda found: found.id):
        path = settings.imports / str(each.id) / "rejects.csv.gz"
        if each.state == "done" and path.exists():
            with gzip.open(path, "rb") as packed:
                lines = csv.reader(io.TextIOWrapper(packed, encoding="utf-8", newline=""))
                next(lines, None)
                for line, code, reason, row in lines:
                    yield (each.id, int(line), code, reason, row)


def _series(settings: Settings) -> Iterator[tuple[Any, ...]]:
    from holdfast.store import readers

    return ((point.name, date_of(point.day).isoformat(), point.value) for point in readers.series(settings))


_CUSTOMERS = (
    Column("unit_id", "whole"),
    Column("ids"),
    Column("name"),
    Column("kind"),
    Column("state"),
    Column("country"),
    Column("source"),
    Column("emails"),
    Column("phones"),
    Column("first_day", "day"),
    Column("last_day", "day"),
    Column("left_day", "day"),
    Column("orders", "whole"),
    Column("revenue", "money"),
    Column("yearly", "money"),
)

EXPORTED: dict[str, Exported] = {
    "customers": Exported(_CUSTOMERS, _whole("customers")),
    "accounts": Exported(_CUSTOMERS, _accounts),
    "subjects": Exported((*_WHO, Column("unit_id", "whole")), _whole("subjects")),
    "traits": Exported(
        (
            *_WHO,
            Column("trait"),
            Column("value"),
            Column("valid_from", "moment"),
            Column("valid_to", "moment"),
            Column("known_at", "moment"),
            Column("import_id", "whole"),
        ),
        _whole("traits"),
    ),
    "contact_points": Exported(
        (*_WHO, Column("kind"), Column("value"), Column("import_id", "whole")), _whole("contact_points")
    ),
    "links": Exported(
        (
            Column("subject_id", "whole"),
            Column("linked_with", "whole"),
            Column("linked_at", "moment"),
            Column("unlinked_at", "moment"),
            Column("reason"),
            Column("evidence"),
            Column("made_by"),
            Column("import_id", "whole"),
        ),
        _whole("links"),
    ),
    "texts": Exported(
        (
            Column("event_key", "bytes"),
            *_WHO,
            Column("at", "moment"),
            Column("kind"),
            Column("text"),
            Column("import_id", "whole"),
        ),
        _whole("texts"),
    ),
    "products": Exported(
        (
            Column("product_id"),
            Column("name"),
            Column("category"),
            Column("unit_cost", "money", currency="currency"),
            Column("currency"),
        ),
        _side("products"),
    ),
    "costs": Exported(
        (
            Column("date", "day"),
            Column("source"),
            Column("currency"),
            Column("amount", "money", currency="currency"),
        ),
        _side("costs"),
    ),
    "rates": Exported((Column("date", "day"), Column("from"), Column("to"), Column("rate")), _rates),
    "series": Exported((Column("name"), Column("date"), Column("value", "number")), _series),
    "figures": Exported(
        (
            Column("metric"),
            Column("definition"),
            Column("group"),
            Column("period"),
            Column("start"),
            Column("end"),
            Column("value", "number"),
            Column("low", "number"),
            Column("high", "number"),
            Column("unit"),
            Column("formula"),
            Column("reason"),
            Column("left_out"),
            Column("published_at", "moment"),
            Column("recomputed", "number"),
            Column("why"),
        ),
        _figures,
    ),
    "risks": Exported(
        (
            Column("unit_id", "whole"),
            Column("name"),
            Column("state"),
            Column("country"),
            Column("risk", "number"),
            Column("value", "money"),
            Column("value_at_risk", "money"),
            Column("likely_from", "day"),
            Column("likely_to", "day"),
            *(Column(f"driver_{n}") for n in range(1, 6)),
            Column("cause"),
            Column("as_of", "day"),
            Column("model"),
            Column("week_ago", "number"),
        ),
        _risks,
    ),
    "imports": Exported(
        (
            Column("import_id", "whole"),
            Column("kind"),
            Column("source"),
            Column("files"),
            Column("state"),
            Column("started_at", "moment"),
            Column("finished_at", "moment"),
            Column("first_at", "moment"),
            Column("last_at", "moment"),
            *(Column(name, "whole") for name in _COUNTS),
        ),
        _imports,
    ),
    "rejects": Exported(
        (
            Column("import_id", "whole"),
            Column("line", "whole"),
            Column("code"),
            Column("reason"),
            Column("row", "json"),
        ),
        _rejects,
    ),
}
