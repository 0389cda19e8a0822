"""One customer: the ids they arrived under, where they are reached, what is said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.identity import is_account, units
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class KnownId:
    """An id as it arrived: in which namespace, as which key."""

    subject_id: int
    namespace: str
    key: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What the database knows about one customer.

    ``traits`` have the latest value of each, by name; ``ids`` are the oldest first. Under the unit
    "account", the contacts' ids, addresses and phones are among them.
    """

    ids: tuple[KnownId, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    traits: dict[str, str]


def subjects_of(settings: Settings, unit_id: int) -> list[int]:
    """Every subject that belongs to a unit now, sorted; just itself where nothing is linked.

    Walks the links from the unit on, two or three statements; nothing else of the base is read.
    """
    store.connect(settings)
    found = _linked({unit_id})
    if settings.unit == "account":
        persons = {person for person, account in _contacts(found) if account in found}
        found |= _linked(persons) if persons else set()
    return sorted(found)


def profile(settings: Settings, unit_id: int, subjects: Sequence[int] | None = None) -> Profile | None:
    """What is known about the customer ``unit_id``; ``None`` when there is no such id.

    Contact points that one of us ended are left out. ``subjects`` are all its ids, where they are known.
    """
    subjects = subjects_of(settings, unit_id) if subjects is None else subjects
    among = _among(subjects)
    told = sql.read(_TOLD.format(among=among, ended=_ENDED.format(among=among)))
    ids = sorted(
        (KnownId(subject, kind, value) for what, kind, value, subject in told if what == "id"),
        key=lambda each: each.subject_id,
    )
    if not ids:
        return None
    speaking = _speaking(settings, ids)
    points = [(kind, value) for what, kind, value, _ in told if what == "point"]
    return Profile(
        tuple(ids),
        tuple(value for kind, value in points if kind == "email"),
        tuple(value for kind, value in points if kind == "phone"),
        _latest([(trait, value) for what, trait, value, of in told if what == "trait" and of in speaking]),
    )


_TOLD = """
SELECT what, kind, value, subject_id FROM (
    SELECT 'id' AS what, namespace AS kind, key AS value, 0 AS since_us, id AS subject_id
    FROM subject WHERE id IN {among}
    UNION ALL
    SELECT DISTINCT 'point', p.kind, p.value, 0, 0
    FROM contact_point p LEFT JOIN import i ON i.id = p.import_id
    WHERE p.subject_id IN {among} AND (p.import_id IS NULL OR i.state = 'done') AND NOT {ended}
    UNION ALL
    SELECT 'trait', trait, value, valid_from_us, subject_id FROM trait_history
    WHERE subject_id IN {among} AND valid_to_us IS NULL
) AS told ORDER BY what, kind, since_us, value
"""
"""Ids, contact points and traits in one statement; of a trait the latest value comes last."""

_ENDED = """
EXISTS (SELECT 1 FROM point_change c WHERE c.subject_id IN {among} AND c.kind = p.kind
        AND c.value = p.value AND c.action = 'ended' AND NOT EXISTS (
            SELECT 1 FROM point_change d WHERE d.subject_id IN {among} AND d.kind = p.kind
            AND d.value = p.value AND d.id > c.id AND d.action IN ('added', 'restored')))
"""


def texts_of(settings: Settings, event_keys: Sequence[bytes]) -> dict[bytes, str]:
    """What was written, by the key of its event; events without a text are left out."""
    store.connect(settings)
    if not event_keys:
        return {}
    places = ", ".join(["%s"] * len(event_keys))
    rows = sql.read(
        f"SELECT t.event_key, t.text FROM customer_text t LEFT JOIN import i ON i.id = t.import_id "
        f"WHERE t.event_key IN ({places}) AND (t.import_id IS NULL OR i.state = 'done')",
        list(event_keys),
    )
    return {bytes(key): text for key, text in rows}


def _linked(start: set[int]) -> set[int]:
    """All that hang together with ``start`` through links that hold now."""
    found, edge = set(start), set(start)
    pairs: list[tuple[int, int]] = []
    while edge:
        among = _among(sorted(edge))
        rows = sql.read(_LINKS.format(among=among))
        pairs += [(subject, unit) for subject, unit in rows]
        edge = {each for pair in rows for each in pair} - found
        found |= edge
    together = units(pairs)
    roots = {together.get(each, each) for each in start}
    return {each for each in found if together.get(each, each) in roots}


_LINKS = """
SELECT l.subject_id, l.unit_id FROM identity_link l
LEFT JOIN import made ON made.id = l.import_id
LEFT JOIN import ended ON ended.id = l.ended_import
WHERE (l.subject_id IN {among} OR l.unit_id IN {among})
AND (l.import_id IS NULL OR made.state = 'done')
AND (l.unlinked_us IS NULL OR (l.ended_import IS NOT NULL AND ended.state <> 'done'))
"""


def _contacts(accounts: set[int]) -> list[tuple[int, int]]:
    """Each person who ever was a contact of one of ``accounts``, with the account joined last."""
    rows = sql.read(
        "SELECT a.subject_id, a.account_id FROM account_contact a LEFT JOIN import i ON i.id = a.import_id "
        "WHERE a.subject_id IN (SELECT subject_id FROM account_contact "
        f"WHERE account_id IN {_among(sorted(accounts))}) "
        "AND (a.import_id IS NULL OR i.state = 'done') AND a.to_us IS NULL "
        "ORDER BY COALESCE(a.from_us, 0), a.id"
    )
    return list(dict(rows).items())


def _speaking(settings: Settings, ids: Sequence[KnownId]) -> set[int]:
    """Whose traits are the customer's; under the unit "account" only those said of the account itself."""
    own = [each for each in ids if is_account(each.namespace)] if settings.unit == "account" else []
    return {each.subject_id for each in own or ids}


def _latest(traits: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The latest value of each trait; what was taken back is left out."""
    return {trait: value for trait, value in dict(traits).items() if value}


def _among(subjects: Sequence[int]) -> str:
    """A list of ids as SQL: they are integers of ours, so they are written out."""
    return f"({', '.join(str(int(subject)) for subject in subjects)})"
