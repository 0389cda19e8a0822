"""The list of segments, one of them with its customers and its log, and what is made ready."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.segments import ready_made
from holdfast.services.collect.segments.define import delete as delete_segment
from holdfast.services.collect.segments.define import restore as restore_segment
from holdfast.services.collect.segments.moments import moment_of
from holdfast.services.collect.segments.words import said
from holdfast.settings import Settings
from holdfast.store import segments
from holdfast.store.customers import ListedCustomer, count_by_state, listed_among
from holdfast.store.models import User
from holdfast.store.segments import KeptSegment
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, READERS, may, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.pages.customers.table import csv_lines
from holdfast.web.pages.segments import words
from holdfast.web.pages.segments.builder import fill, now_of, segment_or_404
from holdfast.web.pages.segments.pictures import size_chart
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next

ROWS = 50
LOG_ROWS = 20
WEEK = 7
CHART_DAYS = 180


@only(READERS)
@require_safe
def segment_list(request: Request) -> HttpResponse:
    """Every segment: how large, who came and went in a week, who made it."""
    return _list(request)


def _list(request: Request, error: str = "") -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    kept = segments.listed(workspace)
    since = moment_of(workspace, now_of(request)).today - WEEK + 1
    everybody = sum(count_by_state(workspace).values())
    return show(
        request,
        "segments/segments.html",
        status=422 if error else 200,
        place="segments",
        segments=words.shown_segments(kept, segments.changes(workspace, since_day=since), reader),
        sentence=words.sentence(kept, everybody, reader) if kept else "",
        everybody=everybody,
        ready=words.ready_made(kept, reader),
        may_make=may(request.user, EXPORTERS),
        error=error,
    )


@only(EXPORTERS)
@require_POST
def ready(request: Request) -> HttpResponse:
    """Make a ready-made set; segments that are there already stay as they are."""
    by = request.user.email if isinstance(request.user, User) else ""
    name = request.POST.get("name", "")
    try:
        made = ready_made.make(
            request.workspace, name, request.reader.say, made_by=by, now_us=now_of(request)
        )
    except Refusal as refusal:
        say = request.reader.say
        return _list(request, f"{say(refusal.found)} {say(refusal.expected)} {say(refusal.remedy)}")
    fill(request, made)
    return HttpResponseRedirect(reverse("segments"))


@only(READERS)
@require_safe
def segment(request: Request, key: str) -> HttpResponse:
    """One segment: its rule in words, how many over time, its customers, who came and went."""
    kept, workspace, reader = segment_or_404(request, key), request.workspace, request.reader
    after, before = _place(request, "after"), _place(request, "before")
    among, mask = portfolio(request.user, workspace), masks(request)
    found = segments.members(workspace, kept.id, after=after, limit=ROWS + 1, among=among)
    log = segments.moves(workspace, kept.id, before=before, limit=LOG_ROWS + 1, among=among)
    here = reverse("segment", args=[kept.key])
    today = moment_of(workspace, now_of(request)).today
    return show(
        request,
        "segments/segment.html",
        place="segments",
        segment=kept,
        rule=reader.say(said(workspace, kept.rule)),
        size=words.size(kept, reader),
        made=reader.day(words.local(kept.made_us, workspace)),
        chart=size_chart(
            segments.counts(workspace, kept.id, since_day=today - CHART_DAYS), today, kept.title, reader
        ),
        members=words.members([mask.named(each) for each in found[:ROWS]], workspace, reader),
        next_url=f"{here}?after={found[ROWS - 1].unit_id}" if len(found) > ROWS else "",
        moves=words.moves([mask.named(each) for each in log[:LOG_ROWS]], workspace, reader),
        earlier_url=f"{here}?before={log[LOG_ROWS - 1].id}#log" if len(log) > LOG_ROWS else "",
        first_url=here if after is not None or before is not None else "",
        may_make=may(request.user, EXPORTERS),
        error="",
    )


def _place(request: Request, name: str) -> int | None:
    written = request.GET.get(name, "")
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) < 19):
        raise BadRequest(f"{name}={written}")
    return int(written)


@only(EXPORTERS)
@require_POST
def delete(request: Request, key: str) -> HttpResponse:
    """Delete a segment, unless another stands on it."""
    kept = segment_or_404(request, key)
    delete_segment(request.workspace, kept.key, now_us=_wall_us())
    said = request.reader.say(Text("The segment {title} is deleted.", title=kept.title))
    undo = reverse("segment_restore", args=[kept.key])
    return say_next(HttpResponseRedirect(reverse("segments")), said, undo_url=undo)


@only(EXPORTERS)
@require_POST
def restore(request: Request, key: str) -> HttpResponse:
    """Bring a deleted segment back."""
    kept = restore_segment(request.workspace, key, now_us=now_of(request))
    response = HttpResponseRedirect(reverse("segment", args=[kept.key]))
    return say_next(response, request.reader.say(Text("The segment {title} is back.", title=kept.title)))


def _wall_us() -> int:
    """The clock on the wall, by which what was deleted is swept."""
    return int(datetime.now(UTC).timestamp() * 1_000_000)


@only(EXPORTERS)
@require_safe
def export(request: Request, key: str) -> StreamingHttpResponse:
    """Everybody in a segment as CSV, streamed; no cell can become a formula."""
    kept = segment_or_404(request, key)
    watching.saw(request, "segment.exported", f"segment:{kept.key}")
    rows = map(masks(request).named, _everybody(request.workspace, kept, portfolio(request.user)))
    response = StreamingHttpResponse(
        csv_lines(rows, request.workspace, request.reader),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="segment.csv"'
    return response


def _everybody(
    workspace: Settings, kept: KeptSegment, among: frozenset[int] | None
) -> Iterator[ListedCustomer]:
    after: int | None = None
    while found := segments.members(workspace, kept.id, after=after, limit=500, among=among):
        after = found[-1].unit_id
        yield from listed_among(workspace, [each.unit_id for each in found])
