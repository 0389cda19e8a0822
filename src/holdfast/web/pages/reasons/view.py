"""Every reason with its grade, one reason in full, and the report for paper."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.services.understand import graded
from holdfast.services.understand.graded import ReasonRow
from holdfast.store.reason_grades import Behind
from holdfast.web.access import READERS, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.reasons import words
from holdfast.web.reading import Request
from holdfast.web.show import show

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
        place="understand",
        shown=words.shown(row, request.reader),
        people=_people(request, row, found[:ON_A_PAGE]),
        as_of=words.as_of(row, request.reader),
        next_url=_url(key, found[ON_A_PAGE - 1]) if len(found) > ON_A_PAGE else "",
        first_url=reverse("reason", args=[key]) if after else "",
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
