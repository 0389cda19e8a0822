"""``/act/plays/of/<key>/edit``: a play as it is written, and beside its steps the form of what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.domain import play_edits as edits
from holdfast.domain import plays as p
from holdfast.domain.event_words import event_words
from holdfast.domain.play_checks import Problem
from holdfast.domain.texts import Text
from holdfast.language import Reader, languages
from holdfast.services.act.messages.values import known_fields
from holdfast.services.act.plays import checks, define
from holdfast.services.act.plays.written import Ready, steps
from holdfast.services.collect.segments.offered import offered
from holdfast.store.plays import KeptPlay
from holdfast.web import watching
from holdfast.web.access import EXPORTERS, only
from holdfast.web.figures import percent_sign
from holdfast.web.pages.plays import (
    begin_form,
    fields,
    flow,
    letters,
    listed,
    opened,
    whole_form,
    words,
)
from holdfast.web.pages.plays.flow import Drawing, ShownStep
from holdfast.web.pages.plays.opened import Opened
from holdfast.web.pages.plays.view import page_of, there
from holdfast.web.pages.plays.words import PlayNames
from holdfast.web.pages.segments import form
from holdfast.web.pages.segments.builder import now_of
from holdfast.web.pages.segments.choices import Builder
from holdfast.web.pages.segments.form import Group
from holdfast.web.pages.templates.words import language_names
from holdfast.web.reading import Request
from holdfast.web.show import show

TITLES: Mapping[str, Text] = {
    "begin": Text("What begins it"),
    "audience": Text("For whom"),
    "goal": Text("Its goal"),
    "exits": Text("What ends it early"),
    "whole": Text("What holds for it"),
}
HINTS: Mapping[str, Text] = {
    "audience": Text("Without a condition: for everybody whom it begins for."),
    "goal": Text("Who meets it leaves the play at once. Nothing here: it has no goal."),
    "exits": Text("Whoever meets one of these leaves the play where they are."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form that is open: fields, and the rule among them."""

    fields: Mapping[str, str]
    rule: Group


@only(EXPORTERS)
@require_safe
def edit(request: Request, key: str) -> HttpResponse:
    """The page on which a play is written."""
    found = there(request, key)
    ready = define.ready_of(define.version_of(request.workspace, found))
    return edit_page(request, found, ready, opened.read(request.GET, ready.play))


def edit_page(
    request: Request,
    found: KeptPlay,
    ready: Ready,
    asked: Opened,
    typed: Typed | None = None,
    *,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with what is open; ``typed`` stands in its form, ``wrong`` says what could not be done."""
    shown = _form(request, ready, asked, typed or _written(request, ready.play, asked))
    shown |= {"asked": asked, "wrong": wrong, "found": found}
    if request.htmx.target == "builder" and shown["form"]:
        watching.tried(request)
        return show(request, "plays/changing.html", place="outbox", **shown)
    shown.pop("found")
    return page_of(
        request,
        found,
        "plays/edit.html",
        status=status,
        here="play",
        number=found.number,
        begin_kinds=_begin_kinds(ready, asked, request.reader),
        step_kinds=_step_kinds(request.reader) if asked.part == "new" and not asked.do else [],
        ways=_ways(request, ready, asked),
        facts=listed.facts(ready.play, words.names_of(request.workspace), request.reader),
        problems=_problems(request, ready) if not asked.part else [],
        said_event=lambda name: request.reader.say(event_words(name)),
        **shown,
        **_drawn(request, found, ready, asked),
    )


def _written(request: Request, play: p.Play, asked: Opened) -> Typed:
    """What stands in a form before anything is typed: what the play says."""
    reader = request.reader
    match asked.part:
        case "step" if asked.step is not None:
            declared = steps()[asked.step.do]
            typed = fields.typed_from(declared, asked.step.options, reader)
            typed |= {f"share.{n}": fields.number(e.share, reader) for n, e in enumerate(asked.step.paths)}
            return Typed(typed, fields.rule_from(declared, asked.step.options) or form.NEW)
        case "way" if asked.step is not None:
            return _written_way(asked.step, asked.way)
        case "begin":
            kind = begin_form.kind_of(play.trigger)
            same = asked.kind in ("", kind)
            return Typed(begin_form.typed_from(play.trigger, reader) if same else {}, form.NEW)
        case "audience":
            return Typed({}, form.NEW if play.audience is None else form.shown(play.audience))
        case "goal":
            return Typed(whole_form.goal_typed(play.goal, reader), whole_form.goal_rule(play.goal))
        case "exits":
            return Typed(whole_form.exits_typed(play), form.NEW)
        case "whole":
            return Typed(whole_form.typed_from(play, request.workspace.currency or "", reader), form.NEW)
        case _:
            half = fields.number(50, reader)
            return Typed({"share.0": half, "share.1": half} if asked.do == p.SPLIT else {}, form.NEW)


def _written_way(step: p.PlayStep, way: int | None) -> Typed:
    if way is None:
        return Typed({}, form.NEW)
    path = step.paths[way]
    rule = form.NEW if path.when is None else form.shown(path.when)
    return Typed({"of": "event" if path.happened else "rule", "event": path.happened}, rule)


def _form(request: Request, ready: Ready, asked: Opened, typed: Typed) -> dict[str, Any]:
    """The form of what is open: its head, its fields, its rule, what it says in each language."""
    reader, workspace = request.reader, request.workspace
    if not asked.part or (asked.part == "new" and not asked.do):
        return {"form": None}
    known = fields.offers(workspace, now_of(request), request.reader.code)
    what = "step" if asked.part == "new" else asked.part
    shown: dict[str, Any] = {
        "form": _head(ready.play, asked, reader),
        "action": reverse("play_edit_do", args=[ready.play.key, what]),
        "hidden": asked.hidden(),
        "fields": _fields(request, ready.play, asked, typed, known),
        "messages": None,
        "rule": None,
    }
    if _takes_rule(asked):
        builder = Builder(workspace, offered(workspace, now_of(request)), reader, "")
        shown |= {"rule": builder.group(typed.rule), "looked": builder.looked()}
    if asked.part in ("step", "new") and fields.takes_message(steps()[_do(asked)]):
        shown |= _message(request, typed.fields, fields.content_parts(steps()[_do(asked)]))
    return shown


def _do(asked: Opened) -> str:
    return asked.step.do if asked.step is not None else asked.do


def _takes_rule(asked: Opened) -> bool:
    if asked.part in ("step", "new"):
        do = _do(asked)
        new_branch = asked.part == "new" and do == p.BRANCH
        return new_branch or fields.rule_from(steps()[do], {}) is not None
    return asked.part == "way" or asked.part in ("audience", "goal", "exits")


def _head(play: p.Play, asked: Opened, reader: Reader) -> dict[str, str]:
    """The title of a form, and what it is for."""
    if asked.part == "way":
        return {"title": reader.gettext("A way of its own"), "meaning": ""}
    if asked.part in TITLES:
        hint = HINTS.get(asked.part)
        return {"title": reader.say(TITLES[asked.part]), "meaning": reader.say(hint) if hint else ""}
    step = steps()[_do(asked)]
    return {"title": reader.say(step.title), "meaning": reader.say(step.meaning)}


def _fields(
    request: Request, play: p.Play, asked: Opened, typed: Typed, known: fields.Offers
) -> list[fields.ShownField]:
    reader, names = request.reader, words.names_of(request.workspace)
    match asked.part:
        case "begin":
            kind = asked.kind if asked.kind in begin_form.KINDS else begin_form.kind_of(play.trigger)
            return begin_form.shown(kind, typed.fields, known, names, reader)
        case "goal":
            return whole_form.goal_fields(typed.fields, known, reader)
        case "exits":
            return whole_form.exits_fields(play, typed.fields, known, names, reader)
        case "whole":
            return whole_form.shown(typed.fields, reader)
        case "way":
            return _way_fields(typed, known, reader)
        case "step" | "new":
            return _step_fields(asked, typed, known, reader)
        case _:
            return []


def _step_fields(
    asked: Opened, typed: Typed, known: fields.Offers, reader: Reader
) -> list[fields.ShownField]:
    do = _do(asked)
    if do == p.SPLIT:
        label = Text("Share of this way")
        return [
            fields.ShownField(name, reader.say(label), "number", value, unit=percent_sign(reader))
            for name, value in typed.fields.items()
            if name.startswith("share.")
        ]
    if do == p.BRANCH:
        return _way_fields(typed, known, reader) if asked.part == "new" else []
    return fields.of_step(steps()[do], typed.fields, known, reader)


_WAYS: Mapping[str, Text] = {
    "rule": Text("those of whom a rule holds"),
    "event": Text("those of whom something was heard since they entered"),
}


def _way_fields(typed: Typed, known: fields.Offers, reader: Reader) -> list[fields.ShownField]:
    ways = tuple((code, reader.say(said)) for code, said in _WAYS.items())
    of, event = typed.fields.get("of", "rule"), typed.fields.get("event", "")
    return [
        fields.ShownField("of", reader.gettext("It is for"), "choice", of, choices=ways),
        fields.ShownField("event", reader.gettext("What happens"), "line", event, offered=known.events),
    ]


def _message(request: Request, typed: Mapping[str, str], parts: Mapping[str, Text]) -> dict[str, Any]:
    """What a message says in each language, how a customer reads it, and which languages may be added."""
    code = request.reader.code
    said = fields.messages(typed, parts) or fields.messages({f"text.{code}": ""}, parts)
    there = {each.code for each in said}
    return {
        "messages": said,
        "parts_said": {name: request.reader.say(words) for name, words in parts.items()},
        "previews": letters.previews(request, [each.as_read() for each in said], typed.get("customer", "")),
        "customer": typed.get("customer", ""),
        "direction": fields.direction,
        "others": [each for each in language_names(languages()) if each[0] not in there],
        "fills": known_fields(request.workspace),
    }


def _begin_kinds(ready: Ready, asked: Opened, reader: Reader) -> list[tuple[str, str, bool]]:
    """The kinds of triggers, each with where its form is, and whether it is the one that is open."""
    if asked.part != "begin":
        return []
    here = asked.kind if asked.kind in begin_form.KINDS else begin_form.kind_of(ready.play.trigger)
    return [
        (opened.address(ready.play.key, "form", open="begin", kind=kind), reader.say(said), kind == here)
        for kind, said in begin_form.KINDS.items()
    ]


def _step_kinds(reader: Reader) -> list[tuple[str, str, str, str]]:
    return [
        (name, words.ICONS.get(name, "act"), reader.say(step.title), reader.say(step.meaning))
        for name, step in sorted(steps().items(), key=lambda each: _order(each[0]))
    ]


def _order(name: str) -> int:
    """What is used most stands first; a step of another file comes last."""
    usual = list(words.ICONS)
    return usual.index(name) if name in usual else len(usual)


@dataclass(frozen=True, slots=True)
class ShownWayOf:
    """A way in the form of its step: for whom, and where that is changed; "" for all others."""

    number: int
    words: str
    url: str


def _ways(request: Request, ready: Ready, asked: Opened) -> list[ShownWayOf]:
    if asked.part != "step" or asked.step is None:
        return []
    step, names = asked.step, words.names_of(request.workspace)
    last = len(step.paths) - 1
    return [
        ShownWayOf(
            number,
            words.path_words(step, number, names, request.reader),
            ""
            if step.do == p.SPLIT or number == last
            else opened.address(ready.play.key, "form", step=step.id, way=str(number)),
        )
        for number in range(len(step.paths))
    ]


def _problems(request: Request, ready: Ready) -> list[tuple[str, bool, str]]:
    """What is wrong with the play: words, whether that stops the launch, where it is mended."""
    found = checks.problems(request.workspace, ready, datetime.now(UTC))
    return [_problem(each, ready, request.reader) for each in found]


def _problem(problem: Problem, ready: Ready, reader: Reader) -> tuple[str, bool, str]:
    url = opened.address(ready.play.key, "form", step=problem.step) if problem.step in ready.places else ""
    return reader.say(problem.words), problem.stops, url


def _drawn(request: Request, found: KeptPlay, ready: Ready, asked: Opened) -> dict[str, Any]:
    """The play as it is drawn here: everything opens, and between steps one can be added."""
    key, names = found.key, words.names_of(request.workspace)
    drawing = Drawing(
        request.reader,
        names,
        url=lambda step_id: opened.address(key, "form", step=step_id),
        add_url=lambda step_id, way: _add_url(key, step_id, way),
        open=asked.step.id if asked.step is not None else "",
    )
    start, held, goal = flow.around(ready, drawing)
    return {
        "start": _opens(start, key, "begin", asked),
        "held": None if held is None else _opens(held, key, "whole", asked),
        "steps": flow.steps(ready, drawing),
        "goal": _opens(goal, key, "goal", asked)
        if goal is not None
        else _no_goal(key, asked, request.reader),
        "add_url": opened.address(key, "form", add="end"),
        "parts": _parts(ready.play, names, asked, request.reader),
    }


def _add_url(key: str, step_id: str, way: int | None) -> str:
    at = edits.before(step_id) if way is None else edits.end_of(step_id, way)
    return opened.address(key, "form", add=at)


def _opens(shown: ShownStep, key: str, part: str, asked: Opened) -> ShownStep:
    return replace(shown, url=opened.address(key, "form", open=part), open=asked.part == part)


def _no_goal(key: str, asked: Opened, reader: Reader) -> ShownStep:
    title, sub = reader.gettext("No goal yet"), reader.gettext("say what the play is for")
    return _opens(ShownStep("", "flag", title, sub, "step-wait"), key, "goal", asked)


def _parts(play: p.Play, names: PlayNames, asked: Opened, reader: Reader) -> list[tuple[str, str, str]]:
    """What is written beside the steps: where, its title, what it says now."""
    exits = " · ".join(words.exit_words(each, names, reader) for each in play.exits)
    told = {
        "begin": words.trigger_words(play.trigger, names, reader),
        "audience": words.rule(play.audience, names, reader) or reader.gettext("everybody"),
        "goal": words.goal_words(play, names, reader) or reader.gettext("none yet"),
        "exits": exits or reader.gettext("nothing yet"),
        "whole": reader.say(words.PURPOSES[play.purpose]),
    }
    return [
        (opened.address(play.key, "form", open=part), reader.say(TITLES[part]), said)
        for part, said in told.items()
    ]
