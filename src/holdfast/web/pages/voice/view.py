"""Why customers left: causes over time, by part of them and by money, in their own words."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.understand import inquiries, quotes, voice
from holdfast.services.understand.loss_parts import PARTS, segment_titles
from holdfast.services.understand.themes import ShownTheme
from holdfast.services.understand.voice import YEAR_DAYS, Voice
from holdfast.store.inquiry import Inquiry
from holdfast.web.access import DECIDERS, READERS, may, only, portfolio
from holdfast.web.cause_words import cause_names
from holdfast.web.figures import currency_sign
from holdfast.web.pages.voice import pictures, words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email


@only(READERS)
@require_safe
def shown(request: Request) -> HttpResponse:
    """The voice of the last year; ``?cause=`` shows one closer, ``?by=money`` sorts, ``?part=`` parts."""
    found = voice.read(request.workspace)
    if found is None or not found.losses:
        return show(request, "voice/nothing.html", place="understand", there=found is not None)
    return _page(request, found)


@only(DECIDERS)
@require_POST
def inquire(request: Request) -> HttpResponse:
    """Set from which money on a loss is inquired into; an empty field takes the usual threshold."""
    workspace, reader = request.workspace, request.reader
    typed = request.POST.get("from", "").strip()
    try:
        from_minor = Money.of(_plain(typed), workspace.currency or NO_CURRENCY).minor if typed else None
        wanted = Inquiry("enabled" in request.POST, from_minor)
        inquiries.save(workspace, wanted, by=email(request), now=datetime.now(workspace.zone))
    except (ValueError, ArithmeticError):
        return _refused(request, reader.gettext("This is no amount. Write a number, or leave it empty."))
    except Refusal as refusal:
        return _refused(request, f"{reader.say(refusal.expected)} {reader.say(refusal.remedy)}")
    return say_next(
        HttpResponseRedirect(f"{reverse('voice')}#inquiries"), reader.say(Text("The threshold is kept."))
    )


def _refused(request: Request, error: str) -> HttpResponse:
    found = voice.read(request.workspace)
    if found is None or not found.losses:
        return show(request, "voice/nothing.html", status=422, place="understand", there=found is not None)
    return _page(request, found, error=error)


def _page(request: Request, found: Voice, *, error: str = "") -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    currency, seen = workspace.currency or NO_CURRENCY, portfolio(request.user, workspace)
    part, by_money = _one_of(request, "part", PARTS, "how"), request.GET.get("by") == "money"
    cause = _one_of(request, "cause", found.ids, found.causes[0].cause if found.causes else "")
    end = day_number(found.day)
    name = cause_names(workspace, reader)
    titles = segment_titles(workspace) if part == "segment" else {}
    listed = words.causes(found, cause, by_money, currency, reader, name)
    shown_first = len(listed) if "all" in request.GET else words.MOST_CAUSES
    said = quotes.of_cause(workspace, cause, end - YEAR_DAYS, end, among=seen)
    return show(
        request,
        "voice/voice.html",
        status=422 if error else 200,
        place="understand",
        voice=found,
        sentence=words.sentence(found, reader),
        unknown=words.unknown(found, currency, reader),
        causes=listed[:shown_first],
        more=len(listed) if len(listed) > shown_first else 0,
        by_money=by_money,
        origins=words.origins(found, reader),
        cause=name(cause) if cause else "",
        chart=pictures.over_time(found, cause, reader, workspace.calendar, name),
        quotes=[_quote(each, request) for each in said],
        parts=words.parts(part, reader),
        part=reader.say(PARTS[part]),
        groups=words.groups(found, part, titles, currency, reader, name),
        themes=[_theme(each, request, whole=seen is None) for each in found.themes],
        areas=words.areas(found.drivers, reader),
        area_sentence=words.area_sentence(found.drivers, reader),
        agreed=words.agreed(found.agreed, reader),
        inquiry=_inquiry(request, error),
        may_decide=may(request.user, DECIDERS),
    )


def _one_of(request: Request, name: str, known: object, otherwise: str) -> str:
    wanted = request.GET.get(name, "")
    if wanted and wanted not in known:  # type: ignore[operator]
        raise BadRequest(f"no such {name}")
    return wanted or otherwise


def _quote(each: quotes.Quote, request: Request) -> dict[str, object]:
    return {
        "text": each.text,
        "url": reverse("customer", args=[each.unit_id]),
        "day": request.reader.day(
            datetime.fromtimestamp(each.at_us / 1_000_000, request.workspace.zone).date()
        ),
    }


def _theme(each: ShownTheme, request: Request, *, whole: bool) -> dict[str, object]:
    """A theme; whoever sees only some customers sees no words of the others."""
    quoted = quotes.of_texts(request.workspace, each.quoted) if whole else []
    return {"words": each.words, "texts": each.texts, "quotes": quoted}


def _inquiry(request: Request, error: str) -> dict[str, object]:
    wanted, reader = inquiries.read(request.workspace), request.reader
    currency = request.workspace.currency or NO_CURRENCY
    typed = request.POST.get("from")
    kept = "" if wanted.from_minor is None else str(Money(wanted.from_minor, currency).amount)
    return {
        "enabled": wanted.enabled,
        "from": kept if typed is None else typed,
        "said": "" if wanted.from_minor is None else reader.money(Money(wanted.from_minor, currency), 0),
        "currency": currency_sign(currency, reader),
        "error": error,
    }


def _plain(typed: str) -> str:
    """Digits of any script, a comma or a point."""
    return (
        "".join(str(int(each)) if each.isdecimal() else each for each in typed)
        .replace("٫", ".")
        .replace(",", ".")
    )
