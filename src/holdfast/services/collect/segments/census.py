"""What there is in the log: names of events, kinds of surveys, currencies; kept, since it is a long look."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.analytics.converting import RATES, amount_in
from holdfast.analytics.emit import emit
from holdfast.analytics.rates import Rate, RateTable
from holdfast.analytics.segment_events import ANSWERED, Ground, Moment
from holdfast.analytics.spec import Column, Count, Greatest, Least, Literal, Or, Query, equals
from holdfast.domain.money import NO_CURRENCY, exponent
from holdfast.engines.tables import Rows, Table
from holdfast.services.whole_files import write_whole

if TYPE_CHECKING:
    from holdfast.settings import Settings

FRESH_US = 10 * 60 * 1_000_000
"""So long names and counts stay as they were read, whatever arrives."""


@dataclass(frozen=True, slots=True)
class Census:
    """Events by name, surveys by kind, currencies (the most frequent first) and the first moment.

    ``settled_us``: nothing in the log happened or became known later. What arrives live happened, and is
    known, when it arrives at the latest; only an import can bring what lies ahead, and then ``imports``
    (their signature) is another.
    """

    made_us: int
    names: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    first_us: int | None = None
    settled_us: int = 0
    imports: str = ""


def folder(settings: Settings) -> Path:
    """Where segments keep what can always be made again."""
    return settings.measured / "segments"


def census(settings: Settings, now_us: int, *, fresh_us: int = FRESH_US) -> Census:
    """The census, read anew when the kept one is older than ``fresh_us``."""
    from holdfast.store.segment_leaves import imports_signature

    kept = _kept(folder(settings) / "census.json")
    fresh = kept is not None and 0 <= now_us - kept.made_us < fresh_us
    if kept is not None and fresh and kept.imports == imports_signature(settings):
        return kept
    made = _count(settings, now_us)
    write_whole(folder(settings) / "census.json", json.dumps(asdict(made), ensure_ascii=False))
    return made


def ground_of(
    settings: Settings, moment: Moment, now_us: int, *, linked: bool
) -> tuple[Ground, dict[str, Table]]:
    """What all questions have in common, and the table of rates where there are several currencies."""
    from holdfast.store import readers

    found = census(settings, now_us, fresh_us=144 * FRESH_US)
    currency = settings.currency or next(iter(found.currencies), NO_CURRENCY)
    first_us = moment.now_us if found.first_us is None else min(found.first_us, moment.now_us)
    rates = RateTable(
        [
            Rate(each.day, each.from_currency, each.to_currency, float(each.rate))
            for each in (readers.rates(settings) if len(found.currencies) > 1 else ())
        ],
        currency,
    )
    days = range(first_us // 86_400_000_000 - 1, moment.today + 2)
    amount, held = amount_in(rates, found.currencies, settings.zone, first_us, moment.now_us, days)
    settled = found.settled_us <= moment.now_us
    ground = Ground(settings.zone, first_us, amount, exponent(currency), linked, settled)
    return ground, {} if held is None else {RATES: Rows(held)}


def _count(settings: Settings, now_us: int) -> Census:
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import finished_events
    from holdfast.store.segment_leaves import imports_signature

    signature = imports_signature(settings)  # before the log is read: a newer one is looked at again
    events: dict[str, Table] = {"events": finished_events(settings)}
    settings.measured.mkdir(parents=True, exist_ok=True)
    names, currencies = Counter[str](), Counter[str]()
    with EmbeddedEngine(temp=settings.measured) as engine:
        rows = engine.rows(emit(_ROWS, engine.dialect), events)
        answered = engine.rows(emit(_ANSWERS, engine.dialect), events)
    for name, currency, count, _, _, _ in rows:
        names[name] += count
        if currency:
            currencies[currency] += count
    return Census(
        now_us,
        dict(sorted(names.items(), key=lambda each: (-each[1], each[0]))),
        {code: count for code, count in sorted(answered, key=lambda each: -each[1]) if code},
        tuple(code for code, _ in currencies.most_common()),
        min((first for _, _, _, first, _, _ in rows), default=None),
        max((max(last, known) for _, _, _, _, last, known in rows), default=0),
        signature,
    )


_ROWS = Query(
    "events",
    {"name": Column("name"), "currency": Or(Column("currency"), Literal(""))},
    {
        "rows": Count(),
        "first_us": Least(Column("at_us")),
        "last_us": Greatest(Column("at_us")),
        "known_us": Greatest(Column("known_us")),
    },
)
_ANSWERS = Query("events", {"code": Column("code")}, {"rows": Count()}, where=equals("name", ANSWERED))


def _kept(path: Path) -> Census | None:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return Census(**held | {"currencies": tuple(held["currencies"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None  # none, or of another release: it is made anew
