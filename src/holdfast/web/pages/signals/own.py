"""The builder of a signal of one's own: the rule of a segment, with its replay on the past beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.analytics.own_signals import COOLDOWN_DAYS
from holdfast.analytics.scorecards import Scorecard
from holdfast.analytics.segment_words import rule_words
from holdfast.domain.expression import Expression
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import parse
from holdfast.language import Reader, in_own_digits
from holdfast.services.collect.segments.offered import offered
from holdfast.services.collect.segments.words import names_of
from holdfast.services.warn import own
from holdfast.services.warn.catalogue import delivered
from holdfast.store.signal_settings import KeptOwn
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, only
from holdfast.web.pages.segments import form
from holdfast.web.pages.segments.builder import now_of
from holdfast.web.pages.segments.choices import Builder
from holdfast.web.pages.segments.form import Group
from holdfast.web.pages.signals import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.work_words import email

MOST_DIGITS = 4


@only(EXPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def signal_new(request: Request) -> HttpResponse:
    """A new signal."""
    return _built(request, None)


@only(EXPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def signal_edit(request: Request, key: str) -> HttpResponse:
    """One that people built before."""
    try:
        return _built(request, own.find(request.workspace, key))
    except Refusal as refusal:
        if refusal.code != "no_such_signal":
            raise
        raise Http404(str(refusal)) from refusal


@only(EXPORTERS)
@require_POST
def signal_delete(request: Request, key: str) -> HttpResponse:
    """Let it raise nothing more."""
    try:
        own.delete(request.workspace, key, by=email(request), now=datetime.now(UTC))
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
    said = request.reader.say(Text("Deleted. What it raised stays in the history."))
    return say_next(HttpResponseRedirect(reverse("signals")), said)


def _built(request: Request, kept: KeptOwn | None) -> HttpResponse:
    if request.method != "POST":
        rule = form.NEW if kept is None else form.shown(parse(kept.rule))
        typed = {"title": kept.title, "pause": _days(kept.cooldown_days, request.reader)} if kept else {}
        return _shown(request, kept, rule, typed)
    posted, do = form.posted_fields(dict(request.POST.lists())), request.POST.get("do", "look")
    rule = form.changed(form.read(posted), do)
    if do not in ("save", "replay") or request.htmx.target == "builder":
        return _shown(request, kept, rule, posted)
    try:
        if do == "replay":
            made, pause = form.rule_of(rule), _pause(posted)
            title, now = posted.get("title", ""), datetime.now(UTC)
            card = own.replayed(request.workspace, title, made, None, pause, now=now)
            return _shown(request, kept, rule, posted, replayed=card)
        saved = _save(request, kept, posted, form.rule_of(rule))
    except Refusal as refusal:
        return _shown(request, kept, rule, posted, refused=refusal)
    said = request.reader.say(Text("Kept. From tonight on everybody is looked at."))
    return say_next(HttpResponseRedirect(reverse("signal", args=[saved.key])), said)


def _save(request: Request, kept: KeptOwn | None, posted: Mapping[str, str], rule: Expression) -> KeptOwn:
    workspace, by, now = request.workspace, email(request), datetime.now(UTC)
    title, pause = posted.get("title", ""), _pause(posted)
    if kept is None:
        return own.create(workspace, title, rule, None, pause, by=by, now=now)
    ends = None if kept.ends_rule is None else parse(kept.ends_rule)
    return own.change(workspace, kept.key, title, rule, ends, pause, by=by, now=now)


def _pause(posted: Mapping[str, str]) -> int:
    """The days of the pause; what is no number is out of every bound, and refused as such."""
    written = posted.get("pause", "").strip()
    if not written:
        return COOLDOWN_DAYS
    return int(written) if written.isdecimal() and len(written) <= MOST_DIGITS else -1


def _days(days: int, reader: Reader) -> str:
    """A number in the reader's digits, as it can be typed: without signs between them."""
    return in_own_digits(str(days), reader.code)


def _shown(
    request: Request,
    kept: KeptOwn | None,
    rule: Group,
    typed: Mapping[str, str],
    *,
    refused: Refusal | None = None,
    replayed: Scorecard | None = None,
) -> HttpResponse:
    watching.tried(request)
    workspace, reader = request.workspace, request.reader
    builder = Builder(workspace, offered(workspace, now_of(request)), reader, "")
    in_place = request.htmx.target == "builder"
    said = (refused.found, refused.expected, refused.remedy) if refused else ()
    titles = {name: each.title for name, each in delivered().items()}
    return show(
        request,
        "signals/rule.html" if in_place else "signals/builder.html",
        status=422 if refused is not None and not in_place else 200,
        place="warn",
        kept=kept,
        title=typed.get("title", ""),
        pause=typed.get("pause") or _days(COOLDOWN_DAYS, reader),
        action=reverse("signal_edit", args=[kept.key]) if kept else reverse("signal_new"),
        looked=builder.looked(),
        rule=builder.group(rule),
        error=" ".join(reader.say(each) for each in said),
        sentence=_sentence(request, rule) if refused is None else "",
        replayed=words.shown_card(replayed, titles, reader, trial=True) if replayed else None,
    )


def _sentence(request: Request, rule: Group) -> str:
    """The rule in words; "" while it is not finished."""
    if rule == form.NEW:
        return ""
    try:
        return request.reader.say(rule_words(form.rule_of(rule), names_of(request.workspace)))
    except Refusal:
        return ""
