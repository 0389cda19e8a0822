"""Customers at risk: search, filters, sorts, pages, and the way out as a file."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory

from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.services.foresee import reading
from holdfast.services.foresee.reading import AtRisk, Criteria
from holdfast.services.keep.export import export
from holdfast.settings import Settings
from holdfast.store.customers import CustomerFilter, facet_counts
from holdfast.web.access import EXPORTERS, READERS, may, only
from holdfast.web.pages.at_risk import words
from holdfast.web.pages.at_risk.asked import Asked, NotUnderstood, read_asked
from holdfast.web.pages.at_risk.filters import filters
from holdfast.web.pages.customers.words import Choice, Filter
from holdfast.web.reading import Request
from holdfast.web.show import show

ROWS = 50
IN_MEMORY_BYTES = 2_000_000
"""A file up to this size is handed out from memory, a larger one from the disk."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@only(READERS)
@require_safe
def at_risk(request: Request) -> HttpResponse:
    """One stretch of the list, read from what the loop has scored."""
    asked, workspace, reader = _asked(request), request.workspace, request.reader
    page = _page(workspace, asked)
    if page.model is None:
        return show(request, "at_risk/nothing.html", place="foresee", unscored=page)
    criteria = reading.read_criteria(workspace)
    everyone, acting = reading.consequences(workspace, [0.0, criteria.act_from])
    rows = [words.shown_row(row, criteria, reader) for row in page.rows]
    return show(
        request,
        "at_risk/list.html" if request.htmx.target == "list" else "at_risk/at_risk.html",
        place="foresee",
        asked=asked,
        rows=rows,
        heads=words.heads(asked, page.horizon_days, reader),
        filters=_filters(asked, criteria, request),
        sentence=words.sentence(everyone, page.horizon_days, workspace, reader),
        acting=words.to_act_on(acting, reader),
        unchecked=page.unchecked,
        shown_so_far=words.shown_so_far(page, rows, asked, reader),
        next_url=words.address(asked.following(page.next)) if page.next else "",
        first_url=words.address(asked.following("")) if asked.after else "",
        exports=_exports() if may(request.user, EXPORTERS) else (),
    )


@only(EXPORTERS)
@require_safe
def export_risks(request: Request, ending: str) -> FileResponse:
    """Everyone who was scored, as CSV or XLSX."""
    if ending not in TYPES:
        raise Http404(f"no export is called {ending!r}")
    with TemporaryDirectory(prefix="holdfast-") as folder:
        file = Path(folder) / f"risks.{ending}"
        export(request.workspace, "risks", file)
        held = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115  (the response closes it)
        with file.open("rb") as written:
            shutil.copyfileobj(written, held)
    held.seek(0)
    return FileResponse(
        held, as_attachment=True, filename=f"customers-at-risk.{ending}", content_type=TYPES[ending]
    )


def _asked(request: Request) -> Asked:
    try:
        return read_asked(request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error


def _page(workspace: Settings, asked: Asked) -> AtRisk:
    return reading.at_risk(
        workspace,
        top=ROWS,
        after=asked.after or None,
        search=asked.search,
        state=asked.state,
        country=asked.country,
        cause=asked.cause,
        least_risk=asked.least_risk,
        sort=asked.sort,
    )


def _filters(asked: Asked, criteria: Criteria, request: Request) -> list[Filter]:
    counts = facet_counts(request.workspace, CustomerFilter())
    return filters(asked, criteria, counts["country"], counts["state"], request.reader)


def _exports() -> tuple[Choice, ...]:
    return tuple(
        Choice(ending.upper(), reverse("export_risks", args=[ending]), chosen=False, theirs=True)
        for ending in TYPES
    )
