"""Building the kept tables: the log is read once, in parts, and what metrics need is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from holdfast.analytics import kept, rhythm, taken
from holdfast.analytics.emit import emit
from holdfast.analytics.kept import Origins, Setup, Slice
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.purchases import Purchases, fold
from holdfast.analytics.rates import Rate, RateTable
from holdfast.analytics.spec import Query
from holdfast.analytics.terms import ContractRows, Terms, terms_of
from holdfast.domain.money import NO_CURRENCY
from holdfast.domain.period import date_of, day_number
from holdfast.domain.texts import Text
from holdfast.engines.tables import ParquetFiles, Rows, Table
from holdfast.language.calendars import Calendar
from holdfast.services.measure.source import Part, Source
from holdfast.services.progress import Progress, Silent
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Columns = Mapping[str, NDArray[Any]]


class Engine(Protocol):
    """Whatever answers queries: :class:`holdfast.engines.embedded.EmbeddedEngine`, or Spark."""

    dialect: str

    def rows(self, sql: str, tables: Mapping[str, Table]) -> list[tuple[Any, ...]]:
        """The answer as Python rows."""

    def columns(self, sql: str, tables: Mapping[str, Table]) -> dict[str, NDArray[np.generic]]:
        """The answer as numpy columns."""

    def write(self, sql: str, tables: Mapping[str, Table], path: Path) -> int:
        """Write the answer to one Parquet file and count its rows."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is built: the workspace's rule, zone, calendar and currency, up to the day ``end_day``.

    ``currency`` "" takes the one with most rows. ``categories`` gives the number of the category of
    a product, for the rule *category* and for finding out whether it suits. ``of_accounts``: the unit
    that can leave is the account.
    """

    zone: ZoneInfo
    calendar: Calendar
    currency: str
    lost: LostSettings
    end_day: int
    origins: Origins
    rates: Sequence[Rate] = ()
    categories: Mapping[str, int] = field(default_factory=dict)
    of_accounts: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept tables and what was learned while building them.

    ``census`` says what the log holds; ``without_rate`` sums amounts (minor units) that no
    rate converts; ``receipts`` tells what counts as revenue: "orders", "payments", or "" for none.
    """

    tables: Mapping[str, Table]
    usual: rhythm.Usual
    currency: str
    first_day: int | None
    census: Census
    without_rate: Mapping[str, int]
    receipts: str
    has_contracts: bool
    has_amounts: bool

    @property
    def names(self) -> Mapping[str, int]:
        """How many events of each name there are."""
        return self.census.names


@dataclass(frozen=True, slots=True)
class Census:
    """What there is in a log: how many events of each name, the currencies, the most frequent first, and
    the first moment; ``None`` for an empty log.
    """

    names: Mapping[str, int]
    currencies: tuple[str, ...]
    first_us: int | None


def build(
    engine: Engine,
    keeper: Engine,
    source: Source,
    plan: Plan,
    folder: Path,
    progress: Progress | None = None,
) -> Kept:
    """Write the kept tables into ``folder`` and answer where they are.

    ``engine`` reads the log; ``keeper``, the embedded one, writes the tables (it may be the same).
    What happened on or after ``plan.end_day``, or was not known before it, does not count.
    """
    progress = progress or Silent()
    census = census_of(engine, source, plan)
    reader = _Reader(engine, source, plan, census, currency_of(plan, census))
    with TemporaryDirectory(dir=folder, prefix="parts-") as parts:
        gaps, category_gaps = rhythm.no_gaps(), dict[int, rhythm.Gaps]()
        for at, part in enumerate(source.parts):
            progress.step(Text("Reading what customers bought"), at, len(source.parts))
            piece = reader.read(part)
            gaps += _gaps(piece, plan.end_day)
            _add_categories(category_gaps, piece, plan.end_day)
            _put_aside(piece, Path(parts, f"{at}.npz"))
        usual = rhythm.usual(gaps, category_gaps, fixed=plan.lost.after_days)
        setup = _setup(plan, usual, reader.first_day)
        written: dict[str, list[str]] = {table: [] for table in kept.COLUMNS}
        for at in range(len(source.parts)):
            progress.step(Text("Telling who stayed and who left"), at, len(source.parts))
            tables = kept.keep(_taken_up(Path(parts, f"{at}.npz")), setup)
            for table, path in _write(keeper, tables, folder, at):
                written[table].append(path)
    progress.step(Text("Telling who stayed and who left"), len(source.parts), len(source.parts))
    files = {name: ParquetFiles(tuple(paths), types=kept.types(name)) for name, paths in written.items()}
    return reader.kept(files, usual)


def rebuild(
    engine: Engine, source: Source, plan: Plan, census: Census, currency: str, usual: rhythm.Usual
) -> Kept:
    """The kept tables of the few units in ``source``, in memory, as :func:`build` would make them.

    What holds for the whole company is taken as it was learnt: its ``census``, its ``currency`` and what
    is ``usual`` in it. The source has one part.
    """
    reader = _Reader(engine, source, plan, census, currency)
    tables = kept.keep(reader.read(source.parts[0]), _setup(plan, usual, reader.first_day))
    rows = {name: Rows(columns, types=kept.types(name)) for name, columns in tables.items()}
    return reader.kept(rows, usual)


def bought(engine: Engine, source: Source, plan: Plan, kept: Kept) -> Iterator[Purchases]:
    """The purchases of all units day by day, part by part, as they were read for the ``kept`` tables."""
    reader = _Reader(engine, source, plan, kept.census, kept.currency)
    for part in source.parts:
        yield reader.purchases(part)


def currency_of(plan: Plan, census: Census) -> str:
    """The reporting currency: that of the plan, else the most frequent one."""
    return plan.currency or (census.currencies[0] if census.currencies else NO_CURRENCY)


class _Reader:
    """Reads one part of the log after the other."""

    def __init__(self, engine: Engine, source: Source, plan: Plan, census: Census, currency: str) -> None:
        self.engine, self.source, self.plan = engine, source, plan
        self.census, self.currency = census, currency
        self.without_rate: Counter[str] = Counter()
        self.currencies = tuple(dict.fromkeys((currency, *census.currencies)))
        self.rates = RateTable(plan.rates, currency)
        names = census.names
        self.has_contracts = taken.STARTED in names
        self.receipts = "orders" if taken.ORDERED in names else "payments" if taken.PAID in names else ""
        self.signed_up_is_contract = plan.lost.rule == "contract" and not self.has_contracts
        self.happened = bool(set(names) & set(taken.CONTRACT_NAMES))
        paid = self.receipts == "payments"
        self.taking = taken.Taking(
            zone=plan.zone,
            first_us=census.first_us or 0,
            end_us=day_start_us(plan.end_day, plan.zone),
            currencies=self.currencies,
            activity=_activity(plan.lost.activity, paid),
            receipts=(taken.PAID,) if paid else (taken.ORDERED,),
            returns=(taken.PAID_BACK,) if paid else (taken.REFUNDED,),
            linked=source.links is not None,
            of_accounts=plan.of_accounts,
        )
        self.first_day = None if census.first_us is None else self._day(census.first_us)

    def read(self, part: Part) -> Slice:
        """What the units of a part bought, and their contracts."""
        return Slice(self.purchases(part), self._terms(part), self._categories(part))

    def purchases(self, part: Part) -> Purchases:
        """What the units of a part bought, day by day."""
        bought = self._ask(part, taken.purchase_rows(self.taking))
        amount = self._converted(bought)
        return fold(
            _whole(bought["unit"]), _whole(bought["day"]), _whole(bought["kind"]), amount, bought["order"]
        )

    def kept(self, tables: Mapping[str, Table], usual: rhythm.Usual) -> Kept:
        """``tables`` with what was learnt while reading."""
        known = (code == self.currency or code not in self.without_rate for code in self.census.currencies)
        return Kept(
            tables=tables,
            usual=usual,
            currency=self.currency,
            first_day=self.first_day,
            census=self.census,
            without_rate=dict(self.without_rate),
            receipts=self.receipts,
            has_contracts=self.has_contracts,
            has_amounts=any(known),
        )

    def _terms(self, part: Part) -> Terms:
        from holdfast.analytics.terms import no_terms

        if not self.happened:
            return no_terms()
        rows = self._ask(part, taken.contract_rows(self.taking))
        return terms_of(
            ContractRows(
                _whole(rows["unit"]),
                _whole(rows["at_us"]),
                _whole(rows["day"]),
                _whole(rows["happened"]),
                rows["contract"],
                self._converted(rows),
                _whole(rows["trial"]),
            ),
            signed_up_is_contract=self.signed_up_is_contract,
        )

    def _categories(self, part: Part) -> tuple[Any, Any, Any] | None:
        if not self.plan.categories:
            return None
        rows = self._ask(part, taken.category_rows(self.taking))
        return _whole(rows["unit"]), _whole(rows["day"]), _whole(rows["category"])

    def _ask(self, part: Part, query: Query) -> Columns:
        tables: dict[str, Table] = {"events": part.events}
        if self.source.links is not None:
            tables["links"] = self.source.links
        if self.plan.categories:
            products = list(self.plan.categories)
            numbers = [self.plan.categories[product] for product in products]
            tables["categories"] = Rows({"product_id": products, "category": numbers})
        return self.engine.columns(emit(part.narrowed(query), self.engine.dialect), tables)

    def _converted(self, rows: Columns) -> NDArray[np.int64]:
        """Amounts in the reporting currency; those without a rate are noted and count as 0."""
        amount, currency = _whole(rows["amount"]), _whole(rows["currency"])
        converted, known = self.rates.convert(amount, currency, self.currencies, _whole(rows["day"]))
        if not known.all():
            for at, name in enumerate(self.currencies):
                missing = int(amount[(currency == at) & ~known].sum())
                if missing:
                    self.without_rate[name] += missing
        return converted

    def _day(self, moment_us: int) -> int:
        from datetime import UTC, datetime, timedelta

        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment_us)
        return day_number(at.astimezone(self.plan.zone).date())


def _activity(names: tuple[str, ...], paid: bool) -> tuple[str, ...]:
    """What counts as a purchase; where nothing is ordered but paid, paying takes that place."""
    return tuple(taken.PAID if paid and name == taken.ORDERED else name for name in names)


def census_of(engine: Engine, source: Source, plan: Plan) -> Census:
    """What the log holds of the days before the plan ends."""
    end_us = day_start_us(plan.end_day, plan.zone)
    rows = engine.rows(emit(taken.census(end_us), engine.dialect), {"events": source.events})
    names, currencies = Counter[str](), Counter[str]()
    for name, currency, count, *_ in rows:
        names[name] += count
        if currency:
            currencies[currency] += count
    return Census(
        dict(names),
        tuple(sorted(currencies, key=lambda code: (-currencies[code], code))),
        min((first for _, _, _, first, *_ in rows), default=None),
    )


def _gaps(piece: Slice, end_day: int) -> rhythm.Gaps:
    active = piece.purchases.only(piece.purchases.active)
    return rhythm.count_gaps(active.unit, active.day, end_day)


def _add_categories(total: dict[int, rhythm.Gaps], piece: Slice, end_day: int) -> None:
    if piece.bought is None:
        return
    import numpy as np

    unit, day, category = piece.bought
    for number in np.unique(category[category >= 0]).tolist():
        rows = np.flatnonzero(category == number)
        rows = rows[np.lexsort((day[rows], unit[rows]))]
        gaps = rhythm.count_gaps(unit[rows], day[rows], end_day)
        total[number] = total[number] + gaps if number in total else gaps


def _setup(plan: Plan, usual: rhythm.Usual, first_day: int | None) -> Setup:
    if first_day is None or first_day >= plan.end_day:
        return Setup(plan.lost, usual, (), ((),) * len(kept.GRAINS), plan.end_day, plan.origins)
    first, last = date_of(first_day), date_of(plan.end_day - 1)
    start = plan.calendar.period_of(first, "year").start
    by_grain = {grain: plan.calendar.periods(grain, start, last) for grain in kept.PERIOD_GRAINS}
    months, *grains = (tuple(day_number(each.start) for each in periods) for periods in by_grain.values())
    last_is_over = day_number(by_grain["month"][-1].end) <= plan.end_day
    grains = [months, *grains, kept.last_year(months, last_is_over=last_is_over)]
    return Setup(plan.lost, usual, months, grains, plan.end_day, plan.origins)


def _write(keeper: Engine, tables: Mapping[str, Columns], folder: Path, at: int) -> Iterator[tuple[str, str]]:
    for name, columns in tables.items():
        path = folder / f"{name}-{at}.parquet"
        keeper.write(_AS_IT_IS, {"kept": Rows(columns, types=kept.types(name))}, path)
        yield name, str(path)


_AS_IT_IS = "SELECT * FROM kept"


def _put_aside(piece: Slice, path: Path) -> None:
    """Between the two readings the folded part waits on disk: it is far smaller than the log."""
    import numpy as np

    purchases, terms = piece.purchases, piece.terms
    arrays = {f"purchases_{name}": getattr(purchases, name) for name in Purchases.__slots__}
    arrays |= {f"terms_{name}": getattr(terms, name) for name in Terms.__slots__}
    if piece.bought is not None:
        arrays |= {f"bought_{place}": each for place, each in enumerate(piece.bought)}
    np.savez(path, **arrays)


def _taken_up(path: Path) -> Slice:
    import numpy as np

    with np.load(path) as arrays:
        held = dict(arrays)
    path.unlink()
    bought = (held["bought_0"], held["bought_1"], held["bought_2"]) if "bought_0" in held else None
    return Slice(
        Purchases(*(held[f"purchases_{name}"] for name in Purchases.__slots__)),
        Terms(*(held[f"terms_{name}"] for name in Terms.__slots__)),
        bought,
    )


def _whole(values: NDArray[Any]) -> NDArray[np.int64]:
    import numpy as np

    return np.asarray(values, np.int64)
