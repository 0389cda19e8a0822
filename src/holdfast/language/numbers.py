"""Numbers, shares and money as the reader of a language writes them.

Pages write thousands of numbers, and Babel's ``format_decimal`` takes about 25 µs for one. Python
formats them in C; what differs between languages is then a table of single characters.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from math import floor, isfinite, log10
from typing import SupportsFloat

from holdfast.domain.money import NO_CURRENCY, Money, exponent
from holdfast.domain.texts import Share
from holdfast.language.languages import NO_BREAK, language

Number = int | float | Decimal

_ROUND_MONEY_FROM = 1000
"""From this amount on, readers are shown whole units unless they ask for every cent."""


class _Tables(dict[str, dict[int, str]]):
    """Characters to replace in Python's own number format, by language; made at first use."""

    def __missing__(self, code: str) -> dict[int, str]:
        spoken = language(code)
        table = {ord(latin): own for latin, own in zip("0123456789", spoken.digits, strict=True)}
        table |= {ord(","): spoken.group, ord("."): spoken.decimal, ord("-"): spoken.minus}
        self[code] = {char: own for char, own in table.items() if chr(char) != own}
        return self[code]


_tables = _Tables()


def number(value: Number, code: str, digits: int | None = None) -> str:
    """``value`` with its separators: 12,945 in English, ۱۲٬۹۴۵ in Persian.

    ``digits`` after the point; without it whole numbers have none, others at most two, and small
    ones (below 0.1) three that mean something. Halves of decimals go to the even neighbour.
    Raises ``ValueError`` for what is no number: a page then says why there is none.
    """
    if type(value) is int and not digits:
        return f"{value:,}".translate(_tables[code])
    return _latin(value, digits).translate(_tables[code])


def share(value: Share | float, code: str, digits: int = 1, *, marked: bool = True) -> str:
    """A part of a whole (0..1) as a percentage: 2.3%, ``2,3 %`` in Romanian, ۲٫۳٪ in Persian.

    A :class:`Share` brings its own ``digits``. ``marked=False`` leaves out the mark that holds the
    Persian sign in place, for a formula that reads left to right.
    """
    part = value if isinstance(value, Share) else Share(value, digits)
    written = language(code).percent.format(number(part.value * 100, code, part.digits))
    return written if marked else written.replace("\N{RIGHT-TO-LEFT MARK}", "")


def money(
    amount: Money | tuple[Number, str], code: str, digits: int | None = None, *, exact: bool = False
) -> str:
    """An amount with its currency: €12,945, ``12.945 EUR``, ``12 945 €``, ``۱۲٬۹۴۵ یورو``.

    Without ``digits``, whole amounts and those from 1,000 on are written without the minor unit,
    others with it; ``exact`` writes it always (ledgers). Without a currency (``XXX``) only the
    number is written.
    """
    units: Number
    units, currency = (amount.amount, amount.currency) if isinstance(amount, Money) else amount
    if digits is None:
        digits = exponent(currency) if exact or _shows_minor_units(units) else 0
    negative = units < 0
    written = number(_size(units), code, digits)
    if currency and currency != NO_CURRENCY:
        written = _money_pattern(code, currency) % written
    return _with_sign(written, "-" if negative else "", code)


def signed(value: Number | Share | Money, code: str, digits: int | None = None) -> str:
    """``value`` with its sign always written, as a change is: +18, −3; zero has none."""
    sign: Number
    if isinstance(value, Money):
        sign, written = value.minor, money(Money(abs(value.minor), value.currency), code, digits)
    elif isinstance(value, Share):
        sign, written = value.value, share(Share(abs(value.value), value.digits), code)
    else:
        sign, written = value, number(_size(value), code, digits)
    if not sign or not any(char.isdigit() and char not in "0۰" for char in written):
        return written
    return _with_sign(written, "-" if sign < 0 else "+", code)


def in_own_digits(text: str, code: str) -> str:
    """``text`` with the digits of the language, and nothing else changed: years, hours, codes."""
    digits = language(code).digits
    return text if digits == "0123456789" else text.translate(str.maketrans("0123456789", digits))


def plain_digits(text: str) -> str:
    """``text`` with Latin digits: what a reader of any language typed, ready to be read."""
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)


def _with_sign(written: str, sign: str, code: str) -> str:
    if not sign:
        return written
    spoken = language(code)
    return (spoken.minus if sign == "-" else spoken.plus) + written


def _size(value: Number) -> Number:
    return -value if value < 0 else value


def _shows_minor_units(units: Number) -> bool:
    return -_ROUND_MONEY_FROM < units < _ROUND_MONEY_FROM and units != int(units)


@cache
def _money_pattern(code: str, currency: str) -> str:
    spoken = language(code)
    name = _currency(code, currency)
    pattern = spoken.money.replace("{currency}", name.replace("%", "%%")).replace("{}", "%s")
    if pattern.endswith("%s") and name[-1].isalpha():
        return pattern.replace("%s", f"{NO_BREAK}%s")
    return pattern


_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
_PERSIAN_NAMES = {"USD": "دلار", "GBP": "پوند", "CNY": "یوان", "JPY": "ین", "RUB": "روبل", "IRR": "ریال"}


def _currency(code: str, currency: str) -> str:
    from babel.numbers import get_currency_name, get_currency_symbol

    spoken = language(code)
    if spoken.currency_as == "code":
        return currency
    if spoken.currency_as == "name":
        return _PERSIAN_NAMES.get(currency) or str(get_currency_name(currency, locale=spoken.locale))
    return _SYMBOLS.get(currency) or str(get_currency_symbol(currency, spoken.locale))


def _latin(value: SupportsFloat, digits: int | None) -> str:
    if not isinstance(value, int | Decimal) and not isfinite(value):
        raise ValueError(f"{value} is no number that can be written: answer with a reason instead")
    if digits is None:
        digits = _digits_worth_showing(float(value))
        written = f"{value:,.{digits}f}"
        if "." in written:
            written = written.rstrip("0").rstrip(".")
    else:
        written = f"{value:,.{digits}f}"
    return written[1:] if written[0] == "-" and not written.strip("-0.,") else written


def _digits_worth_showing(value: float) -> int:
    size = abs(value)
    if size >= 0.1 or size == 0:
        return 2
    return min(10, 2 - floor(log10(size)))
