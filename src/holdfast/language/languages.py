"""The languages Holdfast speaks: names, directions, and how each writes numbers and money.

A language is one catalogue, ``catalogues/<code>.po``, found by being there. The six that ship are
written out here, because the way the pages look decides some of it (``docs/how-to/translate.md``);
any other takes everything from CLDR.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

CATALOGUES = Path(__file__).parent / "catalogues"
ENGLISH = "en"
"""The language of the message ids: it needs no catalogue."""
PSEUDO = "xx"
"""Not a language: marks every translated string, so that tests see the unmarked ones."""

NO_BREAK = "\N{NO-BREAK SPACE}"
_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
_RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT MARK}"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: what a page and the number formats must know about it.

    ``tag`` goes into ``<html lang>``; ``locale`` is its CLDR name; ``calendar`` the one its
    readers live by. ``percent`` and ``money`` hold ``{}`` where the number stands (``money`` also
    ``{currency}``); ``currency_as`` says whether that is a symbol, the ISO code, or a name.
    ``comma`` separates the items of a list.
    """

    code: str
    tag: str
    own_name: str
    locale: str
    direction: Literal["ltr", "rtl"] = "ltr"
    calendar: Literal["gregorian", "solar_hijri"] = "gregorian"
    digits: str = "0123456789"
    group: str = ","
    decimal: str = "."
    minus: str = "\N{MINUS SIGN}"
    plus: str = "+"
    percent: str = "{}%"
    money: str = "{currency}{}"
    currency_as: Literal["symbol", "code", "name"] = "symbol"
    comma: str = ", "


_SHIPPED = {
    language.code: language
    for language in (
        Language(ENGLISH, "en", "English", "en_GB"),
        Language(
            "ro",
            "ro",
            "Română",
            "ro",
            group=".",
            decimal=",",
            percent=f"{{}}{NO_BREAK}%",
            money=f"{{}}{NO_BREAK}{{currency}}",
            currency_as="code",
        ),
        Language(
            "fa",
            "fa",
            "فارسی",
            "fa",
            direction="rtl",
            calendar="solar_hijri",
            digits=_PERSIAN_DIGITS,
            group="٬",
            decimal="٫",
            minus=f"{_LEFT_TO_RIGHT}\N{MINUS SIGN}",
            plus=f"{_LEFT_TO_RIGHT}+",
            percent=f"{{}}{_RIGHT_TO_LEFT}٪",
            money=f"{{}}{NO_BREAK}{{currency}}",
            currency_as="name",
            comma="، ",
        ),
        Language(
            "bg",
            "bg",
            "Български",
            "bg",
            group=NO_BREAK,
            decimal=",",
            money=f"{{}}{NO_BREAK}{{currency}}",
        ),
        Language(
            "ru",
            "ru",
            "Русский",
            "ru",
            group=NO_BREAK,
            decimal=",",
            percent=f"{{}}{NO_BREAK}%",
            money=f"{{}}{NO_BREAK}{{currency}}",
        ),
        Language("zh", "zh-Hans", "中文", "zh_Hans", comma="、"),
    )
}


@cache
def language(code: str) -> Language:
    """The language called ``code``. Raises ``LookupError`` where there is no such catalogue."""
    if code in _SHIPPED:
        return _SHIPPED[code]
    if code == PSEUDO:
        return Language(PSEUDO, "en-XA", "⟦Ẋẋ⟧", "en_GB")
    if not (CATALOGUES / f"{code}.po").is_file():
        raise LookupError(f"no language is called {code!r}; there are: {', '.join(languages())}")
    return _from_cldr(code)


@cache
def languages() -> tuple[str, ...]:
    """Codes of all languages: English first, the shipped ones, then any other catalogue's."""
    added = sorted(path.stem for path in CATALOGUES.glob("*.po") if path.stem not in _SHIPPED)
    return (*_SHIPPED, *added)


@cache
def written_in(code: str) -> Language:
    """The language of a text in ``code``, one in which Holdfast has no pages too; English where none is."""
    from babel import UnknownLocaleError

    if code in languages():
        return language(code)
    try:
        return _from_cldr(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return language(ENGLISH)


def direction(code: str) -> Literal["ltr", "rtl"]:
    """Which way ``code`` is written: for ``<html dir>``."""
    return language(code).direction


def preferred(accepted: str) -> str:
    """The best language for an ``Accept-Language`` header; English where none fits."""
    known = {language(code).tag.lower().split("-")[0]: code for code in languages()}
    wishes = [_wish(part) for part in accepted.split(",") if part.strip()]
    for tag, weight in sorted(wishes, key=lambda wish: -wish[1]):
        if weight > 0 and tag in known:
            return known[tag]
    return ENGLISH


def _wish(part: str) -> tuple[str, float]:
    tag, _, weight = part.partition(";q=")
    try:
        return tag.strip().lower().split("-")[0], float(weight or 1)
    except ValueError:
        return "", 0.0


def _from_cldr(code: str) -> Language:
    from babel import Locale

    locale = Locale.parse(code)
    symbols = locale.number_symbols["latn"]
    money = "{currency}{}" if locale.currency_formats["standard"].pattern.startswith("¤") else "{} {currency}"
    return Language(
        code,
        code.replace("_", "-"),
        locale.get_display_name(locale) or code,
        code,
        direction="rtl" if locale.text_direction == "rtl" else "ltr",
        group=symbols["group"],
        decimal=symbols["decimal"],
        percent=locale.percent_formats[None].pattern.replace("#,##0", "{}"),
        money=money.replace(" ", NO_BREAK),
    )
