"""What an import writes besides events. Short transactions in any number; visible once it is done.

Each function takes rows in chunks or one by one from the service, may be repeated after a
restart without doubling anything, and skips what visible rows say already (noting that this
import said it too, so that undoing the first hands the row over).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_R = TypeVar("_R", bound=tuple[Any, ...])

ALWAYS_US = -62_135_596_800_000_000
"""From when an immutable trait (birth date, sign-up date) is valid and known: the year 1."""

NAME = "name"
"""The trait in which a customer's name is kept, with its history as any other."""

SubjectRow = tuple[int, int | None, str | None, str | None, str | None, int | None, int]
"""subject id, first moment (us) told about, e-mail, phone (normalised), name, account's subject id, rows."""

TraitValue = tuple[int, str, str, int | None, int, bool]
"""subject id, trait, value, valid from (us; ``None``: from when it was first seen), known (us), immutable."""

TextRow = tuple[bytes, int, int, str, str]
"""event key, subject id, moment (us), kind, text."""


def load_subjects(settings: Settings, import_id: int, rows: Iterable[SubjectRow], *, known_us: int) -> int:
    """Note which subjects the import brought, with their addresses, names and accounts; how many rows.

    ``known_us`` is the moment from which names count (that of the import).
    """
    store.connect(settings)
    count = sql.fill("staged_subject", _SUBJECT, _neighbours_together(rows))
    for first, last in sql.ranges(count):
        sql.write(_SIGHTINGS, (import_id, first, last))
    for kind in ("email", "phone"):
        _load_points(import_id, kind, count)
    _load_contacts(import_id, count)
    named = "SELECT subject_id, name FROM staged_subject WHERE name IS NOT NULL AND name <> ''"
    _load_values(import_id, ((subject, NAME, name, known_us, known_us) for subject, name in sql.read(named)))
    sql.drop("staged_subject")
    return count


def load_traits(settings: Settings, import_id: int, rows: Iterable[TraitValue]) -> int:
    """Write what the import says about subjects, where it differs from what held at that moment.

    Rows of one subject and trait come in the order of their moments. Returns how many were new.
    """
    store.connect(settings)
    return _load_values(
        import_id,
        (
            (subject, trait, value, ALWAYS_US, ALWAYS_US)
            if immutable
            else (subject, trait, value, known_us if from_us is None else from_us, known_us)
            for subject, trait, value, from_us, known_us, immutable in _neighbours_together(rows)
        ),
    )


def load_texts(settings: Settings, import_id: int, rows: Iterable[TextRow]) -> int:
    """Keep what customers wrote; a text whose event is known already is kept once. How many rows."""
    store.connect(settings)
    count = sql.fill("staged_text", _TEXT | {"event_key": sql.blob()}, _neighbours_together(rows, 1))
    also, not_yet, said = _noting("customer_text", import_id)
    for first, last in sql.ranges(count, 1_000):
        sql.write(
            "INSERT INTO customer_text (event_key, subject_id, at_us, kind, text, import_id, also) "
            "SELECT event_key, subject_id, at_us, kind, text, %s, '' FROM staged_text "
            "WHERE n BETWEEN %s AND %s ORDER BY n "
            f"ON CONFLICT (event_key) DO UPDATE SET also = {also} WHERE {not_yet}",
            (import_id, first, last, *said),
        )
    sql.drop("staged_text")
    return count


_SUBJECT = {
    "subject_id": "BIGINT",
    "first_us": "BIGINT",
    "email": "TEXT",
    "phone": "TEXT",
    "name": "TEXT",
    "account_id": "BIGINT",
    "lines": "BIGINT",
}
_VALUE = {
    "subject_id": "BIGINT",
    "trait": "TEXT",
    "value": "TEXT",
    "valid_from_us": "BIGINT",
    "known_us": "BIGINT",
}
_TEXT = {"event_key": "", "subject_id": "BIGINT", "at_us": "BIGINT", "kind": "TEXT", "text": "TEXT"}

_SIGHTINGS = """
INSERT INTO sighting (subject_id, import_id, first_us, rows)
SELECT subject_id, %s, first_us, lines FROM staged_subject WHERE n BETWEEN %s AND %s
ON CONFLICT (subject_id, import_id) DO NOTHING
"""

_BATCH = 100_000


def _neighbours_together(rows: Iterable[_R], by: int = 0) -> Iterator[_R]:
    """``rows``, batch by batch in the order of their subject: indexes then grow at few places."""
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        batch.sort(key=itemgetter(by))
        yield from batch


def _load_points(import_id: int, kind: str, count: int) -> None:
    if not _told(kind):
        return
    new = _find_held(
        "contact_point",
        f"SELECT s.n, (SELECT p.id FROM contact_point p WHERE p.subject_id = s.subject_id "
        f"AND p.kind = '{kind}' AND p.value = s.{kind} AND p.import_id NOT IN {sql.hidden(but=import_id)} "
        f"LIMIT 1) AS held FROM staged_subject s WHERE s.{kind} IS NOT NULL",
    )
    for first, last in sql.ranges(count):
        sql.write(
            "INSERT INTO contact_point (subject_id, kind, value, import_id, also) "
            f"SELECT s.subject_id, %s, s.{kind}, %s, '' FROM staged_subject s "
            f"WHERE s.n BETWEEN %s AND %s AND s.{kind} IS NOT NULL AND s.{kind} <> '' AND {new} ORDER BY s.n",
            (kind, import_id, first, last),
        )
    _note_repeats("contact_point", import_id, count)


def _told(column: str) -> bool:
    """Whether any staged subject has it: most files of orders say nothing of addresses."""
    return sql.one(f"SELECT 1 FROM staged_subject WHERE {column} IS NOT NULL LIMIT 1") is not None


def _load_contacts(import_id: int, count: int) -> None:
    if not _told("account_id"):
        return
    new = _find_held(
        "account_contact",
        "SELECT s.n, (SELECT a.id FROM account_contact a WHERE a.subject_id = s.subject_id "
        f"AND a.account_id = s.account_id AND a.import_id NOT IN {sql.hidden(but=import_id)} "
        "LIMIT 1) AS held FROM staged_subject s WHERE s.account_id IS NOT NULL",
    )
    for first, last in sql.ranges(count):
        sql.write(
            "INSERT INTO account_contact (subject_id, account_id, from_us, import_id, also) "
            "SELECT s.subject_id, s.account_id, s.first_us, %s, '' FROM staged_subject s "
            f"WHERE s.n BETWEEN %s AND %s AND s.account_id IS NOT NULL AND {new} ORDER BY s.n",
            (import_id, first, last),
        )
    _note_repeats("account_contact", import_id, count)


def _load_values(import_id: int, rows: Iterable[sql.Row]) -> int:
    """Insert rows of ``_VALUE``'s shape whose value differs from the one that held at their moment."""
    count = sql.fill("staged_value", _VALUE, rows)
    new = _find_held(
        "trait_row",
        "SELECT h.n, (SELECT t.id FROM trait_row t WHERE t.id = h.held AND t.value = h.value) AS held "
        "FROM (SELECT s.n, s.value, (SELECT t.id FROM trait_row t WHERE t.subject_id = s.subject_id "
        "  AND t.trait = s.trait AND t.valid_from_us <= s.valid_from_us "
        f"  AND t.import_id NOT IN {sql.hidden(but=import_id)} "
        "  ORDER BY t.valid_from_us DESC, t.known_us DESC, t.id DESC LIMIT 1) AS held "
        "FROM staged_value s) h",
    )
    inserted = 0
    for first, last in sql.ranges(count):
        inserted += sql.write(
            "INSERT INTO trait_row (subject_id, trait, value, valid_from_us, known_us, import_id, also) "
            "SELECT s.subject_id, s.trait, s.value, s.valid_from_us, s.known_us, %s, '' "
            f"FROM staged_value s WHERE s.n BETWEEN %s AND %s AND {new} ORDER BY s.n",
            (import_id, first, last),
        )
    _note_repeats("trait_row", import_id, count)
    sql.drop("staged_value")
    return inserted


def _find_held(table: str, found: str) -> str:
    """Keep in ``staged_same`` which staged row (``line``) says what row ``id`` of ``table`` says already.

    ``found`` selects (n, id or null). Answers the condition under which staged row ``s`` is new.
    The lookups are scalar subqueries: no planner then mistakes the staged rows for the inner side.
    """
    sql.drop("staged_same")
    sql.write("CREATE TEMPORARY TABLE staged_same (line INTEGER PRIMARY KEY, id BIGINT)")
    if sql.one(f"SELECT 1 FROM {table} LIMIT 1"):
        sql.write(f"INSERT INTO staged_same SELECT n, held FROM ({found}) f WHERE held IS NOT NULL")
    if not sql.one("SELECT 1 FROM staged_same LIMIT 1"):
        return "TRUE"
    return "NOT EXISTS (SELECT 1 FROM staged_same x WHERE x.line = s.n)"


def _note_repeats(table: str, import_id: int, count: int) -> None:
    """Note in the rows that ``staged_same`` found that this import says the same."""
    also, not_yet, said = _noting(table, import_id)
    if sql.one("SELECT 1 FROM staged_same LIMIT 1"):
        for first, last in sql.ranges(count):
            sql.write(
                f"UPDATE {table} SET also = {also} WHERE {not_yet} "
                "AND id IN (SELECT id FROM staged_same WHERE line BETWEEN %s AND %s)",
                (*said, first, last),
            )
    sql.drop("staged_same")


def _noting(table: str, import_id: int) -> tuple[str, str, tuple[str, int, str]]:
    """How ``table.also`` gains an import, under which condition, and the values of both."""
    also = f"CASE {table}.also WHEN '' THEN ' ' ELSE {table}.also END || %s"
    not_yet = f"{table}.import_id <> %s AND {table}.also NOT LIKE %s"
    return also, not_yet, (f"{import_id} ", import_id, f"% {import_id} %")
