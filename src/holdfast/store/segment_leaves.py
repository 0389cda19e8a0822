"""What segments ask the database: who has a state, a score, a trait. Answers are ids, never rows.

Over everybody the answer is one text of ids that the database joins: a tenth of the time that a row
each would take. ``units`` narrows to some customers, for the live path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ids = NDArray[np.int64]

AT_ONCE = 500
"""Ids in one statement."""

_WORDS = {
    "standing": ("state", "country", "source", "kind"),
    "risk_score": ("cause",),
    "change_concerned": ("change_key",),
}
_WHOLE = {
    "standing": ("orders", "amount_minor", "yearly_minor", "first_day", "last_day", "left_day"),
    "risk_score": ("risk", "value_minor", "value_at_risk_minor"),
}
_SIGNS = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<", "is": "="}


def everybody(settings: Settings) -> Ids:
    """The unit of everybody on the customer list, sorted."""
    import numpy as np

    return np.sort(ids("SELECT unit_id FROM standing", settings))


def listed(settings: Settings, units: Collection[int]) -> Ids:
    """Those of ``units`` that are on the customer list, sorted."""
    import numpy as np

    return np.sort(_among(settings, "standing", "", (), units))


def with_words(
    settings: Settings, table: str, column: str, words: Sequence[str], units: Collection[int] | None = None
) -> Ids:
    """Whose ``column`` is one of ``words``."""
    import numpy as np

    _check(_WORDS, table, column)
    if not words:
        return np.empty(0, np.int64)
    found = [_where(settings, table, f"{column} IN ({marks(part)})", part, units) for part in _parts(words)]
    return np.concatenate(found)


def different_words(settings: Settings, table: str, column: str) -> list[str]:
    """The words of a column, each once, "" left out."""
    _check(_WORDS, table, column)
    store.connect(settings)
    # The columns of the list have indexes: from each word to the next, instead of past everybody.
    words = sql.different(table, column) if table == "standing" else f"SELECT DISTINCT {column} FROM {table}"
    return [word for (word,) in sql.read(words) if word]


def with_numbers(
    settings: Settings,
    table: str,
    column: str,
    operator: str,
    values: Sequence[float],
    units: Collection[int] | None = None,
) -> Ids:
    """Whose ``column`` meets a comparison; null meets none."""
    import numpy as np

    _check(_WHOLE, table, column)
    if operator == "known":
        return _where(settings, table, f"{column} IS NOT NULL", (), units)
    if operator == "between":
        return _where(settings, table, f"{column} BETWEEN %s AND %s", values, units)
    if operator == "one_of":
        each = [_where(settings, table, f"{column} IN ({marks(p)})", p, units) for p in _parts(values)]
        return np.concatenate(each) if each else np.empty(0, np.int64)
    return _where(settings, table, f"{column} {_SIGNS[operator]} %s", values, units)


def column_of(
    settings: Settings, table: str, column: str, units: Collection[int] | None = None
) -> tuple[Ids, NDArray[np.float64]]:
    """Everybody's number, where there is one: for boundaries of ready-made groups."""
    import numpy as np

    _check(_WHOLE, table, column)
    store.connect(settings)
    rows = sql.read(f"SELECT unit_id, {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY unit_id")
    pairs = np.array(rows, np.float64).reshape(-1, 2)
    return pairs[:, 0].astype(np.int64), pairs[:, 1]


def words_of(settings: Settings, column: str) -> dict[int, str]:
    """Unit to the word of a column of the customer list, "" left out."""
    _check(_WORDS, "standing", column)
    store.connect(settings)
    return dict(sql.read(f"SELECT unit_id, {column} FROM standing WHERE {column} <> ''"))


def trait_rows_since(settings: Settings, trait: str, after_id: int) -> list[sql.Row]:
    """(subject, valid from, known, value) of what was said of a trait after the row ``after_id``."""
    store.connect(settings)
    off = "+" if sql.is_sqlite() else ""  # by id: few rows are new, and many are of this trait
    return sql.read(f"{_TOLD} WHERE {off}t.trait = %s AND t.id > %s ORDER BY t.id", (trait, after_id))


def trait_rows_of(settings: Settings, trait: str, subjects: Collection[int]) -> list[sql.Row]:
    """The same of some subjects, in the order in which a later row replaces an earlier one."""
    store.connect(settings)
    found: list[sql.Row] = []
    for part in _parts(sorted(subjects)):
        found += sql.read(
            f"{_TOLD} WHERE t.subject_id IN ({marks(part)}) AND t.trait = %s "
            "ORDER BY t.subject_id, t.valid_from_us, t.known_us, t.id",
            [*part, trait],
        )
    return found


def last_trait_row(settings: Settings) -> int:
    """The highest id of what was said of anybody."""
    store.connect(settings)
    row = sql.one("SELECT MAX(id) FROM trait_row")
    return int(row[0] or 0) if row else 0


def imports_signature(settings: Settings) -> str:
    """Changes whenever an import comes, ends, or is taken back."""
    from hashlib import sha256

    store.connect(settings)
    rows = sql.read("SELECT id, state, swept FROM import ORDER BY id")
    return sha256(repr([(number, state, bool(swept)) for number, state, swept in rows]).encode()).hexdigest()


def last_event_us(settings: Settings) -> int:
    """The moment of the last event that counts; 0 without any."""
    store.connect(settings)
    row = sql.one("SELECT MAX(last_us) FROM import WHERE state = 'done'")
    return int(row[0] or 0) if row else 0


_TOLD = (
    "SELECT t.subject_id, t.valid_from_us, t.known_us, t.value FROM trait_row t "
    "JOIN import i ON i.id = t.import_id AND i.state = 'done'"
)


def features_now(settings: Settings, units: Collection[int] | None = None) -> list[sql.Row]:
    """(unit, JSON of its features) of those computed since all were."""
    store.connect(settings)
    if units is None:
        return sql.read("SELECT unit_id, content FROM feature_now")
    found: list[sql.Row] = []
    for part in _parts(sorted(units)):
        found += sql.read(f"SELECT unit_id, content FROM feature_now WHERE unit_id IN ({marks(part)})", part)
    return found


def keep_features_now(settings: Settings, rows: Iterable[tuple[int, int, str]]) -> None:
    """Keep (unit, moment, JSON of its features): the newest counts."""
    store.connect(settings)
    sql.fill("staged_feature", {"unit_id": "BIGINT", "computed_us": "BIGINT", "content": "TEXT"}, rows)
    sql.write(
        "INSERT INTO feature_now (unit_id, computed_us, content) "
        "SELECT unit_id, computed_us, content FROM staged_feature WHERE TRUE "
        "ON CONFLICT (unit_id) DO UPDATE SET computed_us = excluded.computed_us, content = excluded.content"
    )
    sql.drop("staged_feature")


def forget_features_before(settings: Settings, moment_us: int) -> None:
    """Forget those that a newer table of all has taken in."""
    store.connect(settings)
    sql.write("DELETE FROM feature_now WHERE computed_us <= %s", (moment_us,))


def _check(known: dict[str, tuple[str, ...]], table: str, column: str) -> None:
    if column not in known.get(table, ()):
        raise LookupError(f"nobody may ask for {column} of {table}")


def _where(
    settings: Settings,
    table: str,
    condition: str,
    values: Sequence[Any],
    units: Collection[int] | None,
) -> Ids:
    if units is None:
        return ids(f"SELECT unit_id FROM {table} WHERE {condition}", settings, values)
    return _among(settings, table, condition, values, units)


def _among(
    settings: Settings, table: str, condition: str, values: Sequence[Any], units: Collection[int]
) -> Ids:
    import numpy as np

    store.connect(settings)
    also = f" AND {condition}" if condition else ""
    found = [
        unit
        for part in _parts(sorted(units))
        for (unit,) in sql.read(
            f"SELECT unit_id FROM {table} WHERE unit_id IN ({marks(part)}){also}", [*part, *values]
        )
    ]
    return np.array(found, np.int64)


def ids(select: str, settings: Settings, values: Sequence[Any] = ()) -> Ids:
    """The ids of a statement, handed over as one text."""
    import numpy as np

    store.connect(settings)
    joined = "GROUP_CONCAT(unit_id)" if sql.is_sqlite() else "STRING_AGG(CAST(unit_id AS TEXT), ',')"
    row = sql.one(f"SELECT {joined} FROM ({select}) AS found", values)
    text = row[0] if row else None
    return np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64)


def _parts(values: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), AT_ONCE):
        yield list(values[start : start + AT_ONCE])


def marks(values: Sequence[object]) -> str:
    """Places for values in a statement."""
    return ", ".join(["%s"] * len(values))
