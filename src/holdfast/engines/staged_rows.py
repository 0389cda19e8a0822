"""What an import says besides events, read from its stage in the shape in which the database takes it.

The ids of the subjects are in the engine's temporary table ``ids``
(:func:`holdfast.engines.placing.give_ids`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.placing import ACCOUNTS
from holdfast.engines.tables import ParquetFiles

Row = tuple[Any, ...]


def _text(column: str) -> str:
    return f"COALESCE({column}, '')"


def _exact(column: str) -> str:
    return f"CAST(CAST({column} AS VARCHAR) AS DECIMAL(28, 12))"


def subject_rows(engine: EmbeddedEngine, subjects: Path) -> Iterator[Row]:
    """subject id, first moment (us), e-mail, phone, name, the account's subject id, rows about it.

    One for each account that a subject is told to belong to; first moment and rows are those of
    the subject in all of them.
    """
    return _streamed(
        engine,
        "SELECT i.subject_id, MIN(s.first_at_us) OVER (PARTITION BY i.subject_id), s.email, s.phone, s.name, "
        "a.subject_id, SUM(s.row_count) OVER (PARTITION BY i.subject_id) "
        "FROM staged s JOIN ids i ON i.namespace = s.namespace AND i.subject_key = s.subject_key "
        f"LEFT JOIN ids a ON a.namespace = '{ACCOUNTS}' AND a.subject_key = s.account_key ORDER BY 1, 6",
        subjects,
    )


def trait_rows(engine: EmbeddedEngine, traits: Path) -> Iterator[Row]:
    """subject id, trait, value, valid from (us or ``None``), known (us), immutable; in order of moments."""
    return _streamed(
        engine,
        "SELECT i.subject_id, t.trait, t.value, t.valid_from_us, t.known_us, t.immutable "
        "FROM staged t JOIN ids i USING (namespace, subject_key) "
        "ORDER BY 1, 2, COALESCE(t.valid_from_us, t.known_us), t.known_us",
        traits,
    )


def text_rows(engine: EmbeddedEngine, texts: Path) -> Iterator[Row]:
    """event key, subject id, moment (us), kind, text; in order of moments."""
    return _streamed(
        engine,
        "SELECT t.event_key, i.subject_id, t.at_us, t.kind, t.text "
        "FROM staged t JOIN ids i USING (namespace, subject_key) ORDER BY t.at_us, t.event_key",
        texts,
    )


TABLES = {
    "products": ("product_id", _text("name"), _text("category"), "unit_cost_minor", _text("currency")),
    "costs": ("day", _text("source"), _text("currency"), "amount_minor"),
    "rates": ("day", "from_currency", "to_currency", _exact("rate")),
    "series": ("name", "day", "value"),
}
"""Tables of facts: what the database takes of them, in its order. A text that is missing is empty;
a rate is the decimal that was written, not its binary neighbour."""


def table_rows(engine: EmbeddedEngine, table: Path, kind: str) -> Iterator[Row]:
    """The rows of a table of facts, one of :data:`TABLES`, in the order of its file."""
    return _streamed(engine, f"SELECT {', '.join(TABLES[kind])} FROM staged ORDER BY line", table)


def _streamed(engine: EmbeddedEngine, sql: str, staged: Path) -> Iterator[Row]:
    for rows in engine.stream(sql, {"staged": ParquetFiles((str(staged),))}):
        yield from rows
