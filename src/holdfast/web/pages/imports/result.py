"""What became of an import: counts, rejected rows to mend, a way back."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.spreadsheets import harmless
from holdfast.services.collect.uploads import mending
from holdfast.services.collect.uploads.mending import Rejected, Rule
from holdfast.store import asked, imports, uploads
from holdfast.store.imports import ImportRecord
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.masking import check_names, check_points, masks
from holdfast.web.pages.imports import words
from holdfast.web.pages.imports.view import said
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import person_id

CELLS_SHOWN = 400
"""Cells that a page of rejected rows shows to be mended at most."""

FEWEST_ROWS, MOST_ROWS = 3, 25


@only(READERS)
@require_safe
def one(request: Request, number: int) -> HttpResponse:
    """What became of the rows; whoever may import and sees people whole sees the rejected ones."""
    return _page(request, _found(request, number))


@only(DECIDERS)
@require_safe
def rejects(request: Request, number: int) -> StreamingHttpResponse:
    """The rejected rows with their reasons as a CSV file; no cell can become a formula.

    What stands in them is whole: whoever sees names or addresses in part is refused.
    """
    _check_whole(request)
    path = mending.rejects_file(request.workspace, _found(request, number).id)
    if path is None:
        raise Http404(f"import {number} rejected nothing")

    def lines() -> Iterator[bytes]:
        csv.field_size_limit(64 << 20)
        with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
            yield b"\xef\xbb\xbf"  # spreadsheets take a file without it for something older
            for row in csv.reader(text):
                line = io.StringIO()
                csv.writer(line).writerow([harmless(cell) for cell in row])
                yield line.getvalue().encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{number}.csv"'
    return response


@only(DECIDERS)
@require_POST
def mend(request: Request, number: int) -> HttpResponse:
    """Send the rows again whose cells were changed."""
    _check_whole(request)
    record = _found(request, number)
    columns = mending.columns_of(uploads.of_import(request.workspace, record.id))
    edits: dict[int, dict[str, str]] = defaultdict(dict)
    for name, value in request.POST.items():
        line, _, at = name.removeprefix("cell-").partition("-")
        if name.startswith("cell-") and is_number(line) and is_number(at) and int(at) < len(columns):
            edits[int(line)][columns[int(at)]] = str(value)
    return _sent(
        request,
        record,
        lambda: mending.send_edited(
            request.workspace, record.id, edits, by_id=person_id(request), now_us=actual_us()
        ),
        edits,
    )


@only(DECIDERS)
@require_POST
def by_rule(request: Request, number: int) -> HttpResponse:
    """Send all rows again that were rejected for one reason, mended by a rule."""
    _check_whole(request)
    record = _found(request, number)
    given = request.POST.dict()
    rule = Rule(
        date_format=given.get("pattern", "").strip() or given.get("date_format", ""),
        decimal=given.get("decimal", ""),
        currency=given.get("currency", "").strip().upper(),
        column=given.get("column", ""),
        value=given.get("value", ""),
        instead=given.get("instead", ""),
    )
    return _sent(
        request,
        record,
        lambda: mending.send_by_rule(
            request.workspace,
            record.id,
            given.get("code", ""),
            rule,
            by_id=person_id(request),
            now_us=actual_us(),
        ),
    )


@only(DECIDERS)
@require_POST
def undo(request: Request, number: int) -> HttpResponse:
    """Ask for the import to be undone, and follow that."""
    record = _found(request, number)
    if record.state != "done" or not words.is_shown(record):
        return HttpResponseRedirect(reverse("import_one", args=(number,)))
    work = asked.ask(request.workspace, "undo", record.id, by_id=person_id(request), now_us=actual_us())
    return HttpResponseRedirect(reverse("import_work", args=(work,)))


def _check_whole(request: Request) -> None:
    """Raise ``PermissionDenied`` for whoever sees names or contact points in part."""
    check_names(request)
    check_points(request)


def _sent(
    request: Request,
    record: ImportRecord,
    send: Any,
    typed: Mapping[int, Mapping[str, str]] | None = None,
) -> HttpResponse:
    """Send, and follow the import of what was sent; what is refused is said above the rows."""
    try:
        number = send()
    except Refusal as refusal:
        return _page(request, record, refusal=refusal, typed=typed or {})
    work = asked.latest(request.workspace, "import", number)
    if work is None:
        return HttpResponseRedirect(reverse("import_file", args=(number,)))
    return HttpResponseRedirect(reverse("import_work", args=(work.id,)))


def _rejected(request: Request, record: ImportRecord, most: int) -> Rejected:
    code, after = request.GET.get("code", ""), request.GET.get("after", "")
    return mending.rejected(
        request.workspace,
        record.id,
        code=code,
        after=int(after) if is_number(after) else 0,
        most=most,
    )


def _rows_on_a_page(request: Request, record: ImportRecord) -> int:
    columns = len(mending.columns_of(uploads.of_import(request.workspace, record.id))) or 10
    return max(FEWEST_ROWS, min(MOST_ROWS, CELLS_SHOWN // columns))


def _page(
    request: Request,
    record: ImportRecord,
    *,
    refusal: Refusal | None = None,
    typed: Mapping[int, Mapping[str, str]] | None = None,
) -> HttpResponse:
    reader = request.reader
    may_import = may(request.user, DECIDERS)
    # A rejected row is as it was written: nobody can tell which of its cells is a name.
    whole = may_import and masks(request).all_whole
    report: Mapping[str, Any] = record.report
    return show(
        request,
        "imports/result.html",
        status=422 if refusal else 200,
        place="collect",
        record=record,
        shown=words.shown_import(record, reader),
        sentence=words.sentence(record, reader),
        counts=words.counts(report, reader) if record.state in ("done", "undone") else [],
        span=words.span(report, reader),
        suspicious=[words.suspicion_words(each, reader) for each in report.get("suspicious", ())],
        used=list(report.get("columns", {}).items()),
        reject_reasons=_reasons(report, reader),
        children=_children(request, record),
        mends=_mends(request, record),
        covered=may_import and not whole,
        may_download=whole,
        may_undo=may_import and record.state == "done" and words.is_shown(record),
        refusal=said(refusal, request) if refusal else "",
        date_formats=words.DATE_FORMATS,
        decimals=words.DECIMALS,
        **(_rejected_shown(request, record, typed or {}) if whole else {"rejected": None}),
    )


def _reasons(report: Mapping[str, Any], reader: Any) -> list[tuple[str, str]]:
    found = sorted(report.get("reject_reasons", {}).items(), key=lambda each: -each[1])
    return [(words.reason_words(code, reader), reader.number(count)) for code, count in found]


def _children(request: Request, record: ImportRecord) -> list[dict[str, Any]]:
    """Files of mended rows that were sent again, with what became of each."""
    reader = request.reader
    return [
        {
            "url": reverse("import_file", args=(child.id,)),
            "words": reader.say(words.UPLOAD_STATES.get(child.state, words.STATES["done"])),
            "when": words.when(child.made_us, reader),
            "trouble": reader.say(child.trouble) if child.trouble else "",
        }
        for child in uploads.mending(request.workspace, record.id)
    ]


def _mends(request: Request, record: ImportRecord) -> int | None:
    """The import whose rejected rows this one brought."""
    taker = uploads.of_import(request.workspace, record.id)
    return taker.mends_id if taker else None


def _rejected_shown(
    request: Request, record: ImportRecord, typed: Mapping[int, Mapping[str, str]]
) -> dict[str, Any]:
    if record.state != "done" or mending.rejects_file(request.workspace, record.id) is None:
        return {"rejected": None}
    reader = request.reader
    found = _rejected(request, record, _rows_on_a_page(request, record))
    code = request.GET.get("code", "")
    rows = [
        {
            "line": row.line,
            "shown_line": reader.number(row.line),
            "why": words.reason_words(row.code, reader),
            "cells": _cells(row.cells, found.columns, typed.get(row.line, {})),
            "raw": row.raw[:500],
        }
        for row in found.rows
    ]
    reasons = sorted(found.reasons.items(), key=lambda each: -each[1])
    base = reverse("import_one", args=(record.id,))
    return {
        "rejected": found,
        "rows": rows,
        "code": code,
        "open_reasons": [
            {
                "code": each,
                "words": words.reason_words(each, reader),
                "count": reader.number(count),
                "url": f"{base}?code={each}#rejected",
                "may_rule": each not in mending.NEVER,
                "rule": _RULES.get(each, "replace"),
            }
            for each, count in reasons
        ],
        "next_url": f"{base}?code={code}&after={found.after}#rejected" if found.after else "",
    }


_RULES = {
    "bad_date": "date",
    "date_before_1970": "date",
    "date_after_2200": "date",
    "bad_amount": "decimal",
    "bad_number": "decimal",
    "bad_currency": "currency",
}
"""Which rule helps most against which reason; cells can be replaced against all."""


def _cells(
    cells: Mapping[str, str] | None, columns: tuple[str, ...], typed: Mapping[str, str]
) -> list[tuple[int, str, str]] | None:
    if cells is None:
        return None
    return [(at, name, typed.get(name, cells.get(name, ""))) for at, name in enumerate(columns)]


def _found(request: Request, number: int) -> ImportRecord:
    try:
        return imports.get(request.workspace, number)
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
