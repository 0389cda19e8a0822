"""Says a :class:`~holdfast.domain.texts.Text` in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from numbers import Integral, Real
from typing import TYPE_CHECKING

from holdfast.domain.money import Money
from holdfast.domain.period import Period
from holdfast.domain.texts import Days, Share, Text
from holdfast.language import dates
from holdfast.language.durations import duration
from holdfast.language.languages import language
from holdfast.language.numbers import money, number, share
from holdfast.language.translations import fallbacks, gettext, ngettext

if TYPE_CHECKING:
    from markupsafe import Markup

_ISOLATE, _ISOLATE_LEFT_TO_RIGHT, _END = "\u2068", "\u2066", "\u2069"
_ISOLATES = str.maketrans("", "", _ISOLATE + _END)

_OPERAND = r"[(\[]*(?:\{\w+\}|\d[\d.,٫٬]*[%٪]?)[)\]]*"
_FORMULA = re.compile(rf"{_OPERAND}(?:(?:\s*[×÷+=*/−]\s*|\s-\s){_OPERAND})+")
_NAME = re.compile(r"\{(\w+)\}")
_CODE = re.compile(r"`[^`]+`|<code>.+?</code>")
_MARKS = str.maketrans("", "", "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}")


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the values of one sentence are written."""

    code: str
    calendar: str | None
    zone: tzinfo | None
    isolates: bool


def say(text: Text, code: str, *, calendar: str | None = None, zone: tzinfo | None = None) -> str:
    """``text`` in the language ``code``, each value written in the reader's way.

    Numbers, shares, money, lengths of time, days, moments (in ``zone``, else their own), periods,
    lists and texts within the text; strings are names and stay as they are. In right-to-left
    languages names are isolated, and a formula of numbers or a `command` reads left to right.
    A translation that cannot be filled in is answered in English, and counted.
    """
    return _said(text, _manner(code, calendar, zone), str)


def say_html(
    text: Text,
    code: str,
    *,
    calendar: str | None = None,
    zone: tzinfo | None = None,
    strong: Collection[str] = (),
) -> Markup:
    """As :func:`say`, for a sentence with mark-up of its own: "<b>{n} customers</b> left".

    The sentence is ours and is trusted; every value is escaped. The values named in ``strong`` are
    set in bold.
    """
    from markupsafe import Markup, escape

    said = _said(text, _manner(code, calendar, zone), lambda value: str(escape(value)), strong)
    return Markup(said)  # noqa: S704


def list_of(items: Iterable[str], code: str) -> str:
    """Items as a sentence lists them: "a, b and c", "a، b و c", "a、b和c"."""
    *most, last = list(items) or [""]
    if not most:
        return last
    return gettext("{items} and {last}", code).format(items=language(code).comma.join(most), last=last)


def _manner(code: str, calendar: str | None, zone: tzinfo | None) -> _Manner:
    return _Manner(code, calendar, zone, isolates=language(code).direction == "rtl")


def _said(text: Text, manner: _Manner, safe: Callable[[str], str], strong: Collection[str] = ()) -> str:
    sentence = _sentence(text, manner.code)
    written = {name: _value(value, manner, safe) for name, value in text.values.items()}
    if manner.isolates:
        sentence = _with_formulas(_with_code(sentence, written), text, written)
    if "{" not in sentence and "}" not in sentence:
        return sentence
    written |= {name: f"<b>{written[name]}</b>" for name in strong if name in written}
    try:
        return sentence.format(**written)
    except (KeyError, IndexError, ValueError):
        fallbacks[manner.code, text.msgid] += 1
        return _english(text).format(**written)


def _sentence(text: Text, code: str) -> str:
    if text.plural is None:
        return gettext(text.msgid, code)
    return ngettext(text.msgid, text.plural, _count(text), code)


def _english(text: Text) -> str:
    return text.plural if text.plural is not None and _count(text) != 1 else text.msgid


def _count(text: Text) -> int | float | Decimal:
    n = text.values.get("n", 0)
    return n if isinstance(n, int | float | Decimal) else int(n) if isinstance(n, Integral) else 0


def _value(value: object, manner: _Manner, safe: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return f"{_ISOLATE}{safe(value)}{_END}" if manner.isolates and value else safe(value)
    if isinstance(value, Text):
        return _said(value, manner, safe)
    if isinstance(value, list | tuple | set | frozenset):
        return list_of((_value(item, manner, safe) for item in value), manner.code)
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return safe(write(value, manner))
    return _value(str(value), manner, safe)


_WRITERS: tuple[tuple[type, Callable[..., str]], ...] = (
    (bool, lambda value, manner: gettext("yes", manner.code) if value else gettext("no", manner.code)),
    (int, lambda value, manner: number(value, manner.code)),
    (float, lambda value, manner: number(value, manner.code)),
    (Share, lambda value, manner: share(value, manner.code)),
    (Money, lambda value, manner: money(value, manner.code)),
    (Decimal, lambda value, manner: number(value, manner.code)),
    (Days, lambda value, manner: duration(value, manner.code)),
    (Period, lambda value, manner: dates.period(value, manner.code, manner.calendar)),
    (datetime, lambda value, manner: dates.moment(value, manner.code, manner.zone, manner.calendar)),
    (date, lambda value, manner: dates.day(value, manner.code, manner.calendar)),
    (timedelta, lambda value, manner: duration(value, manner.code)),
    (type(None), lambda _, manner: gettext("unknown", manner.code)),
    (Integral, lambda value, manner: number(int(value), manner.code)),
    (Real, lambda value, manner: number(float(value), manner.code)),
)


@lru_cache(maxsize=4096)
def _formulas(sentence: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((run, tuple(_NAME.findall(run))) for run in _FORMULA.findall(sentence))


def _with_code(sentence: str, written: dict[str, str]) -> str:
    """Isolate each piece of code or command as a whole: it reads left to right, its values too."""
    for code in _CODE.findall(sentence):
        sentence = sentence.replace(code, f"{_ISOLATE_LEFT_TO_RIGHT}{code}{_END}", 1)
        for name in written.keys() & set(_NAME.findall(code)):
            written[name] = written[name].translate(_ISOLATES)
    return sentence


def _with_formulas(sentence: str, text: Text, written: dict[str, str]) -> str:
    """Isolate each run of numbers and operators, so that it reads left to right in Persian too."""
    for run, names in _formulas(sentence):
        if all(isinstance(text.values.get(name), int | float | Decimal | Share) for name in names):
            sentence = sentence.replace(run, f"{_ISOLATE_LEFT_TO_RIGHT}{run}{_END}", 1)
            for name in names:
                written[name] = written[name].translate(_MARKS)
    return sentence
