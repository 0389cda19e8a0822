"""Readings as they are written: with the facts that follow from them, each text once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from holdfast import store
from holdfast.domain.readings import NEGATIVE, POSITIVE, TEXT_READ
from holdfast.settings import Settings
from holdfast.store import due, erasure, ingest_log, linking, sql
from holdfast.store.ingest_log import LogEvent

if TYPE_CHECKING:
    from holdfast.text import Evidence
    from holdfast.text.found import Found

AT_ONCE = 250
"""Readings of one transaction: a row has eight indexes, and three events go with it."""

OURS = "ours"
"""The kind of a text that we wrote ourselves: noted, so that nobody looks at it again, and never read."""

SOURCE = "holdfast"

_SCORES = {NEGATIVE: -1.0, POSITIVE: 1.0}


@dataclass(frozen=True, slots=True)
class NewReading:
    """A text that was read; ``known_us`` is from when its event counts, ``drawn`` a number by lot."""

    event_key: bytes
    subject_id: int
    at_us: int
    known_us: int
    kind: str
    object_kind: str | None
    object_id: str | None
    import_id: int | None
    found: Found
    drawn: float


def save(
    settings: Settings,
    rows: Sequence[NewReading],
    *,
    version: str,
    nobody_since: int,
    now_us: int,
    touch: bool,
) -> set[bytes]:
    """Write readings with their facts, in one transaction; the keys of those that are new.

    A text that was read already stays as it was; one that is gone, or came to another import, is left; and
    where somebody was erased since ``nobody_since`` (of :func:`holdfast.store.erasure.sign`) nothing is
    written, to be tried again.
    """
    store.connect(settings)
    if not rows:
        return set()
    with sql.short_write():
        if not erasure.still(settings, nobody_since):
            return set()
        there = _there([row.event_key for row in rows])
        kept = [row for row in rows if there.get(row.event_key, -1) == row.import_id]
        new = _insert(kept, version, now_us)
        told = [row for row in kept if row.event_key in new and row.kind != OURS]
        if touch and told:
            units = linking.units_of(settings, {row.subject_id for row in told})
            due.touch(settings, units.values(), now_us)
        ingest_log.append(settings, [event for row in told for event in _facts(row)])
    return new


def codes(sentiment: str, causes: Iterable[str], wants: Iterable[str]) -> tuple[str, ...]:
    """The codes of the facts of a reading: how it sounds, and each thing found."""
    return tuple(dict.fromkeys((sentiment, *causes, *wants)))


def fact(
    code: str,
    sentiment: str,
    *,
    of: bytes,
    subject_id: int,
    at_us: int,
    known_us: int,
    object_kind: str | None,
    object_id: str | None,
    import_id: int | None,
) -> LogEvent:
    """The event that says that ``code`` was found in the text of the event ``of``."""
    return LogEvent(
        event_key=fact_key(of, import_id, code),
        message_id=None,
        subject_id=subject_id,
        at_us=at_us,
        known_us=known_us,
        name=TEXT_READ,
        source=SOURCE,
        object_kind=object_kind,
        object_id=object_id,
        code=code,
        score=_SCORES.get(sentiment, 0.0),
        import_id=import_id,
    )


def fact_key(of: bytes, import_id: int | None, code: str) -> bytes:
    """The key of that event among all; another import's text is another event."""
    words = f"read\x1f{of.hex()}\x1f{import_id}\x1f{code}"
    return blake2b(words.encode(), digest_size=16).digest()


def together(words: Iterable[str]) -> str:
    """Ids as a column holds them: between blanks, so that each is found by a pattern."""
    joined = " ".join(words)
    return f" {joined} " if joined else ""


def _there(keys: Sequence[bytes]) -> dict[bytes, int | None]:
    """Which texts are there, with the import that has them."""
    marks = ", ".join(["%s"] * len(keys))
    found = sql.read(f"SELECT event_key, import_id FROM customer_text WHERE event_key IN ({marks})", keys)
    return {bytes(key): import_id for key, import_id in found}


def _insert(rows: Sequence[NewReading], version: str, now_us: int) -> set[bytes]:
    if not rows:
        return set()
    values: list[Any] = []
    for row in rows:
        found = row.found
        told = () if row.kind == OURS else codes(found.sentiment, found.causes, found.wants)
        values += [row.event_key, row.subject_id, row.at_us, row.known_us, row.kind, row.object_kind]
        values += [row.object_id, row.import_id, found.language, found.sentiment, together(found.causes)]
        values += [together(found.wants), json.dumps(found.competitors), spans(found.evidence)]
        values += [version, now_us, found.doubt, row.drawn, together(told)]
    place = f"({', '.join(['%s'] * 6)}, %s, CAST(%s AS BIGINT), {', '.join(['%s'] * 11)}, FALSE, '')"
    rows_new = sql.read(
        f"INSERT INTO text_reading ({_COLUMNS}, facts_due, corrected_by) "
        f"VALUES {', '.join([place] * len(rows))} "
        "ON CONFLICT (event_key) DO NOTHING RETURNING event_key",
        values,
    )
    return {bytes(key) for (key,) in rows_new}


_COLUMNS = (
    "event_key, subject_id, at_us, known_us, kind, object_kind, object_id, import_id, language, sentiment, "
    "causes, wants, competitors, evidence, version, read_us, doubt, drawn, told"
)


def spans(evidence: Iterable[Evidence]) -> str:
    """Evidence as a column holds it."""
    return json.dumps([[each.meaning, each.start, each.end] for each in evidence])


def _facts(row: NewReading) -> list[LogEvent]:
    found = row.found
    return [
        fact(
            code,
            found.sentiment,
            of=row.event_key,
            subject_id=row.subject_id,
            at_us=row.at_us,
            known_us=row.known_us,
            object_kind=row.object_kind,
            object_id=row.object_id,
            import_id=row.import_id,
        )
        for code in codes(found.sentiment, found.causes, found.wants)
    ]


@dataclass(frozen=True, slots=True)
class Changed:
    """A reading whose facts are not what it says any more."""

    id: int
    event_key: bytes
    subject_id: int
    at_us: int
    known_us: int
    object_kind: str | None
    object_id: str | None
    import_id: int | None
    sentiment: str
    causes: tuple[str, ...]
    wants: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """What its facts are to say."""
        return codes(self.sentiment, self.causes, self.wants)

    @property
    def old_keys(self) -> list[bytes]:
        """The keys of its facts that are in the log."""
        return [fact_key(self.event_key, self.import_id, code) for code in self.told]


def changed(settings: Settings, most: int) -> list[Changed]:
    """Readings whose facts are due."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, event_key, subject_id, at_us, known_us, object_kind, object_id, import_id, sentiment, "
        "causes, wants, told FROM text_reading WHERE facts_due ORDER BY id LIMIT %s",
        (most,),
    )
    return [
        Changed(row[0], bytes(row[1]), *row[2:9], *(tuple(words.split()) for words in row[9:]))
        for row in rows
    ]


def put_facts(settings: Settings, rows: Sequence[Changed], *, now_us: int) -> None:
    """Write the facts of changed readings anew; the old ones are out of the lake already.

    Those that wait in the ingest log go here, in the same transaction. For whoever has the writers' turn.
    """
    store.connect(settings)
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        with sql.short_write():
            still = _still(some)
            kept = [row for row in some if row.id in still]
            _forget([key for row in kept for key in row.old_keys], {row.subject_id for row in kept})
            for row in kept:
                sql.write(
                    "UPDATE text_reading SET told = %s, facts_due = %s WHERE id = %s",
                    (together(row.codes), False, row.id),
                )
            due.touch(settings, linking.units_of(settings, {row.subject_id for row in kept}).values(), now_us)
            ingest_log.append(settings, [event for row in kept for event in _again(row)])


def _still(rows: Sequence[Changed]) -> set[int]:
    """Those that say the same as when they were read."""
    listed = ", ".join(str(row.id) for row in rows)
    now = {
        number: (sentiment, tuple(causes.split()), tuple(wants.split()))
        for number, sentiment, causes, wants in sql.read(
            f"SELECT id, sentiment, causes, wants FROM text_reading WHERE id IN ({listed})"
        )
    }
    return {row.id for row in rows if now.get(row.id) == (row.sentiment, row.causes, row.wants)}


def _forget(keys: Sequence[bytes], subjects: Collection[int]) -> None:
    listed = ", ".join(str(int(subject)) for subject in subjects) or "NULL"
    for first in range(0, len(keys), 400):
        some = keys[first : first + 400]
        marks = ", ".join(["%s"] * len(some))
        sql.write(
            f"DELETE FROM log_row WHERE subject_id IN ({listed}) AND event_key IN ({marks})", list(some)
        )


def _again(row: Changed) -> list[LogEvent]:
    return [
        fact(
            code,
            row.sentiment,
            of=row.event_key,
            subject_id=row.subject_id,
            at_us=row.at_us,
            known_us=row.known_us,
            object_kind=row.object_kind,
            object_id=row.object_id,
            import_id=row.import_id,
        )
        for code in row.codes
    ]
