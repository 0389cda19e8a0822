"""The import page: files come in, imports are listed, work that goes on is followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.uploads import files
from holdfast.services.collect.uploads.look import is_quick, look
from holdfast.services.full_disk import refused_when_full
from holdfast.store import asked, imports, uploads
from holdfast.store.asked import Asked
from holdfast.store.uploads import NewUpload
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.bridge import NO_ROOM, TOO_LARGE
from holdfast.web.brought import ROOM, Arrived, IntoWorkspace
from holdfast.web.pages.imports import words
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.sizes import size_words
from holdfast.web.work_words import person_id

ON_A_PAGE = 50
NOT_IMPORTED = ("new", "looked", "refused", "gone")


@only(READERS)
@require_safe
def import_list(request: Request) -> HttpResponse:
    """What waits for somebody, what goes on, and every import with its state."""
    return listed(request)


@only(DECIDERS)
@csrf_exempt  # the token is looked for below, when it is said where the files go
@require_POST
def upload(request: Request) -> HttpResponse:
    """Keep the files of a form. What says to be larger than is taken is refused before it is read."""
    if request.META.get(NO_ROOM):
        return listed(request, refusal=files.no_room(request.workspace), status=503)
    claimed = int(request.META.get(TOO_LARGE) or request.META.get("CONTENT_LENGTH") or 0)
    try:
        files.check_room(request.workspace, max(0, claimed - ROOM))
    except Refusal as refusal:
        return listed(request, refusal=refusal, status=413)
    into = IntoWorkspace(request.workspace, request)
    request.upload_handlers = [into]
    try:
        with refused_when_full(request.workspace):
            return _keep(request)
    except Refusal as refusal:
        return listed(request, refusal=refusal, status=503)
    finally:
        into.clear()


@csrf_protect
def _keep(request: Request) -> HttpResponse:
    brought = [each for each in request.FILES.getlist("files") if isinstance(each, Arrived)]
    if not brought:
        return listed(request, refusal=_nothing_brought(), status=400)
    numbers: list[int] = []
    refused: list[Refusal] = []
    for each in brought:
        new = NewUpload(each.name or "", each.size or 0)
        try:
            number = files.receive(
                request.workspace, each.path, new, by_id=person_id(request), now_us=actual_us()
            )
        except Refusal as refusal:
            refused.append(refusal)
            continue
        numbers += begin_look(request, number)
    if refused:
        full = any(each.code == "disk_full" for each in refused)
        return listed(request, refusal=refused[0], status=503 if full else 400)
    after = request.POST.get("after", "")
    if len(numbers) == 1:
        return HttpResponseRedirect(reverse("import_file", args=(numbers[0],)))
    return HttpResponseRedirect(after if _is_ours(request, after) else reverse("imports"))


def begin_look(request: Request, number: int) -> list[int]:
    """Look at a file at once, or have the worker look where that takes long; the files that it is."""
    path = files.path_of(request.workspace, uploads.get(request.workspace, number))
    if is_quick(path):
        return look(request.workspace, number, now_us=actual_us())
    asked.ask(request.workspace, "look", number, by_id=person_id(request), now_us=actual_us())
    return [number]


@only(DECIDERS)
@require_POST
def invent(request: Request) -> HttpResponse:
    """Have an invented company live, and bring its files."""
    number = asked.ask(request.workspace, "invent", None, by_id=person_id(request), now_us=actual_us())
    return HttpResponseRedirect(f"{reverse('import_work', args=(number,))}?next={_after(request)}")


@only(READERS)
@require_safe
def work(request: Request, number: int) -> HttpResponse:
    """How far some work is: a page that follows it, or, asked by that page, the part that changes."""
    found = asked.get(request.workspace, number)
    if found is None or found.kind not in TITLES:
        raise Http404(f"there is no work {number}")
    wanted = request.GET.get("next", "")
    leads_to = where_next(request, found, wanted if _is_ours(request, wanted) else "")
    if found.state == "done":
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": leads_to})
        return HttpResponseRedirect(leads_to)
    return show(
        request,
        "imports/progress.html" if request.htmx else "imports/work.html",
        place="collect",
        work=words.shown_work(found, request.reader),
        title=request.reader.say(TITLES[found.kind]),
        follow=_follow(found, wanted),
        back=leads_to,
    )


TITLES: dict[str, Text] = {
    "look": Text("Looking at the file"),
    "import": Text("Importing"),
    "undo": Text("Undoing an import"),
    "weigh": Text("Trying each rule on your data"),
    "run": Text("Computing the first figures"),
    "invent": Text("Inventing a company"),
}
"""Work of this area; that of others is followed on their pages."""


def where_next(request: Request, found: Asked, wanted: str) -> str:
    """Where somebody goes when the work is done."""
    if wanted:
        return wanted
    if found.kind == "import" and found.about_id is not None:
        record = uploads.get(request.workspace, found.about_id)
        if record.import_id is not None:
            return reverse("import_one", args=(record.import_id,))
        return reverse("import_file", args=(record.id,))
    if found.kind == "undo" and found.about_id is not None:
        return reverse("import_one", args=(found.about_id,))
    ways = {"weigh": "start_lost", "run": "overview"}
    return reverse(ways.get(found.kind, "imports"))


def _follow(found: Asked, wanted: str) -> str:
    from urllib.parse import urlencode

    path = reverse("import_work", args=(found.id,))
    return f"{path}?{urlencode({'next': wanted})}" if wanted else path


def listed(request: Request, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    """The page with everything, and with what was refused."""
    workspace, reader = request.workspace, request.reader
    after = request.GET.get("before", "")
    before = int(after) if is_number(after) else None
    records = imports.newest(workspace, most=ON_A_PAGE + 1, before=before, without=words.NOT_SHOWN)
    shown, further = records[:ON_A_PAGE], records[ON_A_PAGE:]
    return show(
        request,
        "imports/imports.html",
        status=status,
        place="collect",
        imports=[words.shown_import(each, reader) for each in shown],
        next_url=f"{reverse('imports')}?before={shown[-1].id}" if further else "",
        waiting=words.waiting(_waiting(request), reader),
        works=going_on(request),
        may_import=may(request.user, DECIDERS),
        most_bytes=files.MOST_BYTES,
        most=size_words(files.MOST_BYTES, reader),
        refusal=said(refusal, request) if refusal else "",
        after="",
    )


def _waiting(request: Request) -> Sequence[Any]:
    if not may(request.user, DECIDERS):
        return ()
    return uploads.listed(request.workspace, NOT_IMPORTED)


def going_on(request: Request) -> list[dict[str, Any]]:
    """Work that has not ended, with where to follow it."""
    return [
        {
            "title": request.reader.say(TITLES[each.kind]),
            "url": reverse("import_work", args=(each.id,)),
            "shown": words.shown_work(each, request.reader),
        }
        for each in asked.unfinished(request.workspace)
        if each.kind in TITLES
    ]


def said(refusal: Refusal, request: Request) -> str:
    """A refusal as one string, in the reader's language."""
    return " ".join(request.reader.say(each) for each in (refusal.found, refusal.expected, refusal.remedy))


def _after(request: Request) -> str:
    wanted = request.POST.get("after", "")
    return wanted if _is_ours(request, wanted) else reverse("imports")


def _is_ours(request: Request, wanted: str) -> bool:
    return bool(wanted) and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )


def _nothing_brought() -> Refusal:
    return Refusal(
        "no_file",
        found=Text("No file was chosen, or it did not arrive whole."),
        expected=Text("One or more files in CSV, XLSX, JSON Lines or Parquet; they may be packed."),
        remedy=Text("Choose them and bring them again."),
    )
