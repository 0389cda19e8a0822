"""Ids for keys as they arrived, and links between ids of the same customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from holdfast import store
from holdfast.domain.identity import MOST_SHARERS, proves_identity
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import all_apart, among, stretches, walk

_IS_ACCOUNT = "(s.namespace = 'account' OR s.namespace LIKE 'account:%%')"

_LASTING = "s.namespace <> 'anonymous'"
"""An id that a device gave itself is matched while its events arrive, where it joins no two people."""

_MATCHED = {
    "kind": "TEXT",
    "value": "TEXT",
    "unit": "BIGINT",
    "sharers": "BIGINT",
    "import_id": "BIGINT",
    "account": "INTEGER",
}


def assign_subjects(
    settings: Settings, namespace: str, keys: Sequence[str], *, import_id: int | None = None
) -> list[int]:
    """The subject id of each key, in the order of ``keys``; new ids for keys never seen.

    Giving ids makes nobody visible: that is done by what the import writes about them. May be
    repeated. 250,000 new keys take about a second of CPU.
    """
    store.connect(settings)
    if not keys:
        return []
    count = sql.fill("wanted_key", {"key": "TEXT"}, ((key,) for key in keys))
    sql.fill("new_key", {"key": "TEXT"}, _unknown_keys(namespace))
    (new,) = sql.read("SELECT COUNT(*) FROM new_key")[0]
    for first, last in sql.ranges(new):
        sql.write(
            "INSERT INTO subject (namespace, key, created_import) "
            "SELECT %s, key, %s FROM new_key WHERE n BETWEEN %s AND %s ORDER BY n "
            "ON CONFLICT (namespace, key) DO NOTHING",
            (namespace, import_id, first, last),
        )
    ids = [
        i
        for (i,) in sql.read(
            "SELECT s.id FROM wanted_key w JOIN subject s ON s.namespace = %s AND s.key = w.key ORDER BY w.n",
            (namespace,),
        )
    ]
    if len(ids) != count:
        raise RuntimeError(f"{count - len(ids)} keys of {namespace} were given no id")
    sql.drop("wanted_key")
    sql.drop("new_key")
    return ids


def _unknown_keys(namespace: str) -> list[sql.Row]:
    """Wanted keys without an id, each once, sorted: neighbours in the index then lie together."""
    return sql.read(
        "SELECT DISTINCT w.key FROM wanted_key w LEFT JOIN subject s ON s.namespace = %s AND s.key = w.key "
        "WHERE s.id IS NULL ORDER BY w.key",
        (namespace,),
    )


def link_matches(settings: Settings, import_id: int, now_us: int) -> int:
    """Link subjects that share an e-mail address or phone number which this import brought.

    Role addresses and values of more than three people prove nothing; older links by a value that
    turns out to be shared so widely end with this import. People and accounts are not mixed, and
    what a person separated stays separate. Links date from the import's first event (from
    its start without any), are visible once the import is done, and go when it is undone. May be
    repeated. Returns how many links were made.
    """
    store.connect(settings)
    _match("p.import_id = %s", (import_id,), import_id)
    made = _link_matched() - _keep_apart(import_id)
    _end_links_by_shared_values(import_id, now_us)
    sql.drop("matched")
    return made


def _keep_apart(import_id: int) -> int:
    """Take back links of this import by which two customers became one of whom a person said no.

    Not only those between the two: an id with the address of the one and the number of the other
    joins them too. How many links went.
    """
    pairs = all_apart()
    ends = {end for pair in pairs for end in pair}
    before, now = walk(ends), walk(ends, also_import=import_id)
    joined = {
        now.unit_of(left)
        for left, right in pairs
        if now.unit_of(left) == now.unit_of(right) and before.unit_of(left) != before.unit_of(right)
    }
    members = sorted(subject for subject, unit in now.unit.items() if unit in joined)
    return sum(
        sql.write(
            f"DELETE FROM identity_link WHERE import_id = %s AND made_by = 'import' "
            f"AND unlinked_us IS NULL AND subject_id IN {among(some)}",
            (import_id,),
        )
        for some in stretches(members)
    )


def relink(import_id: int) -> None:
    """After ``import_id`` was undone, before its links go: links that stood on its contact points go,
    and others take over, for the values too that another import says now in its place.
    """
    sql.fill(
        "touched",
        {"reason": "TEXT", "evidence": "TEXT"},
        sql.read(
            "SELECT kind, value FROM contact_point WHERE import_id = %s "
            "UNION SELECT reason, evidence FROM identity_link WHERE import_id = %s AND made_by = 'import'",
            (import_id, import_id),
        ),
    )
    sql.write(
        "DELETE FROM identity_link WHERE made_by = 'import' AND id IN ("
        " SELECT l.id FROM touched t JOIN identity_link l ON l.reason = t.reason AND l.evidence = t.evidence"
        f" WHERE NOT ({_holds('l.subject_id')} AND {_holds('l.unit_id')}))"
    )
    _match("(p.kind, p.value) IN (SELECT t.reason, t.evidence FROM touched t)", (), None)
    sql.drop("touched")
    _link_matched()
    sql.drop("matched")


def _holds(subject: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM contact_point q JOIN import i ON i.id = q.import_id AND i.state = 'done' "
        f"WHERE q.subject_id = {subject} AND q.kind = l.reason AND q.value = l.evidence)"
    )


def _match(touched: str, values: Sequence[object], import_id: int | None) -> None:
    """Fill ``matched``: touched values that several visible subjects of one sort hold, and by how many.

    Sharers are the subjects of the namespace that has most of them: a person has one id in each.
    """
    found = sql.read(
        "SELECT kind, value, MIN(first), MAX(sharers), COALESCE(%s, MAX(brought)), account FROM ("
        "SELECT q.kind, q.value, MIN(q.subject_id) AS first, COUNT(DISTINCT q.subject_id) AS sharers, "
        "MAX(q.import_id) AS brought, "
        f"CASE WHEN {_IS_ACCOUNT} THEN 1 ELSE 0 END AS account "
        f"FROM contact_point q JOIN subject s ON s.id = q.subject_id AND {_LASTING} "
        "JOIN import i ON i.id = q.import_id AND (i.state = 'done' OR i.id = %s) "
        f"WHERE (q.kind, q.value) IN (SELECT p.kind, p.value FROM contact_point p WHERE {touched} "
        "AND EXISTS (SELECT 1 FROM contact_point o "
        "WHERE o.kind = p.kind AND o.value = p.value AND o.id <> p.id)) "
        "GROUP BY q.kind, q.value, account, s.namespace) AS held "
        "GROUP BY kind, value, account HAVING SUM(sharers) > 1",
        (import_id, import_id, *values),
    )
    sql.fill(
        "matched",
        _MATCHED,
        (row for row in found if row[3] > MOST_SHARERS or proves_identity(row[0], row[1], row[3])),
    )


def _link_matched() -> int:
    """Link every holder of a matched value to the oldest one, unless it is or a person said no."""
    made = 0
    (count,) = sql.read("SELECT COUNT(*) FROM matched")[0]
    for first, last in sql.ranges(count):
        made += sql.write(
            "INSERT INTO identity_link "
            "(subject_id, unit_id, linked_us, reason, evidence, made_by, import_id) "
            "SELECT DISTINCT q.subject_id, m.unit, COALESCE(brought.first_us, brought.started_us), "
            "m.kind, m.value, 'import', brought.id "
            "FROM matched m JOIN import brought ON brought.id = m.import_id "
            "JOIN contact_point q ON q.kind = m.kind AND q.value = m.value "
            f"JOIN subject s ON s.id = q.subject_id AND {_LASTING} "
            "JOIN import i ON i.id = q.import_id AND (i.state = 'done' OR i.id = m.import_id) "
            "WHERE m.n BETWEEN %s AND %s AND m.sharers <= %s AND q.subject_id <> m.unit "
            f"AND m.account = CASE WHEN {_IS_ACCOUNT} THEN 1 ELSE 0 END "
            "AND NOT EXISTS (SELECT 1 FROM identity_link l WHERE l.subject_id = q.subject_id "
            " AND l.unit_id = m.unit AND ("
            "  (l.reason = m.kind AND l.evidence = m.value AND l.unlinked_us IS NULL"
            "   AND (l.import_id = m.import_id"
            "        OR l.import_id IN (SELECT id FROM import WHERE state = 'done')))"
            "  OR (l.unlinked_us IS NOT NULL AND l.ended_import IS NULL)))",
            (first, last, MOST_SHARERS),
        )
    return made


def _end_links_by_shared_values(import_id: int, now_us: int) -> None:
    sql.write(
        "UPDATE identity_link SET unlinked_us = %s, ended_import = %s WHERE unlinked_us IS NULL "
        "AND made_by = 'import' AND id IN (SELECT l.id FROM matched m JOIN identity_link l "
        "ON l.reason = m.kind AND l.evidence = m.value WHERE m.sharers > %s)",
        (now_us, import_id, MOST_SHARERS),
    )


def merge(settings: Settings, subject_ids: Iterable[int], *, by: str, now_us: int) -> list[int]:
    """Say by hand that these subjects are one customer; the ids of the links, to undo the merge."""
    store.connect(settings)
    from holdfast.store.models import IdentityLink

    unit, *others = sorted(set(subject_ids))
    with sql.short_write():
        return [
            IdentityLink.objects.create(
                subject_id=other, unit_id=unit, linked_us=now_us, reason="by_hand", made_by=by
            ).id
            for other in others
        ]


def separate(settings: Settings, link_ids: Iterable[int], *, now_us: int) -> int:
    """End links by hand: nothing is rewritten, and no later match makes them again. How many ended."""
    store.connect(settings)
    ended = 0
    with sql.short_write():
        for link_id in link_ids:
            ended += sql.write(
                "UPDATE identity_link SET unlinked_us = %s, ended_import = NULL "
                "WHERE id = %s AND (unlinked_us IS NULL OR ended_import IS NOT NULL)",
                (now_us, link_id),
            )
    return ended
