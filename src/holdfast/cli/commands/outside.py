"""``holdfast outside``: days and weeks unlike the others, season and holidays, and whose they look to be."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from holdfast.cli.group import Command
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.learning.outside import Factor
    from holdfast.services.understand.outside import Outside
    from holdfast.services.understand.outside_causes import ByCause
    from holdfast.store.outside_notes import Noted

ORDER = 49


def _run(session: Session) -> None:
    from holdfast.services.understand import outside_causes
    from holdfast.services.understand.outside import read
    from holdfast.store.outside_notes import noted

    settings = session.settings()
    found, log = read(settings), noted(settings)
    by_cause = outside_causes.read(settings)
    session.finish(_answer(found, log, by_cause), lambda: _show(session, found, log, by_cause))


def _answer(found: Outside | None, log: list[Noted], by_cause: ByCause) -> dict[str, Any]:
    from holdfast.services.understand.outside import origin_of

    if found is None:
        nothing: dict[str, Any] = {"as_of": None, "days": [], "weeks": [], "causes": [], "holidays": []}
        return {**nothing, "months": {}, "trend": None}
    return {
        "as_of": found.day,
        "days": [
            {
                "day": each.day,
                "kind": each.kind,
                "events": {mark.name: mark.times for mark in each.marks},
                "holidays": [asdict(feast) for feast in each.feasts],
            }
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
                "parts": [asdict(part) for part in by_cause.parts_of(each)],
                "beside": list(each.beside),
            }
            for each in found.waves
        ],
        "causes": [{**asdict(each), "country": each.country or None} for each in by_cause.named],
        "months": {str(month): _factor(each) for month, each in found.months.items()},
        "trend": None if found.trend is None else _factor(found.trend),
        "holidays": [
            {"country": each.country, "name": each.name, "before": each.before, **_factor(each.times)}
            for each in found.feasts
        ],
    }


def _factor(each: Factor) -> dict[str, float]:
    return {"times": each.times, "low": each.low, "high": each.high}


def _show(session: Session, found: Outside | None, log: list[Noted], by_cause: ByCause) -> None:
    from holdfast.services.understand import outside_words as words

    if found is None:
        session.tell(words.NOBODY_LOOKED)
        return
    session.tell(words.summary(found))
    _show_weeks(session, found, log, by_cause)
    language = session.reader(session.settings()).code
    for odd in found.odd:
        for said in (*map(words.mark, odd.marks), *words.day_feasts(odd.feasts, language)):
            session.tell(Text("{day}: {what}", day=odd.day, what=said))
    for feast in found.feasts:
        said = words.feast(feast, language)
        session.tell(Text("{what}: {value}", what=said, value=words.change(feast.times)))


def _show_weeks(session: Session, found: Outside, log: list[Noted], by_cause: ByCause) -> None:
    from holdfast.services.understand import outside_words as words
    from holdfast.services.understand.outside import origin_of
    from holdfast.store import own_words

    for wave in found.waves:
        origin = words.ORIGINS[origin_of(wave, found, log)]
        session.tell(Text("{start} to {end}", start=wave.start, end=wave.end))
        session.tell(Text("{what} ({state})", what=words.wave(wave), state=origin))
        for part in by_cause.parts_of(wave):
            session.tell(words.part(part))
    own = own_words.causes(session.settings()) if by_cause.named else {}
    language = session.reader(session.settings()).code
    for each in by_cause.named:
        name = own[each.cause].name(language) if each.cause in own else each.cause
        session.tell(Text("{start} to {end}", start=each.start, end=each.end))
        session.tell(words.named_more(each, name))


COMMAND = Command(
    "outside", Text("Tell season, holidays and shocks of the whole company apart from own faults."), _run, []
)
