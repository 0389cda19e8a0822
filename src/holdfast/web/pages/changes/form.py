"""A change of ours is entered or changed: its days, words per language, and whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.analytics.segment_words import rule_words
from holdfast.domain.changes import CHANGE_KINDS, KINDS, LONGEST_WORDS, ChangeKind, proposed_notice
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_expressions import as_json, parse
from holdfast.language import languages
from holdfast.services.act import feature_wishes
from holdfast.services.act.changes import concerned, entering
from holdfast.services.act.changes.proposing import proposed_rule
from holdfast.services.collect.segments.offered import offered
from holdfast.services.collect.segments.preview import preview
from holdfast.services.collect.segments.words import names_of
from holdfast.store.changes import KeptChange, Said
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, only
from holdfast.web.pages.changes.view import there
from holdfast.web.pages.customers.words import shown_customer
from holdfast.web.pages.segments import form
from holdfast.web.pages.segments.builder import now_of
from holdfast.web.pages.segments.choices import Builder
from holdfast.web.pages.segments.form import Group
from holdfast.web.pages.segments.words import met
from holdfast.web.pages.templates.words import language_names
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next
from holdfast.web.watching import changed
from holdfast.web.work_words import email, refused

MOST_WISHES = 100


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, beside the rule."""

    kind: ChangeKind
    title: str = ""
    about: str = ""
    effect_on: str = ""
    notice_on: str = ""
    wish: str = ""
    read_us: int = 0
    words: Mapping[str, Mapping[str, str]] | None = None


@only(EXPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A new change; its kind stands in the address."""
    kind = _kind(request.GET.get("kind", ""))
    if request.method != "POST":
        return _shown(request, None, Typed(kind), _proposed(request, Typed(kind)))
    return _posted(request, None, kind)


@only(EXPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, key: str) -> HttpResponse:
    """What was entered of a change, to be changed."""
    kept = there(request, key)
    if request.method != "POST":
        rule = form.NEW if kept.rule is None else form.shown(parse(kept.rule))
        return _shown(request, kept, _typed_of(kept), rule)
    return _posted(request, kept, kept.kind)


def _kind(written: str) -> ChangeKind:
    for kind in CHANGE_KINDS:
        if kind == written:
            return kind
    raise Http404(written)


def _typed_of(kept: KeptChange) -> Typed:
    return Typed(
        kept.kind,
        kept.title,
        kept.about,
        "" if kept.effect_on is None else kept.effect_on.isoformat(),
        "" if kept.notice_on is None else kept.notice_on.isoformat(),
        kept.wish,
        kept.changed_us,
        kept.words,
    )


def _posted(request: Request, kept: KeptChange | None, kind: ChangeKind) -> HttpResponse:
    posted, do = form.posted_fields(dict(request.POST.lists())), request.POST.get("do", "look")
    rule, typed = form.changed(form.read(posted), do), _typed(kind, posted, kept)
    if do == "propose":
        return _shown(request, kept, _with_notice(request, typed), _proposed(request, typed))
    if do != "save" or request.htmx.target == "builder":  # the script names the button being pressed
        return _shown(request, kept, typed, rule)
    try:
        made = _save(request, kept, typed, rule)
    except Refusal as refusal:
        return _shown(request, kept, typed, rule, wrong=refused(refusal, request.reader))
    changed(request, "change.made" if kept is None else "change.changed", f"change:{made.id}")
    said = Text("Kept. Look whom it concerns, then make the play that tells them.")
    response = HttpResponseRedirect(reverse("change", args=[made.key]))
    return say_next(response, request.reader.say(said))


def _save(request: Request, kept: KeptChange | None, typed: Typed, rule: Group) -> KeptChange:
    workspace, now = request.workspace, datetime.now(UTC)
    said = _said(typed, None if _is_empty(rule) else as_json(form.rule_of(rule)))
    if kept is None:
        made = entering.enter(workspace, said, by=email(request), now=now)
    else:
        made = entering.correct(workspace, kept, said, read_us=typed.read_us, now=now)
    return concerned.draw_up(workspace, made, now)


def _said(typed: Typed, rule: Mapping[str, Any] | None) -> Said:
    return Said(
        typed.kind,
        typed.title,
        typed.about,
        _day(typed.effect_on),
        _day(typed.notice_on),
        rule,
        typed.wish,
        typed.words or {},
    )


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Refusal(
            "bad_change",
            found=Text("“{day}” is no day.", day=written[:20]),
            expected=Text("A day such as 2026-03-01."),
            remedy=Text("Mend that; nothing was changed."),
        ) from error


def _typed(kind: ChangeKind, posted: Mapping[str, str], kept: KeptChange | None) -> Typed:
    """What was posted; what the form does not ask for, and a program entered, stays as it is."""
    read_us, before = posted.get("read", ""), Typed(kind) if kept is None else _typed_of(kept)
    words = before.words or {}
    return Typed(
        kind,
        posted.get("title", ""),
        posted.get("about", ""),
        posted.get("effect", before.effect_on).strip(),
        posted.get("notice", "").strip(),
        posted.get("wish", ""),
        int(read_us) if read_us.isascii() and read_us.isdecimal() and len(read_us) < 19 else 0,
        {
            code: {
                name: posted.get(f"words.{code}.{name}", words.get(code, {}).get(name, ""))[
                    : LONGEST_WORDS + 1
                ]
                for name in KINDS[kind].fields
            }
            for code in (*languages(), *(each for each in words if each not in languages()))
        },
    )


def _is_empty(rule: Group) -> bool:
    return all(not isinstance(each, Group) and not each.kind for each in rule.parts)


def _proposed(request: Request, typed: Typed) -> Group:
    found = offered(request.workspace, now_of(request))
    return form.shown(parse(proposed_rule(typed.kind, typed.about, found)))


def _with_notice(request: Request, typed: Typed) -> Typed:
    """With a day for the notice where the day it takes effect is known."""
    try:
        effect = _day(typed.effect_on)
    except Refusal:
        return typed
    on = entering.today(request.workspace, datetime.now(UTC))
    return replace(typed, notice_on=proposed_notice(typed.kind, effect, on).isoformat())


def _shown(
    request: Request, kept: KeptChange | None, typed: Typed, rule: Group, *, wrong: str = ""
) -> HttpResponse:
    watching.tried(request)
    workspace, reader = request.workspace, request.reader
    builder = Builder(workspace, offered(workspace, now_of(request)), reader)
    in_place = request.htmx.target == "builder"
    action = reverse("change_edit", args=[kept.key]) if kept else f"{reverse('change_new')}?kind={typed.kind}"
    return show(
        request,
        "segments/rule.html" if in_place else "changes/edit.html",
        status=422 if wrong and not in_place else 200,
        place="outbox",
        kept=kept,
        typed=typed,
        kind=KINDS[typed.kind],
        wrong=wrong,
        action=action,
        said=_words(request, typed) if not in_place else [],
        wishes=_wishes(request, typed) if typed.kind in ("fix", "upgrade") and not in_place else [],
        looked=builder.looked(),
        rule=builder.group(rule),
        **_seen(request, rule),
    )


def _words(request: Request, typed: Typed) -> list[tuple[str, str, bool, list[tuple[str, str, str]]]]:
    """(code, name, open, fields with their words and what stands in them) of each language."""
    words, own = typed.words or {}, request.reader.code
    found = []
    codes = sorted(dict.fromkeys((*languages(), *words)), key=lambda one: one != own)
    for code, written in language_names(codes):
        said = words.get(code, {})
        fields = [
            (name, request.reader.say(label), said.get(name, ""))
            for name, label in KINDS[typed.kind].fields.items()
        ]
        found.append((code, written, code == own or any(said.values()), fields))
    return found


def _wishes(request: Request, typed: Typed) -> list[tuple[str, str, bool]]:
    """(wish, its words with how many want it, whether it is chosen)."""
    reader = request.reader
    found = [
        each
        for each in feature_wishes.register(request.workspace)
        if each.waiting or each.title == typed.wish
    ]
    return [
        (each.title, f"{each.title} ({reader.number(each.customers)})", each.title == typed.wish)
        for each in found[:MOST_WISHES]
    ]


def _seen(request: Request, rule: Group) -> dict[str, object]:
    """Who meets the rule now, or what is missing in it."""
    nothing: dict[str, object] = {"error": "", "sentence": "", "count": "", "sample": []}
    if _is_empty(rule):
        return nothing
    workspace, reader = request.workspace, request.reader
    try:
        tree = form.rule_of(rule)
        found = preview(workspace, tree, now_of(request))
    except Refusal as refusal:
        return nothing | {"error": refused(refusal, reader)}
    return {
        "error": "",
        "sentence": reader.say(rule_words(tree, names_of(workspace))),
        "count": met(found.count, found.everybody, reader),
        "sample": [shown_customer(each, workspace, reader) for each in found.sample],
    }
