"""The countries the company sells to: one TOML file each in ``countries/``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its people's names, its rhythm and its money.

    ``share`` of the people live there. ``price_factor`` turns a list price in euro into the list
    price in ``currency``. ``waking_utc`` are the hours (UTC) between which people act, chosen so
    that they fall within one day of the company's time zone. ``weekdays`` weigh Monday..Sunday.
    ``seasons`` name the seasons of :mod:`holdfast.simulate.seasons` that are felt there. A name
    is its native spelling, followed by a Latin one where that cannot be derived.
    """

    code: str
    name: str
    language: str
    currency: str
    price_factor: float
    share: float
    waking_utc: tuple[float, float]
    weekdays: tuple[float, ...]
    seasons: tuple[str, ...]
    phone: str
    phone_digits: int
    phone_heads: tuple[str, ...]
    mail: str
    cities: tuple[str, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """All countries, the largest share first: a person's ``country`` is an index into this."""
    folder = resources.files("holdfast.simulate") / "countries"
    found = [
        _read(entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda country: (-country.share, country.code)))


def country_index(code: str) -> int:
    """The index of the country with this ISO 3166 code; ``LookupError`` if there is none."""
    for index, country in enumerate(countries()):
        if country.code == code:
            return index
    raise LookupError(f"the company does not sell to {code!r}")


def _read(written: str) -> Country:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in tomllib.loads(written).items()
    }
    return Country(**values)
