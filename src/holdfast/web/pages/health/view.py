"""The page of health: its scale, and the company's own score with its record beside it."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.health import OwnHealth
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.foresee import own_health, reading
from holdfast.services.foresee.health import scale_of
from holdfast.web import watching
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.pages.criteria.words import NotANumber
from holdfast.web.pages.health import words
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next


@only(READERS)
@require_safe
def health(request: Request) -> HttpResponse:
    """What health is made of, and how the company's own score would have done."""
    return _shown(request, reading.read_criteria(request.workspace).own_health)


@only(DECIDERS)
@require_POST
def own_score(request: Request) -> HttpResponse:
    """Keep the typed weighing; with ``try`` only show its record; with ``forget`` have none any more."""
    typed, reader = request.POST.dict(), request.reader
    if "forget" in typed:
        own_health.forget(request.workspace)
        return say_next(HttpResponseRedirect(reverse("health")), reader.say(Text("The score is gone.")))
    try:
        wanted = own_health.checked(words.read_own(typed, reader))
        if "try" in typed:
            return _shown(request, wanted, typed, tried=True)
        own_health.save(request.workspace, wanted)
    except NotANumber as error:
        said = reader.gettext("This is no weight. Write a number from 0 to 100.")
        return _shown(request, None, typed, errors={error.field: said})
    except Refusal as refusal:
        if refusal.code != "bad_health":
            raise
        said = f"{reader.say(refusal.expected)} {reader.say(refusal.remedy)}"
        return _shown(request, None, typed, errors={words.refused_field(typed): said})
    return say_next(HttpResponseRedirect(reverse("health")), reader.say(Text("The score is kept.")))


def _shown(
    request: Request,
    own: OwnHealth | None,
    typed: Mapping[str, str] | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    tried: bool = False,
) -> HttpResponse:
    watching.tried(request)
    workspace, reader = request.workspace, request.reader
    criteria = reading.read_criteria(workspace)
    found = own_health.backtest(workspace, own, scale_of(criteria)) if own is not None else None
    return show(
        request,
        "health/health.html",
        status=422 if errors else 200,
        place="foresee",
        scale=words.scale_lines(criteria, reader),
        fields=words.fields(own, typed or {}, errors or {}, reader),
        name=words.name_field(own, typed or {}, errors or {}),
        own=own,
        record=words.record(found, reader) if found is not None else None,
        kept=criteria.own_health is not None,
        may_decide=may(request.user, DECIDERS),
        tried=tried,
    )
