"""The criteria page: what each threshold would mean, and the team's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.refusals import Refusal
from holdfast.services.foresee import reading
from holdfast.services.foresee.reading import Criteria
from holdfast.web import watching
from holdfast.web.access import DECIDERS, READERS, may, only
from holdfast.web.pages.criteria import words
from holdfast.web.reading import Request
from holdfast.web.show import show


@only(READERS)
@require_safe
def criteria(request: Request) -> HttpResponse:
    """What the team decided, and what every other threshold would mean."""
    return _shown(request, reading.read_criteria(request.workspace))


@only(DECIDERS)
@require_POST
def decide(request: Request) -> HttpResponse:
    """Keep what was typed; with ``try`` only show what it would mean. Says what is wrong where it is."""
    typed = request.POST.dict()
    decided = reading.read_criteria(request.workspace)
    try:
        wanted = words.read_criteria(typed, request.reader)
        if "try" in typed:
            return _shown(request, wanted, typed, tried=True)
        reading.save_criteria(request.workspace, wanted)
    except words.NotANumber as error:
        said = request.reader.gettext("This is no number. Write one like 25 or 0.5.")
        return _shown(request, decided, typed, errors={error.field: said})
    except Refusal as refusal:
        if refusal.code != "bad_criteria":
            raise
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"
        return _shown(request, decided, typed, errors={words.refused_field(wanted): said})
    return HttpResponseRedirect(reverse("criteria"))


def _shown(
    request: Request,
    shown: Criteria,
    typed: Mapping[str, str] | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    tried: bool = False,
) -> HttpResponse:
    watching.tried(request)
    workspace, reader = request.workspace, request.reader
    thresholds = words.thresholds(shown)
    found = [
        replace(each, hours=each.customers * shown.hours_per_customer)
        for each in reading.consequences(workspace, thresholds)
    ]
    scored = any(each.customers for each in found) or reading.at_risk(workspace, top=1).total
    in_place = request.htmx.target == "consequence"
    return show(
        request,
        "criteria/consequence.html" if in_place else "criteria/criteria.html",
        status=422 if errors and not request.htmx else 200,
        place="foresee",
        sentence=words.sentence(found[thresholds.index(shown.act_from)], reader) if scored else "",
        lines=words.consequences(found, shown, workspace, reader) if scored else [],
        fields=words.fields(shown, typed or {}, errors or {}, reader),
        may_decide=may(request.user, DECIDERS),
        tried=tried,
        in_place=in_place,
    )
