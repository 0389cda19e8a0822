"""The rule builder: works by posting the form, and in place where there is a script."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.analytics.segment_words import rule_words
from holdfast.domain.expression import Expression
from holdfast.domain.refusals import Refusal
from holdfast.domain.written_expressions import parse
from holdfast.services.collect.segments.define import change, create, find
from holdfast.services.collect.segments.offered import offered
from holdfast.services.collect.segments.preview import preview
from holdfast.services.collect.segments.refresh import refresh_all
from holdfast.services.collect.segments.words import names_of
from holdfast.store.customers import count_by_state
from holdfast.store.models import User
from holdfast.store.segments import KeptSegment
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, only
from holdfast.web.pages.customers.words import shown_customer
from holdfast.web.pages.segments import form, words
from holdfast.web.pages.segments.choices import Builder
from holdfast.web.pages.segments.form import Group
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.workspace import present

AT_ONCE = 50_000
"""Up to so many customers are looked at before the page answers; above, the worker does it."""


@only(EXPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: Request) -> HttpResponse:
    """A new segment."""
    return _built(request, None)


@only(EXPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, key: str) -> HttpResponse:
    """An existing one."""
    return _built(request, segment_or_404(request, key))


def segment_or_404(request: Request, key: str) -> KeptSegment:
    """The segment of a key."""
    try:
        return find(request.workspace, key)
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal


def _built(request: Request, segment: KeptSegment | None) -> HttpResponse:
    if request.method != "POST":
        rule = form.NEW if segment is None else form.shown(parse(segment.rule))
        return _shown(request, segment, rule, segment.title if segment else "")
    posted, do = form.posted_fields(dict(request.POST.lists())), request.POST.get("do", "look")
    rule, title = form.changed(form.read(posted), do), posted.get("title", "")
    if do != "save" or request.htmx.target == "builder":  # the script names the button that is being pressed
        return _shown(request, segment, rule, title)
    try:
        kept = _save(request, segment, title, form.rule_of(rule))
    except Refusal as refusal:
        return _shown(request, segment, rule, title, refused=refusal)
    return HttpResponseRedirect(reverse("segment", args=[kept.key]))


def _save(request: Request, segment: KeptSegment | None, title: str, rule: Expression) -> KeptSegment:
    workspace, now_us = request.workspace, now_of(request)
    if segment is not None:
        kept = change(workspace, segment.key, title, rule, now_us=now_us)
    else:
        by = request.user.email if isinstance(request.user, User) else ""
        kept = create(workspace, title, rule, made_by=by, now_us=now_us)
    fill(request, [kept])
    return kept


def fill(request: Request, made: list[KeptSegment]) -> None:
    """Look at everybody at once where they are few; else the worker does within seconds."""
    if sum(count_by_state(request.workspace).values()) <= AT_ONCE:
        refresh_all(request.workspace, now_of(request), only=[each.key for each in made])


def now_of(request: Request) -> int:
    """The workspace's present in microseconds."""
    return int(present(request.workspace).timestamp() * 1_000_000)


def _shown(
    request: Request,
    segment: KeptSegment | None,
    rule: Group,
    title: str,
    *,
    refused: Refusal | None = None,
) -> HttpResponse:
    watching.tried(request)
    workspace, reader = request.workspace, request.reader
    key = segment.key if segment else ""
    builder = Builder(workspace, offered(workspace, now_of(request)), reader, key)
    in_place = request.htmx.target == "builder"
    seen = _seen(request, rule, key) if refused is None else _refused(refused, request)
    return show(
        request,
        "segments/rule.html" if in_place else "segments/builder.html",
        status=422 if refused is not None and not in_place else 200,
        place="segments",
        segment=segment,
        title=title,
        action=reverse("segment_edit", args=[key]) if key else reverse("segment_new"),
        looked=builder.looked(),
        rule=builder.group(rule),
        **seen,
    )


def _refused(refusal: Refusal, request: Request) -> Mapping[str, object]:
    said = request.reader.say
    words_ = f"{said(refusal.found)} {said(refusal.expected)} {said(refusal.remedy)}"
    return {"error": words_, "sentence": "", "count": "", "sample": []}


def _seen(request: Request, rule: Group, key: str) -> Mapping[str, object]:
    """Who meets the rule now, or what is missing in it."""
    nothing: dict[str, object] = {"error": "", "sentence": "", "count": "", "sample": []}
    workspace, reader = request.workspace, request.reader
    if rule == form.NEW:
        return nothing
    try:
        tree = form.rule_of(rule)
        found = preview(workspace, tree, now_of(request), key=key)
    except Refusal as refusal:
        if refusal.code == "unfinished_rule" and request.method != "POST":
            return nothing
        return _refused(refusal, request)
    return {
        "error": "",
        "sentence": reader.say(rule_words(tree, names_of(workspace))),
        "count": words.met(found.count, found.everybody, reader),
        "sample": [shown_customer(each, workspace, reader) for each in found.sample],
    }
