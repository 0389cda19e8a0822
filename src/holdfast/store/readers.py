"""What measuring reads from the database: plain arrays and tuples, no model leaves this package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from holdfast import store
from holdfast.domain.identity import units
from holdfast.settings import Settings
from holdfast.store import imports, side_tables, sql

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class UnitLinks:
    """To which unit a subject belongs, for those that are not their own; sorted by subject."""

    subject_id: NDArray[np.int64]
    unit_id: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is known about each visible unit, column by column, sorted by unit; "" is not known.

    ``kind`` is "person", "account" or "prospect" (whose latest ``stage`` says so).
    """

    unit_id: NDArray[np.int64]
    name: Sequence[str]
    kind: Sequence[str]
    country: Sequence[str]
    source: Sequence[str]


class Product(NamedTuple):
    """A product; ``unit_cost_minor`` is what one costs us, ``None`` where nobody said."""

    product_id: str
    name: str
    category: str
    unit_cost_minor: int | None
    currency: str


class Cost(NamedTuple):
    """What a source of customers cost on a day (number of days since 1970)."""

    day: int
    source: str
    currency: str
    amount_minor: int


class Rate(NamedTuple):
    """One unit of ``from_currency`` is worth ``rate`` of ``to_currency`` from ``day`` on."""

    day: int
    from_currency: str
    to_currency: str
    rate: Decimal


class SeriesPoint(NamedTuple):
    """The value of a plain series on a day."""

    name: str
    day: int
    value: float


def not_done_imports(settings: Settings) -> frozenset[int]:
    """Ids of the imports whose rows nobody may see."""
    return imports.not_done(settings)


def unit_links(settings: Settings, *, as_of_us: int | None = None) -> UnitLinks:
    """Which unit each subject belongs to, in the workspace's unit; only those not their own.

    Links are followed through (a is b, b is c); where the unit is the account, a contact belongs
    to the account he joined last. ``as_of_us`` takes links made until then (panels, backtests);
    without it, the links of now count for all of history.
    """
    import numpy as np

    unit_of = resolved_units(settings, as_of_us=as_of_us)
    sparse = sorted((subject, unit) for subject, unit in unit_of.items() if subject != unit)
    pairs = np.array(sparse, dtype=np.int64).reshape(-1, 2)
    return UnitLinks(np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]))


def resolved_units(settings: Settings, *, as_of_us: int | None = None) -> dict[int, int]:
    """Subject to unit for every subject that a link or an account touches; others are their own."""
    store.connect(settings)
    moment = as_of_us if as_of_us is not None else 2**62
    unit_of = units(sql.read(_LINKS, (moment, as_of_us is None, moment)))
    if settings.unit == "person":
        return unit_of
    account_of: dict[int, int] = {}
    for subject, account in sql.read(_CONTACTS, (moment, moment)):
        person = unit_of.setdefault(subject, subject)
        account_of[person] = unit_of.setdefault(account, account)
    return {subject: account_of.get(unit, unit) for subject, unit in unit_of.items()}


_LINKS = """
SELECT l.subject_id, l.unit_id FROM identity_link l
LEFT JOIN import made ON made.id = l.import_id
LEFT JOIN import ended ON ended.id = l.ended_import
WHERE l.linked_us <= %s AND (l.import_id IS NULL OR made.state = 'done')
AND (l.unlinked_us IS NULL OR (NOT %s AND l.unlinked_us > %s)
     OR (l.ended_import IS NOT NULL AND ended.state <> 'done'))
"""

_CONTACTS = """
SELECT a.subject_id, a.account_id FROM account_contact a LEFT JOIN import i ON i.id = a.import_id
WHERE COALESCE(a.from_us, 0) <= %s AND (a.to_us IS NULL OR a.to_us > %s)
AND (a.import_id IS NULL OR i.state = 'done')
ORDER BY COALESCE(a.from_us, 0), a.id
"""


def unit_among(unit_of: Mapping[int, int], subject: int) -> int:
    """The unit of ``subject``: its own where :func:`resolved_units` does not name it."""
    return unit_of.get(subject, subject)


def unit_facts(settings: Settings, only: Mapping[int, int] | None = None) -> UnitFacts:
    """Name, kind, country and source of every visible unit, as of now.

    Of a unit's subjects the one that was told last speaks, trait by trait; for an account only what
    was said about the account itself, not about its contacts. ``only`` (subject to unit) narrows to
    some units: it names every subject of each.
    """
    import numpy as np

    store.connect(settings)
    unit_of = resolved_units(settings) if only is None else only
    subjects = None if only is None else among(only)
    visible = (subject for (subject,) in sql.read(_narrowed(_VISIBLE, "subject_id", subjects)))
    ids = sorted({unit_among(unit_of, subject) for subject in visible})
    accounts = {subject for (subject,) in sql.read(_narrowed(_ACCOUNTS, "id", subjects))}
    own = {subject: unit for subject, unit in unit_of.items() if unit not in accounts or subject in accounts}
    silent = unit_of.keys() - own.keys()
    names, countries, sources, stages = (
        _latest(trait, own, silent, subjects) for trait in ("name", "country", "source", "stage")
    )
    return UnitFacts(
        unit_id=np.array(ids, dtype=np.int64),
        name=[names.get(unit, "") for unit in ids],
        kind=[_kind(unit in accounts, stages.get(unit, "")) for unit in ids],
        country=[countries.get(unit, "") for unit in ids],
        source=[sources.get(unit, "") for unit in ids],
    )


def among(subjects: Iterable[int]) -> str:
    """A list of ids as SQL: they are integers of ours, so they are written out."""
    return f"({', '.join(str(int(subject)) for subject in subjects) or 'NULL'})"


def _narrowed(statement: str, column: str, subjects: str | None) -> str:
    """The statement, asked of some subjects only where they are given."""
    return statement.format(of_some="" if subjects is None else f"AND {column} IN {subjects}")


_VISIBLE = """
SELECT DISTINCT subject_id FROM sighting
WHERE import_id IN (SELECT id FROM import WHERE state = 'done') {of_some}
"""
_ACCOUNTS = "SELECT id FROM subject WHERE (namespace = 'account' OR namespace LIKE 'account:%%') {of_some}"
_TRAIT = """
SELECT t.subject_id, t.valid_from_us, t.value FROM trait_row t JOIN import i ON i.id = t.import_id
WHERE t.trait = %s AND i.state = 'done' {of_some}
ORDER BY t.subject_id, t.valid_from_us, t.known_us, t.id
"""


def _kind(account: bool, stage: str) -> str:
    if stage.casefold() == "prospect":
        return "prospect"
    return "account" if account else "person"


def _latest(trait: str, unit_of: Mapping[int, int], silent: Set[int], subjects: str | None) -> dict[int, str]:
    """Unit to the latest value of ``trait``; what is said about ``silent`` subjects is left out."""
    latest: dict[int, str] = {}
    since: dict[int, int] = {}
    for subject, valid_from_us, value in sql.read(_narrowed(_TRAIT, "t.subject_id", subjects), (trait,)):
        unit = unit_of.get(subject)
        if unit is None:
            if subject not in silent:
                latest[subject] = value
        elif valid_from_us >= since.get(unit, valid_from_us):
            latest[unit], since[unit] = value, valid_from_us
    return latest


def traits_as_of(settings: Settings, trait: str, *, as_of_us: int) -> dict[int, str]:
    """Subject to the value of ``trait`` that held at ``as_of_us``, as far as it was known by then.

    Whoever had no value yet, or of whom nobody knew it yet, is left out: a panel of the past sees
    what could be seen in the past.
    """
    store.connect(settings)
    return dict(sql.read(_TRAIT_THEN, (trait, as_of_us, as_of_us)))


_TRAIT_THEN = """
SELECT subject_id, value FROM (
    SELECT t.subject_id, t.value, ROW_NUMBER() OVER (
        PARTITION BY t.subject_id ORDER BY t.valid_from_us DESC, t.known_us DESC, t.id DESC
    ) AS age
    FROM trait_row t JOIN import i ON i.id = t.import_id AND i.state = 'done'
    WHERE t.trait = %s AND t.valid_from_us < %s AND t.known_us <= %s
) AS told WHERE age = 1
"""


def products(settings: Settings) -> list[Product]:
    """Every product that a done import names, by id."""
    return [Product(*row) for row in _rows(settings, "products")]


def costs(settings: Settings) -> list[Cost]:
    """What each source of customers cost, by day, source and currency."""
    return [Cost(*row[:4]) for row in _rows(settings, "costs")]


def rates(settings: Settings) -> list[Rate]:
    """Exchange rates, by day and pair."""
    return [Rate(*row) for row in _rows(settings, "rates")]


def series(settings: Settings) -> list[SeriesPoint]:
    """Plain series that the company entered, by name and day."""
    return [SeriesPoint(*row) for row in _rows(settings, "series")]


def _rows(settings: Settings, kind: str) -> list[sql.Row]:
    store.connect(settings)
    return side_tables.visible(kind)
