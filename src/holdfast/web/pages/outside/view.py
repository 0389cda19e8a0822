"""Days and weeks unlike the others, season and holidays, and the log of outside events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.origins import ORIGINS
from holdfast.domain.refusals import Refusal
from holdfast.language import dates
from holdfast.services.understand import outside as found_outside
from holdfast.services.understand import outside_causes, outside_log
from holdfast.services.understand import outside_words as words
from holdfast.services.understand.outside import Outside
from holdfast.services.understand.outside_causes import ByCause
from holdfast.store.outside_notes import Noted, noted
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.cause_words import cause_names
from holdfast.web.figures import country_name
from holdfast.web.reading import Request
from holdfast.web.show import show


@only(READERS)
@require_safe
def outside(request: Request) -> HttpResponse:
    """What the last nightly run found, and what was noted."""
    return _shown(request)


@only(DECIDERS)
@require_POST
def note(request: Request) -> HttpResponse:
    """Note an outside event; says what is wrong where it is none."""
    typed = request.POST.dict()
    try:
        start, until = (_day(typed.get(name, "")) for name in ("start", "until"))
        first = start or request.workspace.now(datetime.now(UTC)).astimezone(request.workspace.zone).date()
        outside_log.note_event(
            *(request.workspace, typed.get("title", ""), first, until, typed.get("country", "")),
            by=request.user.get_username(),
            now_us=_now_us(),
        )
    except Refusal as refusal:
        return _shown(request, typed, _said(request, refusal))
    return HttpResponseRedirect(f"{reverse('outside')}#log")


@only(DECIDERS)
@require_POST
def do(request: Request, note_id: int, do: str) -> HttpResponse:
    """Look at the strategy because of an event (``review``), or take it out of the log (``remove``)."""
    if do not in ("review", "remove"):
        raise BadRequest("no such deed")
    try:
        if do == "remove":
            outside_log.remove(request.workspace, note_id)
        else:
            by, said = request.user.get_username(), request.POST.get("review", "")
            outside_log.review(request.workspace, note_id, said, by=by, now_us=_now_us())
    except Refusal as refusal:
        return _shown(request, {}, _said(request, refusal))
    return HttpResponseRedirect(f"{reverse('outside')}#log")


def _now_us() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise BadRequest("a day is written as 2026-11-30") from error


def _said(request: Request, refusal: Refusal) -> str:
    return f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"


def _shown(request: Request, typed: Mapping[str, str] | None = None, error: str = "") -> HttpResponse:
    found, log, reader = found_outside.read(request.workspace), noted(request.workspace), request.reader
    by_cause = outside_causes.read(request.workspace)
    return show(
        request,
        "outside/outside.html",
        status=422 if error else 200,
        place="understand",
        found=found,
        sentence=reader.say(words.NOBODY_LOOKED if found is None else words.summary(found)),
        waves=[] if found is None else _waves(request, found, log, by_cause),
        causes=_causes(request, by_cause),
        odd=[] if found is None else _odd(request, found),
        months=[] if found is None else _months(request, found),
        trend=reader.say(words.change(found.trend)) if found and found.trend else "",
        feasts=[] if found is None else _feasts(request, found),
        log=[{"note": each, "where": _where(request, each)} for each in log],
        typed=typed or {},
        error_words=error,
        may_decide=may(request.user, DECIDERS),
    )


def _waves(request: Request, found: Outside, log: list[Noted], by_cause: ByCause) -> list[dict[str, object]]:
    reader, odd = request.reader, {each.day: each for each in found.odd}
    told = []
    for each in found.waves:
        origin = found_outside.origin_of(each, found, log)
        told.append(
            {
                "from": each.start,
                "to": each.end,
                "words": reader.say(words.wave(each)),
                "where": country_name(each.country, reader.code) if each.country else "",
                "parts": [reader.say(words.part(part)) for part in by_cause.parts_of(each)],
                "origin": origin,
                "origin_words": reader.say(words.ORIGINS[origin]),
                "beside": [(day, _marks(request, odd[day].marks[:1])) for day in each.beside if day in odd],
            }
        )
    return told


def _causes(request: Request, by_cause: ByCause) -> list[dict[str, object]]:
    reader, name = request.reader, cause_names(request.workspace, request.reader)
    return [
        {
            "from": each.start,
            "to": each.end,
            "where": country_name(each.country, reader.code) if each.country else "",
            "words": reader.say(words.named_more(each, name(each.cause))),
            "ours": each.origin == "ours",
            "origin": next(reader.say(said) for origin, said in ORIGINS.items() if origin == each.origin),
        }
        for each in by_cause.named
    ]


def _odd(request: Request, found: Outside) -> list[dict[str, object]]:
    return [
        {
            "day": each.day,
            "kind": each.kind,
            "words": request.reader.say(words.odd(each)),
            "marks": _marks(request, each.marks),
            "feasts": [
                request.reader.say(said)
                for said in words.day_feasts(
                    each.feasts, request.reader.code, lambda codes: _countries(request, codes)
                )
            ],
        }
        for each in found.odd
    ]


def _countries(request: Request, codes: list[str]) -> str:
    return request.reader.list_of(country_name(code, request.reader.code) for code in codes)


def _marks(request: Request, marks: tuple[found_outside.Mark, ...]) -> str:
    return " · ".join(request.reader.say(words.mark(each)) for each in marks)


def _months(request: Request, found: Outside) -> list[tuple[str, str]]:
    reader = request.reader
    return [
        (
            dates.month(date(2024, month, 1), reader.code, "gregorian", year=False),
            reader.say(words.change(factor)),
        )
        for month, factor in found.months.items()
        if factor.certain
    ]


def _feasts(request: Request, found: Outside) -> list[dict[str, str]]:
    reader = request.reader
    return [
        {
            "country": country_name(each.country, reader.code),
            "name": reader.say(words.feast(each, reader.code)),
            "change": reader.say(words.change(each.times)),
        }
        for each in found.feasts
    ]


def _where(request: Request, each: Noted) -> str:
    return country_name(each.country, request.reader.code) if each.country else ""
