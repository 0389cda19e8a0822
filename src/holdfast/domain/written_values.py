"""Values of what people or programs write as JSON for plays, read strictly and refused with their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, TypeVar

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text


def bad_play(why: Text, at: str) -> Refusal:
    """The refusal of a play that cannot be read; ``at`` is the place within it."""
    return Refusal(
        "bad_play",
        found=Text("The play cannot be used at {place}: {why}.", place=at, why=why),
        expected=Text("A play as the documentation of plays describes it."),
        remedy=Text("Mend what stands there and try again; nothing was changed."),
    )


Day = TypeVar("Day", bound=date)
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def in_reach(day: Day) -> Day:
    """A day that clocks of every zone can show. Raises ``ValueError`` for one at the end of all calendars."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"the year {day.year} is out of reach")
    return day


_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Written:
    """An object of JSON, and where it stands."""

    values: Mapping[str, Any]
    at: str

    @classmethod
    def of(cls, written: object, at: str) -> Written:
        """``written`` as an object, or a refusal."""
        if not isinstance(written, dict):
            raise bad_play(Text("an object with keys is expected"), at)
        return cls(written, at)

    def only(self, known: Collection[str]) -> None:
        """Refuse a key that is none of ``known``."""
        for key in self.values:
            if key not in known:
                raise bad_play(Text("nothing is called {key} here", key=key[:40]), self.at)

    def none_of(self, *keys: str) -> None:
        """Refuse these keys."""
        for key in keys:
            if key in self.values:
                raise bad_play(Text("nothing is called {key} here", key=key), self.at)

    def get(self, key: str) -> Any:
        """A value that must be there."""
        if self.values.get(key) is None:
            raise bad_play(Text("{key} is missing", key=key), self.at)
        return self.values[key]

    def words(self, key: str, most: int, *, default: str = _MISSING) -> str:
        """Words of at most ``most`` characters; never empty unless ``default`` is."""
        value = self._value(key, default)
        if not isinstance(value, str) or len(value) > most or "\0" in value:
            raise bad_play(Text("{key} takes words of at most {n} characters", key=key, n=most), self.at)
        if any("\ud800" <= each <= "\udfff" for each in value):
            raise bad_play(Text("{key} has half of a letter, which nothing can write", key=key), self.at)
        if not value.strip() and default is _MISSING:
            raise bad_play(Text("{key} is missing", key=key), self.at)
        return value.strip()

    def whole(self, key: str, least: int, most: int, *, default: int = _MISSING) -> int:
        """A whole number."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            why = Text("{key} takes a whole number from {least} to {most}", key=key, least=least, most=most)
            raise bad_play(why, self.at)
        return value

    def number(self, key: str, least: float, most: float, *, default: float = _MISSING) -> float:
        """A number."""
        value = self._value(key, default)
        fits = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        if not fits or not least <= value <= most:
            why = Text("{key} takes a number from {least} to {most}", key=key, least=least, most=most)
            raise bad_play(why, self.at)
        return float(value)

    def one_of(self, key: str, known: Sequence[str], *, default: str = _MISSING) -> str:
        """One of some words."""
        value = self._value(key, default)
        if value not in known:
            raise bad_play(Text("{key} is one of {known}", key=key, known=list(known)), self.at)
        return str(value)

    def list(self, key: str, most: int) -> Sequence[Any]:
        """A list of at most ``most`` entries."""
        value = self.get(key)
        if not isinstance(value, list) or len(value) > most:
            raise bad_play(Text("{key} takes a list of at most {n} entries", key=key, n=most), self.at)
        return value

    def _value(self, key: str, default: Any) -> Any:
        value = self.values.get(key)
        if value is None:
            return self.get(key) if default is _MISSING else default
        return value
