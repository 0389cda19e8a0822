"""Which customers are compared at all: those that share a key, never all with all.

A key is what two entries of one customer have in common where enough speaks for them: the last digits of
a number, what stands before the @, a company's name, the sound of a word of the name in one street or with
one date of birth. A single one of the last kind is too little: a name has more words than one, or there is
something else. Keys are hashed to 64 bits and sorted in numpy: a million customers take about 200 MB.
Keys that too many share are left out: they say nothing, and the pairs would grow with their square.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from holdfast.domain.likeness import Facts
from holdfast.services.collect.identity.likeness import local_part, phone_tail
from holdfast.services.collect.identity.spelling import company_words, skeleton, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

MOST_TO_A_KEY = 30
"""Customers that share a key and are compared with one another: 435 pairs at most."""

_COUNTED = "name "
"""How keys begin that are only counted: one name alone makes nobody the same."""

_WEAK = ("there ", "born ")
"""How keys begin of which two must agree."""

_ALL_BITS = 2**64 - 1
_COUNTED_BIT, _WEAK_BIT = 1, 2


def keys_of(facts: Facts) -> Iterator[str]:
    """The keys of one entry."""
    for phone in facts.phones:
        if tail := phone_tail(phone):
            yield phone_key(tail)
    for email in facts.emails:
        if name := local_part(email):
            yield f"local {name}"
    for name in facts.names:
        yield from _keys_of_name(name, facts)


def name_key(sorted_words: str, kind: str) -> str:
    """The key of a whole name, its words sorted and joined by blanks."""
    return f"company {sorted_words}" if kind == "account" else f"{_COUNTED}{sorted_words}"


def phone_key(tail: str) -> str:
    """The key of a number, by its last digits."""
    return f"phone {tail}"


def _keys_of_name(name: str, facts: Facts) -> Iterator[str]:
    found = company_words(name) if facts.kind == "account" else words(name)
    if not found:
        return
    yield name_key(" ".join(sorted(found)), facts.kind)
    sounds = {skeleton(word) for word in found if len(word) > 1}
    places = ["".join(words(place)) for place in (*facts.postcodes, *facts.addresses)]
    if len(sounds) == 1:  # all that such a name has: whole Chinese names are one word
        yield from (f"alone {sound} {place}" for sound in sounds for place in places)
    yield from (f"there {sound} {place}" for sound in sounds for place in places)
    yield from (f"born {day[:10]} {sound}" for sound in sounds for day in facts.birth_dates)


@dataclass(slots=True)
class Blocks:
    """All keys of all customers, as two long columns."""

    _keys: array[int] = field(default_factory=lambda: array("Q"))
    _units: array[int] = field(default_factory=lambda: array("q"))

    def add(self, unit_id: int, facts: Facts) -> None:
        """File one entry of a customer under its keys."""
        for key in keys_of(facts):
            self._keys.append(hashed(key))
            self._units.append(unit_id)

    def sorted(self) -> Sorted:
        """The columns in the order of their keys; this object is empty afterwards."""
        import numpy as np

        keys, units = np.frombuffer(self._keys, np.uint64), np.frombuffer(self._units, np.int64)
        order = np.lexsort((units, keys))
        keys, units = keys[order], units[order]
        first = np.ones(len(keys), bool)
        first[1:] = (keys[1:] != keys[:-1]) | (units[1:] != units[:-1])
        return Sorted(keys[first], units[first])


def hashed(key: str) -> int:
    """The 64 bits under which this process files a key; the last two say what it is worth."""
    bits = hash(key) & _ALL_BITS & ~(_COUNTED_BIT | _WEAK_BIT)
    if key.startswith(_COUNTED):
        return bits | _COUNTED_BIT
    return bits | _WEAK_BIT if key.startswith(_WEAK) else bits


@dataclass(frozen=True, slots=True)
class Sorted:
    """Each key with each of its customers once, sorted by key."""

    keys: NDArray[np.uint64]
    units: Ints

    def sharers(self, key: str) -> int:
        """How many customers have a key."""
        import numpy as np

        wanted = np.uint64(hashed(key))
        first, last = np.searchsorted(self.keys, wanted, "left"), np.searchsorted(self.keys, wanted, "right")
        return int(last - first)

    def pairs(self, changed: Ints | None = None) -> Ints:
        """Pairs of customers that share a key, smaller id first, each once: n rows, 2 columns.

        With ``changed`` (sorted) only pairs that one of those is part of.
        """
        import numpy as np

        if not len(self.keys):
            return np.empty((0, 2), np.int64)
        starts = np.flatnonzero(np.concatenate(([True], self.keys[1:] != self.keys[:-1])))
        sizes = np.diff(np.concatenate((starts, [len(self.keys)])))
        worth = (self.keys[starts] & np.uint64(_COUNTED_BIT | _WEAK_BIT)).astype(np.int64)
        strong = self._sharing(starts[worth == 0], sizes[worth == 0], changed)
        weak = self._sharing(starts[worth == _WEAK_BIT], sizes[worth == _WEAK_BIT], changed)
        twice, times = np.unique(weak, axis=0, return_counts=True)
        return np.unique(np.concatenate((strong, twice[times > 1])), axis=0)

    def _sharing(self, starts: Ints, sizes: Ints, changed: Ints | None) -> Ints:
        """Pairs of those who share a key, as often as they do."""
        import numpy as np

        found = [np.empty((0, 2), np.int64)]
        for size in range(2, MOST_TO_A_KEY + 1):
            found.extend(self._pairs_of(starts[sizes == size], size, changed))
        return np.concatenate(found)

    def _pairs_of(self, blocks: Ints, size: int, changed: Ints | None) -> Iterator[Ints]:
        import numpy as np

        left, right = np.triu_indices(size, 1)
        for some in np.array_split(blocks, max(1, len(blocks) * len(left) // 1_000_000)):
            members = self.units[some[:, None] + np.arange(size)]
            pairs = np.stack((members[:, left].ravel(), members[:, right].ravel()), axis=1)
            if changed is not None:
                pairs = pairs[among(pairs[:, 0], changed) | among(pairs[:, 1], changed)]
            if len(pairs):
                yield pairs


def among(values: Ints, chosen: Ints) -> NDArray[np.bool_]:
    """Which of ``values`` stand in ``chosen``, which is sorted."""
    import numpy as np

    if not len(chosen):
        return np.zeros(len(values), bool)
    place = np.minimum(np.searchsorted(chosen, values), len(chosen) - 1)
    return np.asarray(chosen[place] == values)


def filed(entries: Iterable[Facts], unit_of: Callable[[int], int]) -> Sorted:
    """All ``entries`` (one per id as it arrived), filed under the customer they belong to."""
    blocks = Blocks()
    for entry in entries:
        blocks.add(unit_of(entry.unit_id), entry)
    return blocks.sorted()
