"""Where a customer lives: the clocks there, the weekend and the public holidays."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Hashable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from holdfast.domain.waking import Place
from holdfast.language.places import country_named, country_of_zone, zone_named, zones_of_country
from holdfast.settings import Settings

Name = TypeVar("Name", bound=Hashable)

_USUAL_WEEKEND = frozenset((5, 6))


def places(settings: Settings, whom: Mapping[Name, Collection[int]], now_us: int) -> dict[Name, Place]:
    """Where each customer of ``whom`` (by its name, with its ids) lives: one statement for all of them.

    What was said last counts; where nothing is known, it is where the company is.
    """
    from holdfast.store import pressure

    ids = {subject for some in whom.values() for subject in some}
    said = pressure.whereabouts(settings, ids) if ids else {}
    year = datetime.fromtimestamp(now_us // 1_000_000, UTC).year
    found = {}
    for name, subjects in whom.items():
        known = [said[each] for each in subjects if each in said]
        zone, country = (
            max((each[kind] for each in known if kind in each), default=(0, ""))[1]
            for kind in ("zone", "country")
        )
        found[name] = place(zone, country, settings.timezone, year)
    return found


@lru_cache(maxsize=2_000)
def place(zone: str, country: str, home: str, year: int) -> Place:
    """The place of a zone and a country as they were said ("" where nothing was), at home otherwise."""
    own, code = zone_named(zone), country_named(country)
    at_home = zone_named(home)
    zones: tuple[ZoneInfo, ...] = ()
    if own is not None:
        zones = (own,)
        code = code or country_of_zone(own.key)
    elif code:
        zones = zones_of_country(code, year)
    if not zones and at_home is not None:
        zones = (at_home,)
        code = code or country_of_zone(home)
    weekend, holidays = _calendar(code, year)
    return Place(zones, weekend, holidays)


@lru_cache(maxsize=500)
def _calendar(country: str, year: int) -> tuple[frozenset[int], frozenset[date]]:
    """The days of the week without work, and the public holidays of two years."""
    import holidays

    if country not in holidays.list_supported_countries():
        return _USUAL_WEEKEND, frozenset()
    with warnings.catch_warnings():  # some days of later years are estimates, which is said
        warnings.simplefilter("ignore")
        calendar = holidays.country_holidays(country, years=(year, year + 1))
        return frozenset(calendar.weekend), frozenset(calendar)
