"""What people say about who is whom: merges, their undoing, ids taken out, pairs that are not the same.

Nothing is rewritten: links are made and ended. Each act is one transaction, in which the customers
concerned become due, by their ids of before and of after.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import due, sql
from holdfast.store.linked import among, stretches, walk
from holdfast.store.linking import LinkRow, units_of, write_links

BY_HAND = "by_hand"
"""The reason of links that a person made; their evidence is the merge's id."""


@dataclass(frozen=True, slots=True)
class Merge:
    """One act. ``kind`` is "merge", or "separate" (``units``: what was taken out, then from what)."""

    id: int
    kind: str
    units: tuple[int, ...]
    made_us: int
    made_by: str
    reasons: tuple[str, ...]
    score: float | None
    undone_us: int | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link that holds now: ``reason`` is "email", "phone", "by_hand" or what a call said."""

    id: int
    subject_id: int
    other_id: int
    linked_us: int
    reason: str
    evidence: str
    made_by: str
    source: str


def make(
    settings: Settings,
    units: Sequence[int],
    *,
    by: str,
    now_us: int,
    reasons: Sequence[str] = (),
    score: float | None = None,
) -> int:
    """Say that these customers are one; the id of the act. What was said against it before is forgotten."""
    store.connect(settings)
    first, *others = sorted(set(units))
    with sql.short_write():
        merge_id = _note("merge", [first, *others], by, now_us, reasons, score)
        links = [_by_hand(other, first, merge_id, by, now_us) for other in others]
        changed = write_links(settings, links)
        ids = among(sorted(walk({first}).unit))
        sql.write(f"DELETE FROM not_the_same WHERE low_id IN {ids} AND high_id IN {ids}")
        sql.write(f"DELETE FROM duplicate WHERE low_id IN {ids} AND high_id IN {ids}")
        due.touch(settings, changed | set(units), now_us)
    return merge_id


def unmake(settings: Settings, merge: Merge, *, by: str, now_us: int) -> bool | None:
    """Undo a merge: its links end. Whether the customers are one still, by other links.

    ``None`` when somebody else was quicker: nothing is changed then.
    """
    store.connect(settings)
    with sql.short_write():
        if not sql.write(
            "UPDATE identity_merge SET undone_us = %s, undone_by = %s WHERE id = %s AND undone_us IS NULL",
            (now_us, by, merge.id),
        ):
            return None
        ended = sql.read(
            "SELECT id FROM identity_link WHERE reason = %s AND evidence = %s AND unlinked_us IS NULL",
            (BY_HAND, str(merge.id)),
        )
        before = set(units_of(settings, merge.units).values())
        _end((link for (link,) in ended), now_us)
        after = units_of(settings, merge.units)
        due.touch(settings, before | set(after.values()), now_us)
    return len(set(after.values())) < len(merge.units)


def take_out(settings: Settings, out: Collection[int], *, by: str, now_us: int) -> tuple[int, ...]:
    """Make a customer of its own of some ids of a customer; the act's id, then the units there are now.

    Links between them and the rest end, and nothing links the two by itself again. What hung together
    only through an ended link is kept together by links of this act.
    """
    store.connect(settings)
    with sql.short_write():
        members = set(walk(out).unit)
        rest = members - set(out)
        act = _note("separate", [min(out), min(rest)], by, now_us, (), None)
        touching = sql.read(_CROSSING.format(out=among(sorted(out)), rest=among(sorted(rest))))
        _end((link for (link,) in touching), now_us)
        _keep_apart([min(out)], rest, by, now_us)
        _hold_together(settings, out, act, by, now_us)
        _hold_together(settings, rest, act, by, now_us)
        now = set(units_of(settings, members).values())
        due.touch(settings, now | {min(members)}, now_us)
    return act, *sorted(now)


_CROSSING = """
SELECT id FROM identity_link WHERE (unlinked_us IS NULL OR ended_import IS NOT NULL)
AND ((subject_id IN {out} AND unit_id IN {rest}) OR (subject_id IN {rest} AND unit_id IN {out}))
"""


def _hold_together(settings: Settings, subjects: Collection[int], act: int, by: str, now_us: int) -> None:
    walked = walk(subjects)
    first, *others = sorted({walked.unit_of(subject) for subject in subjects})
    write_links(settings, [_by_hand(other, first, act, by, now_us) for other in others])


def say_different(settings: Settings, left: int, right: int, *, by: str, now_us: int) -> None:
    """Remember that two customers are not one: no search lists them again, no value links them."""
    store.connect(settings)
    with sql.short_write():
        _keep_apart([left], [right], by, now_us)
        ids = among(sorted(walk({left, right}).unit))
        sql.write(f"DELETE FROM duplicate WHERE low_id IN {ids} AND high_id IN {ids}")


def _keep_apart(these: Collection[int], those: Collection[int], by: str, now_us: int) -> None:
    pairs = sorted({(min(a, b), max(a, b)) for a in these for b in those})
    for some in stretches(pairs):
        places = ", ".join(["(%s, %s, %s, %s)"] * len(some))
        sql.write(
            f"INSERT INTO not_the_same (low_id, high_id, decided_us, decided_by) VALUES {places} "
            "ON CONFLICT (low_id, high_id) DO NOTHING",
            [value for low, high in some for value in (low, high, now_us, by)],
        )


def one(settings: Settings, merge_id: int) -> Merge | None:
    """The act with this id."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM identity_merge WHERE id = %s", (merge_id,))
    return None if row is None else _merge(row)


def listed(settings: Settings, *, before: int | None = None, limit: int = 50) -> list[Merge]:
    """Acts, the newest first, from behind the id ``before`` on."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_COLUMNS} FROM identity_merge WHERE id < %s ORDER BY id DESC LIMIT {int(limit)}",
        (2**62 if before is None else before,),
    )
    return [_merge(row) for row in rows]


def links_of(settings: Settings, subjects: Collection[int]) -> list[Link]:
    """The links that hold now among these ids, the oldest first."""
    store.connect(settings)
    ids = among(sorted(subjects))
    rows = sql.read(_HOLDING.format(ids=ids))
    return [Link(*row) for row in rows]


_HOLDING = """
SELECT l.id, l.subject_id, l.unit_id, l.linked_us, l.reason, l.evidence, l.made_by, COALESCE(made.source, '')
FROM identity_link l LEFT JOIN import made ON made.id = l.import_id
LEFT JOIN import ended ON ended.id = l.ended_import
WHERE l.subject_id IN {ids} AND (l.import_id IS NULL OR made.state = 'done')
AND (l.unlinked_us IS NULL OR (l.ended_import IS NOT NULL AND ended.state <> 'done'))
ORDER BY l.linked_us, l.id
"""


def known_ids(settings: Settings, subjects: Collection[int]) -> dict[int, tuple[str, str]]:
    """Namespace and key of those of ``subjects`` that exist."""
    store.connect(settings)
    found: dict[int, tuple[str, str]] = {}
    for some in stretches(sorted(subjects)):
        rows = sql.read(f"SELECT id, namespace, key FROM subject WHERE id IN {among(some)}")
        found.update((subject, (namespace, key)) for subject, namespace, key in rows)
    return found


def names_of(settings: Settings, subjects: Collection[int]) -> dict[int, str]:
    """What each is called: the latest name said of the id itself, else its key."""
    found = {subject: key for subject, (_, key) in known_ids(settings, subjects).items()}
    for some in stretches(sorted(found)):
        rows = sql.read(
            "SELECT subject_id, value FROM trait_history WHERE trait = 'name' AND valid_to_us IS NULL "
            f"AND value <> '' AND subject_id IN {among(some)}"
        )
        found.update(rows)
    return found


_COLUMNS = "id, kind, units, made_us, made_by, reasons, score, undone_us, undone_by"


def _merge(row: sql.Row) -> Merge:
    id_, kind, units, made_us, made_by, reasons, *rest = row
    return Merge(id_, kind, tuple(_list(units)), made_us, made_by, tuple(_list(reasons)), *rest)


def _note(
    kind: str, units: Sequence[int], by: str, now_us: int, reasons: Sequence[str], score: float | None
) -> int:
    row = sql.one(
        "INSERT INTO identity_merge (kind, units, made_us, made_by, reasons, score, undone_by) "
        "VALUES (%s, %s, %s, %s, %s, %s, '') RETURNING id",
        (kind, json.dumps(list(units)), now_us, by, json.dumps(list(reasons)), score),
    )
    if row is None:
        raise RuntimeError("an INSERT ... RETURNING returned nothing")
    return int(row[0])


def _by_hand(subject: int, other: int, act: int, by: str, now_us: int) -> LinkRow:
    return max(subject, other), min(subject, other), now_us, BY_HAND, str(act), by, None


def _end(links: Iterable[int], now_us: int) -> None:
    for some in stretches(sorted(links)):
        sql.write(
            f"UPDATE identity_link SET unlinked_us = %s, ended_import = NULL WHERE id IN {among(some)}",
            (now_us,),
        )


def _list(written: Any) -> list[Any]:
    """PostgreSQL's driver may have read the JSON already."""
    return list(json.loads(written) if isinstance(written, str) else written)
