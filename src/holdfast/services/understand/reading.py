"""Read what customers wrote: live within the pulse, and whatever is not read yet; and make it facts.

A reading and its "Text Read" events are written in one transaction, so that each text is read once however
often a process is killed. What somebody corrected, or a newer reader finds otherwise, becomes other facts:
:func:`settle_facts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from holdfast.domain.texts import Text
from holdfast.domain.written import OURS, Told, kind_of
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.engines.said import told_of
from holdfast.services.progress import Progress, Silent
from holdfast.services.understand.reader import Reader, reader_of
from holdfast.services.visible import events_of, finished_events
from holdfast.store.readings_written import AT_ONCE, NewReading

if TYPE_CHECKING:
    from holdfast.engines.tables import Table
    from holdfast.settings import Settings
    from holdfast.store.unread import Unread
    from holdfast.text.found import Found

LIVE_AT_ONCE = 500
"""Texts that one beat of the pulse reads at most: a quarter of a second."""

LOOKED_UP = 50_000
"""Texts whose events are looked up together: each look goes through the keys of the event log."""

_TICKETS = "tickets"
"""The kind of import whose lines are whole tickets."""

_FEW = 300
"""So few texts are looked up in the files of their writers only."""


@dataclass(frozen=True, slots=True)
class Read:
    """How many texts were read, of them in no language that we read, and how many are our own words."""

    texts: int = 0
    not_read: int = 0
    ours: int = 0

    def __add__(self, other: Read) -> Read:
        return Read(self.texts + other.texts, self.not_read + other.not_read, self.ours + other.ours)


class LiveReading:
    """What a worker holds between two beats: the reader, and how far it has read."""

    def __init__(self) -> None:
        self._reader: tuple[tuple[object, ...], Reader] | None = None

    def read_new(self, settings: Settings, *, now_us: int) -> Read:
        """Read what arrived live since the last beat, the oldest first, and touch who wrote it.

        A text whose event went to the lake meanwhile is left to :func:`read_unread`.
        """
        from holdfast.store import erasure, unread

        some = unread.live(settings, LIVE_AT_ONCE)
        if not some:
            return Read()
        nobody_since = erasure.sign(
            settings
        )  # whoever was erased before has no text any more when it is saved
        told = {each.text.event_key: each.told for each in some}
        texts = [each.text for each in some]
        done = _save(settings, self.reader(settings), texts, told, nobody_since, now_us, touch=True)
        unread.note_live(settings, texts[-1].id)
        return done

    def reader(self, settings: Settings) -> Reader:
        """The reader, made again when competitors or learned layers are others."""
        from holdfast.store import own_words

        mark = (settings.folder, *own_words.mark(settings))
        if self._reader is None or self._reader[0] != mark:
            # The beat waits for nobody outside: what a language model says of doubtful texts comes by night.
            self._reader = mark, reader_of(settings, asks=False)
        return self._reader[1]


def read_unread(
    settings: Settings,
    *,
    now_us: int,
    since_id: int = 0,
    most: int | None = None,
    touch: bool = False,
    progress: Progress | None = None,
) -> Read:
    """Read every text of finished imports and of what arrived live that has no reading yet.

    ``since_id``: only texts with a larger number. ``most``: about so many. ``touch``: who wrote is looked
    at again soon; the loop's run looks at everybody anyway. A text whose event is not in the log is left.
    """
    from holdfast.store import erasure, unread

    told_progress, done, after = progress or Silent(), Read(), since_id
    waiting = unread.count(settings, since_id) if progress is not None else 0
    reader: Reader | None = None
    while most is None or done.texts < most:
        texts = unread.some(settings, after, LOOKED_UP if most is None else min(most, LOOKED_UP))
        if not texts:
            break
        nobody_since = erasure.sign(settings)
        reader, after = reader or reader_of(settings), texts[-1].id
        told = _told(settings, texts)
        for part in _stretches(texts):
            done += _save(settings, reader, part, told, nobody_since, now_us, touch=touch)
            told_progress.step(Text("Reading what customers wrote"), done.texts + done.ours, waiting or None)
    return done


def _told(settings: Settings, texts: Sequence[Unread]) -> dict[bytes, Told]:
    """What the event log says of the events of these texts."""
    subjects = sorted({each.subject_id for each in texts})
    few = len(texts) <= _FEW
    events: Table = events_of(settings, subjects) if few else finished_events(settings)
    (settings.folder / "spill").mkdir(parents=True, exist_ok=True)
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=300) as engine:
        return told_of(engine, events, [each.event_key for each in texts])


def _save(
    settings: Settings,
    reader: Reader,
    texts: Sequence[Unread],
    told: dict[bytes, Told],
    nobody_since: int,
    now_us: int,
    *,
    touch: bool,
) -> Read:
    from holdfast.store import readings_written

    known = [each for each in texts if each.event_key in told]
    found = reader.read([_words(each, told) for each in known])
    rows = [_row(each, told[each.event_key], one) for each, one in zip(known, found, strict=True)]
    saved = readings_written.save(
        settings, rows, version=reader.version, nobody_since=nobody_since, now_us=now_us, touch=touch
    )
    theirs = [row for row in rows if row.event_key in saved and row.kind != readings_written.OURS]
    return Read(
        len(theirs),
        sum(row.found.language is None for row in theirs),
        len(saved) - len(theirs),
    )


def _words(text: Unread, told: dict[bytes, Told]) -> str:
    """The text as it is read: our own words are not."""
    return "" if _is_ours(text, told[text.event_key]) else text.text


def _is_ours(text: Unread, told: Told) -> bool:
    """A line of a file of tickets tells of the answer too; its words are those of who asked."""
    return told.name in OURS and text.kind != _TICKETS


def _row(text: Unread, told: Told, found: Found) -> NewReading:
    from holdfast.store import readings_written

    ours = _is_ours(text, told)
    return NewReading(
        event_key=text.event_key,
        subject_id=text.subject_id,
        at_us=told.at_us,
        known_us=told.known_us,
        kind=readings_written.OURS if ours else kind_of(told.name),
        object_kind=told.object_kind,
        object_id=told.object_id,
        import_id=text.import_id,
        found=found,
        drawn=_lot(text.event_key),
    )


def _lot(event_key: bytes) -> float:
    """A number by lot, 0 to 1, that is the same whenever the text is read."""
    return int.from_bytes(blake2b(event_key, key=b"lot", digest_size=6).digest(), "big") / 2**48


def _stretches(texts: Sequence[Unread]) -> Iterator[Sequence[Unread]]:
    for first in range(0, len(texts), AT_ONCE):
        yield texts[first : first + AT_ONCE]
