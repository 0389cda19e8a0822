"""What people do while they write a play: a step added, changed, moved, taken away; goal, exits, audience.

A form is posted with the version it was made for. Only ``do=save`` keeps something; every other button
shows the form again with what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain import play_edits as edits
from holdfast.domain import plays as p
from holdfast.domain.plays import Play, PlayStep
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.written_plays import as_json
from holdfast.services.act.plays import define
from holdfast.services.act.plays.written import Ready, steps
from holdfast.store import plays
from holdfast.store.plays import KeptPlay
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, only
from holdfast.web.pages.plays import begin_form, fields, opened, whole_form
from holdfast.web.pages.plays.acts import number_of
from holdfast.web.pages.plays.editing import Typed, edit_page
from holdfast.web.pages.plays.opened import Opened
from holdfast.web.pages.plays.view import there
from holdfast.web.pages.segments import form
from holdfast.web.reading import Request
from holdfast.web.toasts import say_next
from holdfast.web.watching import changed
from holdfast.web.work_words import email, refused

LONGEST_KEY = 60


@dataclass(frozen=True, slots=True)
class Change:
    """The play as it becomes, and where its page opens then; ``said`` is told there."""

    content: Mapping[str, Any]
    to: str
    said: Text | None = None


@only(EXPORTERS)
@require_POST
def make(request: Request) -> HttpResponse:
    """A new play of this title: by hand, with one task; and to the page where it is written."""
    title = request.POST.get("title", "").strip()
    task = {"id": "task", "do": "task", "title": request.reader.gettext("Get in touch"), "whom": "owner"}
    content = {
        "key": _free_key(request, title),
        "title": title,
        "trigger": {"by_hand": True},
        "steps": [task],
    }
    try:
        made = define.make(request.workspace, content, by=email(request), now=_now())
    except Refusal as refusal:
        watching.tried(request)
        said = refused(refusal, request.reader)
        return say_next(HttpResponseRedirect(reverse("plays")), said)
    changed(request, "play.written", f"play:{made.id}")
    return HttpResponseRedirect(opened.address(made.key))


def _free_key(request: Request, title: str) -> str:
    """A key that no play has, made of the title; of what is not written in Latin letters, "play"."""
    taken = {each.key for each in plays.listed(request.workspace)}
    stem = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")[:LONGEST_KEY] or "play"
    number, found = 1, stem
    while found in taken:
        number += 1
        found = f"{stem}_{number}"
    return found


@only(EXPORTERS)
@require_POST
def edit_do(request: Request, key: str, do: str) -> HttpResponse:
    """Change a play; what cannot be is said beside what was typed."""
    act = _FORMS.get(do) or _DEEDS.get(do)
    if act is None:
        raise Http404(do)
    found = there(request, key)
    ready = define.ready_of(define.version_of(request.workspace, found))
    asked = opened.read(request.POST, ready.play)
    typed = _typed(request)
    if do in _FORMS and _only_looks(request):
        watching.tried(request)
        return edit_page(request, found, ready, asked, typed)
    try:
        if number_of(request) != found.number:
            raise define.moved_on(found)
        change = act(ready.play, asked, typed)
        define.keep(
            request.workspace, found, change.content, number=found.number, by=email(request), now=_now()
        )
    except Refusal as refusal:
        return _refused(request, found, ready, asked, typed, refusal)
    changed(request, "play.written", f"play:{found.id}")
    response = HttpResponseRedirect(change.to)
    return response if change.said is None else say_next(response, request.reader.say(change.said))


def _only_looks(request: Request) -> bool:
    """Whether only what is on the page changes: another button was pressed, or a field while one writes.

    What the page asks by itself keeps nothing, whatever it says: it names the button that is being pressed.
    """
    return request.htmx.target == "builder" or request.POST.get("do", "save") != "save"


def _refused(
    request: Request, found: KeptPlay, ready: Ready, asked: Opened, typed: Typed, refusal: Refusal
) -> HttpResponse:
    watching.tried(request)
    reader = request.reader
    if refusal.code == "moved_on":
        return edit_page(
            request,
            there(request, found.key),
            ready,
            asked,
            typed,
            wrong=reader.say(
                Text("Somebody changed the play meanwhile. Here it is as it is now; what you typed is kept.")
            ),
            status=409,
        )
    why = refusal.found.values.get("why")
    words = f"{reader.say(why)}." if isinstance(why, Text) else reader.say(refusal.found)
    return edit_page(request, found, ready, asked, typed, wrong=words, status=422)


def _typed(request: Request) -> Typed:
    """The form as it was posted, after whichever button of its rule or its languages was pressed."""
    posted = form.posted_fields(dict(request.POST.lists()))
    do = request.POST.get("do", "save")
    language = posted.get("other", "")
    if do == "language" and language.isalpha() and len(language) <= fields.LONGEST_LANGUAGE:
        posted.setdefault(f"text.{language}", "")
    return Typed(posted, form.changed(form.read(posted), do))


def _step(play: Play, asked: Opened, typed: Typed) -> Change:
    """A new step, or other options of one that is there."""
    if asked.part == "new" and asked.do:
        new = _new_step(play, asked.do, typed)
        return Change(as_json(edits.added(play, asked.at, new)), opened.address(play.key, f"step-{new.id}"))
    if asked.step is None:
        raise _gone()
    step = asked.step
    if step.do == p.SPLIT:
        shares = _shares(typed, len(step.paths))
        paths = tuple(replace(path, share=share) for path, share in zip(step.paths, shares, strict=True))
        step = replace(step, paths=paths)
    elif step.do != p.BRANCH:
        step = replace(step, options=fields.options_from(steps()[step.do], typed.fields, typed.rule))
    return Change(as_json(edits.put(play, step)), opened.address(play.key, f"step-{step.id}"))


def _new_step(play: Play, do: str, typed: Typed) -> PlayStep:
    number = edits.new_id(play, do)
    if do == p.SPLIT:
        shares = _shares(typed, 2)
        return PlayStep(number, do, paths=tuple(p.Path((), share=share) for share in shares))
    if do == p.BRANCH:
        return PlayStep(number, do, paths=(_path(typed), p.Path(())))
    return PlayStep(number, do, fields.options_from(steps()[do], typed.fields, typed.rule))


def _shares(typed: Typed, ways: int) -> list[Any]:
    """Shares as they were typed; what is no number is refused when the play is read."""
    return [fields.whole(typed.fields.get(f"share.{way}", "").strip()) for way in range(ways)]


def _path(typed: Typed) -> p.Path:
    if typed.fields.get("of") == "event":
        event = typed.fields.get("event", "").strip()
        if not event:
            raise _says_nothing()
        return p.Path((), happened=event)
    return p.Path((), when=form.rule_of(typed.rule))


def _way(play: Play, asked: Opened, typed: Typed) -> Change:
    """A way of its own for some: another rule, or one way more."""
    step = asked.step
    if step is None or asked.part != "way":
        raise _gone()
    if step.do == p.SPLIT:
        longer = replace(step, paths=edits.even((*step.paths, p.Path(()))))
        return Change(as_json(edits.put(play, longer)), opened.of_step(play.key, step.id))
    made = edits.with_way(play, step, asked.way, _path(typed))
    return Change(as_json(made), opened.of_step(play.key, step.id))


def _remove_way(play: Play, asked: Opened, typed: Typed) -> Change:
    if asked.step is None or asked.way is None:
        raise _gone()
    made = edits.without_way(play, asked.step, asked.way)
    return Change(as_json(made), opened.of_step(play.key, asked.step.id))


def _remove(play: Play, asked: Opened, typed: Typed) -> Change:
    if asked.step is None:
        raise _gone()
    made = edits.removed(play, asked.step.id)
    if not made.steps:
        raise Refusal(
            "last_step",
            found=Text("It is the only step: a play has at least one."),
            expected=Text("A play with another step beside it."),
            remedy=Text("Add the other step first; nothing was changed."),
        )
    return Change(as_json(made), opened.address(play.key), Text("The step is taken away."))


def _move(by: int) -> Callable[[Play, Opened, Typed], Change]:
    def move(play: Play, asked: Opened, typed: Typed) -> Change:
        if asked.step is None:
            raise _gone()
        return Change(as_json(edits.moved(play, asked.step.id, by)), opened.of_step(play.key, asked.step.id))

    return move


def _begin(play: Play, asked: Opened, typed: Typed) -> Change:
    kind = asked.kind if asked.kind in begin_form.KINDS else begin_form.kind_of(play.trigger)
    return _part(play, {**as_json(play), "trigger": begin_form.json_of(kind, typed.fields)})


def _audience(play: Play, asked: Opened, typed: Typed) -> Change:
    content = as_json(play)
    content.pop("audience", None)
    empty = fields.is_empty(typed.rule)
    return _part(play, content if empty else {**content, "audience": fields.json_of(typed.rule)})


def _goal(play: Play, asked: Opened, typed: Typed) -> Change:
    return _part(play, whole_form.goal_json(play, typed.fields, typed.rule))


def _exits(play: Play, asked: Opened, typed: Typed) -> Change:
    return _part(play, whole_form.exits_json(play, typed.fields, typed.rule))


def _whole(play: Play, asked: Opened, typed: Typed) -> Change:
    return _part(play, whole_form.whole_json(play, typed.fields))


def _part(play: Play, content: Mapping[str, Any]) -> Change:
    return Change(content, opened.address(play.key))


_FORMS: Mapping[str, Callable[[Play, Opened, Typed], Change]] = {
    "step": _step,
    "way": _way,
    "begin": _begin,
    "audience": _audience,
    "goal": _goal,
    "exits": _exits,
    "whole": _whole,
}
_DEEDS: Mapping[str, Callable[[Play, Opened, Typed], Change]] = {
    "up": _move(-1),
    "down": _move(1),
    "remove": _remove,
    "remove-way": _remove_way,
}


def _gone() -> Refusal:
    return Refusal(
        "no_such_step",
        found=Text("The step is not there any more."),
        expected=Text("A step of the play as it is."),
        remedy=Text("Look at the play again; nothing was changed."),
    )


def _says_nothing() -> Refusal:
    return Refusal(
        "unfinished_way",
        found=Text("It does not say yet for whom the way is."),
        expected=Text("A rule, or the name of an event."),
        remedy=Text("Fill it in; nothing was changed."),
    )


def _now() -> datetime:
    return datetime.now(UTC)
