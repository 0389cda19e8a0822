"""Saving a list as it is, and the page where views are renamed, ordered, shared and deleted."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text
from holdfast.store import saved_views
from holdfast.store.saved_views import MOST, SavedView
from holdfast.web.access import READERS, may, only
from holdfast.web.pages.views import words
from holdfast.web.pages.views.lists import LISTS, NOT_UNDERSTOOD
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import person_id

LONGEST_TITLE = 60


@only(READERS)
@require_safe
def views(request: Request) -> HttpResponse:
    """Every view that the reader sees, by list."""
    return _page(request)


@only(READERS)
@require_POST
def save(request: Request) -> HttpResponse:
    """Save the list as it was narrowed and sorted, and lead back to it."""
    kept = LISTS.get(request.POST.get("list", ""))
    if kept is None:
        raise Http404("no such list")
    try:
        query = kept.query_of(request.POST.get("query", ""))
    except NOT_UNDERSTOOD as error:
        raise BadRequest(str(error)) from error
    title = read_title(request.POST.get("title", ""))
    if not title:
        return _page(request, error=Text("A view needs a name of 1 to {n} characters.", n=LONGEST_TITLE))
    shared = bool(request.POST.get("shared")) and may(request.user, words.SHARERS)
    made = saved_views.add(
        request.workspace,
        person_id(request),
        request.POST["list"],
        title,
        query,
        shared=shared,
        now_us=actual_us(),
    )
    if made is None:
        return _page(
            request, error=Text("You have {n} views of this list already. Delete one you do not use.", n=MOST)
        )
    response = HttpResponseRedirect(reverse(kept.url_name) + query)
    undo = reverse("view_do", args=[made, "delete"])
    return say_next(response, request.reader.say(Text("Saved as {title}.", title=title)), undo_url=undo)


@only(READERS)
@require_POST
def view_do(request: Request, view_id: int, do: str) -> HttpResponse:
    """Rename a view, put it elsewhere, share it, take it away, bring it back."""
    view = saved_views.one(request.workspace, view_id)
    act = _ACTS.get(do)
    if view is None or act is None:
        raise Http404(f"{do} of view {view_id}")
    if not words.may_change(request, view):
        if not view.shared:
            raise Http404(str(view_id))  # that it exists is nobody's business
        raise PermissionDenied(f"view {view_id} is somebody else's")
    return act(request, view)


def _rename(request: Request, view: SavedView) -> HttpResponse:
    title = read_title(request.POST.get("title", ""))
    if not title:
        return _page(request, error=Text("A view needs a name of 1 to {n} characters.", n=LONGEST_TITLE))
    saved_views.change(request.workspace, view.id, title=title)
    return _back()


def _share(request: Request, view: SavedView) -> HttpResponse:
    if not may(request.user, words.SHARERS):
        raise PermissionDenied("this role shares no views")
    saved_views.change(request.workspace, view.id, shared=request.POST.get("shared") == "1")
    return _back()


def _delete(request: Request, view: SavedView) -> HttpResponse:
    saved_views.delete(request.workspace, view.id, now_us=actual_us())
    undo = reverse("view_do", args=[view.id, "restore"])
    said = request.reader.say(Text("The view {title} is deleted.", title=view.title))
    return say_next(_back(), said, undo_url=undo)


def _restore(request: Request, view: SavedView) -> HttpResponse:
    saved_views.restore(request.workspace, view.id)
    return say_next(_back(), request.reader.say(Text("The view {title} is back.", title=view.title)))


def _moved(step: int) -> Callable[[Request, SavedView], HttpResponse]:
    def move(request: Request, view: SavedView) -> HttpResponse:
        saved_views.move(request.workspace, view, step)
        return _back()

    return move


_ACTS: dict[str, Callable[[Request, SavedView], HttpResponse]] = {
    "rename": _rename,
    "share": _share,
    "up": _moved(-1),
    "down": _moved(1),
    "delete": _delete,
    "restore": _restore,
}


def _page(request: Request, *, error: Text | None = None) -> HttpResponse:
    found = saved_views.views_for(request.workspace, person_id(request))
    return show(
        request,
        "views/views.html",
        status=200 if error is None else 422,
        place="preferences",
        groups=words.shown_views(found, request),
        may_share=may(request.user, words.SHARERS),
        error=error,
    )


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("views"))


def read_title(written: str) -> str:
    """The name of a view in one line; "" for what cannot be one."""
    title = " ".join(written.split())
    return title if 0 < len(title) <= LONGEST_TITLE and title.isprintable() else ""
