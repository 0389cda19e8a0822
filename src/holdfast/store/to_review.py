"""Readings that a person is to look at, and what they said of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.readings import WANTS_TO_LEAVE
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.readings import SEEN, Reading, read_rows, reading
from holdfast.store.readings_written import codes, together

RANDOM_EVERY = 5
"""Each fifth of the queue is drawn by lot: on these alone one sees how often the reader is right."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which readings a list shows; empty means any. ``corrected``: only those, or only the others."""

    language: str = ""
    cause: str = ""
    kind: str = ""
    sentiment: str = ""
    leaving: bool = False
    corrected: bool | None = None


def queue(settings: Settings, most: int, *, language: str = "") -> list[Reading]:
    """What to look at next: the most useful first, each fifth by lot; read languages only."""
    store.connect(settings)
    narrowed = "r.corrected_us IS NULL AND r.language IS NOT NULL"
    values: list[object] = []
    if language:
        narrowed, values = f"{narrowed} AND r.language = %s", [language]
    by_lot = most // RANDOM_EVERY or 1
    drawn = read_rows(settings, narrowed, values, order="r.drawn, r.id", limit=by_lot)
    useful = read_rows(settings, narrowed, values, order="r.doubt DESC, r.id DESC", limit=most)
    lots = {each.id for each in drawn}
    return list(_mixed([each for each in useful if each.id not in lots], drawn))[:most]


def _mixed(useful: Sequence[Reading], drawn: Sequence[Reading]) -> Iterator[Reading]:
    """Four useful ones, then one by lot."""
    lots = iter(drawn)
    for place, each in enumerate(useful, start=1):
        yield each
        if place % (RANDOM_EVERY - 1) == 0 and (one := next(lots, None)) is not None:
            yield one
    yield from lots


def listed(
    settings: Settings, wanted: Narrowed, *, before: tuple[int, int] | None = None, limit: int = 50
) -> list[Reading]:
    """Readings by moment, the newest first; ``before`` is (moment, id) of the last one of the page before."""
    conditions, values = ["TRUE"], list[object]()
    for column, value in (("language", wanted.language), ("kind", wanted.kind)):
        if value:
            conditions.append(f"r.{column} = %s")
            values.append(value)
    if wanted.sentiment:
        conditions.append("r.sentiment = %s")
        values.append(wanted.sentiment)
    if wanted.cause:
        conditions.append("r.causes LIKE %s ESCAPE '!'")
        values.append(f"% {wanted.cause.replace('_', '!_')} %")
    if wanted.leaving:
        conditions.append("r.wants LIKE %s ESCAPE '!'")
        values.append(f"% {WANTS_TO_LEAVE.replace('_', '!_')} %")
    if wanted.corrected is not None:
        conditions.append(f"r.corrected_us IS {'NOT ' if wanted.corrected else ''}NULL")
    if before is not None:
        conditions.append("(r.at_us < %s OR (r.at_us = %s AND r.id < %s))")
        values += [before[0], before[0], before[1]]
    store.connect(settings)
    return read_rows(settings, " AND ".join(conditions), values, order="r.at_us DESC, r.id DESC", limit=limit)


def correct(
    settings: Settings,
    number: int,
    *,
    sentiment: str,
    causes: Sequence[str],
    wants: Sequence[str],
    by: str,
    now_us: int,
) -> bool:
    """Keep what a person said a text means; whether there is such a reading.

    What the reader had said stays beside it, once. No later reading changes it. Where the facts in the event
    log say something else, they are due.
    """
    store.connect(settings)
    with sql.short_write():
        found = reading(settings, number)
        if found is None:
            return False
        before = found.read_before or {
            "sentiment": found.sentiment,
            "causes": list(found.causes),
            "wants": list(found.wants),
        }
        said = codes(sentiment, causes, wants)
        sql.write(
            "UPDATE text_reading SET sentiment = %s, causes = %s, wants = %s, read_before = %s, "
            "corrected_us = %s, corrected_by = %s, facts_due = (told <> %s) WHERE id = %s",
            (
                sentiment,
                together(causes),
                together(wants),
                json.dumps(before),
                now_us,
                by,
                together(said),
                number,
            ),
        )
    return True


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of a text, and what the reader had said; ``by_lot``: it was not chosen by doubt."""

    text: str
    language: str
    causes: tuple[str, ...]
    sentiment: str
    leaving: bool
    read_causes: tuple[str, ...]
    read_sentiment: str
    drawn: float


def corrections(settings: Settings, language: str | None = None) -> list[Correction]:
    """Everything that was corrected, or found right, by moment of the correction; of one language only."""
    store.connect(settings)
    narrowed, values = "r.corrected_us IS NOT NULL AND r.language IS NOT NULL", list[object]()
    if language is not None:
        narrowed, values = f"{narrowed} AND r.language = %s", [language]
    rows = sql.read(
        "SELECT t.text, r.language, r.causes, r.sentiment, r.wants, r.read_before, r.drawn "
        "FROM text_reading r JOIN customer_text t ON t.event_key = r.event_key "
        f"WHERE {narrowed} AND {SEEN} ORDER BY r.corrected_us, r.id",
        values,
    )
    found = []
    for text, code, causes, sentiment, wants, before, drawn in rows:
        said = sql.json_value(before) or {}
        found.append(
            Correction(
                text,
                code,
                tuple(causes.split()),
                sentiment,
                WANTS_TO_LEAVE in wants.split(),
                tuple(said.get("causes", ())),
                str(said.get("sentiment", "")),
                drawn,
            )
        )
    return found


def lot_reached(settings: Settings) -> float:
    """Up to which number by lot every text was looked at."""
    store.connect(settings)
    row = sql.one(
        "SELECT MIN(r.drawn) FROM text_reading r "
        f"WHERE r.corrected_us IS NULL AND r.language IS NOT NULL AND {SEEN}"
    )
    return 1.0 if row is None or row[0] is None else float(row[0])


def corrected_by_language(settings: Settings) -> dict[str, int]:
    """How many corrections there are of each language."""
    store.connect(settings)
    return dict(
        sql.read(
            "SELECT r.language, COUNT(*) FROM text_reading r WHERE r.corrected_us IS NOT NULL "
            f"AND r.language IS NOT NULL AND {SEEN} GROUP BY r.language ORDER BY r.language"
        )
    )
