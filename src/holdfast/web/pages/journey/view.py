"""The journey map, and the customers who are stuck at a step."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.analytics.journey import Stage
from holdfast.domain.texts import Share
from holdfast.services.understand import journey as found_journey
from holdfast.services.understand import journey_words as words
from holdfast.services.understand.journey import Journey, Waiting
from holdfast.store.customers import listed_among
from holdfast.web.access import READERS, only, portfolio
from holdfast.web.masking import masks
from holdfast.web.reading import Request
from holdfast.web.show import show

SHOWN = 50
"""So many customers stand in a list, those who took the step last first."""


@only(READERS)
@require_safe
def journey(request: Request) -> HttpResponse:
    """The steps of the last nightly run; ``?step=KEY`` lists who is stuck there."""
    found, reader = found_journey.read(request.workspace), request.reader
    if found is None or not found.stages:
        reason = words.NOBODY_LOOKED if found is None else words.TOO_FEW
        return show(request, "journey/nothing.html", place="understand", reason=reader.say(reason))
    key = request.GET.get("step", "")
    if key:
        return _one(request, found, key)
    return show(
        request,
        "journey/journey.html",
        place="understand",
        sentence=reader.say(words.summary(found)),
        stages=[_shown(request, each, found) for each in found.stages],
        last=reader.say(words.TITLES[found.last]),
        funnel=_funnel(request, found),
        contacts=[
            {
                "title": reader.say(words.title(each)),
                "after": reader.say(words.after(each)),
                "judged": each.judged,
                "words": reader.say(words.JUDGED[each.judged]),
            }
            for each in found.contacts
        ],
        found=found,
    )


def _one(request: Request, found: Journey, key: str) -> HttpResponse:
    stage = next((each for each in found.stages if each.key == key), None)
    if stage is None:
        raise Http404
    return show(
        request,
        "journey/step.html",
        place="understand",
        stage=_shown(request, stage, found),
        rows=_listed(request, found.behind.get(key, ())),
        found=found,
    )


def _shown(request: Request, stage: Stage, found: Journey) -> dict[str, object]:
    """A step in the reader's words; how many are stuck only for who sees all customers."""
    reader = request.reader
    lost, pace = words.lost(stage), words.pace(stage)
    return {
        "title": reader.say(words.TITLES[stage.key]),
        "reached": reader.number(stage.reached),
        "lost": reader.say(lost) if lost else reader.gettext("not clear yet"),
        "pace": reader.say(pace) if pace else "",
        "worst": found.worst is not None and found.worst.key == stage.key,
        "stuck": found.stuck.get(stage.key, 0)
        if portfolio(request.user, request.workspace) is None
        else None,
        "url": f"{reverse('journey')}?step={stage.key}",
    }


def _funnel(request: Request, found: Journey) -> list[dict[str, str]]:
    reader = request.reader
    return [
        {
            "title": reader.say(words.TITLES[key]),
            "share": reader.share(Share(count / found.came, 0)),
            "width": f"{100 * count / found.came:.1f}",
            "count": reader.number(count),
        }
        for key, count in found.funnel
        if found.came
    ]


def _listed(request: Request, behind: tuple[Waiting, ...]) -> list[dict[str, str]]:
    """The customers whom this reader may see; who was erased is left out."""
    seen, reader = portfolio(request.user, request.workspace), request.reader
    mine = [each for each in behind if seen is None or each.unit_id in seen][:SHOWN]
    listed = listed_among(request.workspace, [each.unit_id for each in mine])
    names, mask = {each.unit_id: each.name for each in listed}, masks(request)
    return [
        {
            "name": mask.shown("name", names[each.unit_id]) or f"#{each.unit_id}",
            "url": reverse("customer", args=[each.unit_id]),
            "day": reader.day(each.since),
        }
        for each in mine
        if each.unit_id in names
    ]
