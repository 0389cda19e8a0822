"""Clearing what an import wrote that does not count (undone, failed), in short transactions."""

from __future__ import annotations

from holdfast.store import identity, sql

_SHARED = ("trait_row", "contact_point", "account_contact", "customer_text")
"""Tables whose rows remember which further imports said the same (``also``)."""

_OWN = ("product", "cost", "rate", "series_point")
"""Tables in which each import keeps its own rows; small."""


_BY_HAND = "(unlinked_us IS NOT NULL AND ended_import IS NULL)"
"""Links that a person ended: remembered, so that no match makes them again."""


def hand_over(import_id: int) -> None:
    """Give rows that a later import repeated to that import: what they say stays as it is."""
    heir = (
        "(SELECT MIN(i.id) FROM import i "
        "WHERE i.state IN ('done', 'committing') AND i.id <> {table}.import_id"
        " AND {table}.also LIKE '%% ' || i.id || ' %%')"
    )
    for table in _SHARED:
        found = heir.format(table=table)
        _in_ranges(
            table,
            f"UPDATE {table} SET import_id = {found} WHERE import_id = %s AND also <> '' "
            f"AND {found} IS NOT NULL AND id BETWEEN %s AND %s",
            import_id,
        )


def clear(import_id: int) -> None:
    """Delete what ``import_id`` wrote and nobody else said; mend the links that stood on it."""
    hand_over(import_id)
    sql.write(
        "UPDATE identity_link SET unlinked_us = NULL, ended_import = NULL WHERE ended_import = %s",
        (import_id,),
    )
    identity.relink(import_id)
    _in_ranges(
        "identity_link",
        f"DELETE FROM identity_link WHERE import_id = %s AND id BETWEEN %s AND %s AND NOT {_BY_HAND}",
        import_id,
    )
    for table in _SHARED:
        _in_ranges(table, f"DELETE FROM {table} WHERE import_id = %s AND id BETWEEN %s AND %s", import_id)
    for table in _OWN:
        sql.write(f"DELETE FROM {table} WHERE import_id = %s", (import_id,))
    # What was read in a text goes with it; where another import has it now, it is read as that one's.
    _in_ranges(
        "text_reading", "DELETE FROM text_reading WHERE import_id = %s AND id BETWEEN %s AND %s", import_id
    )
    _in_ranges(
        "sighting",
        "DELETE FROM sighting WHERE import_id = %s AND subject_id BETWEEN %s AND %s",
        import_id,
        by="subject_id",
    )
    _forget_unseen_subjects(import_id)


def _forget_unseen_subjects(import_id: int) -> None:
    """Delete subjects that only this import brought, unless another one is at work with them."""
    if sql.one("SELECT 1 FROM import WHERE state IN ('staging', 'committing')"):
        return
    _in_ranges(
        "subject",
        "DELETE FROM subject WHERE created_import = %s AND id BETWEEN %s AND %s "
        "AND NOT EXISTS (SELECT 1 FROM sighting s WHERE s.subject_id = subject.id) "
        "AND NOT EXISTS (SELECT 1 FROM identity_link l WHERE l.subject_id = subject.id)"
        "AND NOT EXISTS (SELECT 1 FROM identity_link l WHERE l.unit_id = subject.id) "
        "AND NOT EXISTS (SELECT 1 FROM account_contact a WHERE a.account_id = subject.id)",
        import_id,
        of="created_import",
    )


def _in_ranges(table: str, statement: str, import_id: int, *, by: str = "id", of: str = "import_id") -> None:
    bounds = sql.one(f"SELECT MIN({by}), MAX({by}) FROM {table} WHERE {of} = %s", (import_id,))
    if bounds is None or bounds[0] is None:
        return
    for first, last in sql.between(bounds[0], bounds[1]):
        sql.write(statement, (import_id, first, last))
