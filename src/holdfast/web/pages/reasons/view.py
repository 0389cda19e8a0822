"""Every reason with its grade, one reason in full, and the report for paper."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.analytics.reason import Reason
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_numbers import latin_digits, read_number
from holdfast.services.understand import graded, reason_bounds
from holdfast.services.understand.graded import ReasonRow
from holdfast.services.understand.reasons import delivered
from holdfast.store.reason_bounds import Bounds
from holdfast.store.reason_grades import Behind
from holdfast.web.access import EXPORTERS, READERS, may, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.reasons import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email

ON_A_PAGE = 25
IN_THE_REPORT = 5


@only(READERS)
@require_safe
def reasons(request: Request) -> HttpResponse:
    """Every reason, what needs work first."""
    rows = graded.reasons(request.workspace)
    if not rows:
        return show(request, "reasons/nothing.html", place="understand")
    reader = request.reader
    return show(
        request,
        "reasons/reasons.html",
        place="understand",
        sentence=words.sentence(rows, reader),
        rows=[words.shown(row, reader) for row in rows if row.grade not in ("no_data", "too_few")],
        unclear=[words.shown(row, reader) for row in rows if row.grade in ("no_data", "too_few")],
        as_of=words.as_of(rows[0], reader),
    )


@only(READERS)
@require_safe
def reason(request: Request, key: str) -> HttpResponse:
    """One reason: its measures, what to do first, who is behind it."""
    return _one(request, key)


@only(EXPORTERS)
@require_POST
def bounds(request: Request, key: str) -> HttpResponse:
    """Set from which share on its measures are weak, and bad; ``ours`` goes back to those delivered."""
    found, workspace, reader = delivered().get(key), request.workspace, request.reader
    if found is None:
        raise Http404(f"no reason is called {key[:100]!r}")
    by, now_us = email(request), int(datetime.now(UTC).timestamp() * 1_000_000)
    try:
        if "ours" in request.POST:
            reason_bounds.back_to_ours(workspace, found, by=by, now_us=now_us)
        else:
            reason_bounds.save(workspace, found, _typed(request, found), by=by, now_us=now_us)
    except ValueError:
        return _one(request, key, reader.gettext("Both bounds are numbers in per cent, such as 5 and 15."))
    except Refusal as refusal:
        said = " ".join(reader.say(each) for each in (refusal.found, refusal.expected, refusal.remedy))
        return _one(request, key, said)
    kept = Text("The bounds are kept.")
    return say_next(HttpResponseRedirect(f"{reverse('reason', args=[key])}#bounds"), reader.say(kept))


def _typed(request: Request, found: Reason) -> dict[str, Bounds]:
    """The bounds of each measure of which both were sent."""
    return {
        name: Bounds(_share(request.POST[f"weak-{name}"]), _share(request.POST[f"bad-{name}"]))
        for name in reason_bounds.ours(found)
        if f"weak-{name}" in request.POST and f"bad-{name}" in request.POST
    }


def _share(typed: str) -> float:
    number = read_number(latin_digits(typed).replace("٫", ".").replace(",", ".").strip().removesuffix("%"))
    if number is None:
        raise ValueError(typed)
    return float(number) / 100


def _one(request: Request, key: str, error: str = "") -> HttpResponse:
    row = graded.one(request.workspace, key)
    if row is None:
        raise Http404(f"no reason is called {key[:100]!r}, or none was graded yet")
    after = _after(request.GET.get("after", ""))
    found = graded.behind(
        request.workspace,
        key,
        limit=ON_A_PAGE + 1,
        after=after,
        among=portfolio(request.user, request.workspace),
    )
    return show(
        request,
        "reasons/reason.html",
        status=422 if error else 200,
        place="understand",
        shown=words.shown(row, request.reader),
        people=_people(request, row, found[:ON_A_PAGE]),
        as_of=words.as_of(row, request.reader),
        next_url=_url(key, found[ON_A_PAGE - 1]) if len(found) > ON_A_PAGE else "",
        first_url=reverse("reason", args=[key]) if after else "",
        may_set=may(request.user, EXPORTERS),
        typed=request.POST.dict() if error else {},
        error_words=error,
    )


@only(READERS)
@require_safe
def report(request: Request) -> HttpResponse:
    """Everything on one page, ready to be printed."""
    rows, reader = graded.reasons(request.workspace), request.reader
    if not rows:
        return show(request, "reasons/nothing.html", place="understand")
    seen = portfolio(request.user, request.workspace)
    chapters = []
    for row in rows:
        found = graded.behind(request.workspace, row.reason.name, limit=IN_THE_REPORT, among=seen)
        chapters.append((words.shown(row, reader), _people(request, row, found)))
    return show(
        request,
        "reasons/report.html",
        place="understand",
        sentence=words.sentence(rows, reader),
        chapters=chapters,
        as_of=words.as_of(rows[0], reader),
    )


def _people(request: Request, row: ReasonRow, found: list[Behind]) -> list[words.ShownPerson]:
    mask = masks(request)
    return [words.person(each, row, mask.shown("name", each.name), request.reader) for each in found]


def _after(given: str) -> tuple[int, int] | None:
    """The place in a list from which it goes on; a bad request where it is none."""
    if not given:
        return None
    minor, _, unit = given.partition(".")
    try:
        place = int(minor), int(unit)
    except ValueError as error:
        raise BadRequest("no such place in the list") from error
    if max(map(abs, place)) >= 2**62:
        raise BadRequest("no such place in the list")
    return place


def _url(key: str, last: Behind) -> str:
    place = urlencode({"after": f"{last.yearly_minor}.{last.unit_id}"})
    return f"{reverse('reason', args=[key])}?{place}"
