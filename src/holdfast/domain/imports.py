"""What an import is made of: the table that was found, the map of its columns, what was staged.

``connectors`` find tables and read maps, ``engines.staging`` turns rows into events, ``services``
wire the two. These values are all they share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from holdfast.domain.texts import Text

ColumnType = Literal["id", "text", "moment", "day", "amount", "number", "flag"]
"""How a canonical column is read. *id* is text whose spelling is kept; *moment* becomes
microseconds UTC, *day* the number of a local day; *amount* is money in major units; *number* a
decimal, *flag* yes or no."""

FileFormat = Literal["csv", "xlsx", "jsonl", "parquet"]


@dataclass(frozen=True, slots=True)
class Column:
    """A canonical column of an import kind.

    ``synonyms`` are the names that other systems and languages give it, in any spelling: they are
    compared without case, diacritics and punctuation. ``trait`` says that its value is kept as a
    trait of the customer, ``immutable`` that such a trait cannot change (birth date, source);
    ``detail`` that it is shown with the event; ``repeats`` that few values stand in many rows.
    """

    name: str
    type: ColumnType
    meaning: Text
    synonyms: tuple[str, ...] = ()
    trait: bool = False
    immutable: bool = False
    detail: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event that a row of a kind makes.

    All are expressions of the restricted SQL (CASE, COALESCE, comparison, arithmetic) over the
    quoted canonical columns, read as their types. ``name`` gives the event's name, ``at`` its
    moment in microseconds (no event where it is NULL), ``when`` a further condition.
    ``columns`` fill the columns of the lake; ``amount`` is in major units there (the engine
    rounds it to minor units, half to even), and so ``"amount"`` stands for ``amount_minor``.
    ``revenue`` says that the amount is money coming in or going back, which is summed for rows
    that name no customer.
    """

    name: str
    at: str
    when: str = ""
    object_kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    revenue: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """Something in a row that is taken but worth a look.

    ``when`` is a condition in the SQL of :class:`EventRule`; ``words`` say it with the number
    ``n`` of such rows.
    """

    code: str
    when: str
    words: Text


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind of table that can be imported, as declared by a file in ``connectors/kinds``.

    ``required``: of each group, at least one column must be mapped, derived, or given by the
    option of the map that ``stand_ins`` names for it. ``subject`` says whose rows these
    are: the *customer* (or, where only an account is named, that account), the *account*, or
    nobody ("" for tables of facts such as rates). ``rest`` says what becomes of columns that are
    not mapped. ``text`` names the column with what someone wrote, which is kept in the database.
    ``checks`` name what is taken but worth a look.
    """

    name: str
    title: Text
    meaning: Text
    columns: tuple[Column, ...]
    required: tuple[tuple[str, ...], ...]
    subject: Literal["customer", "account", ""] = "customer"
    events: tuple[EventRule, ...] = ()
    rest: Literal["traits", "details", "dropped"] = "details"
    text: str = ""
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    def column(self, name: str) -> Column | None:
        """The canonical column called ``name``, or ``None``."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class TabularSource:
    """One table as it was found: where, how it is written, and how it begins.

    ``columns`` are the names of the header; without a header they are "1", "2", ... ``table`` is
    the name by which ``--query`` knows it (the file's stem). ``sample`` holds up to 200 rows as
    text, for guessing; ``None`` is an empty cell. Of a Parquet file only the engine knows columns
    and sample (:func:`holdfast.engines.staging.look` fills them in).

    ``plain`` says that the engine can read the file as it is: Parquet, or text in UTF-8 with one
    delimiter; :func:`holdfast.connectors.plain.make_plain` makes it so. Of a plain text:
    ``first_line`` is the line on which the first row stands (2 under a header); ``line_ends`` how
    many lines there are; ``numbered`` that its first column, which ``columns`` leaves out, holds
    the row's number in the original; ``dropped`` is the file of rows that could not be taken over
    (line, code, raw row), ``None`` when there are none. ``skipped`` are the lines above the table.
    """

    path: Path
    format: FileFormat
    columns: tuple[str, ...]
    table: str
    compression: Literal["gzip"] | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    sheet: str = ""
    lone_cr: bool = False
    sample: tuple[tuple[str | None, ...], ...] = ()
    plain: bool = False
    first_line: int = 2
    line_ends: int | None = None
    numbered: bool = False
    dropped: Path | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class MapOptions:
    """The ``[options]`` of a map; empty or ``None`` means: found out from the file.

    ``timezone`` of moments without one (else the workspace's); ``date_format`` "day-first",
    "month-first", "iso", "persian", "epoch" or a strptime pattern; ``decimal`` "." or ",";
    ``currency`` of amounts without one; ``encoding``, ``delimiter`` ("whitespace" for text in
    fixed-width columns), ``quote``, ``header``, ``sheet`` of the file; ``lag`` after which a row could
    have been known ("2 days", "12 hours"), in microseconds; ``namespace`` of the ids (default
    "customer" or "account"); ``source`` that the events name; ``event`` and ``survey`` for rows
    that do not name theirs; ``country`` (two letters) of telephone numbers without a prefix;
    ``first_row`` the line or row of a sheet at which the table begins, where titles stand above it.
    """

    timezone: str = ""
    date_format: str = ""
    decimal: str = ""
    currency: str = ""
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    header: bool | None = None
    sheet: str = ""
    lag_us: int = 0
    namespace: str = ""
    source: str = ""
    event: str = ""
    survey: str = ""
    country: str = ""
    first_row: int = 1


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which source column is which canonical one.

    ``columns`` canonical -> source column; ``derive`` canonical -> arithmetic over source columns;
    ``immutable`` names traits (canonical or source columns) that count from the beginning.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    derive: Mapping[str, str] = field(default_factory=dict)
    immutable: tuple[str, ...] = ()
    options: MapOptions = field(default_factory=MapOptions)


@dataclass(frozen=True, slots=True)
class Guess:
    """A map made from the names and values of the columns.

    ``confidence`` 0..1 is that of the weakest required column (0 where one is missing);
    ``missing`` are groups of required columns of which none was found; ``unsure`` are canonical
    columns guessed from values alone or one of several candidates; ``looks_like`` is the kind
    that fits the columns best ("" when none does); ``sure`` says of each column how sure it is, 0..1.
    """

    map: ColumnMap
    confidence: float
    missing: tuple[tuple[str, ...], ...] = ()
    unsure: tuple[str, ...] = ()
    looks_like: str = ""
    sure: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something in the values that is taken but worth a look.

    ``code`` is stable ("future_dates"), ``count`` the rows concerned, ``lines`` a few of them.
    """

    code: str
    count: int
    words: Text
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Staged:
    """What :func:`holdfast.engines.staging.stage` left in the stage folder, and what it saw.

    ``rows_read`` = rows taken (``rows_read - rows_rejected``) + ``rows_rejected``; which of the
    taken rows are duplicates of earlier imports is found later. Lines are counted as
    ``numbered_by`` says: "line" of the file, or "row" where cells hold line ends.
    ``unattributed`` is the signed sum
    of the amounts, in minor units per currency, of rows without a customer. ``first_at_us`` and
    ``last_at_us`` bound the events, ``None`` without events. A file is ``None`` when it would be
    empty. ``columns`` canonical -> source column or formula, as used; ``written`` are the options that
    the values showed ("date_format", "decimal"), where all columns showed the same.
    """

    folder: Path
    rows_read: int
    rows_rejected: int
    reject_reasons: Mapping[str, int]
    suspicious: tuple[Suspicion, ...]
    unattributed: Mapping[str, int]
    currencies: Mapping[str, int]
    first_at_us: int | None
    last_at_us: int | None
    columns: Mapping[str, str]
    events: Path | None = None
    subjects: Path | None = None
    traits: Path | None = None
    texts: Path | None = None
    table: Path | None = None
    rejects: Path | None = None
    numbered_by: Literal["line", "row"] = "line"
    written: Mapping[str, str] = field(default_factory=dict)
