"""Public holidays of each country, by the library ``holidays``, and what they are called in a language."""

from __future__ import annotations

from functools import lru_cache

from holdfast.domain.period import date_of

_YEARS = range(2018, 2031)
_SPEAK_IT = {
    "ro": (("RO", "ro"), ("MD", "ro")),
    "fa": (("IR", "fa_IR"), ("AF", "fa_AF")),
    "bg": (("BG", "bg"),),
    "ru": (("RU", "ru"), ("BY", "ru")),
    "zh": (("CN", "zh_CN"), ("HK", "zh_CN"), ("MO", "zh_CN")),
}
"""Countries whose calendars are written in a language: of them the words for feasts of others are taken."""

_NO_FEAST = ("Day off (", "Non-working day")
_ADDED = (" (estimated)", " (observed)", " (observed, estimated)")


def public_holidays(code: str, first_day: int, length: int) -> dict[int, str]:
    """The public holidays of a country among ``length`` days from ``first_day`` on: the English name by
    place; none of a country that is not known.
    """
    import holidays

    years = range(date_of(first_day).year, date_of(first_day + length).year + 1)
    try:
        calendar = holidays.country_holidays(code, years=years, language="en_US")
    except NotImplementedError:
        return {}
    start = date_of(first_day).toordinal()
    return {
        on.toordinal() - start: _plain(name)
        for on, name in sorted(calendar.items())
        if 0 <= on.toordinal() - start < length and not name.startswith(_NO_FEAST)
    }


def name_of(name: str, country: str, language: str) -> str:
    """A feast of a country, English ``name``, in a language: as that country writes it, else as countries
    do that speak it; the English name where none of them has the feast.
    """
    own = [(country, code) for _, code in _SPEAK_IT.get(language, ())]
    for calendar in (*own, *_SPEAK_IT.get(language, ())):
        found = _names(*calendar).get(name)
        if found:
            return found
    return name


def _plain(name: str) -> str:
    """The first feast of a day, without what the library adds of how sure its day is."""
    first = name.split("; ", maxsplit=1)[0]
    for added in _ADDED:
        first = first.removesuffix(added)
    return first


@lru_cache(maxsize=64)
def _names(country: str, code: str) -> dict[str, str]:
    """What the feasts of a country are called in a language of its calendar, by the English name."""
    import holidays

    known = holidays.list_supported_countries()
    if country not in known:
        return {}
    english = holidays.country_holidays(country, years=_YEARS, language="en_US")
    if code not in (english.supported_languages or ()):
        return {}
    local = holidays.country_holidays(country, years=_YEARS, language=code)
    # Days of two feasts are left out: a calendar sorts them by the words of its language.
    return {
        name: local[on]
        for on, name in english.items()
        if "; " not in name and "; " not in local.get(on, "; ")
    }
