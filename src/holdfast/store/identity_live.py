"""Who is whom, while events arrive: units of the touched, and links that calls and values prove.

Everything joins the caller's transaction, and reads only what hangs together with the subjects named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.identity import MOST_SHARERS, is_role_address, people_sharing
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.joining import Groups
from holdfast.store.linked import sort_of, stretches, walk
from holdfast.store.linking import Linked, LinkRow, changed, units_of, write_links

__all__ = ["LinkSaid", "Linked", "Point", "link_matches_live", "link_said", "units_of"]

BY_CALL = "call"
"""Who made a link that a call said; links by a shared value are made by "import", as those of files."""

Point = tuple[int, str, str]
"""subject, kind ("email", "phone"), value in its one spelling."""

_Value = tuple[str, str]
"""kind, value."""

KINDS = ("email", "phone")

_LOOKED_AT = 200
"""Holders of a value that are looked at; a value of more is shared, without counting them all."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """A subject that holds a value; ``sort`` says whether it is an account, anonymous or known."""

    subject_id: int
    namespace: str

    @property
    def sort(self) -> str:
        return sort_of(self.namespace)


@dataclass(frozen=True, slots=True)
class LinkSaid:
    """That a call named two ids of the same customer.

    ``at_us`` is the moment from which it counts (when it was known); ``reason`` a word of at most 20
    letters ("identify", "alias", "external"); ``browser`` that a public key said so.
    """

    subject_id: int
    other_id: int
    at_us: int
    reason: str
    import_id: int | None
    browser: bool


def link_said(settings: Settings, pairs: Sequence[LinkSaid], now_us: int) -> Linked:
    """Link what calls said to be the same customer, in the order given, as far as they may.

    A pair that is one customer already makes no row. Ignored are pairs of a person and an account,
    those that a person separated, those by which a browser or an anonymous id would join two known
    people, and those beyond a thousand ids.
    """
    store.connect(settings)
    ends = {end for said in pairs for end in (said.subject_id, said.other_id)}
    groups: Groups | None = None
    walked = walk(ends)
    new: list[LinkRow] = []
    ignored = 0
    for said in pairs:
        left, right = sorted((said.subject_id, said.other_id))
        if (groups is None and walked.unit_of(left) == walked.unit_of(right)) or left == right:
            continue
        groups = groups or Groups(walked)
        if groups.together(left, right):
            continue
        if not groups.may_join(left, right, browser=said.browser):
            ignored += 1
            continue
        groups.join(left, right)
        since = min(said.at_us, now_us)
        new.append((right, left, since, said.reason[:20], "", BY_CALL, said.import_id))
    return Linked(write_links(settings, new), len(new), ignored)


def link_matches_live(settings: Settings, points: Sequence[Point], import_id: int, at_us: int) -> Linked:
    """Link subjects that share a value just written for one of them; end links by values too widely shared.

    ``points`` are the contact points that were new (written already, under ``import_id``): saying an
    old one again proves nothing new. Never those of a browser's key. As ``identity.link_matches`` does for a
    file: role addresses and values of more than three people prove nothing, people and accounts are
    not mixed, what a person separated stays separate; an anonymous id joins no two known people.
    """
    store.connect(settings)
    values = sorted(
        {
            (kind, value)
            for _, kind, value in points
            if kind in KINDS and value and not _proves_nothing(kind, value)
        }
    )
    wide, shared = _how_shared(values)
    holders = _holders(shared, import_id)
    wide += [value for value, some in holders.items() if people_sharing(_per_namespace(some)) > MOST_SHARERS]
    ended = _end(settings, wide, import_id, at_us)
    too_wide = set(wide)
    narrow = {value: some for value, some in holders.items() if value not in too_wide}
    linked = _link(settings, narrow, import_id, at_us)
    return Linked(linked.units | ended, linked.made, linked.ignored)


def _proves_nothing(kind: str, value: str) -> bool:
    return kind == "email" and is_role_address(value)


def _how_shared(values: Sequence[_Value]) -> tuple[list[_Value], list[_Value]]:
    """Values held too often to look at, and those held by several; one holder is not of interest."""
    wide: list[_Value] = []
    shared: list[_Value] = []
    for some in stretches(values):
        places = ", ".join(["(%s, %s)"] * len(some))
        rows = sql.read(
            f"WITH asked (kind, value) AS (VALUES {places}) "
            "SELECT a.kind, a.value, (SELECT COUNT(*) FROM (SELECT 1 FROM contact_point p "
            f"WHERE p.kind = a.kind AND p.value = a.value LIMIT {_LOOKED_AT + 1}) AS held) FROM asked a",
            [part for value in some for part in value],
        )
        wide += [(kind, value) for kind, value, held in rows if held > _LOOKED_AT]
        shared += [(kind, value) for kind, value, held in rows if 1 < held <= _LOOKED_AT]
    return wide, shared


def _holders(values: Sequence[_Value], import_id: int) -> dict[_Value, list[_Holder]]:
    """Who visibly holds each value, the oldest first."""
    found: dict[_Value, list[_Holder]] = {}
    for kind in KINDS:
        for some in stretches([value for of, value in values if of == kind]):
            rows = sql.read(
                "SELECT DISTINCT p.value, p.subject_id, s.namespace FROM contact_point p "
                "JOIN subject s ON s.id = p.subject_id LEFT JOIN import i ON i.id = p.import_id "
                f"WHERE p.kind = %s AND p.value IN ({', '.join(['%s'] * len(some))}) "
                "AND (p.import_id IS NULL OR i.state = 'done' OR i.id = %s) ORDER BY p.value, p.subject_id",
                [kind, *some, import_id],
            )
            for value, subject, namespace in rows:
                found.setdefault((kind, value), []).append(_Holder(subject, namespace))
    return found


def _per_namespace(holders: Sequence[_Holder]) -> dict[str, int]:
    return Counter(holder.namespace for holder in holders)


def _link(settings: Settings, holders: dict[_Value, list[_Holder]], import_id: int, at_us: int) -> Linked:
    wanted = [pair for value, some in holders.items() for pair in _pairs(value, some)]
    if not wanted:
        return Linked()
    known = _known_links(list(holders))
    groups = Groups(walk({subject for younger, older, _, _ in wanted for subject in (younger, older)}))
    new: list[LinkRow] = []
    ignored = 0
    for pair in wanted:
        younger, older, kind, value = pair
        if pair in known:
            continue
        if not groups.together(older, younger) and not groups.may_join(older, younger):
            ignored += 1
            continue
        groups.join(older, younger)
        new.append((younger, older, at_us, kind, value, "import", import_id))
    return Linked(write_links(settings, new), len(new), ignored)


def _pairs(value: _Value, holders: Sequence[_Holder]) -> Iterable[tuple[int, int, str, str]]:
    """Each holder with the first of his sort: younger subject, older one, kind and value."""
    for first, *others in _sorts_apart(holders):
        for other in others:
            pair = (first.subject_id, other.subject_id)
            yield max(pair), min(pair), *value


def _sorts_apart(holders: Sequence[_Holder]) -> Iterable[list[_Holder]]:
    """People and accounts, which are not mixed; who has a lasting id stands first, the oldest of them."""
    people = [holder for holder in holders if holder.sort != "account"]
    accounts = [holder for holder in holders if holder.sort == "account"]
    return (some for some in (sorted(people, key=lambda each: each.sort != "known"), accounts) if some)


def _known_links(values: Sequence[_Value]) -> set[tuple[int, int, str, str]]:
    """Links by these values that hold, or that a person ended: neither is made again."""
    found: set[tuple[int, int, str, str]] = set()
    for some in stretches(values):
        places = ", ".join(["(%s, %s)"] * len(some))
        found.update(
            sql.read(
                f"WITH asked (kind, value) AS (VALUES {places}) "
                "SELECT l.subject_id, l.unit_id, l.reason, l.evidence FROM asked a "
                "JOIN identity_link l ON l.reason = a.kind AND l.evidence = a.value "
                "WHERE l.unlinked_us IS NULL OR l.ended_import IS NULL",
                [part for value in some for part in value],
            )
        )
    return found


def _end(settings: Settings, values: Sequence[_Value], import_id: int, at_us: int) -> frozenset[int]:
    """End the links that stand on these values; the units that fall apart."""
    ended: list[tuple[int, int, int]] = []
    for some in stretches(values):
        places = ", ".join(["(%s, %s)"] * len(some))
        ended += sql.read(
            f"WITH asked (kind, value) AS (VALUES {places}) "
            "SELECT l.id, l.subject_id, l.unit_id FROM asked a "
            "JOIN identity_link l ON l.reason = a.kind AND l.evidence = a.value "
            "WHERE l.unlinked_us IS NULL AND l.made_by = 'import'",
            [part for value in some for part in value],
        )
    if not ended:
        return frozenset()
    ends = {end for _, *pair in ended for end in pair}
    before = units_of(settings, ends)
    for rows in stretches(ended):
        ids = ", ".join(str(int(link)) for link, _, _ in rows)
        sql.write(
            f"UPDATE identity_link SET unlinked_us = %s, ended_import = %s WHERE id IN ({ids})",
            (at_us, import_id),
        )
    return changed(before, units_of(settings, ends))
