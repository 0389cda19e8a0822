"""The page of the audit trail: who did what, whether it is whole, and the way out as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_POST, require_safe

from holdfast.store import audit_check, owners
from holdfast.store.audit_check import Verified
from holdfast.store.audit_reading import HEAD, cells, count, everything, listed
from holdfast.web import watching
from holdfast.web.access import AUDITORS, only
from holdfast.web.pages.audit import words
from holdfast.web.pages.audit.asked import Asked, NotUnderstood, read_asked
from holdfast.web.pages.customers.table import LINES_AT_ONCE
from holdfast.web.reading import Request
from holdfast.web.show import show

ROWS = 50


@only(AUDITORS)
@require_safe
def audit(request: Request) -> HttpResponse:
    """One stretch of the trail, the newest first."""
    return _shown(request, _asked(request))


@only(AUDITORS)
@require_POST
def verify(request: Request) -> HttpResponse:
    """Check every note, and say what was found."""
    found = audit_check.verify(request.workspace)
    watching.changed(request, "audit.verified", "audit", notes=found.notes, wrong=len(found.found))
    return _shown(request, Asked(), found)


@only(AUDITORS)
@require_safe
def export(request: Request) -> StreamingHttpResponse:
    """Everything that the list shows, as CSV, streamed; no cell can become a formula."""
    asked = _asked(request)
    watching.saw(request, "audit.exported", "audit")
    response = StreamingHttpResponse(_lines(request, asked), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _shown(request: Request, asked: Asked, verified: Verified | None = None) -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    before = int(asked.before) if asked.before else None
    found = listed(workspace, asked.wanted(workspace.zone), before=before, limit=ROWS + 1)
    rows = found[:ROWS]
    return show(
        request,
        "audit/audit.html",
        place="preferences",
        asked=asked,
        narrowed=asked.wanted(workspace.zone).narrowed,
        sentence=words.sentence(count(workspace), reader),
        rows=words.shown(rows, workspace, reader),
        people=[(str(each.id), each.name or each.email) for each in owners.people(workspace)],
        sorts=words.sorts(reader),
        next_url=asked.address(before=rows[-1].position) if len(found) > ROWS else "",
        first_url=asked.address() if asked.before else "",
        export_url=asked.address("audit_export"),
        checked=words.checked(verified, reader) if verified else None,
    )


def _asked(request: Request) -> Asked:
    try:
        return read_asked(request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error


def _lines(request: Request, asked: Asked) -> Iterator[bytes]:
    piece = io.StringIO()
    write = csv.writer(piece)
    piece.write("\ufeff")
    write.writerow(HEAD)
    wanted = asked.wanted(request.workspace.zone)
    for number, note in enumerate(everything(request.workspace, wanted), 1):
        write.writerow(cells(note))
        if number % LINES_AT_ONCE == 0:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()
