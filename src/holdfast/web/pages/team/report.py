"""``/team/report``: what was done week by week, what came of it, and what became of the customers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from holdfast.domain.outcomes import CALL_OUTCOMES
from holdfast.domain.spreadsheets import harmless
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.act.team import report as service
from holdfast.store import team
from holdfast.web.access import DECIDERS, WRITERS, may, only
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import email
from holdfast.web.workspace import present


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """A line: whose week, and what came of its calls in words."""

    week: service.Week
    who: str
    outcomes: str


@only(WRITERS)
@require_safe
def team_report(request: Request) -> HttpResponse:
    """The report: everybody's for who decides, else one's own."""
    reader, names = request.reader, _names(request)
    found = _report(request)
    return show(
        request,
        "team/report.html",
        place="tasks",
        tab="team_report",
        weeks=[ShownWeek(each, names.get(each.by, each.by), _outcomes(each, reader)) for each in found.weeks],
        kept=[(names.get(each.by, each.by), _kept(each, reader)) for each in found.kept],
        after_days=service.AFTER_DAYS,
        may_export=may(request.user, DECIDERS),
    )


@only(DECIDERS)
@require_safe
def team_report_file(request: Request) -> HttpResponse:
    """The weeks as a file for programs: codes, ISO days."""
    response = HttpResponse(_lines(_report(request)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="team.csv"'
    return response


def _report(request: Request) -> service.Report:
    whose = "" if may(request.user, DECIDERS) else email(request)
    return service.report(request.workspace, present(request.workspace), by=whose)


def _lines(found: service.Report) -> str:
    codes = [*CALL_OUTCOMES]
    head = ["week", "by", "done", "dropped", "calls_and_visits", "spoken", "minutes", *codes]
    written = io.StringIO()
    rows = ([harmless(str(cell)) for cell in _row(each, codes)] for each in found.weeks)
    csv.writer(written).writerows([head, *rows])
    return written.getvalue()


def _row(week: service.Week, codes: Sequence[str]) -> list[object]:
    counts = [week.outcomes.get(code, 0) for code in codes]
    told = [week.done, week.dropped, week.contacts, week.spoken, week.minutes]
    return [week.monday.isoformat(), week.by, *told, *counts]


def _names(request: Request) -> dict[str, str]:
    return {"": request.reader.gettext("all of us"), **team.names_by_email(request.workspace)}


def _outcomes(week: service.Week, reader: Reader) -> str:
    said = [
        reader.say(Text("{outcome}: {n}", outcome=words, n=week.outcomes[code]))
        for code, words in CALL_OUTCOMES.items()
        if week.outcomes[code]
    ]
    return " · ".join(said)


def _kept(kept: service.Kept, reader: Reader) -> str:
    if kept.low is None or kept.high is None:
        return reader.say(
            Text("{n} customer: not enough data", "{n} customers: not enough data", n=kept.customers)
        )
    return reader.say(
        Text(
            "{stayed} of {n} customer stayed: {low} to {high}",
            "{stayed} of {n} customers stayed: {low} to {high}",
            n=kept.customers,
            stayed=kept.stayed,
            low=Share(kept.low),
            high=Share(kept.high),
        )
    )
