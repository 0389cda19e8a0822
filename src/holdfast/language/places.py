"""Countries and the clocks in them: what a customer's country says about when it is night there."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_MOST_LIVE_IN = {
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
"""The zone in which nearly all of a country live (the primary zones of CLDR)."""


@lru_cache(maxsize=1_000)
def zone_named(written: str) -> ZoneInfo | None:
    """The time zone of that name ("Europe/Dublin"); ``None`` where there is none."""
    name = written.strip()
    return ZoneInfo(name) if name in _names() else None


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1_000)
def country_named(written: str) -> str:
    """The two letters of a country from its letters or its English name; "" where it is none."""
    from babel import Locale

    name = written.strip()
    territories = Locale("en").territories
    if len(name) == 2:
        return name.upper() if name.upper() in territories else ""
    known = {words.casefold(): code for code, words in territories.items() if len(code) == 2}
    return str(known.get(name.casefold(), ""))


@lru_cache(maxsize=1_000)
def country_of_zone(zone: str) -> str:
    """The two letters of the country in which a time zone lies; "" where it is in none."""
    from babel.core import get_global

    return str(get_global("zone_territories").get(zone, "")).replace("001", "")


@lru_cache(maxsize=1_000)
def zones_of_country(country: str, year: int) -> tuple[ZoneInfo, ...]:
    """The zones between which the clocks of a country lie: one, or the first and the last."""
    from babel.core import get_global

    if country in _MOST_LIVE_IN:
        return (ZoneInfo(_MOST_LIVE_IN[country]),)
    zones = [ZoneInfo(name) for name in get_global("territory_zones").get(country, ()) if name in _names()]
    ends: list[ZoneInfo] = []
    for month in (1, 7):  # clocks are not put forward everywhere
        moment = datetime(year, month, 1, tzinfo=UTC)
        by_offset = sorted((_ahead(moment, zone), zone.key) for zone in zones)
        ends += [ZoneInfo(by_offset[0][1]), ZoneInfo(by_offset[-1][1])] if by_offset else []
    return tuple(dict.fromkeys(ends))


def _ahead(moment: datetime, zone: ZoneInfo) -> float:
    """How many seconds the clocks of a zone are ahead of UTC."""
    here = moment.astimezone(zone)
    return (here.replace(tzinfo=UTC) - moment).total_seconds()
