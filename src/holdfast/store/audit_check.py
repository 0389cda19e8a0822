"""Whether the audit trail is whole: every note as it was written, none missing, none cut off at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from holdfast import store
from holdfast.domain import audit as chain
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import audit_anchor, sql
from holdfast.store.audit import FORGOTTEN, chain_key
from holdfast.store.audit_anchor import Anchor

EDITED, DETAILS, MISSING, EMPTIED, CUT, REWRITTEN, NO_ANCHOR, HEAD = (
    "edited",
    "details",
    "missing",
    "emptied",
    "cut",
    "rewritten",
    "no_anchor",
    "head",
)
"""Kinds of what can be wrong with the trail."""

_MOST_FOUND = 100
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong: what ``kind``, from the note at ``first`` to that at ``last``."""

    kind: str
    first: int
    last: int

    def words(self) -> Text:
        """What is wrong, for people."""
        return _WORDS[self.kind](self.first, self.last)


_WORDS: dict[str, Callable[[int, int], Text]] = {
    EDITED: lambda first, last: Text(
        "Notes {first} to {last} are not as they were written, or stand in another place.",
        first=first,
        last=last,
    ),
    DETAILS: lambda first, last: Text(
        "The details of notes {first} to {last} are not as they were written.", first=first, last=last
    ),
    MISSING: lambda first, last: Text("Notes {first} to {last} are missing.", first=first, last=last),
    EMPTIED: lambda first, last: Text(
        "Details of notes {first} to {last} were emptied, and no erasure explains it.", first=first, last=last
    ),
    CUT: lambda first, last: Text(
        "The end of the trail is missing: notes {first} to {last}.", first=first, last=last
    ),
    REWRITTEN: lambda _, last: Text(
        "Note {last} is not the one it was: the end was cut off and written anew.", last=last
    ),
    NO_ANCHOR: lambda *_: Text(
        "The file {file} is missing, or was not written here: whether the end is whole cannot be said.",
        file="audit.head",
    ),
    HEAD: lambda _, last: Text(
        "Where the database says that the trail ends does not fit, at note {last}.", last=last
    ),
}


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found: ``notes`` were read, the last at ``head``; ``found`` is empty for a whole trail."""

    notes: int
    head: Anchor
    found: tuple[Found, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.found


@dataclass(slots=True)
class _Walk:
    """One way along the chain, note by note."""

    key: bytes
    anchors: dict[int, str]
    position: int = 0
    before: str = chain.START
    notes: int = 0
    found: list[Found] = field(default_factory=list)
    emptied: dict[str, tuple[int, int]] = field(default_factory=dict)
    forgotten: dict[str, int] = field(default_factory=dict)

    def step(self, row: sql.Row) -> None:
        """Read the next note."""
        position, at_us, who, via, did, sort, about, details, salt, digest, written = row
        self.notes += 1
        if position <= 0:
            self.say(EDITED, position, position)
        elif position != self.position + 1:
            self.say(MISSING, self.position + 1, position - 1)
        said = (int(at_us), None if who is None else int(who), via, did, sort, about)
        if chain.link(self.key, self.before, position, said, digest) != written:
            self.say(EDITED, position, position)
        self._look_at_details(position, about, details, salt, digest)
        if did == FORGOTTEN:
            self.forgotten[about] = position
        if self.anchors.get(position, written) != written:
            self.say(REWRITTEN, position, position)
        self.position, self.before = position, written

    def _look_at_details(self, position: int, about: str, details: str, salt: str, digest: str) -> None:
        if salt or details:
            if chain.digest(self.key, salt, details) != digest:
                self.say(DETAILS, position, position)
            return
        first, _ = self.emptied.get(about, (position, position))
        self.emptied[about] = (first, position)

    def say(self, kind: str, first: int, last: int) -> None:
        """Remember what is wrong; notes in a row are one finding."""
        if self.found and self.found[-1].kind == kind and self.found[-1].last == first - 1:
            self.found[-1] = Found(kind, self.found[-1].first, last)
        elif len(self.found) < _MOST_FOUND:
            self.found.append(Found(kind, first, last))

    def end(self) -> None:
        """What can be said only after the last note."""
        for about, (first, last) in self.emptied.items():
            if self.forgotten.get(about, 0) < last:
                self.say(EMPTIED, first, last)
        furthest = max(self.anchors, default=0)
        if furthest > self.position:
            self.say(CUT, self.position + 1, furthest)


def verify(settings: Settings, *, also: Sequence[Anchor] = ()) -> Verified:
    """Walk the whole trail. ``also`` are ends of it that were kept elsewhere (printed, mailed).

    Takes about ten seconds for a million notes, and the page that asks for it waits so long.
    """
    store.connect(settings)
    key = chain_key(settings)
    # Read before the rows: what is noted meanwhile lies behind it, and is no reason for alarm.
    kept, head = audit_anchor.read(settings.folder, key), _head()
    anchors = {each.position: each.hash for each in (*also, *([kept] if kept else []))}
    walk = _Walk(key, anchors)
    for row in _rows():
        walk.step(row)
    walk.end()
    if walk.notes and kept is None:
        walk.say(NO_ANCHOR, walk.position, walk.position)
    _compare_head(walk, head)
    return Verified(walk.notes, Anchor(walk.position, walk.before), tuple(walk.found))


def _compare_head(walk: _Walk, head: Anchor) -> None:
    if head.position > walk.position:
        walk.say(CUT, walk.position + 1, head.position)
        return
    row = sql.one("SELECT hash FROM audit_note WHERE id = %s", (head.position,))
    later = _head()
    if (row is None and head.position) or (row is not None and row[0] != head.hash):
        walk.say(HEAD, head.position, head.position)
    elif later.position < walk.position:
        walk.say(HEAD, later.position, walk.position)


def _head() -> Anchor:
    row = sql.one("SELECT position, hash FROM audit_head WHERE id = 1")
    return Anchor(0, chain.START) if row is None else Anchor(int(row[0]), str(row[1]))


def head(settings: Settings) -> Anchor:
    """Where the trail ends now: keep it elsewhere, and give it to :func:`verify` later."""
    store.connect(settings)
    return _head()


def _rows() -> Iterator[sql.Row]:
    """Every note in order, in short reads: a cursor over all would hold the database for long."""
    after = -(2**62)
    while rows := sql.read(
        "SELECT id, at_us, who, via, did, sort, about, details, salt, digest, hash FROM audit_note "
        "WHERE id > %s ORDER BY id LIMIT %s",
        (after, _AT_ONCE),
    ):
        yield from rows
        after = rows[-1][0]
