"""What the contact rules look at: what went to customers and is about to, open cases, pauses, places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.pressure import LOOKED_BACK_US
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, stretches

ZONE_TRAITS = ("timezone", "time_zone", "tz")
COUNTRY_TRAITS = ("country", "country_code")

HELD_FOR = ("cap", "pace", "paused", "open_case", "quiet_hours", "rest_day")
"""Codes of touches that these rules let wait."""


@dataclass(frozen=True, slots=True)
class Near:
    """A touch to a customer that went lately ("sent", "unknown"), is being handed over ("claimed"), or is due
    ("waiting"). ``changed_us`` is when it went.
    """

    key: str
    subject_id: int | None
    address: str
    channel: str
    purpose: str
    topic: str
    priority: int
    asked_us: int
    not_after_us: int | None
    state: str
    changed_us: int


_NEAR = (
    "SELECT key, subject_id, address, channel, purpose, topic, priority, asked_us, not_after_us, state, "
    "changed_us FROM touch WHERE {whose} AND ((state IN ('sent', 'unknown', 'claimed') AND changed_us > %s) "
    "OR (state = 'waiting' AND due_us <= %s))"
)


def near(
    settings: Settings, subjects: Collection[int], strangers: Collection[str], *, now_us: int
) -> list[Near]:
    """What went to these subjects lately or is about to, and to these addresses of nobody we know."""
    store.connect(settings)
    since = (now_us - LOOKED_BACK_US, now_us)
    rows: list[sql.Row] = []
    for some in stretches(sorted(subjects)):
        whose = f"subject_id IN {among(some)} AND purpose IN ('marketing', 'service')"
        rows += sql.read(_NEAR.format(whose=whose), since)
    for few in stretches(sorted(strangers)):
        whose = f"subject_id IS NULL AND purpose = 'marketing' AND address IN ({_marks(few)})"
        rows += sql.read(_NEAR.format(whose=whose), (*few, *since))
    return [Near(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Holds:
    """Who has an open case, and until when offers and news pause: by subject, and by key of an address."""

    cases: frozenset[int]
    paused: Mapping[int, int]
    paused_keys: Mapping[bytes, int]


def holds(settings: Settings, subjects: Collection[int], keys: Collection[bytes], *, now_us: int) -> Holds:
    """What holds offers and news to these back."""
    store.connect(settings)
    cases: set[int] = set()
    paused: dict[int, int] = {}
    for some in stretches(sorted(subjects)):
        listed = among(some)
        rows = sql.read(
            f"SELECT subject_id, 0 FROM customer_case WHERE state IN ('open', 'waiting') "
            f"AND subject_id IN {listed} UNION ALL SELECT subject_id, MAX(until_us) FROM contact_pause "
            f"WHERE subject_id IN {listed} AND until_us > %s AND ended_us IS NULL GROUP BY subject_id",
            (now_us,),
        )
        cases |= {int(subject) for subject, until_us in rows if not until_us}
        paused |= {int(subject): int(until_us) for subject, until_us in rows if until_us}
    return Holds(frozenset(cases), paused, _paused_keys(keys, now_us))


def _paused_keys(keys: Collection[bytes], now_us: int) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for some in stretches(sorted(keys)):
        for key, until_us in sql.read(
            f"SELECT address_key, MAX(until_us) FROM contact_pause WHERE address_key IN ({_marks(some)}) "
            "AND until_us > %s AND ended_us IS NULL GROUP BY address_key",
            (*some, now_us),
        ):
            found[bytes(key)] = int(until_us)
    return found


def whereabouts(settings: Settings, subjects: Collection[int]) -> dict[int, dict[str, tuple[int, str]]]:
    """What is known of zone and country: subject to "zone" and "country" to (since when, what was said)."""
    store.connect(settings)
    found: dict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
    names = (*ZONE_TRAITS, *COUNTRY_TRAITS)
    for some in stretches(sorted(subjects)):
        for subject, trait, value, from_us in sql.read(
            "SELECT subject_id, trait, value, valid_from_us FROM trait_history "
            f"WHERE subject_id IN {among(some)} AND trait IN ({_marks(names)}) AND valid_to_us IS NULL "
            "AND value <> '' ORDER BY valid_from_us, id",
            names,
        ):
            kind = "zone" if trait in ZONE_TRAITS else "country"
            found[int(subject)][kind] = (int(from_us), str(value))
    return found


def look_again(
    settings: Settings, codes: Sequence[str], *, now_us: int, subjects: Collection[int] | None = None
) -> int:
    """Let touches that wait for one of these reasons be looked at now; how many."""
    store.connect(settings)
    whose = "" if subjects is None else f" AND subject_id IN {among(sorted(subjects))}"
    if subjects is not None and not subjects:
        return 0
    done = 0
    while True:
        with sql.short_write():
            changed = sql.write(
                "UPDATE touch SET due_us = %s WHERE id IN (SELECT id FROM touch WHERE state = 'waiting' "
                f"AND due_us > %s AND code IN ({_marks(codes)}){whose} LIMIT {sql.RANGE})",
                (now_us, now_us, *codes),
            )
        done += changed
        if changed < sql.RANGE:
            return done


@dataclass(frozen=True, slots=True)
class Went:
    """A message of offers or news that went."""

    subject_id: int | None
    address: str
    channel: str
    topic: str
    at_us: int


def went(settings: Settings, since_us: int, most: int) -> list[Went]:
    """Offers and news that went since then, at most so many of the newest; the oldest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT subject_id, address, channel, topic, changed_us FROM touch WHERE state = 'sent' "
        f"AND changed_us >= %s AND purpose = 'marketing' ORDER BY changed_us DESC LIMIT {int(most)}",
        (since_us,),
    )
    return [Went(*row) for row in reversed(rows)]


@dataclass(frozen=True, slots=True)
class Month:
    """How much was sent in a month, and what it cost: who unsubscribed, who reported spam."""

    sent: int
    unsubscribed: int
    complaints: int


def months(settings: Settings, bounds: Sequence[int]) -> list[Month]:
    """Offers and news sent between each two of ``bounds``, and who wanted no more: three statements."""
    store.connect(settings)
    sent = _counted("touch", "changed_us", "state = 'sent' AND purpose = 'marketing'", bounds, "COUNT(*)")
    left = _counted(
        "consent_said",
        "at_us",
        "NOT given AND how IN ('page', 'one_click') AND topic = ''",
        bounds,
        "COUNT(DISTINCT CASE WHEN subject_id = 0 THEN -id ELSE subject_id END)",
    )
    reported = _counted("suppressed", "at_us", "reason = 'complaint'", bounds, "COUNT(*)")
    return [
        Month(sent.get(number, 0), left.get(number, 0), reported.get(number, 0))
        for number in range(len(bounds) - 1)
    ]


def _counted(table: str, column: str, condition: str, bounds: Sequence[int], count: str) -> dict[int, int]:
    cases = " ".join(f"WHEN {column} < {int(end)} THEN {number}" for number, end in enumerate(bounds[1:]))
    rows = sql.read(
        f"SELECT CASE {cases} END AS month, {count} FROM {table} WHERE {condition} "
        f"AND {column} >= %s AND {column} < %s GROUP BY month",
        (bounds[0], bounds[-1]),
    )
    return {int(month): int(found) for month, found in rows}


def _marks(some: Iterable[Any]) -> str:
    return ", ".join("%s" for _ in some)
