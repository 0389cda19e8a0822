"""What each column of a labelled table is: number, date, category; or nothing to learn from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from holdfast.domain.search import fold
from holdfast.domain.texts import Text
from holdfast.domain.written_dates import DAY, day_comes_first, read_moment
from holdfast.domain.written_numbers import MISSING, MISSING_TEXT, decimal_sign, read_number
from holdfast.services.foresee.table_file import Cell

Kind = Literal["number", "day", "category"]
Floats = NDArray[np.float64]

READ_FROM = 0.99
"""A column is one of numbers (or dates) when at least this share of its cells reads as such."""

_ENDLESS = frozenset({"inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "∞", "-∞"})
_PLAIN = re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_ALL_PLAIN = re.compile(r"(?:[-+]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][-+]?\d++)?+\n)++")
"""Never goes back, so that a column of something else is left at its first such cell."""

_LEADING_ZERO = re.compile(r"^0\d+$", re.MULTILINE)
_COMPACT_DAY = re.compile(r"^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as it is learned from.

    ``values``: numbers (``nan`` = missing), days since 1970 for dates, or text and ``None`` for
    categories. ``endless`` counts infinities, ``unread`` cells of another kind: both count as missing.
    """

    name: str
    kind: Kind
    values: NDArray[np.float64] | NDArray[np.object_]
    endless: int = 0
    unread: int = 0

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have a value."""
        if self.kind == "category":
            return np.array([value is not None for value in self.values], dtype=bool)
        known: NDArray[np.bool_] = ~np.isnan(self.values.astype(np.float64))
        return known


@dataclass(frozen=True, slots=True)
class Remark:
    """A column and what is to be said of it, in words; ``code`` is stable."""

    column: str
    code: str
    why: Text


def read_column(name: str, cells: Sequence[Cell]) -> TableColumn:
    """The column as numbers, days or categories, by what its cells say."""
    told = [cell for cell in cells if cell is not None and cell not in MISSING]
    distinct = set(told)
    if told and not _LEADING_ZERO.search("\n".join(distinct)):
        if all(_COMPACT_DAY.match(cell) for cell in distinct):
            return _days(name, cells, distinct)
        numbers = _numbers_of(distinct)
        if _mostly(told, numbers):
            return _number(name, cells, numbers)
    if told and _mostly(told, _days_of(set(list(distinct)[:200]))):
        column = _days(name, cells, distinct)
        if column.unread <= (1 - READ_FROM) * len(told):
            return column
    values = np.array([None if cell in MISSING_TEXT or cell is None else cell for cell in cells], object)
    return TableColumn(name, "category", values)


def _mostly(told: Sequence[str], read: Mapping[str, float | None]) -> bool:
    """Whether the cells that ``read`` knows read well; others are not asked."""
    asked = [cell for cell in told if cell in read]
    return bool(asked) and sum(read[cell] is not None for cell in asked) >= READ_FROM * len(asked)


def _numbers_of(distinct: set[str]) -> dict[str, float | None]:
    if _ALL_PLAIN.fullmatch("\n".join(distinct) + "\n"):
        return {cell: float(cell) for cell in distinct}
    odd = [cell for cell in distinct if not _PLAIN.match(cell)]
    sign = decimal_sign(odd)[0] if odd else "."
    if sign == ".":
        return {cell: float(cell) if _PLAIN.match(cell) else _odd_number(cell, ".") for cell in distinct}
    return {cell: _odd_number(cell, sign) for cell in distinct}


def _odd_number(cell: str, sign: str) -> float | None:
    if cell.casefold() in _ENDLESS:
        return float("inf")
    found = read_number(cell, sign)
    return None if found is None else float(found)


def _number(name: str, cells: Sequence[Cell], numbers: Mapping[str, float | None]) -> TableColumn:
    read = [numbers.get(cell) if cell is not None else None for cell in cells]
    values = np.array([np.nan if number is None else number for number in read], dtype=np.float64)
    endless = np.isinf(values)
    values[endless] = np.nan
    unread = sum(number is None and cell in numbers for number, cell in zip(read, cells, strict=True))
    return TableColumn(name, "number", values, int(endless.sum()), unread)


def _days_of(distinct: set[str]) -> dict[str, float | None]:
    day_first = day_comes_first(distinct)[0]
    return {cell: _day(cell, day_first=day_first) for cell in distinct}


def _day(cell: str, *, day_first: bool) -> float | None:
    if cell.isdecimal() and not _COMPACT_DAY.match(cell):
        return None  # a bare number is a number or an id, not a moment of some system's clock
    moment = read_moment(cell, day_first=day_first)
    return None if moment is None else moment.local_us / DAY


def _days(name: str, cells: Sequence[Cell], distinct: set[str]) -> TableColumn:
    days = _days_of(distinct)
    read = [days.get(cell) if cell is not None else None for cell in cells]
    values = np.array([np.nan if day is None else np.floor(day) for day in read], dtype=np.float64)
    unread = sum(day is None and cell in days for day, cell in zip(read, cells, strict=True))
    return TableColumn(name, "day", values, 0, unread)


def folded(words: str) -> frozenset[str]:
    """Words as names of columns are compared: without case, diacritics and variants of letters."""
    return frozenset(fold(word) for word in words.split())


_ID_WORDS = folded(
    "id ids uid uuid guid customerid userid accountid clientid идентификатор идентификационен شناسه 编号"
)
_NUMBER_WORDS = _ID_WORDS | folded(
    "key rownumber row index idx number no nr ref reference code numar cod номер код شماره کد 号码 代码"
)
_CUSTOMER_WORDS = folded(
    """
    customer client user account subscriber member household person guest patient student employee cust acct
    клиент абонент потребител пользователь مشتری کاربر مشترک 客户 用户 会员
    """
)
_PERSON_WORDS = folded(
    """
    surname lastname firstname fullname email mail phone telephone mobile address street nume prenume telefon
    adresa фамилия имя име телефон адрес почта имейл نام تلفن ایمیل نشانی آدرس 姓名 电话 邮箱 地址
    """
)
_NAME_OF = frozenset({"last name", "first name", "full name", "customer name", "client name", "user name"})

FEW_ROWS_EACH = 5
"""A category whose values stand in fewer rows than this on average says nothing about other rows."""


def words_of(name: str) -> list[str]:
    """A column's name as words: "TotalCharges" -> total, charges; "days_late" -> days, late."""
    split = re.sub(r"([^\W\d_])([A-ZА-Я][^\W\d_])", r"\1 \2", re.sub(r"([a-zа-я])([A-ZА-Я])", r"\1 \2", name))
    return re.findall(r"[^\W_]+", fold(split))


def names_a_customer(name: str) -> bool:
    """Whether a column's name says that it holds ids of customers."""
    words = words_of(name)
    if not words or not (words[-1] in _ID_WORDS or words[0] in _ID_WORDS):
        return False
    rest = [word for word in words if word not in _ID_WORDS]
    return not rest or any(word in _CUSTOMER_WORDS for word in rest)


def _names_a_number(name: str) -> bool:
    words = words_of(name)
    return bool(words) and (words[-1] in _NUMBER_WORDS or words[0] in _ID_WORDS)


def _names_a_person(name: str) -> bool:
    words = words_of(name)
    return " ".join(words) in _NAME_OF or words == ["name"] or any(word in _PERSON_WORDS for word in words)


def nothing_to_learn(column: TableColumn) -> Remark | None:
    """Why the column is left out (empty, constant, an id, a name, free text), ``None`` when it is not."""
    known = column.known
    count = int(known.sum())
    if not count:
        return Remark(column.name, "empty", Text("It is empty."))
    distinct = len(set(column.values[known].tolist()))
    if distinct == 1 and count == len(known):
        return Remark(column.name, "constant", Text("It has the same value in every row."))
    if column.kind == "day":
        return None
    if column.kind == "number":
        return _numbered(column, count, distinct)
    return _worded(column, count, distinct)


def _numbered(column: TableColumn, count: int, distinct: int) -> Remark | None:
    values = column.values.astype(np.float64)[column.known]
    if count < 20 or distinct < count or not np.all(values == np.floor(values)):
        return None
    in_a_row = values.max() - values.min() == count - 1
    if in_a_row or _names_a_number(column.name):
        return Remark(
            column.name, "id", Text("It is another number in every row: an id, or the row's number.")
        )
    return None


def _worded(column: TableColumn, count: int, distinct: int) -> Remark | None:
    if _names_a_person(column.name) and distinct > 12:
        return Remark(
            column.name, "personal", Text("It names people; a name says nothing about anybody else.")
        )
    if count >= 20 and distinct >= 0.95 * count:
        return Remark(column.name, "id", Text("It is another text in almost every row: an id or free text."))
    if names_a_customer(column.name) and distinct > 12:
        return Remark(column.name, "id", Text("It holds ids: what one says is not true of another."))
    if distinct > 50 and count < FEW_ROWS_EACH * distinct:
        return Remark(
            column.name,
            "near_unique",
            Text("It has {n} different texts, too many for so few rows.", n=distinct),
        )
    return None
