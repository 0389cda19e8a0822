"""Files that somebody asked for: written by the worker, fetched by who asked, deleted after a week."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta

from holdfast.domain.dashboards import PeriodKind
from holdfast.services.prove import files
from holdfast.services.prove.dashboards import check_segment
from holdfast.services.pulse.reports import WHOLE_KINDS
from holdfast.store import export_files as stored
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import ADMINS, EXPORTERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    File,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.operations.dashboards import seen_dashboard
from holdfast.web.api.passing import check_role
from holdfast.web.api.problems import Wrong
from holdfast.web.api.reading import does_not_fit
from holdfast.web.api.seeing import check_acts, check_in_file, own_id
from holdfast.web.pages.exports.view import FOR_ADMINS, WITH_ADDRESSES, WITH_NAMES

Kind = Literal["customers", "risks", "at_risk", "segment", "metrics", "dashboard", "events"]
T = TypeVar("T")
State = Literal["waiting", "running", "ready", "failed", "gone"]


class ExportFile(Answered, frozen=True):
    """A file: ``asked`` is what of its kind it holds; ``trouble`` why it could not be written.

    A ready one is fetched until ``fetch_until``; then it is gone.
    """

    id: int
    kind: str
    asked: dict[str, Any]
    format: str
    state: State
    asked_at: datetime
    ready_at: datetime | None
    fetch_until: datetime | None
    rows: int | None
    size: int | None
    trouble: str | None


class FileWanted(Asked, kw_only=True, frozen=True):
    """What is to be in the file.

    A ``segment`` (and who of it is ``at_risk``) needs the key of one; a ``dashboard`` its number, and takes
    the day on which its period begins; ``metrics`` the sort of period. Events are for administrators.
    """

    kind: Kind
    format: Literal["csv", "xlsx", "parquet"] = "csv"
    segment: Annotated[str, Meta(max_length=100)] | None = None
    dashboard_id: Id | None = None
    start: date | None = None
    period: PeriodKind = "month"


@operation("GET", "/export-files", scope=READ, roles=EXPORTERS)
def list_export_files(call: Call, query: Paging) -> Page[ExportFile]:
    """List one's own files, the newest first; those that are over are forgotten after a month."""
    before = cursors.where(call, query, int)
    rows = stored.of_person(call.settings, own_id(call), before=before, limit=query.limit + 1)
    return cursors.page(call, query, rows, place=lambda row: row.id, show=lambda row: _file(call, row))


@operation("POST", "/export-files", scope=WRITE, roles=EXPORTERS, status=202)
def ask_for_file(call: Call, body: FileWanted) -> ExportFile:
    """Ask for a file; the worker writes it. The same one that still waits is not asked for twice."""
    person_id = check_acts(call)
    check_role(call.person, ADMINS if body.kind in FOR_ADMINS else EXPORTERS)
    _check_sees(call, body.kind)
    number = files.ask(
        call.settings,
        person_id,
        body.kind,
        _asked(call, body),
        body.format,
        also=WHOLE_KINDS,
        now=call.actual,
    )
    return get_export_file(call, number)


@operation("GET", "/export-files/{export_id}", scope=READ, roles=EXPORTERS)
def get_export_file(call: Call, export_id: Id) -> ExportFile:
    """See what became of a file."""
    return _file(call, _own(call, export_id))


@operation("GET", "/export-files/{export_id}/content", scope=READ, roles=EXPORTERS)
def export_asked_file(call: Call, export_id: Id) -> File:
    """Fetch a file that is ready."""
    found = _own(call, export_id)
    path = files.path_of(call.settings, found)
    if path is None:
        raise not_here("file that is ready", export_id)
    name = f"{found.kind.replace('_', '-')}-{found.id}.{found.file_format}"
    return File(name, "application/octet-stream", path.open("rb"))


@operation("DELETE", "/export-files/{export_id}", scope=WRITE, roles=EXPORTERS)
def delete_export_file(call: Call, export_id: Id) -> None:
    """Delete a file before its time."""
    files.delete(call.settings, _own(call, export_id))


def _own(call: Call, export_id: int) -> stored.ExportFile:
    found = stored.one(call.settings, export_id)
    if found is None or found.person_id != own_id(call):
        raise not_here("file", export_id)
    _check_sees(call, found.kind)
    return found


def _check_sees(call: Call, kind: str) -> None:
    check_in_file(call, names=kind in WITH_NAMES, points=kind in WITH_ADDRESSES)


def _asked(call: Call, body: FileWanted) -> dict[str, Any]:
    """What of its kind is to be in the file: what is named is there, and the key's to see."""
    if body.kind == "dashboard":
        found = seen_dashboard(call, _needed("dashboard_id", body.dashboard_id))
        start = {} if body.start is None else {"from": body.start.isoformat()}
        return {"dashboard": found.id} | start
    if body.kind in ("segment", "at_risk"):
        key = _needed("segment", body.segment)
        check_segment(call.settings, key)
        return {"segment": key}
    return {"period": body.period} if body.kind == "metrics" else {}


def _needed(field: str, value: T | None) -> T:
    if value is None:
        raise does_not_fit([Wrong(field=field, found="not given, and needed for this kind")])
    return value


def _file(call: Call, each: stored.ExportFile) -> ExportFile:
    gone = each.state == "ready" and files.path_of(call.settings, each) is None
    return ExportFile(
        id=each.id,
        kind=each.kind,
        asked=dict(each.asked),
        format=each.file_format,
        state="gone" if gone else each.state,
        asked_at=moment(each.asked_us),
        ready_at=moment_or_none(each.ready_us),
        fetch_until=moment_or_none(each.ends_us),
        rows=each.rows,
        size=each.size,
        trouble=call.say(each.trouble) if each.trouble else None,
    )
