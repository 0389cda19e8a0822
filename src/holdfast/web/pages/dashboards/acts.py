"""What people do with dashboards: make, name, put tiles on and in order, share, take away, send by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.dashboards import Tile, is_kind
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.prove import dashboards as acts
from holdfast.services.prove.digests import end as end_digest
from holdfast.services.prove.digests import make as make_digest
from holdfast.store import dashboards
from holdfast.store.dashboards import Dashboard
from holdfast.web.access import EXPORTERS, only
from holdfast.web.pages.dashboards.view import changeable, edit_page, list_page
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.watching import changed
from holdfast.web.work_words import email, person_id, refused
from holdfast.web.workspace import present


@only(EXPORTERS)
@require_POST
def make(request: Request) -> HttpResponse:
    """Make a dashboard, and lead to where it is put together."""
    given = request.POST
    try:
        made = acts.make(
            request.workspace,
            given.get("title", ""),
            person_id=person_id(request),
            shared=bool(given.get("shared")),
            now=present(request.workspace),
        )
    except Refusal as refusal:
        return list_page(request, refused(refusal, request.reader), status=422)
    changed(request, "dashboard.made", f"dashboard:{made}")
    return HttpResponseRedirect(reverse("dashboard_edit", args=[made]))


@only(EXPORTERS)
@require_POST
def do(request: Request, dashboard_id: int, do: str) -> HttpResponse:
    """Change a dashboard as a whole, or its tiles. Who may delete it may bring it back."""
    if do == "restore":
        return _restore(request, dashboard_id)
    found, act = changeable(request, dashboard_id), _ACTS.get(do)
    if act is None:
        raise Http404(do)
    given = request.POST
    if given.get("version", "") not in ("", str(found.version)):
        said = request.reader.gettext("The dashboard was changed meanwhile. Here is how it is now.")
        return edit_page(request, found, said, given.dict(), status=409)
    try:
        words = act(request, found)
    except Refusal as refusal:
        return edit_page(request, found, refused(refusal, request.reader), given.dict(), status=422)
    changed(request, f"dashboard.{do}", f"dashboard:{dashboard_id}")
    if do == "delete":
        undo = reverse("dashboard_do", args=[dashboard_id, "restore"])
        return say_next(HttpResponseRedirect(reverse("dashboards")), request.reader.say(words), undo_url=undo)
    return say_next(
        HttpResponseRedirect(reverse("dashboard_edit", args=[dashboard_id])), request.reader.say(words)
    )


def _restore(request: Request, dashboard_id: int) -> HttpResponse:
    changeable(request, dashboard_id, deleted=True)
    dashboards.restore(request.workspace, dashboard_id)
    changed(request, "dashboard.restored", f"dashboard:{dashboard_id}")
    return HttpResponseRedirect(reverse("dashboard", args=[dashboard_id]))


def _describe(request: Request, found: Dashboard) -> Text:
    given = request.POST
    acts.describe(
        request.workspace,
        found,
        title=given.get("title", ""),
        shared=bool(given.get("shared")),
        period_kind=given.get("period_kind", ""),
        periods=_number(given.get("periods", "")),
        segment_key=given.get("segment", ""),
        now=present(request.workspace),
    )
    return Text("The dashboard is changed.")


def _add(request: Request, found: Dashboard) -> Text:
    given = request.POST
    kind = given.get("kind", "")
    if not is_kind(kind):
        raise BadRequest(f"kind={kind}")
    metric, _, definition = given.get("figure", "").partition(":")
    with_figure, with_segment = kind in ("figure", "trend", "groups"), kind in ("segment", "at_risk")
    tile = Tile(
        0,
        kind,  # type: ignore[arg-type]
        metric if with_figure else "",
        definition if with_figure else "",
        given.get("group", "") if kind == "groups" else "",
        given.get("segment", "") if with_segment else "",
        given.get("size") or acts.usual(kind),  # type: ignore[arg-type]
        title=" ".join(given.get("title", "").split())[: acts.LONGEST_TITLE],
    )
    acts.add_tile(request.workspace, found, tile, now=present(request.workspace))
    return Text("The tile is on the dashboard.")


def _move(by: int) -> Callable[[Request, Dashboard], Text]:
    def move(request: Request, found: Dashboard) -> Text:
        acts.move_tile(request.workspace, found, _tile(request), by, now=present(request.workspace))
        return Text("The tile is moved.")

    return move


def _size(request: Request, found: Dashboard) -> Text:
    given = request.POST
    acts.change_tile(
        request.workspace,
        found,
        _tile(request),
        size=given.get("size", ""),
        title=given.get("title", ""),
        now=present(request.workspace),
    )
    return Text("The tile is changed.")


def _take_off(request: Request, found: Dashboard) -> Text:
    acts.take_off(request.workspace, found, _tile(request), now=present(request.workspace))
    return Text("The tile is off the dashboard.")


def _delete(request: Request, found: Dashboard) -> Text:
    # The clock on the wall, by which what was taken away is swept.
    dashboards.delete(request.workspace, found.id, now_us=int(datetime.now(UTC).timestamp() * 1_000_000))
    return Text("The dashboard is taken away.")


def _digest(request: Request, found: Dashboard) -> Text:
    given = request.POST
    people = [_number(each) for each in given.getlist("person")]
    make_digest(
        request.workspace,
        found,
        every=given.get("every", ""),
        day=_number(given.get("weekday", "0") if given.get("every") == "week" else given.get("day", "1")),
        at=given.get("at", "08:00"),
        quiet=bool(given.get("quiet")),
        people=people,
        by=email(request),
    )
    return Text("The digest will come by mail.")


def _end_digest(request: Request, found: Dashboard) -> Text:
    end_digest(request.workspace, found, _number(request.POST.get("digest", "")))
    return Text("The digest will not come any more.")


_ACTS: dict[str, Callable[[Request, Dashboard], Text]] = {
    "describe": _describe,
    "add": _add,
    "up": _move(-1),
    "down": _move(1),
    "tile": _size,
    "take-off": _take_off,
    "delete": _delete,
    "digest": _digest,
    "end-digest": _end_digest,
}


def _tile(request: Request) -> int:
    return _number(request.POST.get("tile", ""))


def _number(written: str) -> int:
    if not is_number(written):
        raise BadRequest(written[:40])
    return int(written)
