"""``holdfast outside``: days and weeks unlike the others, season and holidays, and whose they look to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.learning.outside import Factor
    from holdfast.services.understand.outside import Outside
    from holdfast.store.outside_notes import Noted

ORDER = 49


def _run(session: Session) -> None:
    from holdfast.services.understand.outside import read
    from holdfast.store.outside_notes import noted

    settings = session.settings()
    found, log = read(settings), noted(settings)
    session.finish(_answer(found, log), lambda: _show(session, found, log))


def _answer(found: Outside | None, log: list[Noted]) -> dict[str, Any]:
    from holdfast.services.understand.outside import origin_of

    if found is None:
        return {"as_of": None, "days": [], "weeks": [], "months": {}, "trend": None, "holidays": []}
    return {
        "as_of": found.day,
        "days": [
            {"day": each.day, "kind": each.kind, "events": {mark.name: mark.times for mark in each.marks}}
            for each in found.odd
        ],
        "weeks": [
            {
                "start": each.start,
                "end": each.end,
                "sort": each.sort,
                "country": each.country or None,
                "lost": each.lost,
                "times": each.times,
                "low": each.low,
                "high": each.high,
                "chance": each.chance,
                "origin": origin_of(each, found, log),
                "beside": list(each.beside),
            }
            for each in found.waves
        ],
        "months": {str(month): _factor(each) for month, each in found.months.items()},
        "trend": None if found.trend is None else _factor(found.trend),
        "holidays": [
            {"country": each.country, "name": each.name, "before": each.before, **_factor(each.times)}
            for each in found.feasts
        ],
    }


def _factor(each: Factor) -> dict[str, float]:
    return {"times": each.times, "low": each.low, "high": each.high}


def _show(session: Session, found: Outside | None, log: list[Noted]) -> None:
    from holdfast.services.understand import outside_words as words
    from holdfast.services.understand.outside import origin_of

    if found is None:
        session.tell(words.NOBODY_LOOKED)
        return
    session.tell(words.summary(found))
    for wave in found.waves:
        origin = words.ORIGINS[origin_of(wave, found, log)]
        session.tell(Text("{start} to {end}", start=wave.start, end=wave.end))
        session.tell(Text("{what} ({state})", what=words.wave(wave), state=origin))
    for odd in found.odd:
        for mark in odd.marks:
            session.tell(Text("{day}: {what}", day=odd.day, what=words.mark(mark)))
    for feast in found.feasts:
        session.tell(Text("{what}: {value}", what=words.feast(feast), value=words.change(feast.times)))


COMMAND = Command(
    "outside", Text("Tell season, holidays and shocks of the whole company apart from own faults."), _run, []
)
