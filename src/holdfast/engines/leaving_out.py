"""Leave subjects out of a stage: their rows go from every staged file before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.tables import ParquetFiles, Rows, Table

Staged = tuple[str, str, str | None, str | None, str | None, int]
"""namespace, key, e-mail, phone, key of the account that is named, rows of a staged subject."""


def staged_subjects(engine: EmbeddedEngine, subjects: Path) -> list[Staged]:
    """Every staged subject, with its addresses and the account it names."""
    rows = engine.rows(
        "SELECT namespace, subject_key, email, phone, account_key, row_count FROM subjects",
        {"subjects": ParquetFiles((str(subjects),))},
    )
    return [(row[0], row[1], row[2], row[3], row[4], int(row[5])) for row in rows]


def leave_out(engine: EmbeddedEngine, path: Path, keys: Sequence[tuple[str, str]]) -> bool:
    """Take the rows of these (namespace, key) out of a staged file; whether any row is left."""
    _rewrite(engine, path, "SELECT * FROM staged ANTI JOIN erased USING (namespace, subject_key)", keys)
    left = engine.rows("SELECT COUNT(*) FROM staged", {"staged": ParquetFiles((str(path),))})[0][0]
    return bool(left)


def forget_addresses(engine: EmbeddedEngine, subjects: Path, values: Mapping[str, Sequence[str]]) -> None:
    """Take addresses out of staged subjects who stay: ``values`` by column (email, phone, account_key)."""
    for column, those in values.items():
        if those:
            pairs = [(column, value) for value in those]
            _rewrite(
                engine,
                subjects,
                f"SELECT * REPLACE (CASE WHEN {column} IN (SELECT subject_key FROM erased) "
                f"THEN NULL ELSE {column} END AS {column}) FROM staged",
                pairs,
            )


def _rewrite(engine: EmbeddedEngine, path: Path, query: str, keys: Sequence[tuple[str, str]]) -> None:
    erased = Rows(
        {"namespace": [space for space, _ in keys], "subject_key": [key for _, key in keys]},
        types={"namespace": "VARCHAR", "subject_key": "VARCHAR"},
    )
    tables: dict[str, Table] = {"staged": ParquetFiles((str(path),)), "erased": erased}
    beside = path.with_name(f".{path.name}.left")
    engine.write(query, tables, beside)
    beside.replace(path)


__all__ = ["forget_addresses", "leave_out", "staged_subjects"]
