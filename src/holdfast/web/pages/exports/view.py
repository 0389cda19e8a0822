"""Files to fetch: asked for here and there, listed here, fetched by who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.dashboards import PERIOD_KINDS
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.prove import files
from holdfast.services.prove.dashboards import check_segment
from holdfast.services.pulse.reports import WHOLE_KINDS
from holdfast.store import dashboards, export_files, segments
from holdfast.store.export_files import ExportFile
from holdfast.store.segments import KeptSegment
from holdfast.web import watching
from holdfast.web.access import ADMINS, EXPORTERS, may, only
from holdfast.web.masking import check_names, check_points, masks
from holdfast.web.pages.dashboards.view import seen_dashboard
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.sizes import size_words
from holdfast.web.toasts import say_next
from holdfast.web.work_words import at, choices, person_id, refused

KIND_NAMES: dict[str, Text] = {
    "customers": Text("All customers"),
    "risks": Text("Everyone at risk, with reasons"),
    "at_risk": Text("Who is at risk, of a segment"),
    "segment": Text("A segment"),
    "metrics": Text("Figures"),
    "dashboard": Text("A dashboard"),
    "events": Text("All events"),
}
WITH_NAMES = frozenset({"customers", "risks", "at_risk", "segment", "dashboard", "events"})
WITH_ADDRESSES = frozenset({"customers", "events"})
FOR_ADMINS = frozenset({"events"})
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file in the list; ``url`` is where it is fetched, "" while it is not ready."""

    id: int
    name: str
    below: str
    state: str
    state_words: str
    url: str


STATES: dict[str, Text] = {
    "waiting": Text("waiting"),
    "running": Text("being written"),
    "ready": Text("ready"),
    "failed": Text("could not be written"),
    "gone": Text("gone"),
}


@only(EXPORTERS)
@require_safe
def file_list(request: Request) -> HttpResponse:
    """One's own files, the newest first; the list asks again by itself while one is being written."""
    return list_page(request)


def list_page(request: Request, wrong: str = "", *, status: int = 200) -> HttpResponse:
    """The list; ``wrong`` says what could not be done."""
    workspace, reader = request.workspace, request.reader
    found = export_files.of_person(workspace, person_id(request))
    kept = segments.listed(workspace)
    titles = _titles(request, found, kept)
    shown = [_shown(request, each, titles) for each in found]
    return show(
        request,
        "exports/list.html" if request.htmx.target == "files" else "exports/exports.html",
        status=status,
        place="reports",
        files=shown,
        busy=any(each.state in ("waiting", "running") for each in found),
        kinds=_kinds(request),
        segments=[(each.key, each.title) for each in kept],
        periods=choices(PERIOD_KINDS, reader),
        formats=[(each, each.upper()) for each in files.FORMATS],
        wrong=wrong,
    )


@only(EXPORTERS)
@require_POST
def ask(request: Request) -> HttpResponse:
    """Ask for a file; it is written by the worker."""
    given = request.POST
    kind, file_format = given.get("kind", ""), given.get("format", "")
    if kind in FOR_ADMINS and not may(request.user, ADMINS):
        raise Http404(kind)
    _check_masks(request, kind)
    try:
        asked = _asked(request, kind)
        number = files.ask(request.workspace, person_id(request), kind, asked, file_format, also=WHOLE_KINDS)
    except Refusal as refusal:
        return list_page(request, refused(refusal, request.reader), status=422)
    watching.changed(request, "export.asked", f"export:{number}", kind=kind, format=file_format)
    leads = HttpResponseRedirect(reverse("exports"))
    return say_next(leads, request.reader.gettext("The file is being written."))


def _asked(request: Request, kind: str) -> dict[str, Any]:
    """What is to be in the file: what is named is there, and this person's to see.

    Refuses a segment that is none ("no_such_segment").
    """
    given = request.POST
    if kind == "dashboard":
        if not is_number(given.get("dashboard", "")):
            raise BadRequest("dashboard")
        found = seen_dashboard(request, int(given["dashboard"]))
        start = given.get("from", "")
        return {"dashboard": found.id} | ({"from": _day(start)} if start else {})
    if kind in ("segment", "at_risk"):
        key = given.get("segment", "")
        check_segment(request.workspace, key)
        return {"segment": key}
    if kind == "metrics":
        period = given.get("period", "month")
        if period not in PERIOD_KINDS:
            raise BadRequest(f"period={period}")
        return {"period": period}
    return {}


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise BadRequest(f"from={written}") from error


@only(EXPORTERS)
@require_safe
def fetch(request: Request, export_id: int) -> FileResponse:
    """The file, for who asked for it; nobody else learns that it is there."""
    found = _own(request, export_id)
    path = files.path_of(request.workspace, found)
    if path is None:
        raise Http404(str(export_id))
    watching.changed(request, "export.fetched", f"export:{export_id}", kind=found.kind)
    name = f"{found.kind.replace('_', '-')}-{found.id}.{found.file_format}"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=TYPES[found.file_format]
    )


@only(EXPORTERS)
@require_POST
def delete(request: Request, export_id: int) -> HttpResponse:
    """Delete one's file before its time."""
    files.delete(request.workspace, _own(request, export_id))
    leads = HttpResponseRedirect(reverse("exports"))
    return say_next(leads, request.reader.gettext("The file is deleted."))


def _own(request: Request, export_id: int) -> ExportFile:
    found = export_files.one(request.workspace, export_id)
    if found is None or found.person_id != person_id(request):
        raise Http404(str(export_id))
    _check_masks(request, found.kind)
    return found


def _check_masks(request: Request, kind: str) -> None:
    """Refuse a file with what the reader may see in part only: what is in it is whole."""
    if kind in WITH_NAMES:
        check_names(request)
    if kind in WITH_ADDRESSES:
        check_points(request)


def _kinds(request: Request) -> list[tuple[str, str]]:
    """What can be asked for on this page; a dashboard is saved on its own page."""
    offered = ("customers", "risks", "segment", "at_risk", "metrics", "events")
    whole = masks(request).whole
    mine = [
        kind
        for kind in offered
        if (kind not in FOR_ADMINS or may(request.user, ADMINS)) and (whole or kind not in WITH_ADDRESSES)
    ]
    return [(kind, request.reader.say(KIND_NAMES[kind])) for kind in mine]


def _titles(request: Request, found: list[ExportFile], kept: list[KeptSegment]) -> dict[str, str]:
    """Keys of segments and numbers of dashboards to their titles."""
    titles = {f"segment {each.key}": each.title for each in kept}
    if any(each.kind == "dashboard" for each in found):
        seen = dashboards.listed(request.workspace, person_id(request))
        titles |= {f"dashboard {each.id}": each.title for each in seen}
    return titles


def _shown(request: Request, found: ExportFile, titles: dict[str, str]) -> ShownFile:
    reader, zone = request.reader, request.workspace.zone
    path = files.path_of(request.workspace, found)
    state = "gone" if found.state == "ready" and path is None else found.state
    title = titles.get(f"segment {found.asked.get('segment')}") or titles.get(
        f"dashboard {found.asked.get('dashboard')}", ""
    )
    name = reader.say(KIND_NAMES.get(found.kind, Text("{kind}", kind=found.kind)))
    return ShownFile(
        found.id,
        f"{name}: {title}" if title else name,
        _below(found, state, reader, at(found.asked_us, zone)),
        state,
        reader.say(STATES[state]),
        reverse("export_fetch", args=[found.id]) if state == "ready" else "",
    )


def _below(found: ExportFile, state: str, reader: Reader, asked: datetime) -> str:
    parts = [found.file_format.upper(), reader.moment(asked)]
    if state == "ready" and found.rows is not None and found.size is not None and found.ends_us:
        parts.append(reader.say(Text("{n} row", "{n} rows", n=found.rows)))
        parts.append(size_words(found.size, reader))
        until = datetime.fromtimestamp(found.ends_us / 1_000_000, UTC).astimezone(asked.tzinfo)
        parts.append(reader.say(Text("to be fetched until {day}", day=until.date())))
    if state == "failed" and found.trouble:
        parts.append(reader.say(found.trouble))
    return " · ".join(parts)
