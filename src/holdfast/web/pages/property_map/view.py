"""The names of events that came, and the map of one: which property fills which column."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.property_map import MAPPED, event_names, map_property, properties_of
from holdfast.store import property_map as stored
from holdfast.web.access import DECIDERS, only
from holdfast.web.pages.property_map import words
from holdfast.web.reading import Request
from holdfast.web.show import show


@only(DECIDERS)
@require_safe
def names(request: Request) -> HttpResponse:
    """Every name under which events came."""
    found, maps = event_names(request.workspace), stored.maps(request.workspace)
    return show(
        request,
        "property_map/names.html",
        place="collect",
        sentence=words.sentence(found, maps, request.reader),
        names=words.shown(found, maps, request.reader),
    )


@only(DECIDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Request) -> HttpResponse:
    """The map of one name; posted, it is kept."""
    name = request.GET.get("name", "")
    if not name:
        return HttpResponseRedirect(reverse("event_names"))
    typed = {column: request.POST.get(column, "") for column in MAPPED} if request.method == "POST" else {}
    errors = _kept(request, name, typed)
    if request.method == "POST" and not errors:
        return HttpResponseRedirect(reverse("event_names"))
    return _form(request, name, typed, errors)


def _kept(request: Request, name: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Keep what was typed; column -> what is wrong with it."""
    errors: dict[str, str] = {}
    now = stored.maps(request.workspace).get(name, {})
    for column, path in typed.items():
        if path.strip() == now.get(column, ""):
            continue
        try:
            map_property(request.workspace, name, column, path)
        except Refusal as refusal:
            errors[column] = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"
    return errors


def _form(request: Request, name: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> HttpResponse:
    workspace = request.workspace
    mapped = stored.maps(workspace).get(name, {})
    return show(
        request,
        "property_map/one.html",
        status=422 if errors else 200,
        place="collect",
        name=name,
        action=words.address(name),
        fields=words.fields(mapped, typed, errors, request.reader),
        properties=properties_of(workspace, name),
    )
