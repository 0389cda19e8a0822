"""What was read in the texts of customers, as others ask for it: who said what, when, and in which words.

Readings of texts of undone imports are not seen; a corrected reading is seen as it was corrected. How they
are written stands in :mod:`holdfast.store.readings_written`, the queue in :mod:`holdfast.store.to_review`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from holdfast import store
from holdfast.domain.readings import NAMES_COMPETITOR, WANTS_TO_LEAVE
from holdfast.settings import Settings
from holdfast.store import readers, sql


class Said(NamedTuple):
    """What one text said.

    ``unit_id`` is the customer, ``happened_us`` when it was written, ``source_kind`` where ("ticket",
    "message", "survey", "review", "call", "visit", "event"). ``language`` is ``None`` where it was not
    read. ``causes`` are ids of the taxonomy in its order; ``leaving``: the writer means to go;
    ``competitor``: one is named. ``quote_event_id`` is the reading's id, for :func:`quotes`.
    """

    unit_id: int
    happened_us: int
    source_kind: str
    language: str | None
    sentiment: str
    causes: tuple[str, ...]
    leaving: bool
    competitor: bool
    quote_event_id: int


@dataclass(frozen=True, slots=True)
class Span:
    """Why a reading says ``meaning``: the characters from ``start`` to before ``end`` of its text."""

    meaning: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading with its text; ``unit_id`` is the customer's, ``subject_id`` the id that wrote it.

    ``corrected_us`` is ``None`` where nobody corrected it; ``read_before`` is then what the reader said
    (``sentiment``, ``causes``, ``wants``).
    """

    id: int
    event_key: bytes
    subject_id: int
    unit_id: int
    at_us: int
    kind: str
    language: str | None
    sentiment: str
    causes: tuple[str, ...]
    wants: tuple[str, ...]
    competitors: tuple[str, ...]
    evidence: tuple[Span, ...]
    text: str
    version: str
    corrected_us: int | None
    corrected_by: str
    read_before: dict[str, Any] | None

    @property
    def leaving(self) -> bool:
        """Whether the writer means to go."""
        return WANTS_TO_LEAVE in self.wants


def said_between(settings: Settings, start_us: int, end_us: int) -> Iterator[Said]:
    """What customers said from ``start_us`` to before ``end_us``, by moment; memory does not grow with it."""
    store.connect(settings)
    unit_of = readers.resolved_units(settings)
    for rows in sql.stream(
        "SELECT r.subject_id, r.at_us, r.kind, r.language, r.sentiment, r.causes, r.wants, r.id "
        f"FROM text_reading r WHERE r.at_us >= %s AND r.at_us < %s AND {SEEN} ORDER BY r.at_us, r.id",
        (start_us, end_us),
    ):
        for subject, at_us, kind, language, sentiment, causes, wants, number in rows:
            unit, said = readers.unit_among(unit_of, subject), wants.split()
            leaving, rival = WANTS_TO_LEAVE in said, NAMES_COMPETITOR in said
            found = tuple(causes.split())
            yield Said(unit, at_us, kind, language, sentiment, found, leaving, rival, number)


def quotes(settings: Settings, ids: Sequence[int]) -> dict[int, Reading]:
    """Readings with their texts, by id; those that are not there any more are left out."""
    store.connect(settings)
    found: dict[int, Reading] = {}
    for first in range(0, len(ids), _AT_ONCE):
        some = readers.among(ids[first : first + _AT_ONCE])
        found |= {each.id: each for each in read_rows(settings, f"r.id IN {some}", ())}
    return found


def reading(settings: Settings, number: int) -> Reading | None:
    """One reading; ``None`` where there is none of this id."""
    return quotes(settings, [number]).get(number)


def of_subjects(settings: Settings, subjects: Sequence[int], *, limit: int = 200) -> list[Reading]:
    """The newest readings of what these subjects wrote."""
    store.connect(settings)
    return read_rows(
        settings,
        f"r.subject_id IN {readers.among(subjects)}",
        (),
        order="r.at_us DESC, r.id DESC",
        limit=limit,
    )


def read_rows(
    settings: Settings,
    condition: str,
    values: Sequence[Any],
    *,
    order: str = "r.id",
    limit: int | None = None,
) -> list[Reading]:
    """Readings with their texts that meet a condition over the tables r (readings) and t (texts)."""
    most = "" if limit is None else f" LIMIT {int(limit)}"
    rows = sql.read(
        f"SELECT {_COLUMNS}, t.text FROM text_reading r JOIN customer_text t ON t.event_key = r.event_key "
        f"WHERE {condition} AND {SEEN} ORDER BY {order}{most}",
        values,
    )
    units = units_of(settings, {int(row[2]) for row in rows})
    return [as_reading(row, units) for row in rows]


def units_of(settings: Settings, subjects: set[int]) -> dict[int, int]:
    """Subject to the customer that it belongs to now."""
    from holdfast.store import identity_live

    return identity_live.units_of(settings, subjects) if subjects else {}


def as_reading(row: sql.Row, units: dict[int, int]) -> Reading:
    """A reading from a row of :data:`_COLUMNS` and the text."""
    number, key, subject, at_us, kind, language, sentiment, causes, wants, *rest = row
    rivals, evidence, version, corrected_us, corrected_by, before, text = rest
    return Reading(
        number,
        bytes(key),
        subject,
        units.get(int(subject), int(subject)),
        at_us,
        kind,
        language,
        sentiment,
        tuple(causes.split()),
        tuple(wants.split()),
        tuple(sql.json_value(rivals)),
        tuple(Span(*each) for each in sql.json_value(evidence)),
        text,
        version,
        corrected_us,
        corrected_by,
        None if before is None else sql.json_value(before),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many texts were read, in no language that we read, corrected; by language."""

    texts: int
    not_read: int
    corrected: int
    by_language: dict[str, int]


def counts(settings: Settings) -> Counts:
    """How many texts there are readings of."""
    store.connect(settings)
    rows = sql.read(
        "SELECT r.language, COUNT(*), COUNT(r.corrected_us) FROM text_reading r "
        f"WHERE {SEEN} GROUP BY r.language ORDER BY COUNT(*) DESC, r.language"
    )
    return Counts(
        sum(row[1] for row in rows),
        sum(row[1] for row in rows if row[0] is None),
        sum(row[2] for row in rows),
        {row[0]: row[1] for row in rows if row[0] is not None},
    )


SEEN = (
    "(r.kind <> 'ours' AND "
    "(r.import_id IS NULL OR r.import_id IN (SELECT id FROM import WHERE state = 'done')))"
)
"""The condition that a reading is of a text of a customer that counts."""

_AT_ONCE = 2_000
_COLUMNS = (
    "r.id, r.event_key, r.subject_id, r.at_us, r.kind, r.language, r.sentiment, r.causes, r.wants, "
    "r.competitors, r.evidence, r.version, r.corrected_us, r.corrected_by, r.read_before"
)
