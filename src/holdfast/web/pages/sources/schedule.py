"""Pulls on a schedule and places for scores: new ones, and what is done with those that are there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.connectors.sql_scores import TABLE
from holdfast.domain.refusals import Refusal
from holdfast.registry import parts
from holdfast.services.collect.sources import pulls as pulling
from holdfast.services.collect.sources.pulls import SqlPull
from holdfast.services.collect.sources.setting_up import check_name
from holdfast.services.foresee.write_back import add_target
from holdfast.store import pulls, score_targets
from holdfast.web.access import ADMINS, only
from holdfast.web.pages.sources.words import how_often
from holdfast.web.reading import Request
from holdfast.web.show import show

SCHEDULES = (5, 15, 60, 6 * 60, 24 * 60)
_PULL_FIELDS = {
    "bad_name": "name",
    "name_taken": "name",
    "bad_schedule": "every_minutes",
    "unknown_database": "url",
    "database_unreachable": "url",
    "missing_driver": "url",
    "bad_query": "query",
    "header_only": "query",
    "unknown_kind": "kind",
    "bad_cursor": "cursor",
}
_TARGET_FIELDS = {
    "bad_name": "name",
    "name_taken": "name",
    "bad_table": "table",
    "other_table": "table",
    "not_writable": "table",
}
_PULL = {"name": "", "url": "", "query": "", "kind": "orders", "map": "", "cursor": "", "every_minutes": "60"}
_TARGET = {"name": "warehouse", "url": "", "table": TABLE}


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_pull(request: Request) -> HttpResponse:
    """The form for a pull: without a map it shows the guessed one, to be looked at and sent again."""
    typed = _PULL | request.POST.dict()
    if request.method != "POST":
        return _pull_form(request, typed)
    wanted = SqlPull(typed["url"], typed["query"], typed["kind"], typed["map"], typed["cursor"].strip())
    minutes = typed["every_minutes"]
    every = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 7 else 0
    try:
        check_name(typed["name"].strip())
        if not wanted.map_toml.strip():
            guess = pulling.guessed(request.workspace, wanted)
            return _pull_form(request, typed | {"map": guess}, guessed=True)
        pulling.add_sql(
            request.workspace, typed["name"].strip(), wanted, every_minutes=every, now=datetime.now(UTC)
        )
    except Refusal as refusal:
        return _pull_form(request, typed, {_PULL_FIELDS.get(refusal.code, "map"): _said(request, refusal)})
    return HttpResponseRedirect(reverse("sources"))


@only(ADMINS)
@require_POST
def pull_do(request: Request, name: str, do: str) -> HttpResponse:
    """Let a pull run soon, switch it, or forget it."""
    pull = pulls.by_name(request.workspace, name)
    if pull is None:
        raise Http404(name)
    match do:
        case "run":
            now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
            pulls.run_soon(request.workspace, pull.id, now_us=now_us)
        case "on" | "off":
            pulls.enable(request.workspace, pull.id, do == "on")
        case "remove":
            pulls.remove(request.workspace, pull.id)
        case _:
            raise Http404(do)
    return HttpResponseRedirect(reverse("sources"))


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_target(request: Request) -> HttpResponse:
    """The form for a table that scores are written to."""
    typed = _TARGET | request.POST.dict()
    if request.method != "POST":
        return _target_form(request, typed)
    try:
        add_target(
            request.workspace,
            check_name(typed["name"].strip()),
            url=typed["url"],
            table=typed["table"].strip(),
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        field = _TARGET_FIELDS.get(refusal.code, "url")
        return _target_form(request, typed, {field: _said(request, refusal)})
    return HttpResponseRedirect(reverse("sources"))


@only(ADMINS)
@require_POST
def target_do(request: Request, name: str, do: str) -> HttpResponse:
    """Switch a place for scores, or forget it; its table stays."""
    found = {each.name: each for each in score_targets.listed(request.workspace)}
    if name not in found or do not in ("on", "off", "remove"):
        raise Http404(name)
    if do == "remove":
        score_targets.remove(request.workspace, found[name].id)
    else:
        score_targets.enable(request.workspace, found[name].id, do == "on")
    return HttpResponseRedirect(reverse("sources"))


def _pull_form(
    request: Request,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    *,
    guessed: bool = False,
) -> HttpResponse:
    kinds = [(name, part.declared.title) for name, part in parts("imports").items()]  # type: ignore[attr-defined]
    return show(
        request,
        "sources/pull.html",
        status=422 if errors else 200,
        place="collect",
        typed=typed,
        errors=dict.fromkeys(_PULL, "") | dict(errors or {}),
        kinds=kinds,
        schedules=SCHEDULES,
        how_often=lambda minutes: request.reader.say(how_often(minutes)),
        guessed=guessed,
    )


def _target_form(
    request: Request, typed: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> HttpResponse:
    return show(
        request,
        "sources/target.html",
        status=422 if errors else 200,
        place="collect",
        typed=typed,
        errors=dict.fromkeys(_TARGET, "") | dict(errors or {}),
    )


def _said(request: Request, refusal: Refusal) -> str:
    return f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"
