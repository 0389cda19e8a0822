"""Sources on their pages: the list, one provider with its address and secret, adding one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.connectors.webhooks import Source
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.sources import pulls as pulling
from holdfast.services.collect.sources import setting_up
from holdfast.services.collect.sources.parts import fields_of, source_part, source_parts
from holdfast.store import pulls, score_targets
from holdfast.web.access import ADMINS, DECIDERS, may, only
from holdfast.web.pages.sources import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.visitor import our_address

_FIELDS = {"bad_name": "name", "name_taken": "name", "bad_address": "address"}


@only(DECIDERS)
@require_safe
def sources(request: Request) -> HttpResponse:
    """Every source, pull and place for scores, and what else can be connected."""
    workspace, reader = request.workspace, request.reader
    found, asked = setting_up.listed(workspace), pulls.listed(workspace)
    return show(
        request,
        "sources/sources.html",
        place="collect",
        sentence=words.sentence([source for source, _ in found], asked, reader),
        sources=words.shown_sources(found, reader),
        pulls=words.shown_pulls(asked, reader),
        targets=words.shown_targets(score_targets.listed(workspace), reader),
        kinds=[(name, part.title, part.meaning) for name, part in source_parts().items()],
        may_connect=may(request.user, ADMINS),
    )


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, kind: str) -> HttpResponse:
    """The form for a new source of one kind; keeps it, or says what is wrong where it is."""
    part = source_part(kind)
    if part is None:
        raise Http404(kind)
    if request.method != "POST":
        return _form(request, part, {}, {})
    typed = request.POST.dict()
    try:
        source = setting_up.add(
            request.workspace,
            kind,
            name=typed.get("name", "").strip(),
            options=_options(part, typed),
            secrets=_secrets(part, typed),
            address=typed.get("address", "").strip(),
            now=datetime.now(UTC),
        )
    except Refusal as refusal:
        return _form(request, part, typed, _errors(request, part, refusal))
    return HttpResponseRedirect(reverse("source", args=[source.name]))


@only(DECIDERS)
@require_safe
def source(request: Request, name: str) -> HttpResponse:
    """One source: its address, what to do at the provider, what arrived."""
    return _one(request, name)


@only(ADMINS)
@require_POST
def source_do(request: Request, name: str, do: str) -> HttpResponse:
    """Change, try, switch a source, or let its API be asked on a schedule."""
    workspace, now = request.workspace, datetime.now(UTC)
    part = _webhook_part(request, name)
    typed = request.POST.dict()
    try:
        match do:
            case "change":
                setting_up.change(
                    workspace,
                    name,
                    options=_options(part, typed),
                    secrets=_secrets(part, typed),
                    address=typed.get("address", "").strip(),
                    now=now,
                )
            case "try":
                return _one(request, name, tried=len(setting_up.try_out(workspace, name)))
            case "on" | "off":
                setting_up.enable(workspace, name, do == "on")
            case "pull":
                minutes = typed.get("every_minutes", "")
                every = int(minutes) if minutes.isascii() and minutes.isdigit() else 0
                pulling.add_api(workspace, name, every_minutes=every, now=now)
            case _:
                raise Http404(do)
    except Refusal as refusal:
        return _one(request, name, typed=typed, errors=_errors(request, part, refusal))
    return HttpResponseRedirect(reverse("source", args=[name]))


def _webhook_part(request: Request, name: str) -> Source:
    part = setting_up.view(request.workspace, name).part
    if part is None:
        raise Http404(name)
    return part


def _one(
    request: Request,
    name: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    tried: int | None = None,
) -> HttpResponse:
    reader, errors = request.reader, errors or {}
    view = setting_up.view(request.workspace, name, address=our_address(request))
    if view.part is None:
        raise Http404(name)
    return show(
        request,
        "sources/source.html",
        status=422 if errors else 200,
        place="collect",
        source=view.source,
        part=view.part,
        sentence=words.heard(view, reader),
        hook=view.hook,
        address=(typed or {}).get("address", str(view.source.options.get("address", ""))),
        options=words.option_fields(fields_of(view.part), view.source.options, typed, errors, reader),
        secrets=words.secret_fields(view.part, view.secrets, errors, reader),
        tallies=words.shown_tallies(view.tallies, reader),
        waiting=view.waiting,
        errors={"address": "", "": ""} | dict(errors),
        tried=tried,
        may_connect=may(request.user, ADMINS),
        can_pull=view.source.kind in pulling.API_KINDS and pulls.by_name(request.workspace, name) is None,
    )


def _form(
    request: Request, part: Source, typed: Mapping[str, str], errors: Mapping[str, str]
) -> HttpResponse:
    reader, settings = request.reader, request.workspace
    names = {each.name for each, _ in setting_up.listed(settings)}
    defaults = {"name": "" if part.name in names else part.name, "address": our_address(request)}
    kept = {"customers_are": "accounts"} if settings.unit == "account" else {}
    return show(
        request,
        "sources/add.html",
        status=422 if errors else 200,
        place="collect",
        part=part,
        typed=defaults | dict(typed),
        options=words.option_fields(fields_of(part), kept, dict(typed) or None, errors, reader),
        secrets=words.secret_fields(part, {}, errors, reader),
        errors={"name": "", "address": "", "": ""} | dict(errors),
    )


def _options(part: Source, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed of the options; a box that is not ticked is sent by no browser."""
    return {
        each.name: typed.get(each.name, "")
        for each in fields_of(part)
        if each.name in typed or each.shape == "yes"
    }


def _secrets(part: Source, typed: Mapping[str, str]) -> dict[str, str]:
    return {each.name: typed.get(each.name, "") for each in part.secrets}


def _errors(request: Request, part: Source, refusal: Refusal) -> dict[str, str]:
    """What is wrong, at the field that it is about."""
    found: Text = refusal.found
    said = f"{request.reader.say(found)} {request.reader.say(refusal.expected)}"
    named = found.values.get("name")
    labels = {each.label: each.name for each in fields_of(part)}
    labels |= {each.label: each.name for each in part.secrets}
    field = _FIELDS.get(refusal.code) or (labels.get(named, "") if isinstance(named, Text) else "")
    return {field: said}
