"""Customers at risk: search, filters, sorts, pages, and the way out as a file."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
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
from holdfast.store import segments
from holdfast.store.customers import CustomerFilter, facet_counts
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, READERS, may, only, portfolio
from holdfast.web.lists import Choice, Filter
from holdfast.web.masking import check_names, masks
from holdfast.web.pages.at_risk import words
from holdfast.web.pages.at_risk.asked import Asked, NotUnderstood, read_asked
from holdfast.web.pages.at_risk.filters import filters
from holdfast.web.pages.views.words import list_views
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
    kept = {each.key: each for each in segments.listed(workspace)}
    chosen = kept.get(asked.segment)
    segment = None if not asked.segment else chosen.id if chosen else 0
    page = _page(workspace, asked, segment, portfolio(request.user, workspace))
    if page.model is None:
        return show(request, "at_risk/nothing.html", place="foresee", unscored=page)
    criteria = reading.read_criteria(workspace)
    everyone, acting = reading.consequences(workspace, [0.0, criteria.act_from])
    rows = [words.shown_row(masks(request).named(row), criteria, reader) for row in page.rows]
    return show(
        request,
        "at_risk/list.html" if request.htmx.target == "list" else "at_risk/at_risk.html",
        place="foresee",
        asked=asked,
        rows=rows,
        heads=words.heads(asked, page.horizon_days, reader),
        filters=_filters(asked, criteria, {key: each.title for key, each in kept.items()}, request),
        views=list_views(request, "at_risk", asked.following("").query()),
        sentence=words.sentence(everyone, page.horizon_days, workspace, reader),
        acting=words.to_act_on(acting, reader),
        unchecked=page.unchecked,
        as_of=page.as_of,
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
    check_names(request)
    watching.saw(request, "risks.exported", "risks", format=ending)
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


def _page(workspace: Settings, asked: Asked, segment: int | None, among: frozenset[int] | None) -> AtRisk:
    return reading.at_risk(
        workspace,
        top=ROWS,
        after=asked.after or None,
        search=asked.search,
        state=asked.state,
        country=asked.country,
        cause=asked.cause,
        least_risk=asked.least_risk,
        segment=segment,
        sort=asked.sort,
        among=among,
    )


def _filters(asked: Asked, criteria: Criteria, titles: Mapping[str, str], request: Request) -> list[Filter]:
    seen = portfolio(request.user, request.workspace)
    counts = facet_counts(request.workspace, CustomerFilter(among=seen))
    return filters(asked, criteria, counts["country"], counts["state"], titles, request.reader)


def _exports() -> tuple[Choice, ...]:
    return tuple(
        Choice(ending.upper(), reverse("export_risks", args=[ending]), chosen=False, theirs=True)
        for ending in TYPES
    )
