"""Finding customers who are probably in the base twice: what changed since the last search, blocked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.texts import Text
from holdfast.services.progress import Progress, Silent
from holdfast.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from holdfast.services.collect.identity.blocks import Sorted
    from holdfast.store.duplicates import Pair

MOST_LISTED = 10_000
"""Pairs that are kept, the most probable: nobody looks at more."""

MOST_OF_ONE = 5
"""Pairs of one customer that are kept: one who looks like everybody would fill the list."""

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Search:
    """What a search did: pairs compared, pairs listed now."""

    compared: int
    listed: int


def search_duplicates(settings: Settings, now: datetime, progress: Progress | None = None) -> Search:
    """Bring the list of probable duplicates up to date.

    The first time everybody is compared with those who share a key, later only who changed; pairs
    listed already are looked at again, so that what no longer holds goes. Reads every customer's
    names, addresses and numbers once and holds no lock while it does; does nothing when nothing changed.
    """
    from holdfast.services.collect.identity.blocks import filed
    from holdfast.store import duplicates
    from holdfast.store.linked import all_apart

    now_us = int(now.timestamp() * 1_000_000)
    last = duplicates.last_search(settings)
    point, trait = duplicates.newest(settings)
    links = duplicates.linked_units(settings)
    changed = None if last is None else _units(duplicates.changed_subjects(settings, last), links)
    before = duplicates.all_pairs(settings)
    if changed is not None and not len(changed) and not before:
        return Search(0, 0)
    keys = filed(duplicates.entries(settings), lambda subject: links.get(subject, subject))
    pairs = _candidates(keys.pairs(changed), before, all_apart(), links)
    kept = _most_probable(_alike(settings, pairs, links, keys, now_us, progress or Silent()))
    duplicates.replace_pairs(settings, kept)
    duplicates.save_search(settings, duplicates.Searched(now_us, point, trait, len(pairs), len(kept)))
    return Search(len(pairs), len(kept))


def _units(subjects: Iterable[int], links: Mapping[int, int]) -> NDArray[np.int64]:
    import numpy as np

    return np.array(sorted({links.get(subject, subject) for subject in subjects}), np.int64)


def _candidates(
    sharing: NDArray[np.int64],
    before: Iterable[tuple[int, int]],
    apart: Iterable[tuple[int, int]],
    links: Mapping[int, int],
) -> NDArray[np.int64]:
    """Pairs to compare: those that share a key and those listed before, but none that a person decided."""
    import numpy as np

    known = {pair for left, right in before if (pair := _pair(left, right, links))[0] != pair[1]}
    pairs = np.concatenate((sharing, np.array(sorted(known), np.int64).reshape(-1, 2)))
    pairs = np.unique(pairs, axis=0)
    decided = np.array(sorted({_pair(left, right, links) for left, right in apart}), np.int64).reshape(-1, 2)
    if not len(decided):
        return pairs
    lows = pairs[:, 0].searchsorted(decided[:, 0]), pairs[:, 0].searchsorted(decided[:, 0], "right")
    out = np.zeros(len(pairs), bool)
    for first, last, high in zip(*lows, decided[:, 1], strict=True):
        out[first:last] |= pairs[first:last, 1] == high
    return pairs[~out]


def _pair(left: int, right: int, links: Mapping[int, int]) -> tuple[int, int]:
    """The customers to whom two ids belong now, the smaller id first."""
    units = links.get(left, left), links.get(right, right)
    return min(units), max(units)


def _alike(
    settings: Settings,
    pairs: NDArray[np.int64],
    links: Mapping[int, int],
    keys: Sorted,
    now_us: int,
    progress: Progress,
) -> Iterator[Pair]:
    """Those of ``pairs`` for whom enough speaks, in stretches: facts of few customers are held at a time."""
    from holdfast.services.collect.identity.likeness import LISTED_FROM, Prepared, likeness
    from holdfast.store import duplicates

    members: dict[int, list[int]] = {}
    for subject, unit in links.items():
        members.setdefault(unit, []).append(subject)
    sharers = _Sharers(keys)
    for first in range(0, len(pairs), _AT_ONCE):
        some = pairs[first : first + _AT_ONCE].tolist()
        units = {unit for pair in some for unit in pair}
        facts = duplicates.facts_of(settings, {unit: members.get(unit, [unit]) for unit in units})
        prepared = {unit: Prepared(each) for unit, each in facts.items()}
        for low, high in some:
            found = likeness(prepared[low], prepared[high], sharers)
            if found.score >= LISTED_FROM:
                yield duplicates.Pair(low, high, found.score, found.reasons, now_us)
        progress.step(Text("Comparing customers"), first + len(some), len(pairs))


class _Sharers:
    """How many customers have a name or a number, by the keys under which everybody is filed."""

    def __init__(self, keys: Sorted) -> None:
        self._keys = keys
        self._known: dict[tuple[str, str], int] = {}

    def __call__(self, kind: str, value: str) -> int:
        from holdfast.services.collect.identity.blocks import name_key, phone_key

        asked = (kind, value)
        if asked not in self._known:
            key = phone_key(value) if kind == "phone" else name_key(value, kind)
            self._known[asked] = self._keys.sharers(key)
        return self._known[asked]


def _most_probable(found: Iterable[Pair]) -> list[Pair]:
    taken: Counter[int] = Counter()
    kept: list[Pair] = []
    for pair in sorted(found, key=lambda each: (-each.score, each.low_id, each.high_id)):
        if max(taken[pair.low_id], taken[pair.high_id]) < MOST_OF_ONE and len(kept) < MOST_LISTED:
            taken.update((pair.low_id, pair.high_id))
            kept.append(pair)
    return kept
